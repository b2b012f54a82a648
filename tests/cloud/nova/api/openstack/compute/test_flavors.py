import pytest

from tests.cloud.nova.api.openstack.compute.v21 import ADMIN, BOB, compute_api

SIZE = {'ram': 64, 'vcpus': 1, 'disk': 0}


@pytest.fixture(scope='module')
def api(tmp_path_factory):
    flavors = 'm1.tiny:512:1, m1.small:2048:20, m1.medium:4096:40:2'
    with compute_api(tmp_path_factory.mktemp('nova'), flavors=flavors) as api:
        yield api


@pytest.fixture
def flavor(api):
    """The id of one that is gone after the test."""
    made = api.post('/flavors', {'flavor': {'name': 'own', **SIZE}}, ADMIN)['flavor']['id']
    yield made
    api.send('DELETE', f'/flavors/{made}', ADMIN, status='*')


def names(api, query, token=BOB, collection='/flavors'):
    return [flavor['name'] for flavor in api.get(f'{collection}?{query}', token)['flavors']]


def test_the_inis_flavors_are_there_with_ids_from_1_on(api):
    shown = [
        (each['id'], each['name'], each['ram'], each['disk'], each['vcpus'])
        for each in api.get('/flavors/detail')['flavors']
    ]
    assert shown == [('1', 'm1.tiny', 512, 1, 1), ('2', 'm1.small', 2048, 20, 1), ('3', 'm1.medium', 4096, 40, 2)]


@pytest.mark.parametrize(('version', 'swap', 'fields'), [
    ('2.54', '', set()),
    ('2.55', '', {'description'}),
    ('2.61', '', {'description', 'extra_specs'}),
    ('2.75', 0, {'description', 'extra_specs'}),
])  # fmt: skip
def test_a_flavor_says_more_in_newer_versions(api, version, swap, fields):
    flavor = api.get('/flavors/1', version=version)['flavor']
    assert flavor['swap'] == swap
    assert fields == {'description', 'extra_specs'} & set(flavor)


def test_a_page_ends_with_the_way_to_the_next_one(api):
    page = api.get('/flavors?limit=1&marker=1')
    assert [each['id'] for each in page['flavors']] == ['2']
    assert page['flavors_links'][0]['href'] == 'http://localhost/v2.1/flavors?limit=1&marker=2'
    assert names(api, 'limit=0') == []
    assert 'flavors_links' not in api.get('/flavors?marker=2')


@pytest.mark.parametrize(('query', 'found'), [
    ('minRam=1000', ['m1.small', 'm1.medium']),
    ('minDisk=40', ['m1.medium']),
    ('minRam=1000&minDisk=100', []),
    ('minRam=' + '9' * 100, []),
    ('sort_key=name&sort_dir=desc', ['m1.tiny', 'm1.small', 'm1.medium']),
    ('sort_key=root_gb&sort_key=name&sort_dir=desc&marker=3', ['m1.small', 'm1.tiny']),
    ('nonsense=1', ['m1.tiny', 'm1.small', 'm1.medium']),
])  # fmt: skip
def test_a_list_can_be_narrowed_and_ordered(api, query, found):
    assert names(api, query) == found


@pytest.mark.parametrize(('query', 'message'), [
    ('marker=nowhere', 'marker [nowhere] not found'),
    ('minRam=x', 'Invalid minRam filter [x]'),
    ('limit=x', "Invalid input for query parameters limit. Value: x. 'x' does not match '^[0-9]*$'"),
    ('sort_dir=up', "Invalid input received: Unknown sort direction, must be 'desc' or 'asc'"),
])  # fmt: skip
def test_a_query_that_makes_no_sense_is_400(api, query, message):
    assert api.refused('GET', f'/flavors?{query}', 400) == message


def test_an_unknown_flavor_is_404_and_unknown_words_are_400_since_2_75(api):
    assert api.refused('GET', '/flavors/nowhere', 404) == 'Flavor nowhere could not be found.'
    assert 'nonsense' in api.refused('GET', '/flavors?nonsense=1', 400, version='2.75')


def test_an_admin_makes_a_flavor_describes_it_and_removes_it(api, flavor):
    assert api.refused('POST', '/flavors', 409, ADMIN, body={'flavor': {'name': 'own', **SIZE}}).startswith(
        'Flavor with name own'
    )
    same_id = {'flavor': {'name': 'other', 'id': flavor, **SIZE}}
    assert api.refused('POST', '/flavors', 409, ADMIN, body=same_id) == f'Flavor with ID {flavor} already exists.'
    described = api.put(f'/flavors/{flavor}', {'flavor': {'description': 'small'}}, ADMIN, '2.55')
    assert described['flavor']['description'] == 'small'
    api.delete(f'/flavors/{flavor}', ADMIN, status=202)
    assert api.refused('DELETE', f'/flavors/{flavor}', 404, ADMIN) == f'Flavor {flavor} could not be found.'


@pytest.mark.parametrize(('change', 'message'), [
    ({'vcpus': 0}, 'Invalid input for field/attribute vcpus. Value: 0. 0 is less than the minimum of 1'),
    ({'ram': 'x'}, "Invalid input for field/attribute ram. Value: x. 'x' does not match '^[0-9]*$'"),
    ({'name': ''}, "Invalid input for field/attribute name. Value: . '' should be non-empty"),
    ({'rxtx_factor': 0}, '0 is less than or equal to the minimum of 0'),
])  # fmt: skip
def test_a_flavor_that_makes_no_sense_is_400(api, change, message):
    body = {'flavor': {'name': 'other', **SIZE, **change}}
    assert message in api.refused('POST', '/flavors', 400, ADMIN, body=body)


def test_a_member_makes_none(api):
    message = api.refused('POST', '/flavors', 403, body={'flavor': {'name': 'own', **SIZE}})
    assert message == "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed."


def test_a_flavor_that_is_not_public_is_for_those_who_have_access(api):
    sent = {'name': 'closed', 'id': 'closed', 'os-flavor-access:is_public': False, **SIZE}
    api.post('/flavors', {'flavor': sent}, ADMIN)
    assert api.refused('GET', '/flavors/closed', 404, BOB)
    access = api.post('/flavors/closed/action', {'addTenantAccess': {'tenant': 'other'}}, ADMIN)['flavor_access']
    assert {'flavor_id': 'closed', 'tenant_id': 'other'} in access
    assert api.refused('POST', '/flavors/closed/action', 409, ADMIN, body={'addTenantAccess': {'tenant': 'other'}})
    assert 'closed' in names(api, '')
    assert 'closed' not in names(api, '', 'alice-token')
    assert names(api, 'is_public=false', ADMIN) == ['closed']
    assert 'closed' in names(api, 'is_public=None', ADMIN)
    api.post('/flavors/closed/action', {'removeTenantAccess': {'tenant': 'other'}}, ADMIN)
    assert api.refused('POST', '/flavors/closed/action', 404, ADMIN, body={'removeTenantAccess': {'tenant': 'other'}})
    assert 'closed' not in names(api, '')
    assert api.get('/flavors/closed/os-flavor-access', ADMIN) == {
        'flavor_access': [{'flavor_id': 'closed', 'tenant_id': 'admin'}]
    }
    assert api.refused('GET', '/flavors/1/os-flavor-access', 404, ADMIN)
    api.delete('/flavors/closed', ADMIN, status=202)


def test_extra_specs_are_set_read_and_removed_one_by_one(api, flavor):
    path = f'/flavors/{flavor}/os-extra_specs'
    assert api.post(path, {'extra_specs': {'hw:cpu_policy': 'shared', 'a': '1'}}, ADMIN)
    assert api.put(f'{path}/a', {'a': '2'}, ADMIN) == {'a': '2'}
    assert api.refused('PUT', f'{path}/a', 400, ADMIN, body={'b': '2'}) == 'Request body and URI mismatch'
    assert api.get(path) == {'extra_specs': {'hw:cpu_policy': 'shared', 'a': '2'}}
    assert api.get(f'{path}/a') == {'a': '2'}
    api.delete(f'{path}/a', ADMIN, status=200)
    for method in ('GET', 'DELETE'):
        message = api.refused(method, f'{path}/a', 404, ADMIN)
        assert message == f'Flavor {flavor} has no extra specs with key a.'
    assert api.refused('POST', path, 403, body={'extra_specs': {'a': '1'}})
