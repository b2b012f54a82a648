"""What is done to a server: in which states, by whom, and what is told of it afterwards."""

import pytest

from tests.cloud.nova.api.openstack.compute.v21 import ADMIN, ALICE, BOB, READER, UNKNOWN, compute_api
from tests.cloud.nova.fakes import IMAGE
from tests.waiting import wait_until

QUOTAS = {'quota_instances': '-1', 'quota_cores': '-1', 'quota_ram': '-1', 'quota_metadata_items': '3'}
HOST = 'compute1:100:100000:1000'


@pytest.fixture(scope='module')
def api(tmp_path_factory):
    with compute_api(tmp_path_factory.mktemp('nova'), **QUOTAS, compute_hosts=HOST) as api:
        yield api


@pytest.fixture(scope='module')
def server(api):
    """The id of Alice's server, ACTIVE before and after each test."""
    return api.boot()


ARGUMENTS = {
    'reboot': {'type': 'HARD'},
    'resize': {'flavorRef': '2'},
    'rebuild': {'imageRef': IMAGE},
    'createImage': {'name': 'copy'},
    'changePassword': {'adminPass': 'x'},
    'rescue': None,
}
# What may be asked for in which vm_state; in all others it may not. createImage and the like have their own rows.
ALLOWED = {
    'os-start': ('start', {'stopped'}),
    'os-stop': ('stop', {'active', 'error'}),
    'reboot': ('reboot', {'active', 'stopped', 'paused', 'suspended', 'error'}),
    'pause': ('pause', {'active'}),
    'unpause': ('unpause', {'paused'}),
    'suspend': ('suspend', {'active'}),
    'resume': ('resume', {'suspended'}),
    'rescue': ('rescue', {'active', 'stopped', 'error'}),
    'unrescue': ('unrescue', {'rescued'}),
    'resize': ('resize', {'active', 'stopped'}),
    'confirmResize': ('confirmResize', {'resized'}),
    'revertResize': ('revertResize', {'resized'}),
    'rebuild': ('rebuild', {'active', 'stopped', 'error'}),
    'createImage': ('createImage', {'active', 'stopped', 'paused', 'suspended'}),
    'shelve': ('shelve', {'active', 'stopped', 'paused', 'suspended'}),
    'unshelve': ('unshelve', {'shelved', 'shelved_offloaded'}),
    'changePassword': ('changePassword', {'active'}),
    'restore': ('restore', {'soft-delete'}),
}
STATES = ('active', 'stopped', 'paused', 'suspended', 'rescued', 'resized', 'error', 'building', 'shelved_offloaded')


@pytest.mark.parametrize('action', ALLOWED)
def test_an_action_is_409_in_every_state_that_it_does_not_fit(api, server, action):
    name, allowed = ALLOWED[action]
    try:
        for state in (state for state in STATES if state not in allowed):
            api.db_api.instance_update(server, {'vm_state': state})
            message = api.not_acted(server, action, ARGUMENTS.get(action))
            assert message == f"Cannot '{name}' instance {server} while it is in vm_state {state}"
    finally:
        api.db_api.instance_update(server, {'vm_state': 'active'})


@pytest.mark.parametrize('action', [action for action, (_, states) in ALLOWED.items() if 'active' in states])
def test_an_action_is_409_while_another_one_goes_on(api, server, action):
    api.db_api.instance_update(server, {'task_state': 'powering-off'})
    try:
        message = api.not_acted(server, action, ARGUMENTS.get(action))
        assert message.endswith('while it is in task_state powering-off')
    finally:
        api.db_api.instance_update(server, {'task_state': None})


STEPS = [
    ('os-stop', 'SHUTOFF'), ('os-start', 'ACTIVE'), ('pause', 'PAUSED'), ('unpause', 'ACTIVE'),
    ('suspend', 'SUSPENDED'), ('resume', 'ACTIVE'), ('reboot', 'ACTIVE'), ('changePassword', 'ACTIVE'),
]  # fmt: skip


def test_a_server_goes_through_its_states_and_each_request_is_kept(api):
    server_id = api.boot()
    for action, status in STEPS:
        api.act(server_id, action, ARGUMENTS.get(action))
        api.wait(server_id, status)
    kept = api.get(f'/servers/{server_id}/os-instance-actions')['instanceActions']
    names = [action.removeprefix('os-') for action, _ in reversed(STEPS)]
    assert [each['action'] for each in kept] == [*names, 'create']
    assert {each['project_id'] for each in kept} == {'demo'}
    api.clear(server_id)


def test_a_resize_waits_to_be_confirmed_or_taken_back(api):
    server_id = api.boot()
    for action, flavor, status in (('revertResize', '1', 202), ('confirmResize', '2', 204)):
        api.act(server_id, 'resize', ARGUMENTS['resize'])
        api.wait(server_id, 'VERIFY_RESIZE')
        api.act(server_id, action, status=status)
        api.wait(server_id, 'ACTIVE')
        assert api.show(server_id)['flavor']['id'] == flavor
    api.clear(server_id)


@pytest.mark.parametrize(('arguments', 'message'), [
    ({'flavorRef': '1'}, 'When resizing, instances must change flavor!'),
    ({'flavorRef': 'nowhere'}, 'Flavor nowhere could not be found.'),
    ({}, "Invalid input for field/attribute resize. Value: {}. 'flavorRef' is a required property"),
])  # fmt: skip
def test_a_resize_that_makes_no_sense_is_400(api, server, arguments, message):
    assert api.not_acted(server, 'resize', arguments, 400) == message


def test_a_rebuild_takes_another_image_name_and_metadata(api):
    server_id = api.boot()
    assert api.not_acted(server_id, 'rebuild', {'imageRef': UNKNOWN}, 400) == 'Cannot find image for rebuild'
    rebuilt = api.act(server_id, 'rebuild', {'imageRef': IMAGE, 'name': 'anew', 'metadata': {'new': 'yes'}})['server']
    assert (rebuilt['name'], rebuilt['status'], rebuilt['metadata']) == ('anew', 'REBUILD', {'new': 'yes'})
    assert 'adminPass' in rebuilt
    assert 'OS-EXT-STS:vm_state' not in rebuilt
    api.wait(server_id, 'ACTIVE')
    api.clear(server_id)


def test_an_image_of_a_server_says_where_it_will_be(api):
    server_id = api.boot()
    arguments = {'name': 'copy', 'metadata': {'mine': '1'}}
    path = f'/servers/{server_id}/action'
    location = api.send('POST', path, body={'createImage': arguments}, status=202).location
    image_id = location.rpartition('/images/')[2]
    made = api.image_service.images[image_id]
    assert (made['properties']['instance_uuid'], made['properties']['mine']) == (server_id, '1')
    api.wait(server_id, 'ACTIVE')
    assert set(api.act(server_id, 'createImage', {'name': 'copy'}, version='2.45')) == {'image_id'}
    api.wait(server_id, 'ACTIVE')
    shown = api.get(f'/images/{image_id}')['image']
    assert (shown['name'], shown['server']['id'], shown['metadata']['mine']) == ('copy', server_id, '1')
    assert image_id in [each['id'] for each in api.get('/images')['images']]
    api.delete(f'/images/{image_id}')
    assert api.refused('GET', f'/images/{image_id}', 404) == 'Image not found.'
    api.clear(server_id)


def test_a_locked_server_stays_as_it_is_but_for_its_name(api):
    server_id = api.boot()
    api.act(server_id, 'lock', {'locked_reason': 'why'}, version='2.73')
    assert api.show(server_id, version='2.73')['locked_reason'] == 'why'
    for action in ('os-stop', 'pause', 'resize', 'rebuild'):
        assert api.not_acted(server_id, action, ARGUMENTS.get(action)) == f'Instance {server_id} is locked'
    assert api.refused('DELETE', f'/servers/{server_id}', 409) == f'Instance {server_id} is locked'
    api.put(f'/servers/{server_id}', {'server': {'name': 'renamed'}})
    api.act(server_id, 'unlock')
    api.act(server_id, 'os-stop')
    api.wait(server_id, 'SHUTOFF')
    api.clear(server_id)


def test_an_admin_may_say_how_it_is(api):
    server_id = api.boot()
    assert api.not_acted(server_id, 'os-resetState', {'state': 'error'}, 403).startswith("Policy doesn't allow")
    api.act(server_id, 'os-resetState', {'state': 'error'}, ADMIN)
    assert api.show(server_id)['status'] == 'ERROR'
    api.act(server_id, 'os-stop')
    api.clear(server_id)


def test_a_rescue_tells_the_password(api):
    server_id = api.boot()
    assert api.act(server_id, 'rescue', {'adminPass': 'x'}, status=200) == {'adminPass': 'x'}
    api.wait(server_id, 'RESCUE')
    api.act(server_id, 'unrescue')
    api.wait(server_id, 'ACTIVE')
    api.clear(server_id)


@pytest.mark.parametrize(('body', 'message'), [
    ({'nonsense': None}, 'There is no such action: nonsense'),
    ({'os-stop': None, 'os-start': None}, 'Malformed request body'),
    ({}, 'Malformed request body'),
    ([], 'Malformed request body'),
    ({'reboot': {}}, "Invalid input for field/attribute reboot. Value: {}. 'type' is a required property"),
    ({'reboot': {'type': 'WARM'}}, "'WARM' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']"),
    ({'os-getConsoleOutput': {'length': 'x'}}, "'x' does not match '^-?[0-9]+$'"),
    ({'os-getVNCConsole': {'type': 'novnc'}}, 'Unavailable console type novnc.'),
    ({'createImage': {}}, "'name' is a required property"),
])  # fmt: skip
def test_an_action_that_is_none_is_400(api, server, body, message):
    assert message in api.refused('POST', f'/servers/{server}/action', 400, body=body)


def test_actions_are_for_members_of_its_project(api, server):
    assert api.not_acted(server, 'os-stop', status=403, token=READER) == (
        "Policy doesn't allow os_compute_api:servers:stop to be performed."
    )
    for server_id, token in ((server, BOB), (UNKNOWN, ALICE)):
        assert (
            api.not_acted(server_id, 'os-stop', status=404, token=token) == f'Instance {server_id} could not be found.'
        )
    assert api.refused('DELETE', f'/servers/{server}', 403, READER)
    assert api.refused('DELETE', f'/servers/{server}', 404, BOB)


def test_a_server_that_no_host_takes_is_an_error_and_not_ready(api):
    flavor = {'name': 'huge', 'ram': 64, 'vcpus': 1, 'disk': 90000000}
    flavor_id = api.post('/flavors', {'flavor': flavor}, ADMIN)['flavor']['id']
    server_id = api.create(flavorRef=flavor_id)['id']
    api.wait(server_id, 'ERROR')
    shown = api.show(server_id)
    assert shown['fault']['message'].startswith('No valid host was found.')
    assert (shown['hostId'], shown['OS-EXT-AZ:availability_zone']) == ('', '')
    assert api.not_acted(server_id, 'os-stop') == f'Instance {server_id} is not ready'
    api.clear(server_id)


def test_a_deleted_server_and_what_was_done_to_it(api):
    server_id = api.boot()
    api.clear(server_id)
    assert api.not_acted(server_id, 'os-start', status=404)
    assert api.refused('DELETE', f'/servers/{server_id}', 404)
    path = f'/servers/{server_id}/os-instance-actions'
    assert api.refused('GET', path, 404)
    assert [each['action'] for each in api.get(path, version='2.21')['instanceActions']] == ['delete', 'create']


def test_an_action_has_the_id_of_its_request_and_the_events_of_its_host(api):
    body = {'server': {'name': 'web', 'imageRef': IMAGE, 'flavorRef': '1', 'networks': 'none'}}
    response = api.send('POST', '/servers', version='2.37', body=body, status=202)
    server_id, request_id = response.json['server']['id'], response.headers['X-Compute-Request-Id']
    api.wait(server_id, 'ACTIVE')
    path = f'/servers/{server_id}/os-instance-actions'
    assert 'events' not in api.get(f'{path}/{request_id}')['instanceAction']

    def events():
        return api.get(f'{path}/{request_id}', version='2.51')['instanceAction']['events']

    assert wait_until(lambda: events()[0]['finish_time'])
    (event,) = events()
    assert (event['event'], event['result']) == ('compute__do_build_and_run_instance', 'Success')
    assert 'traceback' not in event
    newest = api.get(f'{path}/{request_id}', ADMIN, '2.84')['instanceAction']['events'][0]
    assert {'traceback', 'host', 'hostId', 'details'} <= set(newest)
    assert api.refused('GET', f'{path}/req-nowhere', 404) == 'Action req-nowhere not found'
    api.act(server_id, 'os-stop')
    page = api.get(f'{path}?limit=1', version='2.58')
    assert [each['action'] for each in page['instanceActions']] == ['stop']
    marker = page['instanceActions'][0]['request_id']
    assert page['links'][0]['href'].endswith(f'{path}?limit=1&marker={marker}')
    rest = api.get(f'{path}?marker={marker}', version='2.58')['instanceActions']
    assert [each['action'] for each in rest] == ['create']
    assert api.refused('GET', f'{path}?marker=x', 400, version='2.58') == 'marker [x] not found'
    api.wait(server_id, 'SHUTOFF')
    api.clear(server_id)


# -- metadata and tags


def test_metadata_are_added_replaced_and_removed(api):
    server_id = api.boot(metadata={'color': 'blue'})
    path = f'/servers/{server_id}/metadata'
    assert api.post(path, {'metadata': {'size': 'l'}}) == {'metadata': {'color': 'blue', 'size': 'l'}}
    assert api.put(path, {'metadata': {'a': '1', 'b': '2'}}) == {'metadata': {'a': '1', 'b': '2'}}
    assert api.put(f'{path}/a', {'meta': {'a': '3'}}) == {'meta': {'a': '3'}}
    assert api.get(f'{path}/a') == {'meta': {'a': '3'}}
    assert api.refused('PUT', f'{path}/a', 400, body={'meta': {'z': '3'}}) == 'Request body and URI mismatch'
    assert (
        api.refused('POST', path, 403, body={'metadata': {'c': '1', 'd': '2'}})
        == 'Maximum number of metadata items exceeds 3'
    )
    assert api.refused('POST', path, 403, READER, body={'metadata': {}})
    api.delete(f'{path}/a')
    for method in ('GET', 'DELETE'):
        assert api.refused(method, f'{path}/a', 404) == 'Metadata item was not found'
    assert api.get(path, READER) == {'metadata': {'b': '2'}}
    api.clear(server_id)


def test_tags_are_added_replaced_and_removed(api):
    server_id = api.boot()
    path, version = f'/servers/{server_id}/tags', '2.26'
    assert api.refused('GET', path, 404) == 'The resource could not be found.'
    created = api.send('PUT', f'{path}/red', version=version, status=201)
    assert created.location.endswith(f'{path}/red')
    api.send('PUT', f'{path}/red', version=version, status=204)
    api.send('GET', f'{path}/red', version=version, status=204)
    assert api.refused('GET', f'{path}/green', 404, version=version) == f"Server {server_id} has no tag 'green'"
    assert api.refused('PUT', f'{path}/{"x" * 61}', 400, version=version).endswith('Maximum length of a tag is 60')
    assert api.put(path, {'tags': ['x', 'y', 'x']}, version=version) == {'tags': ['x', 'y']}
    assert "'x,y' does not match" in api.refused('PUT', path, 400, version=version, body={'tags': ['x,y']})
    api.delete(f'{path}/x', version=version)
    assert api.refused('DELETE', f'{path}/x', 404, version=version) == f"Instance {server_id} has no tag 'x'"
    api.delete(path, version=version)
    assert api.get(path, version=version) == {'tags': []}
    api.clear(server_id)


# -- what there is besides


def test_an_interface_has_the_address_that_the_server_shows(api):
    server_id = api.boot(networks='auto')
    shown = api.show(server_id)
    ((label, (address,)),) = shown['addresses'].items()
    assert api.get(f'/servers/{server_id}/ips/{label}')[label] == [{'version': 4, 'addr': address['addr']}]
    assert api.refused('GET', f'/servers/{server_id}/ips/x', 404) == 'Instance is not a member of specified network'
    (interface,) = api.get(f'/servers/{server_id}/os-interface')['interfaceAttachments']
    assert interface['mac_addr'] == address['OS-EXT-IPS-MAC:mac_addr']
    path = f'/servers/{server_id}/os-interface/'
    assert api.get(path + interface['port_id'])['interfaceAttachment'] == interface
    assert api.refused('GET', path + UNKNOWN, 404)
    assert shown['security_groups'] == [{'name': 'default'}]
    api.clear(server_id)


def test_admins_see_services_and_hypervisors_and_turn_a_host_off(api):
    for path in ('/os-services', '/os-hypervisors', '/os-hypervisors/detail', '/os-availability-zone/detail'):
        assert api.refused('GET', path, 403).startswith("Policy doesn't allow")
    services = api.get('/os-services', ADMIN, '2.53')['services']
    (compute,) = [each for each in services if each['binary'] == 'nova-compute']
    assert (compute['zone'], compute['status'], compute['state'], compute['forced_down']) == (
        'nova',
        'enabled',
        'up',
        False,
    )
    path = f'/os-services/{compute["id"]}'
    changed = {'status': 'disabled', 'disabled_reason': 'repair'}
    assert api.put(path, changed, ADMIN, '2.53')['service']['disabled_reason'] == 'repair'
    zone = api.get('/os-availability-zone/detail', ADMIN)['availabilityZoneInfo'][0]
    assert zone['hosts'][compute['host']]['nova-compute']['active'] is False
    assert api.get('/os-hypervisors', ADMIN)['hypervisors'][0]['status'] == 'disabled'
    assert api.put('/os-services/enable', {'host': compute['host'], 'binary': 'nova-compute'}, ADMIN)
    assert api.get('/os-availability-zone')['availabilityZoneInfo'] == [
        {'zoneName': 'nova', 'zoneState': {'available': True}, 'hosts': None}
    ]
    assert api.refused('PUT', path, 400, ADMIN, '2.53', {'disabled_reason': 'x'})
    assert api.refused('PUT', f'/os-services/{UNKNOWN}', 404, ADMIN, '2.53', {'status': 'enabled'})


@pytest.mark.parametrize(('version', 'there', 'not_there'), [
    ('2.1', {'vcpus', 'memory_mb_used', 'cpu_info', 'running_vms'}, {'uptime'}),
    ('2.88', {'uptime'}, {'vcpus', 'memory_mb_used', 'cpu_info', 'running_vms'}),
])  # fmt: skip
def test_a_hypervisor_says_how_large_it_is_until_2_88(api, version, there, not_there):
    (listed,) = api.get('/os-hypervisors', ADMIN, version)['hypervisors']
    shown = api.get(f'/os-hypervisors/{listed["id"]}', ADMIN, version)['hypervisor']
    assert there <= set(shown)
    assert not not_there & set(shown)
    assert api.refused('GET', '/os-hypervisors/nowhere', 404 if version == '2.1' else 400, ADMIN, version)


def test_the_usage_of_a_project_is_its_own(api, server):
    usage = api.get('/os-simple-tenant-usage/demo')['tenant_usage']
    assert server in [each['instance_id'] for each in usage['server_usages']]
    assert usage['total_memory_mb_usage'] >= 0
    assert api.refused('GET', '/os-simple-tenant-usage/demo', 403, BOB)
    assert api.refused('GET', '/os-simple-tenant-usage', 403)
    assert 'demo' in [each['tenant_id'] for each in api.get('/os-simple-tenant-usage', ADMIN)['tenant_usages']]
    for query in ('start=x', 'start=2026-01-02&end=2026-01-01'):
        assert api.refused('GET', f'/os-simple-tenant-usage/demo?{query}', 400)


def test_a_server_of_a_dead_host_is_gone_at_once(api):
    server_id = api.boot()
    host = api.db_api.instance_get_by_uuid(server_id)['host']
    service = api.db_api.service_get_by_host_and_binary(host, 'nova-compute')
    api.db_api.service_update(service['id'], {'forced_down': True})
    try:
        api.delete(f'/servers/{server_id}')
        assert api.refused('GET', f'/servers/{server_id}', 404) == f'Instance {server_id} could not be found.'
    finally:
        api.db_api.service_update(service['id'], {'forced_down': False})


def test_what_an_admin_has_locked_an_admin_unlocks(api):
    server_id = api.boot()
    api.act(server_id, 'lock', token=ADMIN)
    assert api.not_acted(server_id, 'unlock', None, 403).startswith("Policy doesn't allow")
    lesson = api.send('DELETE', f'/instances/{server_id}', status=409, prefix='').json
    assert lesson['conflictingRequest']['message'] == f'Instance {server_id} is locked'
    api.act(server_id, 'unlock', token=ADMIN)
    api.clear(server_id)


def test_a_reader_changes_nothing_by_the_lessons_api_either(api):
    server_id = api.boot()
    assert api.send('GET', f'/instances/{server_id}', READER, prefix='').json['instance']['id'] == server_id
    for method, path, body in (
        ('POST', '/instances', {'name': 'x'}),
        ('PUT', f'/instances/{server_id}', {'name': 'x'}),
        ('DELETE', f'/instances/{server_id}', None),
    ):
        refusal = api.send(method, path, READER, body=body, status=403, prefix='').json
        assert refusal['forbidden']['message'].startswith("Policy doesn't allow")
    assert api.show(server_id)['name'] == 'web'
    api.clear(server_id)


@pytest.mark.parametrize('key_name', [None, 5, [], {}])
def test_a_name_of_another_type_is_a_400(api, server, key_name):
    api.not_acted(server, 'rebuild', {'imageRef': IMAGE, 'key_name': key_name, 'x': 1}, 400)
    body = {'rebuild': {'key_name': key_name}}
    assert api.send('POST', f'/servers/{server}/action', version='2.95', body=body, status=400)


@pytest.mark.parametrize('path', ['/images/detail', '/os-services', '/os-hypervisors', '/servers'])
def test_a_query_that_is_not_utf_8_is_a_400(api, path):
    assert api.refused('GET', f'{path}?x=%ff', 400, ADMIN, '2.30') == 'Query string is not UTF-8 encoded'
