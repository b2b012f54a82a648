"""The ini's flavours, and who is who in them."""

import pytest

from tests.cloud.glance.api.conftest import ADMIN, ALICE

TRUSTED = {'X-Identity-Status': 'Confirmed', 'X-User-Id': 'carol', 'X-Tenant-Id': 'third', 'X-Roles': 'member'}


def test_main_answers_401_itself_to_who_has_no_token(client):
    assert 'X-Auth-Token' in client.get('/images', status=401).json['unauthorized']['message']
    client.get('/images', headers={'X-Auth-Token': 'wrong'}, status=401)
    client.get('/images', headers=ALICE)


def test_main_lets_no_stranger_read_even_where_the_api_would(serve):
    serve(allow_anonymous_access='True').get('/images', status=401)


def test_main_does_not_believe_a_clients_own_identity_headers(client):
    client.get('/images', headers=TRUSTED, status=401)
    assert client.create({**TRUSTED, **ALICE})['owner'] == 'demo'


def test_glance_registry_makes_everyone_admin(serve):
    client = serve('glance-registry')
    image = client.create({}, owner='someone')
    assert image['owner'] == 'someone'
    assert client.show(image, {}) == image


def test_trusted_auth_takes_the_identity_as_it_comes(serve):
    client = serve('glance-registry-trusted-auth')
    assert client.create(TRUSTED)['owner'] == 'third'
    client.get('/images', status=401)
    client.get('/images', headers=TRUSTED, extra_environ={'REMOTE_ADDR': '192.0.2.1'}, status=403)


def test_trusted_auth_lets_anonymous_callers_read_and_change_nothing(serve):
    client = serve('glance-registry-trusted-auth', allow_anonymous_access='True')
    image = client.create(TRUSTED, is_public=True)
    assert client.show(image, {}) == image
    client.change(image, {'name': 'x'}, {}, status=403)
    client.create({}, code=403)
    client.remove(image, {}, status=403)
    client.share(image, headers={}, status=403)


def test_there_is_no_version_in_the_path(client):
    for path in ('/', '/v1/images', '/v2/images', '/images/'):
        client.get(path, headers=ALICE, status=404)


def test_what_has_no_action_is_405_with_those_there_are(client):
    image = client.create()
    for path, allowed in (
        ('/images', 'GET, POST'),
        ('/images/detail', 'GET'),
        (f'/images/{image["id"]}', 'GET, PUT, DELETE'),
        (f'/images/{image["id"]}/members', 'GET, PUT'),
        (f'/images/{image["id"]}/members/other', 'PUT, DELETE'),
        ('/shared-images/other', 'GET'),
    ):
        refusal = client.request(path, method='PATCH', headers=ALICE, status=405)
        assert refusal.headers['Allow'] == allowed
    client.get(f'/images/{image["id"]}/members/other', headers=ALICE, status=405)


@pytest.mark.parametrize(
    ('option', 'value'), [('api_limit_max', 'many'), ('sql_connection', 'nonsense'), ('policy_file', '/nowhere')]
)
def test_an_impossible_option_stops_the_start_and_is_named(serve, option, value):
    with pytest.raises(ValueError, match=option):
        serve(**{option: value})


def test_a_restart_loses_nothing(serve):
    image = serve().create(properties={'a': 'b'}, location='http://x/y')
    assert serve().show(image, ADMIN) == image
