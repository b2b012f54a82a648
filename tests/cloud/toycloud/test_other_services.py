"""Keystone and the image service behind the same filter: what is different there."""

import contextlib
import http.client

import pytest

from tests.cloud.glance.api import conftest as glance_api
from tests.cloud.keystone import conftest as keystone_conftest
from tests.cloud.toycloud.conftest import ADMIN, ALICE, Service
from tests.servers import WarmServer


@pytest.fixture(scope='module')
def keystone(tmp_path_factory):
    folder = tmp_path_factory.mktemp('keystone')
    with started(keystone_conftest.write_ini(folder, toycloud='True'), folder) as service:
        yield service


@pytest.fixture(scope='module')
def glance(tmp_path_factory):
    folder = tmp_path_factory.mktemp('glance')
    with started(glance_api.write_ini(folder, toycloud='True', auth_uri=''), folder) as service:
        service.folder = folder / 'images'
        yield service


@contextlib.contextmanager
def started(ini, folder):
    running = WarmServer([str(ini)], folder / 'log')
    try:
        yield Service(running)
    finally:
        running.end()


def log_in(keystone, name='demo', password='secret', project='demo'):
    """The answer to a request for a token."""
    domain = {'domain': {'id': 'default'}}
    user = {'name': name, 'password': password, **domain}
    identity = {'methods': ['password'], 'password': {'user': user}}
    auth = {'identity': identity, 'scope': {'project': {'name': project, **domain}}}
    return keystone.ask('POST', '/v3/auth/tokens', {'auth': auth}, None)


def upload(glance, data=b'some bytes', token=ALICE):
    image = {'name': 'cirros', 'disk_format': 'raw', 'container_format': 'bare'}
    image_id = glance.ask('POST', '/v2/images', image, token).document['id']
    connection = http.client.HTTPConnection(glance.running.host, glance.running.port, timeout=30)
    with contextlib.closing(connection):
        headers = {'X-Auth-Token': token, 'Content-Type': 'application/octet-stream'}
        connection.request('PUT', f'/v2/images/{image_id}/file', data, headers)
        assert connection.getresponse().status == 204
    return image_id


def test_tokens_expire_by_keystones_clock(keystone):
    token = log_in(keystone).headers['X-Subject-Token']
    assert keystone.ask('GET', '/v3/auth/projects', token=token).status == 200
    assert keystone.ask('PUT', '/toycloud/clock', {'advance': 3601}).status == 200
    assert keystone.ask('GET', '/v3/auth/projects', token=token).status == 401
    assert log_in(keystone).status == 201
    assert keystone.ask('DELETE', '/toycloud/clock').status == 204


def test_keystones_own_tokens_say_who_is_an_admin(keystone):
    admin = log_in(keystone, 'admin', project='admin').headers['X-Subject-Token']
    demo = log_in(keystone).headers['X-Subject-Token']
    assert keystone.ask('GET', '/toycloud/health', token=admin).status == 200
    assert keystone.ask('GET', '/toycloud/health', token=demo).status == 403
    assert keystone.ask('GET', '/toycloud/health', token='gAAAA').status == 401


def test_a_fault_of_keystones_has_its_form(keystone):
    rule = keystone.rule(method='POST', path='/v3/auth/tokens', name='demo', times=1, status=503)
    refused = log_in(keystone)
    assert (refused.status, refused.headers['X-Toycloud-Fault']) == (503, rule)
    assert refused.document['error']['title'] == 'Service Unavailable'
    keystone.clear()


def test_a_reset_of_keystone_keeps_the_first_users_and_their_ids(keystone):
    admin = log_in(keystone, 'admin', project='admin').headers['X-Subject-Token']
    before = keystone.ask('GET', '/v3/users', token=admin).document['users']
    assert keystone.ask('POST', '/v3/users', {'user': {'name': 'new', 'domain_id': 'default'}}, admin).status == 201
    assert keystone.ask('POST', '/toycloud/reset', token=admin).status == 200
    after = keystone.ask('GET', '/v3/users', token=admin).document['users']
    assert sorted(user['id'] for user in after) == sorted(user['id'] for user in before)
    assert log_in(keystone).status == 201


def test_keystone_is_saved_and_loaded(keystone):
    admin = log_in(keystone, 'admin', project='admin').headers['X-Subject-Token']
    assert keystone.ask('POST', '/v3/users', {'user': {'name': 'new', 'domain_id': 'default'}}, admin).status == 201
    state = keystone.ask('GET', '/toycloud/state').document
    assert keystone.ask('POST', '/toycloud/reset').status == 200
    assert keystone.ask('PUT', '/toycloud/state', state).status == 204
    assert 'new' in [user['name'] for user in keystone.ask('GET', '/v3/users', token=admin).document['users']]


def test_a_reset_of_glance_leaves_no_image_and_no_bytes(glance):
    upload(glance)
    definitions = glance.ask('GET', '/v2/metadefs/namespaces').document
    assert glance.ask('POST', '/toycloud/reset').status == 200
    assert glance.ask('GET', '/v2/images').document['images'] == []
    assert list(glance.folder.iterdir()) == []
    again = glance.ask('GET', '/v2/metadefs/namespaces').document
    assert [each['namespace'] for each in again['namespaces']] == [
        each['namespace'] for each in definitions['namespaces']
    ]
    assert glance.ask('GET', f'/v2/images/{upload(glance)}', token=ALICE).document['status'] == 'active'


def test_images_are_saved_with_their_bytes_and_loaded_however_large_that_is(glance):
    data = bytes(range(256)) * 8192
    image = upload(glance, data)
    state = glance.ask('GET', '/toycloud/state').document
    assert glance.ask('POST', '/toycloud/reset').status == 200
    for stranger in (ALICE, None):
        with contextlib.suppress(OSError):  # the answer may come, and the connection close, before all was sent
            assert glance.ask('PUT', '/toycloud/state', state, token=stranger).status in (401, 403)
    assert glance.ask('GET', '/v2/images').document['images'] == []
    assert glance.ask('PUT', '/toycloud/state', state).status == 204
    assert glance.ask('GET', f'/v2/images/{image}/file', token=ALICE).body == data


def test_a_state_goes_into_another_folder(glance):
    image = upload(glance)
    state = glance.ask('GET', '/toycloud/state').document
    text_of = state['folders']['images']
    for row in state['tables']['image_locations']:
        row['value'] = row['value'].replace(text_of, '/elsewhere')
    state['folders']['images'] = '/elsewhere'
    assert glance.ask('PUT', '/toycloud/state', state).status == 204
    assert glance.ask('GET', f'/v2/images/{image}/file', token=ALICE).body == b'some bytes'


def test_the_same_seed_gives_the_same_images(glance):
    def run():
        glance.ask('POST', '/toycloud/reset')
        glance.ask('PUT', '/toycloud/seed', {'seed': 7})
        return upload(glance)

    assert run() == run()
    glance.ask('PUT', '/toycloud/seed', {'seed': None})


def test_a_fault_breaks_an_upload_and_no_other(glance):
    glance.rule(tenant='demo', method='PUT', path='/v2/images/*/file', times=1, status=503)
    image = glance.ask('POST', '/v2/images', {'name': 'x'}, ALICE).document['id']
    refused = glance.ask('PUT', f'/v2/images/{image}/file', {}, ALICE, Content_Type='application/octet-stream')
    assert refused.status == 503
    assert glance.ask('GET', f'/v2/images/{image}', token=ALICE).document['status'] == 'queued'
    upload(glance, token=ADMIN)
    glance.clear()


def test_only_nova_has_instances(glance):
    wanted = {'vm_state': 'error'}
    assert glance.ask('PUT', '/toycloud/instances/11111111-1111-4111-8111-111111111111', wanted).status == 404


@pytest.mark.parametrize('write_ini', [keystone_conftest.write_ini, glance_api.write_ini])
def test_where_it_is_off_there_is_nothing_to_be_seen(tmp_path, write_ini):
    with started(write_ini(tmp_path), tmp_path) as service:
        answers = [service.ask('GET', f'/{name}/health') for name in ('toycloud', 'anything')]
        assert answers[0].status == answers[1].status in (404, 300)  # glance tells which versions there are
        assert [answer.body for answer in answers[1:]] == [answers[0].body]
