"""Servers over HTTP: what a create is refused for, and in which order; what is shown, to whom and in which version."""

import pytest

from cloud.nova import exception
from tests.cloud.nova.api.openstack.compute.v21 import ADMIN, ALICE, BOB, KEY, READER, UNKNOWN, compute_api
from tests.cloud.nova.fakes import IMAGE

QUOTAS = {'quota_instances': '-1', 'quota_cores': '-1', 'quota_ram': '-1', 'quota_metadata_items': '3'}
SMALL = '33333333-3333-4333-8333-333333333333'


@pytest.fixture(scope='module')
def api(tmp_path_factory):
    with compute_api(tmp_path_factory.mktemp('nova'), **QUOTAS, compute_hosts='h1:100:100000:1000') as api:
        api.image_service.add(SMALL, min_disk=10)
        yield api


@pytest.fixture(scope='module')
def server(api):
    """The id of Alice's server, of which no test changes anything."""
    fields = {'metadata': {'color': 'blue'}, 'tags': ['t1'], 'description': 'd', 'hostname': 'host-v'}
    return api.boot(version='2.96', **fields)


def sent(**fields):
    server = {'name': 'web', 'imageRef': IMAGE, 'flavorRef': '1', **fields}
    return {'server': {name: value for name, value in server.items() if value is not None}}


FIELD = 'Invalid input for field/attribute '


@pytest.mark.parametrize(('fields', 'version', 'message'), [
    ({'name': ''}, None, FIELD + "name. Value: . '' should be non-empty"),
    ({'name': None}, None, "'name' is a required property"),
    ({'name': 5}, None, FIELD + "name. Value: 5. 5 is not of type 'string'"),
    ({'name': ' a'}, None, 'printable characters. Can not start or end with whitespace.'),
    ({'name': 'a\x00b'}, None, 'printable characters. Can not start or end with whitespace.'),
    ({'name': 'x' * 256}, None, 'is too long'),
    ({'imageRef': ''}, None, 'Missing imageRef attribute'),
    ({'imageRef': None}, None, 'Missing imageRef attribute'),
    ({'imageRef': 'http://127.0.0.1/images/' + IMAGE}, None, 'is not valid under any of the given schemas'),
    ({'imageRef': UNKNOWN}, None, 'Can not find requested image'),
    ({'imageRef': SMALL}, None, 'too small'),
    ({'flavorRef': None}, None, "'flavorRef' is a required property"),
    ({'flavorRef': 'nowhere'}, None, 'Flavor nowhere could not be found.'),
    ({'flavorRef': -1}, None, 'Flavor -1 could not be found.'),
    ({'nonsense': 1}, None, "Additional properties are not allowed ('nonsense' was unexpected)"),
    ({'min_count': 0}, None, FIELD + 'min_count. Value: 0. 0 is less than the minimum of 1'),
    ({'min_count': 3, 'max_count': 2}, None, 'min_count must be <= max_count'),
    ({'min_count': '9' * 5000}, None, 'At most 1000 servers can be asked for at once.'),
    ({'block_device_mapping_v2': [{'source_type': 'volume', 'uuid': UNKNOWN}]}, None, 'there are no volumes here'),
    ({'metadata': []}, None, FIELD + "metadata. Value: []. [] is not of type 'object'"),
    ({'metadata': {'a': 1}}, None, FIELD + "a. Value: 1. 1 is not of type 'string'"),
    ({'metadata': {'é': 'x'}}, None, "'é' does not match any of the regexes"),
    ({'user_data': 'a'}, None, FIELD + "user_data. Value: a. 'a' is not a 'base64'"),
    ({'key_name': 'nowhere'}, None, 'Invalid key_name provided.'),
    ({'availability_zone': 'nowhere'}, None, 'The requested availability zone is not available'),
    ({'security_groups': [{'name': 'nowhere'}]}, None, "Unable to find security_group with name or id 'nowhere'"),
    ({'networks': 'auto'}, None, "'auto' is not of type 'array'"),
    ({'networks': [{'uuid': 'x'}]}, None, 'Bad networks format: network uuid is not in proper format (x)'),
    ({'networks': [{'uuid': UNKNOWN}]}, None, f'Network {UNKNOWN} could not be found.'),
    ({}, '2.37', "'networks' is a required property"),
    ({'networks': 'none', 'tags': ['x']}, '2.51', "('tags' was unexpected)"),
    ({'networks': 'none', 'tags': ['x,y']}, '2.52', "'x,y' does not match '^[^,/]*$'"),
    ({'networks': 'none', 'personality': []}, '2.57', "('personality' was unexpected)"),
    ({'networks': 'none', 'hostname': 'a_b'}, '2.90', "'a_b' does not match"),
    ({'accessIPv4': 'x'}, None, FIELD + "accessIPv4. Value: x. 'x' is not a 'ipv4'"),
    ({'OS-DCF:diskConfig': 'maybe'}, None, "'maybe' is not one of ['AUTO', 'MANUAL']"),
])  # fmt: skip
def test_a_server_that_cannot_be_is_400_and_nothing_is_made(api, server, fields, version, message):
    before = api.get('/servers?all_tenants=1', ADMIN)
    assert message in api.refused('POST', '/servers', 400, ALICE, version, sent(**fields))
    assert api.get('/servers?all_tenants=1', ADMIN) == before


@pytest.mark.parametrize(('fields', 'version', 'token', 'message'), [
    ({}, None, READER, "Policy doesn't allow os_compute_api:servers:create to be performed."),
    ({'networks': 'none', 'host': 'h7'}, '2.74', ALICE,
     "Policy doesn't allow compute:servers:create:requested_destination to be performed."),
    ({'availability_zone': 'nova:h1'}, None, ALICE, "Policy doesn't allow os_compute_api:servers:create:forced_host"),
    ({'metadata': dict.fromkeys('abcd', 'x')}, None, ALICE, 'Maximum number of metadata items exceeds 3'),
    ({'personality': [{'path': '/a', 'contents': ''}] * 6}, None, ALICE, 'Quota exceeded, too many injected files.'),
])  # fmt: skip
def test_what_the_caller_may_not_is_403(api, fields, version, token, message):
    assert api.refused('POST', '/servers', 403, token, version, sent(**fields)).startswith(message)


@pytest.mark.parametrize(('first', 'second', 'message'), [
    ({'nonsense': 1}, {'flavorRef': 'nowhere'}, 'nonsense'),
    ({'min_count': 3, 'max_count': 2}, {'imageRef': ''}, 'min_count'),
    ({'imageRef': ''}, {'flavorRef': 'nowhere'}, 'imageRef'),
    ({'flavorRef': 'nowhere'}, {'availability_zone': 'nowhere'}, 'Flavor'),
    ({'availability_zone': 'nowhere'}, {'imageRef': UNKNOWN}, 'zone'),
    ({'imageRef': UNKNOWN}, {'security_groups': [{'name': 'nowhere'}]}, 'image'),
    ({'security_groups': [{'name': 'nowhere'}]}, {'networks': [{'uuid': UNKNOWN}]}, 'security_group'),
    ({'networks': [{'uuid': UNKNOWN}]}, {'key_name': 'nowhere'}, 'Network'),
])  # fmt: skip
def test_of_two_mistakes_the_one_is_told_that_the_real_nova_tells(api, first, second, message):
    assert message in api.refused('POST', '/servers', 400, body=sent(**first, **second))


def test_a_new_server_is_202_with_its_place_and_a_password(api):
    api.post('/os-keypairs', {'keypair': {'name': 'laptop', 'public_key': KEY}})
    response = api.send('POST', '/servers', body=sent(key_name='laptop'), status=202)
    made = response.json['server']
    assert response.location == f'http://localhost/v2.1/servers/{made["id"]}' == made['links'][0]['href']
    assert (made['OS-DCF:diskConfig'], made['security_groups']) == ('MANUAL', [{'name': 'default'}])
    assert len(made['adminPass']) == 12
    api.wait(made['id'], 'ACTIVE')
    shown = api.show(made['id'])
    assert (shown['key_name'], shown['OS-EXT-STS:vm_state'], shown['OS-EXT-STS:power_state']) == ('laptop', 'active', 1)
    api.clear(made['id'])


def test_several_at_once_have_numbers_in_their_names_and_one_reservation(api):
    body = {'server': {**sent()['server'], 'min_count': 2, 'return_reservation_id': True}}
    reservation = api.post('/servers', body, status=202)['reservation_id']
    made = api.get(f'/servers?reservation_id={reservation}')['servers']
    assert [each['name'] for each in made] == ['web-2', 'web-1']
    api.clear(*(each['id'] for each in made))


def test_an_image_service_out_of_reach_is_503(api):
    api.image_service.images[UNKNOWN] = exception.GlanceConnectionFailed(servers='x')
    assert api.refused('POST', '/servers', 503, body=sent(imageRef=UNKNOWN))
    del api.image_service.images[UNKNOWN]


# -- show


def test_a_server_shows_its_image_flavor_states_and_times(api, server):
    shown = api.show(server)
    assert shown['image']['id'] == IMAGE
    assert shown['image']['links'] == [{'rel': 'bookmark', 'href': f'http://localhost/images/{IMAGE}'}]
    assert shown['flavor']['links'] == [{'rel': 'bookmark', 'href': 'http://localhost/flavors/1'}]
    assert (shown['status'], shown['tenant_id'], shown['user_id'], shown['progress']) == ('ACTIVE', 'demo', 'alice', 0)
    assert (shown['metadata'], shown['addresses'], shown['OS-EXT-AZ:availability_zone']) == (
        {'color': 'blue'},
        {},
        'nova',
    )
    assert shown['OS-SRV-USG:launched_at']
    assert shown['OS-SRV-USG:terminated_at'] is None


NEW = [
    ('2.9', {'locked'}), ('2.19', {'description'}), ('2.26', {'tags'}), ('2.63', {'trusted_image_certificates'}),
    ('2.71', {'server_groups'}), ('2.73', {'locked_reason'}), ('2.90', {'OS-EXT-SRV-ATTR:hostname'}),
    ('2.96', {'pinned_availability_zone'}), ('2.100', {'scheduler_hints'}),
]  # fmt: skip


@pytest.mark.parametrize(('version', 'fields'), NEW)
def test_a_field_is_there_from_its_version_on(api, server, version, fields):
    major, minor = version.split('.')
    before = set(api.show(server, version=f'{major}.{int(minor) - 1}'))
    assert set(api.show(server, version=version)) - before == fields


def test_the_flavor_is_shown_in_full_since_2_47(api, server):
    assert api.show(server, version='2.47')['flavor'] == {
        'vcpus': 1,
        'ram': 512,
        'disk': 1,
        'ephemeral': 0,
        'swap': 0,
        'original_name': 'm1.tiny',
        'extra_specs': {},
    }


def test_an_admin_sees_where_it_is_and_its_owner_does_not(api, server):
    attributes = {'OS-EXT-SRV-ATTR:host', 'OS-EXT-SRV-ATTR:hypervisor_hostname', 'OS-EXT-SRV-ATTR:instance_name'}
    shown, admins = api.show(server), api.show(server, ADMIN)
    assert set(admins) - set(shown) == attributes
    assert admins['OS-EXT-SRV-ATTR:host'] == 'h1'
    assert 'h1' not in shown['hostId']
    newer = set(api.show(server, ADMIN, '2.16')) - set(api.show(server, version='2.16'))
    assert newer - attributes == {'host_status'} | {
        f'OS-EXT-SRV-ATTR:{name}'
        for name in (
            'reservation_id',
            'launch_index',
            'hostname',
            'root_device_name',
            'user_data',
            'kernel_id',
            'ramdisk_id',
        )
    }


@pytest.mark.parametrize(
    'path', ['', '/metadata', '/tags', '/ips', '/os-interface', '/os-instance-actions', '/os-volume_attachments']
)
def test_anothers_server_is_not_there(api, server, path):
    for server_id, token in ((server, BOB), (UNKNOWN, ALICE), ('nowhere', ALICE)):
        message = api.refused('GET', f'/servers/{server_id}{path}', 404, token, '2.26')
        assert message == f'Instance {server_id} could not be found.'
    assert api.get(f'/servers/{server}{path}', READER, '2.26')


def test_what_belongs_to_nobody_is_for_admins_and_the_lesson(api):
    nobody = api.client.get('/instances', headers={'X-Auth-Token': ADMIN}).json['instances'][0]
    assert api.refused('GET', f'/servers/{nobody["id"]}', 404)
    assert api.show(nobody['id'], ADMIN)['name'] == 'inst-0'


# -- update


def test_an_update_changes_what_it_names_and_says_less_before_2_75(api):
    server_id = api.boot()
    path = f'/servers/{server_id}'
    assert api.put(path, {'server': {'name': 'db'}})['server']['name'] == 'db'
    shown = api.put(path, {'server': {'accessIPv4': '192.0.2.1', 'OS-DCF:diskConfig': 'AUTO'}})['server']
    assert (shown['accessIPv4'], shown['OS-DCF:diskConfig'], shown['name']) == ('192.0.2.1', 'AUTO', 'db')
    assert not {'OS-EXT-STS:vm_state', 'key_name'} & set(shown)
    newer = api.put(path, {'server': {'description': 'new'}}, version='2.75')['server']
    assert (newer['description'], newer['OS-EXT-STS:vm_state']) == ('new', 'active')
    assert api.put(path, {'server': {}})['server']['name'] == 'db'
    assert "('status' was unexpected)" in api.refused('PUT', path, 400, body={'server': {'status': 'ACTIVE'}})
    assert api.refused('PUT', path, 404, BOB, body={'server': {'name': 'x'}})
    assert api.refused('PUT', path, 403, READER, body={'server': {'name': 'x'}})
    api.clear(server_id)


# -- lists


@pytest.fixture(scope='module')
def many(api):
    """The ids of Bob's servers web-1, web-2 and web-3; the second one is stopped."""
    api.create(BOB, min_count=3)
    ids = [each['id'] for each in api.get('/servers?sort_key=display_name&sort_dir=asc', BOB)['servers']]
    for server_id in ids:
        api.wait(server_id, 'ACTIVE')
    api.put(f'/servers/{ids[0]}/tags', {'tags': ['red', 'blue']}, BOB, '2.26')
    api.put(f'/servers/{ids[1]}/tags', {'tags': ['red']}, BOB, '2.26')
    api.act(ids[1], 'os-stop', token=BOB)
    api.wait(ids[1], 'SHUTOFF')
    return ids


@pytest.mark.parametrize(('query', 'version', 'found'), [
    ('', None, '321'),
    ('name=web-[12]$', None, '21'),
    ('name=nonesuch', None, ''),
    ('status=ACTIVE', None, '31'),
    ('status=active&status=SHUTOFF', None, '321'),
    ('status=NONSENSE', None, ''),
    (f'image={IMAGE}', None, '321'),
    ('flavor=2', None, ''),
    ('nonsense=1', None, '321'),
    ('host=h1', None, '321'),  # not for members: ignored
    ('limit=0', None, ''),
    ('limit=2', None, '32'),
    ('changes-since=2999-01-01T00:00:00Z', None, ''),
    ('changes-since=2001-01-01T00:00:00Z', None, '321'),
    ('changes-before=2001-01-01T00:00:00Z', '2.66', ''),
    ('tags=red', '2.26', '21'),
    ('tags=red,blue', '2.26', '1'),
    ('tags-any=blue,green', '2.26', '1'),
    ('not-tags=red', '2.26', '3'),
    ('not-tags-any=red,blue', '2.26', '3'),
    ('locked=false', '2.73', '321'),
    ('ip=10', None, ''),
    ('sort_key=vm_state&sort_dir=desc&sort_key=display_name&sort_dir=asc', None, '213'),
])  # fmt: skip
def test_a_list_can_be_narrowed(api, many, query, version, found):
    servers = api.get(f'/servers?{query}', BOB, version)['servers']
    assert ''.join(each['name'][-1] for each in servers) == found
    detailed = api.get(f'/servers/detail?{query}', BOB, version)['servers']
    assert [each['id'] for each in detailed] == [each['id'] for each in servers]


def test_a_page_begins_behind_its_marker_in_any_order(api, many):
    query = 'sort_key=display_name&sort_dir=asc&limit=1&name=web'
    page = api.get(f'/servers?{query}', BOB)
    assert page['servers_links'][0]['href'] == (
        f'http://localhost/v2.1/servers?limit=1&name=web&sort_dir=asc&sort_key=display_name&marker={many[0]}'
    )
    page = api.get(f'/servers/detail?{query}&marker={many[0]}', BOB)
    assert [each['id'] for each in page['servers']] == [many[1]]
    assert '/servers/detail?' in page['servers_links'][0]['href']
    assert api.get(f'/servers?{query}&marker={many[2]}', BOB)['servers'] == []


@pytest.mark.parametrize(('query', 'version', 'message'), [
    ('limit=-1', None, "Invalid input for query parameters limit. Value: -1. '-1' does not match '^[0-9]*$'"),
    ('marker=nowhere', None, 'marker [nowhere] not found'),
    (f'marker={UNKNOWN}', None, f'marker [{UNKNOWN}] not found'),
    ('sort_key=nonsense', None, "'nonsense' is not one of ['access_ip_v4', 'access_ip_v6', "),
    ('sort_dir=up', None, "Invalid input received: Unknown sort direction, must be 'desc' or 'asc'"),
    ('name=[', None, "Invalid input for query parameters name. Value: [. '[' is not a 'regex'"),
    ('changes-since=x', None, "'x' is not a 'date-time'"),
    ('all_tenants=x', None, 'all_tenants'),
    ('nonsense=1', '2.75', "'nonsense' does not match any of the regexes: '^_'"),
    ('name=%ff', None, 'Query string is not UTF-8 encoded'),
])  # fmt: skip
def test_a_query_that_makes_no_sense_is_400(api, query, version, message):
    assert message in api.refused('GET', f'/servers?{query}', 400, ALICE, version)


def test_a_marker_of_another_project_is_not_there(api, many):
    assert api.refused('GET', f'/servers?marker={many[0]}', 400) == f'marker [{many[0]}] not found'


def test_all_tenants_are_for_admins(api, many, server):
    for collection, name in (('/servers', 'index'), ('/servers/detail', 'detail')):
        message = api.refused('GET', f'{collection}?all_tenants=1', 403)
        assert message == f"Policy doesn't allow os_compute_api:servers:{name}:get_all_tenants to be performed."
        found = api.get(f'{collection}?all_tenants=1&name=web', ADMIN)['servers']
        assert {*many, server} <= {each['id'] for each in found}
        own = api.get(f'{collection}?all_tenants=1&tenant_id=other', ADMIN)['servers']
        assert {each['id'] for each in own} == set(many)
        assert api.get(f'{collection}?name=web', ADMIN)['servers'] == []


def test_the_deleted_are_seen_by_who_asks_for_changes_and_by_admins(api):
    server_id = api.boot(name='gone')
    api.clear(server_id)
    since = 'changes-since=2001-01-01T00:00:00Z&name=gone'
    (shown,) = api.get(f'/servers/detail?{since}')['servers']
    assert (shown['status'], shown['OS-EXT-STS:vm_state']) == ('DELETED', 'deleted')
    assert api.refused('GET', '/servers?status=DELETED', 403) == 'Only administrators may list deleted instances'
    (shown,) = api.get('/servers/detail?all_tenants=1&status=DELETED&name=gone', ADMIN)['servers']
    assert shown['OS-SRV-USG:terminated_at']
    assert api.get('/servers?name=gone')['servers'] == []
