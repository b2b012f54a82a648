"""The way of an instance, from the compute API to a host and back, all in one process, with several hosts."""

import threading
import types

import pytest

from cloud.nova import exception, rpc, service
from cloud.nova.common import config
from cloud.nova.compute import task_states, vm_states
from cloud.nova.compute.rpcapi import ComputeAPI
from cloud.nova.conductor.api import ComputeTaskAPI
from cloud.nova.db.sqlalchemy.api import Database
from cloud.nova.db.sqlalchemy.groups import GroupTable
from tests.cloud.nova.fakes import ALICE, IMAGE, SIZE, STATES, FakeDriver, FakeImageService, wait_until_idle


@pytest.fixture
def way(tmp_path):
    """Two hosts of 1000 MB each, conductor and scheduler, in this process; by attribute."""
    options = config.parse({'compute_hosts': 'a:8:1000:100, b:8:1000:100', 'workers': '2', 'ram_allocation_ratio': '1'})
    db_api = Database(f'sqlite:///{tmp_path}/nova.sqlite')
    transport, images, driver = rpc.get_transport(options), FakeImageService(), FakeDriver()
    driver.get_available_resource = lambda host: {
        'vcpus': 8, 'memory_mb': 1000, 'local_gb': 100, 'hypervisor_type': 'fake', 'hypervisor_version': 1}  # fmt: skip
    services = service.start_all(options, db_api, transport, images, driver)
    parts = {'db_api': db_api, 'driver': driver, 'images': images, 'services': services, 'options': options}
    yield types.SimpleNamespace(
        **parts, conductor=ComputeTaskAPI(transport), hosts=ComputeAPI(transport), a=services[-2], b=services[-1]
    )
    driver.go.set()
    wait_until_idle(services[-1].manager)
    for each in services:
        each.stop()
    db_api.close()


def create(way, count=1, **values):
    rows = [{'display_name': f'web-{number}', 'image_ref': IMAGE, 'user_id': 'alice', 'project_id': 'demo',
             **STATES['BUILD'], **SIZE, **values} for number in range(count)]  # fmt: skip
    instances = way.db_api.instances_create(rows)
    for instance in instances:
        way.db_api.instance_action_start(instance['uuid'], 'create', ALICE)
    way.conductor.build_instances(ALICE, instances, {'id': IMAGE})
    return instances[0] if count == 1 else instances


def settled(way, instance):
    wait_until_idle(way.a.manager)
    return way.db_api.instance_get_by_uuid(instance['uuid'])


def states_of(instance):
    return instance['vm_state'], instance['task_state'], instance['power_state']


def test_a_boot_goes_through_its_task_states_in_their_order(way, monkeypatch):
    seen, update = [], way.db_api.instance_update

    def instance_update(instance_uuid, values, *expected):
        seen.append(values.get('task_state', '-'))
        return update(instance_uuid, values, *expected)

    monkeypatch.setattr(way.db_api, 'instance_update', instance_update)
    built = settled(way, create(way))
    assert seen == ['networking', 'block_device_mapping', 'spawning', None]
    assert states_of(built) == ('active', None, 1)
    assert (built['host'], built['node'], built['launched_on']) == ('a', 'a', 'a')
    assert built['launched_at'] is not None


def test_the_action_has_an_event_of_the_host_that_succeeded(way):
    instance = settled(way, create(way))
    (action,) = way.db_api.instance_actions_get(instance['uuid'])
    (event,) = way.db_api.action_events_get(action['id'])
    assert (action['action'], action['request_id'], action['message']) == ('create', 'req-1', None)
    assert (event['event'], event['result'], event['host']) == ('compute__do_build_and_run_instance', 'Success', 'a')


def test_instances_spread_and_a_host_says_what_is_taken(way):
    for instance in create(way, 2):
        settled(way, instance)
    assert {each['host'] for each in way.db_api.instance_get_all()} == {'a', 'b'}
    assert [node['memory_mb_used'] for node in way.db_api.compute_node_get_all()] == [512, 512]


def test_when_all_is_full_the_fault_says_which_filter_left_how_many(way):
    for instance in create(way, 2):
        settled(way, instance)
    full = settled(way, create(way))
    assert states_of(full) == ('error', None, 0)
    fault = full['fault']
    assert (fault['code'], fault['message']) == (500, 'No valid host was found. ')
    assert fault['details'].endswith('RamFilter left 0')
    assert way.db_api.instance_actions_get(full['uuid'])[0]['message'] == 'Error'
    assert full['host'] is None


def test_a_host_that_refuses_its_claim_leaves_the_instance_to_the_next(way, monkeypatch):
    def refuse(*args):
        raise exception.ComputeResourcesUnavailable(reason='it is full after all')

    monkeypatch.setattr(way.a.manager.tracker, 'instance_claim', refuse)
    built = settled(way, create(way))
    assert (built['host'], built['vm_state']) == ('b', 'active')
    (action,) = way.db_api.instance_actions_get(built['uuid'])
    assert [event['result'] for event in way.db_api.action_events_get(action['id'])] == ['Success', 'Error']


def test_when_every_host_refuses_it_ends_in_an_error(way, monkeypatch):
    def refuse(*args):
        raise exception.ComputeResourcesUnavailable(reason='it is full after all')

    for host in (way.a, way.b):
        monkeypatch.setattr(host.manager.tracker, 'instance_claim', refuse)
    failed = settled(way, create(way))
    assert (failed['vm_state'], failed['host']) == ('error', None)
    assert failed['fault']['details'].endswith('RetryFilter left 0')
    assert way.driver.spawned == []


def test_it_is_tried_on_so_many_hosts_and_no_more(way, monkeypatch):
    def refuse(*args):
        raise exception.ComputeResourcesUnavailable(reason='it is full after all')

    way.options.scheduler_max_attempts = 1
    monkeypatch.setattr(way.a.manager.tracker, 'instance_claim', refuse)
    failed = settled(way, create(way))
    assert failed['fault']['message'].startswith('Exceeded max scheduling attempts 1')
    assert 'it is full after all' in failed['fault']['message']


@pytest.mark.parametrize(('policy', 'hosts'), [('affinity', {'a'}), ('anti-affinity', {'a', 'b'})])
def test_the_members_of_a_server_group_are_together_or_apart(way, policy, hosts):
    groups = GroupTable(way.db_api)
    group = groups.create({'name': 'g', 'policy': policy, 'project_id': 'demo', 'user_id': 'alice'}, -1)
    small = {**SIZE, 'memory_mb': 128}
    for number in range(2):
        values = {'display_name': f'web-{number}', 'image_ref': IMAGE, **STATES['BUILD'], **small}
        instance = way.db_api.instance_create(values)
        groups.add_members(group['uuid'], [instance['uuid']], -1)
        hints = {'scheduler_hints': {'group': group['uuid']}}
        way.conductor.build_instances(ALICE, [instance], {'id': IMAGE}, hints)
        settled(way, instance)
    assert {each['host'] for each in way.db_api.instance_get_all()} == hosts


def test_a_claim_is_tested_where_it_is_written_down(way):
    taken = way.db_api.instance_create({'display_name': 'x', **STATES['ACTIVE'], **SIZE, 'host': 'a', 'memory_mb': 600})
    instance = way.db_api.instance_create({'display_name': 'y', **STATES['BUILD'], **SIZE})
    claim = way.a.manager.tracker.instance_claim
    with pytest.raises(exception.ComputeResourcesUnavailable, match='Free memory_mb 400 MB < requested 512 MB'):
        claim(instance['uuid'], instance, 'a', {'memory_mb': 1000}, ('scheduling',))
    assert way.db_api.instance_get_by_uuid(instance['uuid'])['host'] is None
    way.db_api.instance_destroy(taken['uuid'])
    assert claim(instance['uuid'], instance, 'a', {'memory_mb': 1000}, ('scheduling',))['host'] == 'a'


def test_what_was_told_to_two_hosts_is_made_by_one(way):
    way.driver.go.clear()
    instance = create(way)
    assert way.driver.begun.acquire(timeout=30)
    way.hosts.build_and_run_instance(ALICE, instance, 'b', {'id': IMAGE}, {}, {})
    way.hosts.build_and_run_instance(ALICE, instance, 'a', {'id': IMAGE}, {}, {})
    way.driver.go.set()
    assert settled(way, instance)['host'] == 'a'
    assert len(way.driver.spawned) == 1
    assert way.driver.existing == {instance['uuid']}


def test_a_delete_during_the_build_wins(way):
    way.driver.go.clear()
    instance = create(way)
    assert way.driver.begun.acquire(timeout=30)
    deleting = way.db_api.instance_update(instance['uuid'], {'task_state': task_states.DELETING})
    way.driver.go.set()
    way.hosts.terminate_instance(ALICE, deleting)
    wait_until_idle(way.a.manager)
    gone = way.db_api.instance_get_by_uuid(instance['uuid'], read_deleted=True)
    assert (gone['deleted'], gone['vm_state'], way.driver.existing) == (True, 'deleted', set())


@pytest.mark.parametrize(('method', 'before', 'task_state', 'after'), [
    ('stop_instance', 'active', 'powering-off', ('stopped', 4)),
    ('start_instance', 'stopped', 'powering-on', ('active', 1)),
    ('pause_instance', 'active', 'pausing', ('paused', 3)),
    ('unpause_instance', 'paused', 'unpausing', ('active', 1)),
    ('suspend_instance', 'active', 'suspending', ('suspended', 7)),
    ('resume_instance', 'suspended', 'resuming', ('active', 1)),
])  # fmt: skip
def test_what_is_done_to_a_machine_is_so_of_the_instance(way, method, before, task_state, after):
    instance = settled(way, create(way))
    instance = way.db_api.instance_update(instance['uuid'], {'vm_state': before, 'task_state': task_state})
    getattr(way.hosts, method)(ALICE, instance)
    assert states_of(settled(way, instance)) == (after[0], None, after[1])


@pytest.mark.parametrize(('kind', 'task_state'), [('SOFT', 'rebooting'), ('HARD', 'rebooting_hard')])
def test_a_reboot_ends_with_an_active_instance(way, kind, task_state):
    instance = settled(way, create(way))
    instance = way.db_api.instance_update(instance['uuid'], {'task_state': task_state})
    way.hosts.reboot_instance(ALICE, instance, kind)
    assert states_of(settled(way, instance)) == ('active', None, 1)


def test_what_comes_a_second_time_changes_nothing(way):
    instance = settled(way, create(way))
    way.hosts.stop_instance(ALICE, instance)
    assert states_of(settled(way, instance)) == ('active', None, 1)


def test_what_fails_leaves_the_instance_as_it_was_with_a_fault(way, monkeypatch):
    instance = settled(way, create(way))
    instance = way.db_api.instance_update(instance['uuid'], {'task_state': task_states.PAUSING})
    monkeypatch.setattr(way.driver, 'set_power', lambda *args: 1 / 0)
    way.hosts.pause_instance(ALICE, instance)
    failed = settled(way, instance)
    assert states_of(failed) == ('active', None, 1)
    assert failed['fault']['code'] == 500
    assert 'ZeroDivisionError' in failed['fault']['details']


# -- what a host does unasked


def old(way, instance, **values):
    return way.db_api.instance_update(instance['uuid'], values)


def test_what_waits_too_long_for_a_host_is_given_up(way):
    lost = way.db_api.instance_create({'display_name': 'x', **STATES['BUILD'], **SIZE})
    way.a.manager.check_instance_build_time()
    assert way.db_api.instance_get_by_uuid(lost['uuid'])['vm_state'] == vm_states.BUILDING
    way.options.instance_build_timeout = 0.001
    threading.Event().wait(0.01)
    way.a.manager.check_instance_build_time()
    failed = way.db_api.instance_get_by_uuid(lost['uuid'])
    assert (failed['vm_state'], failed['task_state']) == ('error', None)
    assert 'not built within 0.001 seconds' in failed['fault']['message']


def test_what_is_being_built_is_not_given_up(way):
    way.driver.go.clear()
    instance = create(way)
    assert way.driver.begun.acquire(timeout=30)
    way.options.instance_build_timeout = 0.001
    way.a.manager.check_instance_build_time()
    way.driver.go.set()
    assert settled(way, instance)['vm_state'] == 'active'


def test_a_machine_that_somebody_shut_down_is_a_stopped_instance(way):
    instance = settled(way, create(way))
    way.driver.power[instance['uuid']] = 4
    way.a.manager.sync_power_states()
    assert states_of(settled(way, instance)) == ('stopped', None, 4)
    way.driver.power[instance['uuid']] = 1
    way.a.manager.sync_power_states()
    assert states_of(settled(way, instance)) == ('active', None, 1)


def test_a_delete_that_a_process_left_half_way_is_finished_at_the_next_start(way):
    instance = settled(way, create(way))
    way.db_api.instance_update(instance['uuid'], {'task_state': task_states.DELETING})
    way.a.manager.init_host()
    assert way.driver.existing == set()
    assert way.db_api.instance_get_by_uuid(instance['uuid'], read_deleted=True)['deleted']


@pytest.mark.parametrize(('task_state', 'vm_state'), [
    ('powering-off', 'active'), ('rebuild_spawning', 'error'), ('resize_migrating', 'error'),
    ('image_uploading', 'active'),
])  # fmt: skip
def test_what_a_process_was_at_is_over_at_the_next_start_or_an_error(way, task_state, vm_state):
    instance = settled(way, create(way))
    way.db_api.instance_update(instance['uuid'], {'task_state': task_state})
    way.a.manager.init_host()
    assert states_of(way.db_api.instance_get_by_uuid(instance['uuid']))[:2] == (vm_state, None)


def test_a_disk_of_before_there_were_hosts_is_this_hosts_now(way):
    made = way.db_api.instance_create({'display_name': 'x', 'image_ref': IMAGE, **STATES['ACTIVE'], **SIZE})
    way.driver.existing.add(made['uuid'])
    way.a.manager.init_host()
    assert way.db_api.instance_get_by_uuid(made['uuid'])['host'] == 'a'
    assert way.driver.existing == {made['uuid']}


def test_every_service_has_a_heartbeat(way):
    seen = {(each['binary'], each['host']) for each in way.db_api.service_get_all()}
    assert seen == {('nova-conductor', 'a'), ('nova-scheduler', 'a'), ('nova-compute', 'a'), ('nova-compute', 'b')}
    before = way.db_api.service_get_by_host_and_binary('b', 'nova-compute')
    way.b.report_state()
    after = way.db_api.service_get_by_host_and_binary('b', 'nova-compute')
    assert (after['report_count'] - before['report_count'], after['uuid']) == (1, before['uuid'])
