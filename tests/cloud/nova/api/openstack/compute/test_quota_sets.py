"""Limits and quotas over HTTP, and server groups, which have one."""

import pytest

from tests.cloud.nova.api.openstack.compute.v21 import ADMIN, ALICE, BOB, READER, compute_api


@pytest.fixture(scope='module')
def api(tmp_path_factory):
    with compute_api(tmp_path_factory.mktemp('nova'), quota_cores='20', quota_ram='51200') as api:
        yield api


def test_a_project_sees_its_own_quotas_and_no_others(api):
    quotas = api.get('/os-quota-sets/demo')['quota_set']
    assert (quotas['id'], quotas['instances'], quotas['cores'], quotas['ram']) == ('demo', 10, 20, 51200)
    message = api.refused('GET', '/os-quota-sets/demo', 403, BOB)
    assert message == "Policy doesn't allow os_compute_api:os-quota-sets:show to be performed."
    assert api.get('/os-quota-sets/demo', ADMIN)['quota_set'] == quotas
    assert api.get('/os-quota-sets/demo/defaults')['quota_set'] == quotas


@pytest.mark.parametrize(('version', 'gone'), [
    ('2.35', set()),
    ('2.36', {'fixed_ips', 'floating_ips', 'security_groups', 'security_group_rules'}),
    ('2.57', {'fixed_ips', 'floating_ips', 'security_groups', 'security_group_rules', 'injected_files',
              'injected_file_content_bytes', 'injected_file_path_bytes'}),
])  # fmt: skip
def test_newer_versions_have_fewer_quotas(api, version, gone):
    assert (
        set(api.get('/os-quota-sets/demo')['quota_set'])
        - set(api.get('/os-quota-sets/demo', version=version)['quota_set'])
        == gone
    )


def test_an_admin_sets_a_projects_quotas_and_takes_them_back(api):
    assert api.refused('PUT', '/os-quota-sets/demo', 403, body={'quota_set': {'cores': 1}})
    changed = api.put('/os-quota-sets/demo', {'quota_set': {'cores': 4, 'instances': '5'}}, ADMIN)['quota_set']
    assert (changed['cores'], changed['instances'], changed['ram']) == (4, 5, 51200)
    assert api.get('/limits')['limits']['absolute']['maxTotalCores'] == 4
    assert api.get('/os-quota-sets/other', BOB)['quota_set']['cores'] == 20
    api.delete('/os-quota-sets/demo', ADMIN, status=202)
    assert api.get('/os-quota-sets/demo')['quota_set']['cores'] == 20


@pytest.mark.parametrize('limits', [{'cores': -2}, {'cores': 'x'}, {'cores': 2**31}, {'nonsense': 1}])
def test_a_quota_that_makes_no_sense_is_400(api, limits):
    assert api.refused('PUT', '/os-quota-sets/demo', 400, ADMIN, body={'quota_set': limits})


def test_what_there_is_counts_and_a_quota_is_not_set_below_it(api):
    server_id = api.boot(flavorRef='2')
    used = api.get('/os-quota-sets/demo/detail')['quota_set']
    assert (used['instances']['in_use'], used['cores']['in_use'], used['ram']['in_use']) == (1, 1, 2048)
    absolute = api.get('/limits')['limits']['absolute']
    assert (absolute['totalInstancesUsed'], absolute['totalRAMUsed']) == (1, 2048)
    message = api.refused('PUT', '/os-quota-sets/demo', 400, ADMIN, body={'quota_set': {'ram': 100}})
    assert 'must be greater than or equal to already used and reserved 2048' in message
    api.put('/os-quota-sets/demo', {'quota_set': {'ram': 100, 'force': True}}, ADMIN)
    assert 'Quota exceeded for ram' in api.refused('POST', '/servers', 403, body=a_server('1'))
    api.delete('/os-quota-sets/demo', ADMIN, status=202)
    api.clear(server_id)


def a_server(flavor, **more):
    return {'server': {'name': 'web', 'imageRef': '11111111-1111-4111-8111-111111111111', 'flavorRef': flavor, **more}}


def test_all_of_a_request_fits_or_nothing_is_made(api):
    message = api.refused('POST', '/servers', 403, body=a_server('1', min_count=11))
    assert message == 'Quota exceeded for instances: Requested 11, but already used 0 of 10 instances'
    assert api.get('/servers')['servers'] == []


def test_of_a_range_as_many_are_made_as_fit(api):
    api.put('/os-quota-sets/demo', {'quota_set': {'instances': 3}}, ADMIN)
    api.post('/servers', a_server('1', min_count=2, max_count=5), status=202)
    made = api.get('/servers')['servers']
    assert [server['name'] for server in made] == ['web-3', 'web-2', 'web-1']
    api.delete('/os-quota-sets/demo', ADMIN, status=202)
    api.clear(*(server['id'] for server in made))


@pytest.mark.parametrize(('version', 'gone'), [
    ('2.36', 'maxTotalFloatingIps'), ('2.39', 'maxImageMeta'), ('2.57', 'maxPersonality'),
])  # fmt: skip
def test_newer_versions_have_fewer_limits(api, version, gone):
    assert gone in api.get('/limits')['limits']['absolute']
    assert gone not in api.get('/limits', version=version)['limits']['absolute']


def test_the_limits_of_another_project_are_for_admins(api):
    assert api.refused('GET', '/limits?tenant_id=other', 403)
    assert api.get('/limits?tenant_id=other', ADMIN)['limits']['absolute']['totalInstancesUsed'] == 0


def group(**fields):
    return {'server_group': {'name': 'group', **fields}}


def test_a_server_group_is_its_projects_own(api):
    made = api.post('/os-server-groups', group(policies=['anti-affinity']))['server_group']
    assert made == {'id': made['id'], 'name': 'group', 'policies': ['anti-affinity'], 'metadata': {}, 'members': []}
    path = f'/os-server-groups/{made["id"]}'
    newer = api.get(path, version='2.64')['server_group']
    assert (newer['policy'], newer['rules'], newer['project_id']) == ('anti-affinity', {}, 'demo')
    for method in ('GET', 'DELETE'):
        assert api.refused(method, path, 404, BOB) == f'Instance group {made["id"]} could not be found.'
    assert api.get('/os-server-groups', BOB) == {'server_groups': []}
    assert api.refused('GET', '/os-server-groups?all_projects=1', 403)
    assert len(api.get('/os-server-groups?all_projects=1', ADMIN)['server_groups']) == 1
    assert api.refused('DELETE', path, 403, READER)
    api.delete(path)
    assert api.refused('DELETE', path, 404)


@pytest.mark.parametrize(('sent', 'version', 'message'), [
    (group(policies=['nonsense']), None, "'nonsense' is not one of ['anti-affinity', 'affinity']"),
    (group(policies=['soft-affinity']), None, 'is not one of'),
    (group(policy='affinity'), None, "'policies' is a required property"),
    (group(policy='affinity', rules={'max_server_per_host': 2}), '2.64', 'Only anti-affinity policy supports rules.'),
])  # fmt: skip
def test_a_group_that_makes_no_sense_is_400(api, sent, version, message):
    assert message in api.refused('POST', '/os-server-groups', 400, ALICE, version, sent)


def test_servers_are_put_into_a_group_by_a_hint(api):
    group_id = api.post('/os-server-groups', group(policies=['affinity']))['server_group']['id']
    body = {**a_server('1'), 'os:scheduler_hints': {'group': group_id}}
    server_id = api.post('/servers', body, status=202)['server']['id']
    assert api.get(f'/os-server-groups/{group_id}')['server_group']['members'] == [server_id]
    assert api.show(server_id, version='2.71')['server_groups'] == [group_id]
    assert api.refused('POST', '/servers', 400, BOB, body=body) == f'Instance group {group_id} could not be found.'
    api.clear(server_id)
    assert api.get(f'/os-server-groups/{group_id}')['server_group']['members'] == []
