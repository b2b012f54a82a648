"""In whose name the registry is asked."""

import contextlib

import pytest

from cloud.glance.common import config, exception
from cloud.glance.context import RequestContext
from cloud.glance.registry.client.v1.api import Registry
from tests.cloud.glance.registry.conftest import SERVICE, write_ini

CAROL = RequestContext(user='carol', tenant='drüben', roles=['member', 'x'], auth_token='alice-token')


def registry_of(**options):
    return Registry(config.parse(options))


@pytest.fixture
def started(start, tmp_path):
    """started(flavour, **options): a Registry for a real registry of that flavour."""

    with contextlib.ExitStack() as stack:

        def started(flavour, **options):
            running = start(str(write_ini(tmp_path, allow_anonymous_access='True')), flavour)
            registry = registry_of(registry_host=running.host, registry_port=str(running.port), **options)
            stack.callback(registry.connections.close)
            return registry

        yield started


def test_the_ini_says_where_it_is_and_how_long_to_wait():
    client = registry_of(registry_host='example', registry_port='1', registry_client_timeout='2.5').client(CAROL)
    assert (client.connections.host, client.connections.port, client.timeout) == ('example', 1, 2.5)


def test_by_default_it_is_on_this_machine_and_asked_with_the_callers_token_for_ten_seconds():
    client = registry_of().client(CAROL)
    assert (client.connections.host, client.connections.port, client.timeout) == ('127.0.0.1', 9191, 10)
    assert client.headers == {'X-Auth-Token': 'alice-token', **SERVICE}


def test_the_token_can_stay_here():
    assert registry_of(use_user_token='False').client(CAROL).headers == SERVICE
    assert registry_of().client(RequestContext(user='carol')).headers == SERVICE
    assert registry_of(service_token='another').client(CAROL).headers['X-Service-Token'] == 'another'


def test_the_identity_goes_along_where_the_ini_says_so():
    options = {'send_identity_headers': 'True', 'use_user_token': 'False'}
    service = {**SERVICE, 'X-Service-Roles': 'service'}
    assert registry_of(**options).client(CAROL).headers == {
        'X-Identity-Status': 'Confirmed', 'X-User-Id': 'carol',
        'X-Tenant-Id': 'drüben'.encode().decode('latin-1'), 'X-Roles': 'member,x', **service,
    }  # fmt: skip
    everyone = RequestContext(is_admin=True, roles=['admin'])
    assert registry_of(**options).client(everyone).headers == {
        'X-Identity-Status': 'Confirmed', 'X-Roles': 'admin', **service,
    }  # fmt: skip
    stranger = RequestContext(read_only=True)
    assert registry_of(**options).client(stranger).headers == {
        'X-Identity-Status': 'Invalid', 'X-Roles': '', **service,
    }  # fmt: skip


def test_a_token_makes_the_caller_known_to_glance_registry_keystone(started):
    registry = started('glance-registry-keystone')
    assert registry.client(CAROL).add_image({})['owner'] == 'demo'
    with pytest.raises(exception.NotAuthenticated):
        registry.client(RequestContext(user='carol', tenant='demo')).get_images()


def test_the_identity_makes_the_caller_known_to_glance_registry_trusted_auth(started):
    registry = started('glance-registry-trusted-auth', send_identity_headers='True', use_user_token='False')
    image = registry.client(CAROL).add_image({'is_public': True})
    assert image['owner'] == 'drüben'
    assert registry.client(RequestContext(roles=['admin'])).add_image({'owner': 'x'})['owner'] == 'x'
    stranger = registry.client(RequestContext(read_only=True))
    assert stranger.get_image(image['id']) == image
    with pytest.raises(exception.Forbidden):
        stranger.delete_image(image['id'])


def test_nobody_needs_to_be_known_to_glance_registry(started):
    client = started('glance-registry').client(RequestContext())
    assert client.get_image(client.add_image({'owner': 'x'})['id'])['owner'] == 'x'
