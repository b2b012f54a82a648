"""What a program may do with the token of an application credential, and for how long: never more than it was given."""

from datetime import timedelta

import pytest

from cloud.keystone.common import sql
from cloud.oslo.utils.timeutils import CLOCK, strtime, utcnow


def program(keystone, owner, **wanted):
    """(the credential, its user's id, the program's token) of a new application credential of the owner's."""
    user = keystone.ask('GET', '/auth/tokens', token=owner, X_Subject_Token=owner)['token']['user']['id']
    body = {'application_credential': {'name': wanted.pop('name'), **wanted}}
    path = f'/users/{user}/application_credentials'
    made = keystone.ask('POST', path, body, token=owner, status=201)['application_credential']
    part = {'id': made['id'], 'secret': made['secret']}
    identity = {'methods': ['application_credential'], 'application_credential': part}
    answer = keystone.post_json('/v3/auth/tokens', {'auth': {'identity': identity}}, status=201)
    return made, user, answer


def test_a_restricted_program_has_no_way_to_its_users_ec2_keys(keystone, demo):
    made, user, answer = program(keystone, demo, name='restricted')
    token, path = answer.headers['X-Subject-Token'], f'/users/{user}/credentials/OS-EC2'
    body = {'tenant_id': made['project_id']}
    access = keystone.ask('POST', path, body, token=demo, status=201)['credential']['access']
    keystone.ask('POST', path, body, token=token, status=403)
    keystone.ask('GET', path, token=token, status=403)
    keystone.ask('GET', f'{path}/{access}', token=token, status=403)
    keystone.ask('DELETE', f'{path}/{access}', token=token, status=403)
    assert [each['access'] for each in keystone.ask('GET', path, token=demo)['credentials']] == [access]


def test_not_even_an_admins_restricted_program_has_a_way_to_credentials(keystone, admin):
    made, user, answer = program(keystone, admin, name='restricted')
    token = answer.headers['X-Subject-Token']
    body = {'credential': {'type': 'cert', 'blob': 'x', 'user_id': user}}
    path = '/credentials/' + keystone.ask('POST', '/credentials', body, token=admin, status=201)['credential']['id']
    keystone.ask('POST', '/credentials', body, token=token, status=403)
    keystone.ask('GET', '/credentials', token=token, status=403)
    keystone.ask('GET', path, token=token, status=403)
    keystone.ask('PATCH', path, {'credential': {'blob': 'y'}}, token=token, status=403)
    keystone.ask('DELETE', path, token=token, status=403)
    assert keystone.ask('GET', path, token=admin)['credential']['blob'] == 'x'
    keystone.ask('GET', '/users', token=token)  # it is an admin's, all the same


def test_a_restricted_program_deletes_no_application_credential_and_an_unrestricted_one_may(keystone, demo):
    other, user, _ = program(keystone, demo, name='other')
    path = f'/users/{user}/application_credentials/{other["id"]}'
    _, _, restricted = program(keystone, demo, name='weak')
    keystone.ask('DELETE', path, token=restricted.headers['X-Subject-Token'], status=403)
    _, _, free = program(keystone, demo, name='strong', unrestricted=True)
    keystone.ask('GET', f'/users/{user}/credentials/OS-EC2', token=free.headers['X-Subject-Token'])
    keystone.ask('DELETE', path, token=free.headers['X-Subject-Token'], status=204)


@pytest.fixture
def stopped_clock():
    CLOCK.stop()
    yield CLOCK
    CLOCK.reset()


def test_a_token_ends_with_its_application_credential(keystone, stopped_clock):
    demo = keystone.token('demo', 'demo')
    end = strtime(utcnow() + timedelta(seconds=60))
    _, _, answer = program(keystone, demo, name='short', expires_at=end)
    assert answer.json['token']['expires_at'].rstrip('Z') == end.rstrip('Z')
    token = answer.headers['X-Subject-Token']
    shown = keystone.ask('GET', '/auth/tokens', token=demo, X_Subject_Token=token)['token']
    assert shown['expires_at'] == answer.json['token']['expires_at']
    stopped_clock.advance(59)
    keystone.ask('GET', '/auth/projects', token=token)
    stopped_clock.advance(1)
    keystone.ask('GET', '/auth/projects', token=token, status=401)
    keystone.ask('GET', '/auth/tokens', token=demo, X_Subject_Token=token, status=404)


def test_a_token_that_would_outlive_an_application_credential_is_refused(keystone, stopped_clock):
    demo = keystone.token('demo', 'demo')
    made, _, answer = program(keystone, demo, name='cut short')
    with keystone.database.writing() as connection:
        sql.change(connection, sql.application_credential, made['id'], {'expires_at': utcnow()})
    keystone.ask('GET', '/auth/projects', token=answer.headers['X-Subject-Token'], status=401)
