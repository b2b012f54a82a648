"""The network service over its paste pipeline: one network a project, to look at."""

import configparser
import pathlib

import pytest
import webtest

import cloud.neutron
import server
from cloud.nova.network.api import network_id

INI = pathlib.Path(cloud.neutron.__file__).parent / 'neutron.ini'
ALICE, BOB, ADMIN = ({'X-Auth-Token': token} for token in ('alice-token', 'bob-token', 'open-sesame'))
KINDS = (
    'networks',
    'subnets',
    'ports',
    'security-groups',
    'security-group-rules',
    'extensions',
    'routers',
    'floatingips',
)


def write_ini(folder, **options):
    """A copy of the ini in the folder, with these options; returns its path."""
    ini = configparser.ConfigParser(interpolation=None, delimiters='=')
    ini.optionxform = str
    ini.read(INI)
    ini['DEFAULT'].update(options)
    ini['filter:authtoken']['token_file'] = str(INI.parent.parent / 'tokens.ini')
    path = folder / 'neutron.ini'
    with path.open('w') as file:
        ini.write(file)
    return path


@pytest.fixture(scope='module')
def client(tmp_path_factory):
    return webtest.TestApp(server.load_app(write_ini(tmp_path_factory.mktemp('neutron'), auth_uri='')))


def test_the_versions_need_no_token(client):
    version = client.get('/').json['versions'][0]
    assert (version['id'], version['links'][0]['href']) == ('v2.0', 'http://localhost/v2.0/')


def test_all_else_needs_one(client):
    client.get('/v2.0/networks', status=401)
    client.get('/v2.0/networks', headers={'X-Auth-Token': 'wrong'}, status=401)


def test_each_project_has_a_network_that_it_finds_again_and_others_do_not_see(client):
    (network,) = client.get('/v2.0/networks', headers=ALICE).json['networks']
    assert (network['name'], network['project_id'], network['status']) == ('private', 'demo', 'ACTIVE')
    assert client.get('/v2.0/networks', headers=ALICE).json['networks'] == [network]
    path = f'/v2.0/networks/{network["id"]}'
    assert client.get(path, headers=ALICE).json['network'] == network
    refused = client.get(path, headers=BOB, status=404).json['NeutronError']
    assert refused['type'] == 'NetworkNotFound'
    assert client.get('/v2.0/networks?project_id=demo', headers=BOB).json['networks'] == []
    assert client.get('/v2.0/networks?tenant_id=demo', headers=ADMIN).json['networks'] == [network]


def test_it_is_the_network_that_nova_gives_instances(client):
    assert client.get('/v2.0/networks', headers=ALICE).json['networks'][0]['id'] == network_id('demo')


@pytest.mark.parametrize('kind', KINDS)
def test_all_that_clients_list_is_there(client, kind):
    assert list(client.get(f'/v2.0/{kind}', headers=ALICE).json) == [kind.replace('-', '_')]


@pytest.mark.parametrize(
    ('query', 'found'),
    [
        ('name=private', 1), ('name=public', 0), ('name=public&name=private', 1), ('router:external=True', 0),
        ('router:external=False', 1), ('admin_state_up=true', 1), ('limit=1', 1), ('limit=0', 1), ('nonsense=1', 1),
    ],
)  # fmt: skip
def test_filters(client, query, found):
    assert len(client.get(f'/v2.0/networks?{query}', headers=ALICE).json['networks']) == found


def test_a_page_goes_on_after_its_marker(client):
    rules = client.get('/v2.0/security-group-rules', headers=ALICE).json['security_group_rules']
    path = f'/v2.0/security-group-rules?limit=2&marker={rules[1]["id"]}&fields=id'
    assert client.get(path, headers=ALICE).json['security_group_rules'] == [{'id': rule['id']} for rule in rules[2:]]


def test_nothing_can_be_made_here(client):
    refused = client.post_json('/v2.0/networks', {'network': {}}, headers=ALICE, status=405)
    assert 'GET' in refused.json['NeutronError']['message']
    client.get('/v2.0/nonsense', headers=ALICE, status=404)
    client.get('/v2.0/networks?name=%ff', headers=ALICE, status=400)


def test_the_rest_of_what_clients_ask(client):
    resources = client.get('/v2.0/', headers=ALICE).json['resources']
    assert resources[0]['links'][0]['href'] == 'http://localhost/v2.0/networks'
    assert client.get('/v2.0/extensions/security-group', headers=ALICE).json['extension']['alias'] == 'security-group'
    assert client.get('/v2.0/quotas/demo', headers=ALICE).json['quota']['network'] == -1
