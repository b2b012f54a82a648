"""The ini's flavours, and what stands in front of the APIs."""

import logging

import pytest

from server import load_app
from tests.cloud.glance.api.conftest import ADMIN, ALICE, write_ini

TRUSTED = {'X-Identity-Status': 'Confirmed', 'X-User-Id': 'carol', 'X-Tenant-Id': 'third', 'X-Roles': 'member'}


def test_main_wants_a_token(client):
    assert client.get('/v2/images', status=401).json['unauthorized']
    client.get('/v2/images', headers={'X-Auth-Token': 'wrong'}, status=401)
    client.get('/v2/images', headers=ADMIN, status=200)


def test_main_does_not_believe_a_clients_own_identity_headers(client):
    client.get('/v2/images', headers=TRUSTED, status=401)
    assert client.create({**TRUSTED, **ALICE})['owner'] == 'demo'


@pytest.mark.parametrize('path', ['/', '/versions', '/v2', '/v2/', '/v3', '/versions/'])
def test_clients_find_the_versions_without_a_token(client, path):
    status = 200 if 'versions' in path else 300
    assert client.get(path, status=status).json['versions'][0]['id'] == 'v2.15'


def test_every_answer_carries_the_requests_id(client):
    for path in ('/', '/v2/images', '/v2/none'):
        assert client.get(path, headers=ALICE, status='*').headers['X-Openstack-Request-Id'].startswith('req-')


def test_glance_api_makes_everyone_admin(serve):
    client = serve('glance-api')
    image = client.create({}, visibility='public')
    assert 'owner' not in image
    assert client.list(headers={})['images'] == [image]


def test_trusted_auth_takes_the_identity_as_it_comes(serve, caplog):
    with caplog.at_level(logging.WARNING):
        client = serve('glance-api-trusted-auth')
    assert 'loopback only' in caplog.text
    assert client.create(TRUSTED)['owner'] == 'third'
    client.get('/v2/images', status=401)
    client.get('/v2/images', headers=TRUSTED, extra_environ={'REMOTE_ADDR': '192.0.2.1'}, status=403)


def test_anonymous_callers_may_read_what_is_public_and_change_nothing(serve):
    client = serve(allow_anonymous_access='True')
    public = client.active(headers=ADMIN, visibility='public')
    private = client.create()
    assert [each['id'] for each in client.list(headers={})['images']] == [public['id']]
    assert client.download(public, headers={}).body == b'data'
    client.show(private, headers={}, status=404)
    for method, path in (('POST', ''), ('PATCH', f'/{public["id"]}'), ('PUT', f'/{public["id"]}/file')):
        refusal = client.request(f'/v2/images{path}', method=method, status=403)
        assert 'Read-only access' in refusal.json['forbidden']['message']
    client.delete(f'/v2/images/{public["id"]}', status=403)
    assert client.show(public) == public


def test_v1_without_its_registry_is_503_with_a_message_and_v2_works(serve):
    client = serve(registry_port='1')
    for path in ('/v1/images', '/v1.1/images/detail'):
        answer = client.get(path, headers=ALICE, status=503)
        assert 'registry at 127.0.0.1:1 cannot be reached: start it' in answer.json['serviceUnavailable']['message']
    assert client.show(client.create())['status'] == 'queued'


@pytest.mark.parametrize('version', ['v1', 'v2'])
def test_an_api_that_is_switched_off_is_not_there(serve, version):
    client = serve(**{f'enable_{version}_api': 'False'})
    client.get(f'/{version}/images', headers=ALICE, status=300)
    client.get('/', headers={**ALICE, 'Accept': f'application/vnd.openstack.images-{version}'}, status=300)


def test_a_copy_of_the_ini_is_a_service_of_its_own(tmp_path, serve):
    serve().create()
    (tmp_path / 'other').mkdir()
    other = write_ini(tmp_path / 'other')
    assert load_app(str(other))
    assert (tmp_path / 'other' / 'glance.sqlite').exists()


@pytest.mark.parametrize(
    ('option', 'value'),
    [
        ('image_property_quota', 'abc'),
        ('show_image_direct_url', 'perhaps'),
        ('user_storage_quota', '5 GB'),
        ('default_store', 'nowhere'),
        ('property_protection_rule_format', 'songs'),
        ('property_protection_file', '/nowhere/rules.conf'),
        ('policy_file', '/nowhere/policy.json'),
        ('sql_connection', 'nonsense'),
        ('known_stores', 'cloud.glance.store.nowhere.Store'),
    ],
)
def test_an_impossible_option_stops_the_start_and_is_named(serve, option, value):
    with pytest.raises(ValueError, match=option):
        serve(**{option: value})


def test_options_of_other_services_are_accepted(serve):
    serve(glance_num_retries='3', registry_host='example', registry_port='1')


def test_a_restart_loses_nothing(serve):
    image = serve().active()
    client = serve()
    assert client.show(image) == image
    assert client.download(image).body == b'data'


def test_errors_are_json_in_one_shape(client):
    refusal = client.get('/v2/images/none', headers={**ALICE, 'Accept': 'text/html'}, status=404)
    assert refusal.content_type == 'application/json'
    assert refusal.json['itemNotFound']['code'] == 404
