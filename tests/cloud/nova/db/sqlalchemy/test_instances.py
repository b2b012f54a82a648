"""Instances in the database: changes that say what they expect, lists by filters, sums for quotas and claims."""

from datetime import timedelta

import pytest

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.api import Database
from cloud.oslo.utils.timeutils import utcnow
from tests.cloud.nova.fakes import ALICE, SIZE, STATES
from tests.cloud.oslo.db.sqlalchemy.test_session import run_all

VALUES = {'display_name': 'web', 'project_id': 'demo', 'user_id': 'alice', **STATES['ACTIVE'], **SIZE}


@pytest.fixture
def db_api(tmp_path):
    db_api = Database(f'sqlite:///{tmp_path}/nova.sqlite')
    yield db_api
    db_api.close()


def names(rows):
    return [row['display_name'] for row in rows]


# -- states


@pytest.mark.parametrize('expected', [(None,), (None, 'spawning'), None])
def test_a_change_is_made_in_the_state_that_it_expects(db_api, expected):
    instance = db_api.instance_create(VALUES)
    changed = db_api.instance_update(instance['uuid'], {'task_state': 'powering-off'}, None, expected)
    assert changed['task_state'] == 'powering-off'


@pytest.mark.parametrize(('vm_state', 'task_state', 'error'), [
    (None, 'spawning', exception.UnexpectedTaskStateError),
    (None, ('spawning', 'networking'), exception.UnexpectedTaskStateError),
    ('stopped', None, exception.UnexpectedVMStateError),
])  # fmt: skip
def test_a_change_in_another_state_is_refused_and_changes_nothing(db_api, vm_state, task_state, error):
    instance = db_api.instance_create(VALUES)
    with pytest.raises(error, match=instance['uuid']):
        db_api.instance_update(instance['uuid'], {'display_name': 'db'}, vm_state, task_state)
    assert db_api.instance_get_by_uuid(instance['uuid']) == instance


def test_what_is_being_deleted_says_so(db_api):
    instance = db_api.instance_create({**VALUES, 'task_state': 'deleting'})
    with pytest.raises(exception.UnexpectedDeletingTaskStateError):
        db_api.instance_update(instance['uuid'], {'vm_state': 'active'}, None, 'spawning')


def test_of_eight_that_try_at_once_one_wins(db_api):
    instance = db_api.instance_create(VALUES)
    begin = {'task_state': 'powering-off'}
    errors = run_all([lambda: db_api.instance_update(instance['uuid'], begin, 'active', (None,))] * 8)
    assert [type(error) for error in errors] == [exception.UnexpectedTaskStateError] * 7


# -- sums


def test_a_quota_counts_what_is_there_and_nothing_comes_in_between(db_api):
    seen = []

    def at_most_three(used):
        seen.append(used)
        if used['instances'] >= 3:
            raise exception.TooManyInstances('no')

    errors = run_all([lambda: db_api.instance_create(VALUES, at_most_three)] * 8)
    assert len(errors) == 5
    assert seen[0] == {'instances': 0, 'cores': 0, 'ram': 0}
    assert db_api.quota_usage('demo') == {'instances': 3, 'cores': 3, 'ram': 1536}
    assert db_api.quota_usage('demo', 'bob')['instances'] == 0


def test_of_several_instances_all_are_made_or_none(db_api):
    assert names(db_api.instances_create([VALUES, {**VALUES, 'display_name': 'db'}])) == ['web', 'db']
    with pytest.raises(Exception, match='NOT NULL'):
        db_api.instances_create([VALUES, {**VALUES, 'vm_state': None}])
    assert len(db_api.instance_get_all()) == 2


def test_a_host_that_has_room_for_one_takes_one_of_eight(db_api):
    waiting = [db_api.instance_create({**VALUES, **STATES['BUILD']})['uuid'] for _ in range(8)]

    def room_for_one(used):
        if used['ram'] + 512 > 1000:
            raise exception.ComputeResourcesUnavailable(reason='full')

    def claim(uuid):
        db_api.instance_claim(uuid, 'a', 'a', room_for_one, ('scheduling',))

    errors = run_all([lambda uuid=uuid: claim(uuid) for uuid in waiting])
    assert [type(error) for error in errors] == [exception.ComputeResourcesUnavailable] * 7
    assert db_api.host_usage('a') == {'instances': 1, 'cores': 1, 'ram': 512, 'disk': 1}


def test_an_instance_is_claimed_by_one_of_two_hosts(db_api):
    uuid = db_api.instance_create({**VALUES, **STATES['BUILD']})['uuid']
    db_api.instance_claim(uuid, 'a', 'a', lambda used: None, ('scheduling',))
    with pytest.raises(exception.InstanceElsewhere, match='is on a already'):
        db_api.instance_claim(uuid, 'b', 'b', lambda used: None, ('scheduling',))


# -- lists


@pytest.fixture
def many(db_api):
    for number, name in enumerate(['web-1', 'web-2', 'db', 'Web.3']):
        tags = ['x'] if number == 0 else ['x', 'y'] if number == 1 else []
        metadata = {'role': 'front'} if number < 2 else {}
        flavor = {'flavorid': str(number % 2)}
        values = {'display_name': name, 'tags': tags, 'metadata': metadata, 'flavor': flavor, 'host': f'host-{number}'}
        db_api.instance_create({**VALUES, **values})
    gone = db_api.instance_create({**VALUES, 'display_name': 'gone'})['uuid']
    db_api.instance_destroy(gone)
    db_api.instance_create({**VALUES, 'display_name': 'theirs', 'project_id': 'other'})
    return db_api


@pytest.mark.parametrize(('filters', 'expected'), [
    ({}, 'web-1 web-2 db Web.3'),
    ({'name': 'web'}, 'web-1 web-2'),
    ({'name': '^web-[12]$'}, 'web-1 web-2'),
    ({'name': 'Web.3'}, 'Web.3'),
    ({'name': '('}, ''),
    ({'name': "'; DROP TABLE instances; --"}, ''),
    ({'host': 'host-2'}, 'db'),
    ({'host': ['host-0', 'host-3', None]}, 'web-1 Web.3'),
    ({'vm_state': ['error']}, ''),
    ({'flavor': '1'}, 'web-2 Web.3'),
    ({'metadata': {'role': 'front'}}, 'web-1 web-2'),
    ({'metadata': [{'role': 'back'}]}, ''),
    ({'tags': ['x', 'y']}, 'web-2'),
    ({'tags-any': ['x', 'y']}, 'web-1 web-2'),
    ({'not-tags': ['x', 'y']}, 'web-1 db Web.3'),
    ({'not-tags-any': ['x', 'y']}, 'db Web.3'),
    ({'deleted': True}, 'gone'),
    ({'deleted': None}, 'web-1 web-2 db Web.3 gone'),
    ({'changes-since': utcnow() + timedelta(days=1)}, ''),
    ({'changes-before': utcnow() + timedelta(days=1)}, 'web-1 web-2 db Web.3'),
    ({'no such column': 1}, 'web-1 web-2 db Web.3'),
])  # fmt: skip
def test_a_filter_lets_through_what_it_says(many, filters, expected):
    found = many.instance_get_all_by_filters(filters, ['id'], ['asc'], project_id='demo')
    assert ' '.join(names(found)) == expected


@pytest.mark.parametrize('pattern', ['(a+)+$', '.*.*.*x', '(x){9}', 'a*b*c*', 'a{1,}b{1,}c{1,}'])
def test_a_name_that_may_take_for_ever_to_match_is_refused(many, pattern):
    with pytest.raises(exception.Invalid):
        many.instance_get_all_by_filters({'name': pattern})


@pytest.mark.parametrize(('keys', 'dirs', 'expected'), [
    ([], [], 'Web.3 db web-2 web-1'),
    (['display_name'], ['asc'], 'Web.3 db web-1 web-2'),
    (['display_name'], ['desc'], 'web-2 web-1 db Web.3'),
    (['task_state', 'display_name'], ['asc', 'desc'], 'web-2 web-1 db Web.3'),
])  # fmt: skip
def test_pages_put_together_are_the_whole_in_its_order(many, keys, dirs, expected):
    found, marker = [], None
    while page := many.instance_get_all_by_filters({}, keys, dirs, 1, marker, 'demo'):
        found += page
        marker = page[-1]['uuid']
    assert ' '.join(names(found)) == expected


def test_a_marker_and_a_key_must_be_there(many):
    with pytest.raises(exception.MarkerNotFound):
        many.instance_get_all_by_filters(marker='nobody')
    with pytest.raises(exception.InvalidSortKey):
        many.instance_get_all_by_filters(sort_keys=['moon'])


# -- actions and hosts


def test_an_action_and_its_events_the_newest_first(db_api):
    uuid = db_api.instance_create(VALUES)['uuid']
    started = db_api.instance_action_start(uuid, 'create', ALICE)
    for event, error in (('one', None), ('two', 'Traceback ...')):
        number = db_api.action_event_start(uuid, 'req-1', event, 'a')
        db_api.action_event_finish(number, *(('Error', error) if error else ()))
    events = db_api.action_events_get(started['id'])
    assert [(each['event'], each['result'], each['traceback']) for each in events] == [
        ('two', 'Error', 'Traceback ...'),
        ('one', 'Success', None),
    ]
    action = db_api.instance_action_get_by_request_id(uuid, 'req-1')
    assert (action['message'], action['finish_time'], action['user_id']) == ('Error', None, 'alice')
    db_api.instance_action_finish(uuid, 'req-1')
    assert db_api.instance_actions_get(uuid)[0]['finish_time'] is not None


def test_an_event_of_no_action_is_none(db_api):
    assert db_api.action_event_start('nobody', 'req-1', 'one') is None
    assert db_api.instance_action_get_by_request_id('nobody', 'req-1') is None


def test_a_service_that_is_forgotten_takes_its_node_with_it(db_api):
    service = db_api.service_report('a', 'nova-compute')
    node = {'vcpus': 1, 'memory_mb': 2, 'local_gb': 3, 'hypervisor_type': 'fake', 'hypervisor_version': 1}
    kept = db_api.compute_node_save('a', 'a', node)
    assert db_api.compute_node_save('a', 'a', {'vcpus': 4})['id'] == kept['id']
    assert db_api.compute_node_get(kept['uuid'])['vcpus'] == 4
    assert db_api.compute_node_statistics() == {
        'count': 1, 'vcpus': 4, 'memory_mb': 2, 'local_gb': 3, 'vcpus_used': 0, 'memory_mb_used': 0, 'local_gb_used': 0,
        'running_vms': 0,
    }  # fmt: skip
    assert db_api.compute_node_search_by_hypervisor('%') == []
    db_api.service_destroy(service['id'])
    assert (db_api.service_get_all(), db_api.compute_node_get_all()) == ([], [])
    with pytest.raises(exception.ServiceNotFound):
        db_api.service_get(service['uuid'])
    with pytest.raises(exception.ComputeHostNotFound):
        db_api.compute_node_get(kept['id'])
