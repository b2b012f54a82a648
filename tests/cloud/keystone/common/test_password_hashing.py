"""Passwords are kept as scrypt makes them, and nobody who is not there is found out by the time it takes."""

from cloud.keystone.common import password_hashing
from cloud.keystone.common.password_hashing import check_password, hash_password


def test_only_the_right_password_fits():
    kept = hash_password('secret')
    assert check_password('secret', kept)
    assert not check_password('Secret', kept)
    assert not check_password('', kept)
    assert 'secret' not in kept


def test_the_same_password_is_kept_differently_each_time():
    assert hash_password('secret') != hash_password('secret')


def test_for_nobody_as_much_is_calculated(monkeypatch):
    calls = []
    scrypt = password_hashing.scrypt
    monkeypatch.setattr(password_hashing, 'scrypt', lambda *args: calls.append(args[2:]) or scrypt(*args))
    password_hashing.of_nobody.cache_clear()  # another test may have made it in fewer rounds
    password_hashing.of_nobody()
    calls.clear()
    assert not check_password('secret', None)
    kept = hash_password('secret')
    check_password('secret', kept)
    assert calls == [calls[0]] * 3


def test_an_old_hash_counts_when_new_ones_are_stronger(monkeypatch):
    monkeypatch.setattr(password_hashing, 'ROUNDS', 16)
    kept = hash_password('secret')
    monkeypatch.setattr(password_hashing, 'ROUNDS', 32)
    assert check_password('secret', kept)
