"""Any value becomes a short text without secrets."""

import json

import pytest

from xray.bodies import shown_body, texts_of_secrets
from xray.masking import Mask, is_secret, masked_query, secrets_in, secrets_in_query
from xray.safe import brief, kept, tell


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
        'UserData',
        'LaunchSpecification.UserData',
        'blob',
        'X-Amz-Signature',
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


KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIB\n-----END RSA PRIVATE KEY-----'


@pytest.mark.parametrize('key', [KEY, KEY.replace('RSA ', ''), KEY.replace('RSA', 'OPENSSH'), 'x' * 500 + KEY])
def test_a_private_key_is_one_whatever_it_is_called(key):
    for value in (key, (key, 'x'), [key], {'a': key}, {'a': {'b': key}}):
        assert 'MIIEpAIB' not in tell(kept(value))
        assert 'BEGIN' not in tell(kept(value))
    assert Mask(())({'result': f'it is {key}', 'n': 1}) == {'result': '***', 'n': 1}
    assert shown_body(json.dumps({'a': ['x', key]}).encode(), 'application/json') == '{"a": ["x", "***"]}'


def test_a_public_key_is_none():
    assert 'MIIB' in Mask(())('-----BEGIN PUBLIC KEY-----\nMIIB')
    assert 'MIIB' in brief('-----BEGIN PUBLIC KEY-----\nMIIB')


def test_so_are_pairs_of_a_query_by_their_names():
    query = 'limit=1&password=hun%2Bter&X-Auth-Token=abcdef&pass%77ord=x&Signature=y=z&token=&name=n'
    shown = 'limit=1&password=***&X-Auth-Token=***&pass%77ord=***&Signature=***&token=&name=n'
    assert masked_query(query) == shown
    assert secrets_in_query(query) == {'hun%2Bter', 'hun+ter', 'abcdef', 'x', 'y=z'}
    assert Mask(())(f'GET http://host/v2?{query}') == f'GET http://host/v2?{shown}'
    assert Mask(())("['/v2?token=abc', 1]") == "['/v2?token=***', 1]"
    assert Mask(())('UPDATE x SET a=?, user_data=?, token=? WHERE b=?').count('=?') == 4


def test_all_texts_under_the_name_of_a_secret_are():
    within = ['one', {'x': 'two', 'deep': [('three',)]}]
    assert secrets_in({'password': within, 'name': 'ann'}) == {'one', 'two', 'three'}
    endless = {'password': []}
    endless['password'].append(endless)
    assert secrets_in(endless) == set()


def test_but_not_those_that_say_whose_a_token_is():
    token = {'id': 'abcdef', 'user': {'name': 'ann', 'id': '12ab'}, 'methods': ['password'], 'extra': ['x']}
    assert secrets_in({'token': token}) == {'abcdef', 'x'}
    shown = json.loads(shown_body(json.dumps({'token': token}).encode(), 'application/json'))
    assert shown == {'token': {**token, 'id': '***', 'extra': ['***']}}


@pytest.mark.parametrize(
    'body', [b'{"password": "hunter22"', b'password', b'{"password": "a", "password": null}', b'\xff']
)
def test_a_body_that_is_no_json_is_not_shown(body):
    assert shown_body(body, 'application/json') == f'<{len(body)} bytes that are no JSON>'


def test_a_form_is_shown_without_its_secrets():
    form = 'application/x-www-form-urlencoded'
    assert shown_body(b'Action=RunInstances&UserData=aHVudGVy', form) == 'Action=RunInstances&UserData=***'
    assert texts_of_secrets(b'Action=RunInstances&UserData=aHVudGVy', form) == {'aHVudGVy'}


def test_secrets_are_found_in_a_body_that_is_too_long_to_show_or_says_not_what_it_is():
    long = json.dumps({'x': 'x' * 20_000, 'password': 'hunter22'}).encode()
    assert texts_of_secrets(long, 'application/json') == {'hunter22'}
    assert texts_of_secrets(b'{"password": "hunter22"}') == {'hunter22'}
