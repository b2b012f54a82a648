"""Tokens over HTTP: who gets one, what it says, and when it no longer counts."""

import time

import pytest

from tests.cloud.keystone.conftest import password_body

UNAUTHORIZED = 'The request you have made requires authentication.'
DEFAULT = {'id': 'default'}


def validated(keystone, asking, about, status=200, query=''):
    return keystone.ask('GET', f'/auth/tokens{query}', token=asking, status=status, X_Subject_Token=about)


def names(roles):
    return [role['name'] for role in roles]


def test_a_password_gives_a_token_of_a_project_with_roles_and_catalog(keystone):
    body = password_body('demo', 'secret', {'project': {'name': 'demo', 'domain': DEFAULT}})
    answer = keystone.post_json('/v3/auth/tokens', body, status=201)
    token = answer.json['token']
    assert token['methods'] == ['password']
    assert (token['user']['name'], token['user']['domain']) == ('demo', {'id': 'default', 'name': 'Default'})
    assert (token['project']['name'], token['is_domain']) == ('demo', False)
    assert names(token['roles']) == ['member', 'reader']
    assert {entry['type'] for entry in token['catalog']} == {'identity', 'compute', 'image', 'network', 'ec2'}
    assert len(answer.headers['X-Subject-Token']) < 500
    assert 'secret' not in answer.text


def test_implied_roles_come_along(keystone, admin):
    token = validated(keystone, admin, admin)['token']
    assert names(token['roles']) == ['admin', 'manager', 'member', 'reader']


def test_a_token_may_have_no_scope_and_then_no_catalog(keystone):
    unscoped = keystone.token('demo')
    token = validated(keystone, unscoped, unscoped)['token']
    assert {'roles', 'project', 'catalog'}.isdisjoint(token)
    refused = keystone.ask('GET', '/auth/catalog', token=unscoped, status=403)
    assert 'A project-scoped token is required' in refused['error']['message']
    assert names(keystone.ask('GET', '/auth/projects', token=unscoped)['projects']) == ['demo']


def test_a_token_gives_one_for_another_scope_which_expires_with_it(keystone):
    unscoped = keystone.token('demo')
    expires = validated(keystone, unscoped, unscoped)['token']['expires_at']
    identity = {'methods': ['token'], 'token': {'id': unscoped}}
    body = {'auth': {'identity': identity, 'scope': {'project': {'name': 'demo', 'domain': DEFAULT}}}}
    token = keystone.post_json('/v3/auth/tokens', body, status=201).json['token']
    assert token['methods'] == ['password', 'token']
    assert token['expires_at'] == expires
    assert len(token['audit_ids']) == 2


def test_the_admin_has_a_role_on_the_system_and_others_have_not(keystone):
    system = keystone.token('admin', system={'all': True})
    assert validated(keystone, system, system)['token']['system'] == {'all': True}
    keystone.token('demo', system={'all': True}, status=401)


@pytest.mark.parametrize(
    ('name', 'password', 'scope'),
    [
        ('demo', 'wrong', {}),
        ('nobody', 'secret', {}),
        ('demo', '', {}),
        ('demo', 'x' * 5000, {}),
        ('demo', 'secret', {'project': {'name': 'alt', 'domain': DEFAULT}}),
        ('demo', 'secret', {'project': {'name': 'nowhere', 'domain': DEFAULT}}),
        ('demo', 'secret', {'project': {'id': 'default'}}),
        ('demo', 'secret', {'domain': DEFAULT}),
        ('demo', 'secret', {'domain': {'name': 'nowhere'}}),
    ],
)
def test_whoever_is_not_let_in_learns_no_reason(keystone, name, password, scope):
    answer = keystone.post_json('/v3/auth/tokens', password_body(name, password, scope), status=401)
    assert answer.json['error'] == {'code': 401, 'message': UNAUTHORIZED, 'title': 'Unauthorized'}
    assert answer.headers['WWW-Authenticate'] == 'Keystone uri="http://localhost/v3"'


@pytest.mark.parametrize(
    ('auth', 'message'),
    [
        (None, 'Expecting to find auth in request body'),
        ({'identity': {'methods': ['password']}}, 'Expecting to find password in identity'),
        ({'identity': {'methods': ['password'], 'password': {}}}, 'Expecting to find user in password'),
        ({'identity': {'methods': ['password'], 'password': {'user': {}}}}, 'id or name must be present'),
        ({'identity': {'methods': 7}}, "Invalid input for field 'identity/methods'"),
        ({'identity': {'methods': ['password'], 'password': {'user': {'name': 'demo'}}}}, 'find domain in user'),
        ({'identity': {'methods': []}, 'scope': {}}, 'Expecting to find project, domain, OS-TRUST:trust or system'),
        ({'identity': {'methods': []}, 'scope': {'project': {'name': 7}}}, "field 'scope/project/name'"),
    ],
)
def test_a_request_that_makes_no_sense_is_told_what_is_missing(keystone, auth, message):
    answer = keystone.post_json('/v3/auth/tokens', {} if auth is None else {'auth': auth}, status=400)
    assert message in answer.json['error']['message']


def test_who_may_ask_about_a_token(keystone, admin, demo):
    alt = keystone.token('alt', 'alt')
    assert validated(keystone, admin, demo)['token']['user']['name'] == 'demo'
    assert validated(keystone, demo, demo)['token']['user']['name'] == 'demo'
    assert 'identity:validate_token' in validated(keystone, demo, alt, 403)['error']['message']
    assert 'catalog' not in validated(keystone, demo, demo, query='?nocatalog')['token']
    keystone.ask('HEAD', '/auth/tokens', token=demo, X_Subject_Token=demo)
    keystone.ask('GET', '/auth/tokens', token=None, status=401, X_Subject_Token=demo)
    keystone.ask('GET', '/auth/tokens', token=admin, status=404)


@pytest.mark.parametrize('nonsense', ['nonsense', 'gAAAAABnonsense', '\xff\xfe', 'x' * 9000])
def test_what_is_no_token_is_none(keystone, admin, nonsense):
    assert validated(keystone, admin, nonsense, 404)['error']['message'] == 'Could not recognize Fernet token'
    keystone.ask('GET', '/projects', token=nonsense, status=401)


def test_a_token_that_was_changed_by_a_character_is_none(keystone, demo):
    place = len(demo) // 2
    forged = demo[:place] + ('A' if demo[place] != 'A' else 'B') + demo[place + 1 :]
    keystone.ask('GET', '/auth/projects', token=forged, status=401)


def test_a_revoked_token_counts_no_longer_and_others_of_its_user_do(keystone, admin):
    revoked, other = keystone.token('demo', 'demo'), keystone.token('demo', 'demo')
    keystone.ask('DELETE', '/auth/tokens', token=revoked, X_Subject_Token=revoked, status=204)
    assert validated(keystone, admin, revoked, 404)['error']['message'] == 'Failed to validate token'
    keystone.ask('GET', '/auth/projects', token=revoked, status=401)
    keystone.ask('GET', '/auth/projects', token=other)
    keystone.ask('DELETE', '/auth/tokens', token=other, X_Subject_Token=admin, status=403)


def test_a_token_expires(load):
    keystone = load(expiration='1')
    token = keystone.token('demo', 'demo')
    deadline = time.monotonic() + 30
    while keystone.get('/v3/auth/projects', headers={'X-Auth-Token': token}, status='*').status_int == 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert keystone.get('/v3/auth/projects', headers={'X-Auth-Token': token}, status='*').status_int == 401


def test_the_lessons_tokens_count_and_are_marked(keystone, admin):
    token = validated(keystone, admin, 'alice-token')['token']
    assert token['methods'] == ['lesson']
    assert (token['user']['id'], token['project']['id']) == ('alice', 'demo')
    assert token['user']['domain'] == {'id': 'lessons', 'name': 'Lessons'}
    assert names(token['roles']) == ['member', 'reader']
    assert len(keystone.ask('GET', '/users', token='open-sesame')['users']) > 3
    keystone.ask('GET', '/users', token='alice-token', status=403)


def test_an_application_credential_is_for_one_project_and_for_no_other_password(keystone, demo):
    user = validated(keystone, demo, demo)['token']['user']['id']
    path = f'/users/{user}/application_credentials'
    body = {'application_credential': {'name': 'robot', 'roles': [{'name': 'reader'}]}}
    made = keystone.ask('POST', path, body, token=demo, status=201)['application_credential']
    assert 'secret' not in keystone.ask('GET', path, token=demo)['application_credentials'][0]
    part = {'id': made['id'], 'secret': made['secret']}
    identity = {'methods': ['application_credential'], 'application_credential': part}
    answer = keystone.post_json('/v3/auth/tokens', {'auth': {'identity': identity}}, status=201)
    token = answer.headers['X-Subject-Token']
    assert names(answer.json['token']['roles']) == ['reader']
    assert answer.json['token']['application_credential']['restricted'] is True
    again = {'application_credential': {'name': 'another'}}
    keystone.ask('POST', path, again, token=token, status=403)
    rescope = {'auth': {'identity': {'methods': ['token'], 'token': {'id': token}}}}
    keystone.post_json('/v3/auth/tokens', rescope, status=403)
    part['secret'] = 'wrong'
    keystone.post_json('/v3/auth/tokens', {'auth': {'identity': identity}}, status=401)
    keystone.ask('DELETE', f'{path}/{made["id"]}', token=demo, status=204)
    keystone.ask('GET', '/auth/projects', token=token, status=401)


def test_nobody_makes_an_application_credential_for_another_or_with_more_than_they_have(keystone, demo, admin):
    user = validated(keystone, demo, demo)['token']['user']['id']
    path = f'/users/{user}/application_credentials'
    keystone.ask('POST', path, {'application_credential': {'name': 'x'}}, token=admin, status=403)
    more = {'application_credential': {'name': 'x', 'roles': [{'name': 'admin'}]}}
    keystone.ask('POST', path, more, token=demo, status=400)
    over = {'application_credential': {'name': 'x', 'expires_at': '2014-01-01T00:00:00Z'}}
    keystone.ask('POST', path, over, token=demo, status=400)
