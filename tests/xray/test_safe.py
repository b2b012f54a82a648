"""Any value becomes a short text without secrets."""

import pytest

from xray.bodies import shown_body, texts_of_secrets
from xray.safe import Mask, brief, is_secret


@pytest.mark.parametrize(
    'name',
    [
        'X-Auth-Token',
        'X-Subject-Token',
        'HTTP_X_SERVICE_TOKEN',
        'password',
        'adminPass',
        'Authorization',
        'Cookie',
        'service_token',
        'secret',
        'user_data',
    ],
)
def test_what_has_the_name_of_a_secret_is_one(name):
    assert is_secret(name)


@pytest.mark.parametrize('name', ['tokenizer', 'name', 'X-Token-Count', 'secretary', 'id'])
def test_what_only_sounds_like_one_is_none(name):
    assert not is_secret(name)


def test_texts_are_short_and_bytes_are_counted():
    assert brief('x') == "'x'"
    assert len(brief('x' * 10**6)) < 250
    assert brief(b'\0' * 10**6) == '<1000000 bytes>'
    assert len(brief(dict.fromkeys(range(1000), 'x' * 1000))) < 2500
    assert brief(10**5000) == '<a large number>'
    nested = []
    nested.append(nested)
    assert brief(nested) == '[[[...]]]'


def test_nothing_of_the_values_own_is_called():
    class Bomb:
        def __repr__(self):
            raise AssertionError('called')

        __str__ = __len__ = __iter__ = __getattr__ = __repr__

    assert brief([Bomb()]) == '[<Bomb>]'


def test_secrets_are_masked_by_name_and_in_addresses():
    assert brief({'auth': {'password': 'hunter22'}}) == "{'auth': {'password': ***}}"
    assert 'hunter22' not in brief('swift+http://ann:hunter22@store/v1')


def test_and_by_value_wherever_they_show_up():
    assert Mask({'hunter22'})({'a': ['x hunter22 y'], 'b': 1}) == {'a': ['x *** y'], 'b': 1}


def test_a_body_is_shown_without_its_secrets():
    body = b'{"auth": {"identity": {"password": {"user": {"name": "ann", "password": "hunter22"}}}}}'
    assert 'hunter22' not in shown_body(body, 'application/json')
    assert 'ann' in shown_body(body, 'application/json')
    assert texts_of_secrets(body, 'application/json') >= {'hunter22'}
    assert shown_body(b'name=x&password=hunter22', 'application/x-www-form-urlencoded') == 'name=x&password=***'
    assert shown_body(b'{"name": "x"}', 'application/json') == '{"name": "x"}'
    assert shown_body(b'\0\1', 'application/octet-stream') == '<2 bytes of application/octet-stream>'
