import logging

import pytest
import webtest

from cloud.glance.api.middleware.context import (
    ContextMiddleware,
    TrustedContextMiddleware,
    UnauthenticatedContextMiddleware,
)
from wsgi import answer

ALICE = {'X-Identity-Status': 'Confirmed', 'X-User-Id': 'alice', 'X-Tenant-Id': 'demo', 'X-Roles': 'Member, , Auditor '}


def show_context(environ, start_response):
    context = environ['glance.context']
    names = (
        'user',
        'tenant',
        'roles',
        'is_admin',
        'read_only',
        'owner',
        'auth_token',
        'service_catalog',
        'show_deleted',
    )
    return answer({name: getattr(context, name) for name in names})(environ, start_response)


def client(middleware=ContextMiddleware, environ=None, **options):
    return webtest.TestApp(middleware.factory(options)(show_context), extra_environ=environ)


def test_a_confirmed_identity_becomes_a_context():
    context = client().get('/', headers={**ALICE, 'X-Auth-Token': 't'}).json
    assert context['user'] == 'alice'
    assert context['tenant'] == context['owner'] == 'demo'
    assert context['roles'] == ['member', 'auditor']
    assert context['auth_token'] == 't'
    assert not context['is_admin']
    assert not context['read_only']
    assert not context['show_deleted']


def test_the_admin_role_makes_an_admin_in_any_case_of_letters():
    assert client().get('/', headers={**ALICE, 'X-Roles': 'ADMIN'}).json['is_admin']
    assert client(admin_role='Chef').get('/', headers={**ALICE, 'X-Roles': 'chef'}).json['show_deleted']


def test_a_rule_of_the_policy_makes_an_admin_too(tmp_path):
    policy = tmp_path / 'policy.json'
    policy.write_text('{"context_is_admin": "role:auditor", "default": ""}')
    assert client(policy_file=str(policy)).get('/', headers=ALICE).json['is_admin']


def test_owner_is_the_user_where_the_ini_says_so():
    assert client(owner_is_tenant='False').get('/', headers=ALICE).json['owner'] == 'alice'


def test_names_may_be_any_text_in_utf_8():
    name = 'j\u00fcrgen'.encode().decode('latin-1')
    assert client().get('/', headers={**ALICE, 'X-User-Id': name}).json['user'] == 'j\u00fcrgen'


@pytest.mark.parametrize('headers', [{}, {**ALICE, 'X-Identity-Status': 'Invalid'}, {'X-User-Id': 'alice'}])
def test_without_a_confirmed_identity_it_is_401(headers):
    assert client().get('/', headers=headers, status=401).json['unauthorized']['code'] == 401


def test_without_a_confirmed_identity_the_context_is_read_only_where_anonymous_access_is_allowed():
    context = client(allow_anonymous_access='True').get('/', headers={**ALICE, 'X-Identity-Status': 'Invalid'}).json
    assert context['read_only']
    assert not context['is_admin']
    assert context['user'] is context['tenant'] is None
    assert context['roles'] == []


def test_the_service_catalog_is_read():
    assert client().get('/', headers={**ALICE, 'X-Service-Catalog': '[{}]'}).json['service_catalog'] == [{}]


@pytest.mark.parametrize(
    ('name', 'value'), [('X-Service-Catalog', '{'), ('X-Service-Catalog', '[' * 100000), ('X-User-Id', '\xff')]
)
def test_a_broken_header_is_400(name, value):
    client().get('/', headers={**ALICE, name: value}, status=400)


@pytest.mark.parametrize('address', ['127.0.0.1', '127.8.8.8', '::1'])
def test_trusted_clients_on_loopback_say_who_they_are(address):
    assert client(TrustedContextMiddleware, {'REMOTE_ADDR': address}).get('/', headers=ALICE).json['user'] == 'alice'


@pytest.mark.parametrize('address', ['192.0.2.1', '10.0.0.1', '::2', '', 'localhost'])
def test_trusted_clients_from_elsewhere_are_refused(address):
    client(TrustedContextMiddleware, {'REMOTE_ADDR': address}).get('/', headers=ALICE, status=403)


def test_that_clients_are_trusted_is_said_at_the_start(caplog):
    with caplog.at_level(logging.WARNING):
        TrustedContextMiddleware.factory({})
    assert 'loopback only' in caplog.text


def test_without_authentication_everyone_is_admin_of_no_tenant():
    context = client(UnauthenticatedContextMiddleware).get('/').json
    assert context['is_admin']
    assert context['tenant'] is None
    assert not context['read_only']
