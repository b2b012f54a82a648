"""Guessing passwords is slowed, for the one who guesses."""

import pytest

from cloud.keystone import exception
from cloud.keystone.auth import brake as module
from cloud.keystone.auth.brake import SECONDS, Brake


class Clock:
    now = 0

    def __call__(self):
        return self.now


def test_after_so_many_wrong_ones_each_next_try_has_to_wait():
    clock = Clock()
    brake = Brake(3, clock)
    for _ in range(3):
        brake.check('demo')
        brake.failed('demo')
    with pytest.raises(exception.TooManyRequests) as caught:
        brake.check('demo')
    assert caught.value.seconds == SECONDS
    brake.check('another')
    clock.now += SECONDS
    brake.check('demo')
    brake.failed('demo')
    with pytest.raises(exception.TooManyRequests):
        brake.check('demo')
    clock.now += 1000
    brake.check('demo')


def test_the_right_password_forgets_the_wrong_ones():
    brake = Brake(1, Clock())
    brake.failed('demo')
    brake.succeeded('demo')
    brake.check('demo')


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(module, 'ROOM', 5)
    brake = Brake(1, Clock())
    for number in range(50):
        brake.failed(number)
    assert len(brake.pairs) == 5


def test_who_guesses_waits_and_the_user_comes_in_from_elsewhere(load):
    keystone = load(password_tries='2')
    for _ in range(2):
        keystone.token('demo', password='guess', status=401, address='10.0.0.1')
    refused = keystone.token('demo', status=429, address='10.0.0.1')
    assert 1 <= int(refused.headers['Retry-After']) <= SECONDS
    keystone.token('demo', address='10.0.0.2')
    keystone.token('alt', address='10.0.0.1')


def test_the_old_password_of_a_change_is_counted_too(load):
    keystone = load(password_tries='2')
    admin = keystone.token('admin', 'admin')
    user = keystone.ask('GET', '/users?name=demo', token=admin)['users'][0]['id']
    body = {'user': {'original_password': 'guess', 'password': 'new'}}
    for status in (401, 401, 429):
        keystone.ask('POST', f'/users/{user}/password', body, status=status)
