"""Reset, save and load of nova, while it works."""

import base64
import threading

import pytest

from tests.cloud.toycloud.conftest import ALICE
from tests.waiting import join

FIRST = ['inst-0', 'inst-1', 'inst-2']


def test_a_reset_leaves_what_the_first_start_makes(compute):
    first = compute.ask('GET', '/toycloud/state').document['tables']
    assert compute.becomes(compute.boot(), 'ACTIVE')
    assert compute.ask('POST', '/v2.1/os-keypairs', {'keypair': {'name': 'mine'}}, ALICE).status == 200
    compute.ask('POST', '/toycloud/faults', {'path': '/v2.1/servers', 'status': 503})
    compute.ask('PUT', '/toycloud/clock', {'advance': 1000})
    compute.reset()
    assert compute.names() == FIRST
    assert compute.ask('GET', '/v2.1/os-keypairs', token=ALICE).document['keypairs'] == []
    assert compute.ask('GET', '/toycloud/faults').document == {'faults': []}
    assert compute.ask('GET', '/toycloud/clock').document['clock']['advanced_by'] == 0
    assert compute.cloud.folders() == []
    again = compute.ask('GET', '/toycloud/state').document['tables']
    assert {name: len(rows) for name, rows in again.items()} == {name: len(rows) for name, rows in first.items()}
    assert compute.becomes(compute.boot(), 'ACTIVE')


def test_a_reset_ends_what_is_under_way(compute):
    compute.ask('PUT', '/toycloud/clock', {'stopped': True})
    for number in range(6):
        compute.boot(f'held-{number}')
    compute.reset()
    assert compute.names() == FIRST
    assert compute.cloud.folders() == []
    assert compute.audit() == ''


def test_a_reset_while_fifty_requests_run_leaves_a_whole_state(compute):
    answers = []
    barrier = threading.Barrier(51)

    def boot(number):
        barrier.wait(30)
        server = {'name': f'web-{number}', 'imageRef': compute.image, 'flavorRef': '1', 'networks': 'none'}
        version = {'OpenStack_API_Version': 'compute 2.37'}
        answers.append(compute.ask('POST', '/v2.1/servers', {'server': server}, ALICE, **version))

    threads = [threading.Thread(target=boot, args=[number]) for number in range(50)]
    for thread in threads:
        thread.start()
    barrier.wait(30)
    compute.reset()
    join(*threads)
    assert [answer.status for answer in answers] == [202] * 50
    there = compute.ask('GET', '/v2.1/servers', token=ALICE).document['servers']
    made = {answer.document['server']['id'] for answer in answers}
    assert {server['id'] for server in there if server['name'] not in FIRST} <= made
    for server in there:
        assert compute.becomes(server['id'], 'ACTIVE')
    assert compute.audit() == ''
    compute.reset()
    assert compute.cloud.folders() == []
    assert compute.audit() == ''


def test_what_was_saved_is_there_again_after_it_was_loaded(compute):
    server = compute.boot('kept')
    assert compute.becomes(server, 'ACTIVE')
    disk = compute.cloud.disk({'id': server}).read_bytes()
    state = compute.ask('GET', '/toycloud/state').document
    row = next(row for row in state['tables']['instances'] if row['uuid'] == server)
    assert (row['display_name'], row['vm_state'], row['created_at'][:2]) == ('kept', 'active', '20')
    assert base64.b64decode(state['files'][f'instances/{server}/disk']['base64']) == disk
    compute.reset()
    compute.boot('gone')
    assert compute.ask('PUT', '/toycloud/state', state).status == 204
    assert compute.names() == [*FIRST, 'kept']
    assert compute.status(server) == 'ACTIVE'
    assert compute.cloud.disk({'id': server}).read_bytes() == disk
    assert compute.audit() == ''
    assert compute.act(server, **{'os-stop': None}) == 202
    assert compute.becomes(server, 'SHUTOFF')


def test_a_state_is_kept_under_a_name_and_come_back_to(compute):
    server = compute.boot('kept')
    assert compute.becomes(server, 'ACTIVE')
    assert compute.ask('PUT', '/toycloud/states/before').status == 204
    for _ in range(2):
        assert compute.ask('DELETE', f'/v2.1/servers/{server}').status == 204
        assert compute.becomes(server, 404)
        assert compute.ask('POST', '/toycloud/states/before').status == 204
        assert compute.status(server) == 'ACTIVE'
        assert compute.audit() == ''
    assert compute.ask('GET', '/toycloud/states').document == {'states': ['before']}
    assert compute.ask('GET', '/toycloud/states/before').document['service'] == 'nova'
    assert compute.ask('DELETE', '/toycloud/states/before').status == 204
    for method in ('GET', 'POST', 'DELETE'):
        assert compute.ask(method, '/toycloud/states/before').status == 404


def test_only_some_states_are_kept(compute):
    for number in range(10):
        assert compute.ask('PUT', f'/toycloud/states/{number}').status == 204
    assert compute.ask('PUT', '/toycloud/states/one-more').status == 409
    assert compute.ask('PUT', '/toycloud/states/0').status == 204
    for number in range(10):
        assert compute.ask('DELETE', f'/toycloud/states/{number}').status == 204


def test_what_is_saved_half_built_is_an_error_where_it_is_loaded(compute):
    compute.ask('PUT', '/toycloud/clock', {'stopped': True})
    server = compute.boot()
    state = compute.ask('GET', '/toycloud/state').document
    assert compute.status(server) == 'BUILD'
    compute.reset()
    assert compute.ask('PUT', '/toycloud/state', state).status == 204
    assert compute.status(server) == 'ERROR'
    assert compute.audit() == ''


def spoil(state, how):
    if how == 'service':
        state['service'] = 'glance'
    elif how == 'table':
        del state['tables']['flavors']
    elif how == 'column':
        state['tables']['flavors'][0].pop('name')
    elif how == 'moment':
        state['tables']['flavors'][0]['created_at'] = 'yesterday'
    elif how == 'twice':
        state['tables']['instances'].append(state['tables']['instances'][0])
    elif how == 'climbing':
        state['files']['instances/../../evil'] = {'base64': ''}
    elif how == 'stranger':
        state['files']['instances/locks/x'] = {'base64': ''}
    elif how == 'bytes':
        state['files']['instances/11111111-1111-4111-8111-111111111111/disk'] = {'base64': '*'}
    return state


@pytest.mark.parametrize('how', ['service', 'table', 'column', 'moment', 'twice', 'climbing', 'stranger', 'bytes'])
def test_a_state_that_is_none_changes_nothing(compute, how):
    state = compute.ask('GET', '/toycloud/state').document
    assert compute.ask('POST', '/v2.1/os-keypairs', {'keypair': {'name': 'mine'}}, ALICE).status == 200
    assert compute.ask('PUT', '/toycloud/state', spoil(state, how)).status == 400
    assert len(compute.ask('GET', '/v2.1/os-keypairs', token=ALICE).document['keypairs']) == 1
    assert compute.names() == FIRST


@pytest.mark.parametrize('document', [[], {}, None, {'format': 2}])
def test_what_is_no_state_at_all_is_refused(compute, document):
    assert compute.ask('PUT', '/toycloud/state', document if document is not None else 'x').status == 400


def test_the_same_requests_give_the_same_ids_after_the_same_seed(compute):
    def run():
        compute.reset()
        assert compute.ask('PUT', '/toycloud/seed', {'seed': 42}).status == 200
        answers = [compute.ask('GET', '/v2.1/servers', token=ALICE)]
        servers = [compute.boot('one'), compute.boot('two')]
        return [answers[0].headers['X-Openstack-Request-Id'], *servers]

    first = run()
    assert run() == first
    assert len(set(first)) == 3
    compute.reset()  # which begins the row again
    assert compute.boot('one') == first[1]
    compute.ask('PUT', '/toycloud/seed', {'seed': None})
    assert compute.boot('two') not in first
    for seed in (-1, 'x', 1.5, True):
        assert compute.ask('PUT', '/toycloud/seed', {'seed': seed}).status == 400


def test_an_instance_is_forced_into_a_state(compute):
    def force(server_id, **fields):
        return compute.ask('PUT', f'/toycloud/instances/{server_id}', fields)

    server = compute.boot()
    assert compute.becomes(server, 'ACTIVE')
    forced = force(server, vm_state='stopped')
    assert (forced.status, forced.document['instance']['power_state']) == (200, 4)
    assert compute.status(server) == 'SHUTOFF'
    assert force(server, vm_state='error').status == 200
    shown = compute.ask('GET', f'/v2.1/servers/{server}').document['server']
    assert (shown['status'], shown['fault']['code']) == ('ERROR', 500)
    assert force(server, vm_state='active', task_state='powering-off').status == 200
    assert compute.act(server, **{'os-start': None}) == 409
    assert force(server, vm_state='active').status == 200
    assert compute.audit() == ''
    for wrong in ({'vm_state': 'odd'}, {'vm_state': 'deleted'}, {'vm_state': []}, {'task_state': None}, {'a': 1}):
        assert force(server, **wrong).status == 400
    assert force('11111111-1111-4111-8111-111111111111', vm_state='active').status == 404


def test_an_instance_that_is_being_made_can_be_forced_into_error_alone(compute):
    compute.ask('PUT', '/toycloud/clock', {'stopped': True})
    server = compute.boot()
    assert compute.ask('PUT', f'/toycloud/instances/{server}', {'vm_state': 'active'}).status == 400
    assert compute.ask('PUT', f'/toycloud/instances/{server}', {'vm_state': 'error'}).status == 200
    compute.ask('PUT', '/toycloud/clock', {'stopped': False})
    assert compute.status(server) == 'ERROR'
    assert compute.audit() == ''
