import pytest
from sqlalchemy import event

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.api import Database
from cloud.nova.db.sqlalchemy.models import instances
from tests.cloud.nova.fakes import ACTIVE, BUILD, IMAGE, OTHER, SIZE, STATES
from tests.cloud.oslo.db.sqlalchemy.test_session import run_all

VALUES = {'display_name': 'web', **STATES[ACTIVE], **SIZE}


@pytest.fixture
def db_api(tmp_path):
    db_api = Database(f'sqlite:///{tmp_path}/nova.sqlite')
    yield db_api
    db_api.close()


def uuids(rows):
    return [row['uuid'] for row in rows]


def test_an_instance_survives_the_process(db_api, tmp_path):
    fault = {'code': 500, 'message': 'no', 'created': 'now'}
    values = {
        **VALUES,
        'vm_state': 'error',
        'fault': fault,
        'system_metadata': {'image_os': 'linux'},
        'image_ref': IMAGE,
    }
    created = db_api.instance_create(values)
    assert values.items() <= created.items()
    db_api.close()
    again = Database(f'sqlite:///{tmp_path}/nova.sqlite')
    assert again.instance_get_by_uuid(created['uuid']) == created
    again.close()


def test_a_page_goes_on_after_its_marker_in_the_order_of_creation(db_api):
    created = [db_api.instance_create({**VALUES, 'display_name': f'web-{number}'})['uuid'] for number in range(5)]
    assert uuids(db_api.instance_get_all()) == created
    assert uuids(db_api.instance_get_all(limit=2)) == created[:2]
    assert uuids(db_api.instance_get_all(created[1], 2)) == created[2:4]
    assert db_api.instance_get_all(created[4]) == []


def test_a_page_starts_at_its_marker_in_an_index_and_sorts_nothing(db_api):
    marker = db_api.instance_create(VALUES)['uuid']
    statements = []
    event.listen(db_api.session.engine, 'before_cursor_execute', lambda *args: statements.append(args[2:4]))
    db_api.instance_get_all(marker, 10)
    statement, parameters = statements[-1]
    with db_api.reading() as connection:
        plan = [row.detail for row in connection.exec_driver_sql(f'EXPLAIN QUERY PLAN {statement}', parameters)]
    assert plan == ['SEARCH instances USING INDEX ix_instances_id (deleted=? AND id>?)']


def test_a_projects_page_looks_at_no_instance_of_others(db_api):
    mine = [db_api.instance_create({**VALUES, 'project_id': owner})['uuid'] for owner in ('demo', None, 'demo')]
    others = db_api.instance_create({**VALUES, 'project_id': 'other'})['uuid']
    statements = []
    event.listen(db_api.session.engine, 'before_cursor_execute', lambda *args: statements.append(args[2:4]))
    assert uuids(db_api.instance_get_all_by_project('demo', mine[0], 10)) == mine[1:]
    statement, parameters = statements[-1]
    with db_api.reading() as connection:
        plan = [row.detail for row in connection.exec_driver_sql(f'EXPLAIN QUERY PLAN {statement}', parameters)]
    search = 'SEARCH instances USING INDEX ix_instances_project_id (deleted=? AND project_id=? AND id>?)'
    assert plan == ['MERGE (UNION ALL)', 'LEFT', search, 'RIGHT', search]
    assert uuids(db_api.instance_get_all_by_project('demo')) == mine
    assert uuids(db_api.instance_get_all_by_project('demo', limit=2)) == mine[:2]
    assert uuids(db_api.instance_get_all_by_project(None)) == [mine[1]]
    with pytest.raises(exception.InstanceNotFound, match=others):
        db_api.instance_get_all_by_project('demo', others)


def test_what_is_deleted_is_not_there_and_neither_is_what_never_was(db_api):
    deleted = db_api.instance_create(VALUES)['uuid']
    assert db_api.instance_destroy(deleted)['uuid'] == deleted
    for instance_uuid in (deleted, 'nobody'):
        for action in (
            lambda instance_uuid=instance_uuid: db_api.instance_get_by_uuid(instance_uuid),
            lambda instance_uuid=instance_uuid: db_api.instance_update(instance_uuid, {'vm_state': 'error'}),
            lambda instance_uuid=instance_uuid: db_api.instance_destroy(instance_uuid),
            lambda instance_uuid=instance_uuid: db_api.instance_get_all(instance_uuid),
        ):
            with pytest.raises(exception.InstanceNotFound, match=instance_uuid):
                action()
    assert db_api.instance_get_all() == []
    row = db_api.instance_get_by_uuid(deleted, read_deleted=True)
    assert (row['deleted'], row['vm_state']) == (True, 'active')


def test_the_place_of_what_is_deleted_goes_to_nobody(db_api):
    first, second = db_api.instance_create(VALUES), db_api.instance_create(VALUES)
    db_api.instance_destroy(second['uuid'])
    assert db_api.instance_create(VALUES)['id'] > second['id'] > first['id']


def test_an_update_changes_what_it_names(db_api):
    created = db_api.instance_create({**VALUES, **STATES[BUILD]})
    updated = db_api.instance_update(created['uuid'], {'vm_state': 'active'})
    changed = {name for name in created if created[name] != updated[name]}
    assert changed == {'vm_state', 'updated_at'}


def test_a_database_is_new_until_there_was_an_instance(db_api):
    assert db_api.is_new()
    db_api.instance_destroy(db_api.instance_create(VALUES)['uuid'])
    assert not db_api.is_new()


def test_instances_are_found_by_their_state(db_api):
    building = [db_api.instance_create({**VALUES, **STATES[BUILD]})['uuid'] for _ in range(3)]
    db_api.instance_create(VALUES)
    db_api.instance_destroy(building.pop())
    assert uuids(db_api.instance_get_all_by_filters({'vm_state': 'building'}, ['id'], ['asc'])) == building


def test_an_instance_is_destroyed_once_however_many_try(db_api):
    instance_uuid = db_api.instance_create(VALUES)['uuid']
    errors = run_all([lambda: db_api.instance_destroy(instance_uuid)] * 8)
    assert [type(error) for error in errors] == [exception.InstanceNotFound] * 7


def test_a_page_of_a_long_table_is_whole(db_api):
    rows = [{**VALUES, 'uuid': f'{number:036}'} for number in range(2500)]
    stamps = dict.fromkeys(('created_at', 'updated_at'), db_api.instance_create(VALUES)['created_at'])
    with db_api.writing() as connection:
        connection.execute(instances.insert(), [{**row, **stamps} for row in rows])
    assert uuids(db_api.instance_get_all(rows[999]['uuid'], 1000)) == uuids(rows[1000:2000])


# -- the numbers of images


def test_an_image_gets_a_number_once_and_keeps_it(db_api):
    assert db_api.s3_image_create(IMAGE) == {'id': 1, 'uuid': IMAGE}
    assert db_api.s3_image_create(OTHER) == {'id': 2, 'uuid': OTHER}
    assert db_api.s3_image_create(IMAGE) == {'id': 1, 'uuid': IMAGE}
    assert db_api.s3_image_get(2) == db_api.s3_image_get_by_uuid(OTHER) == {'id': 2, 'uuid': OTHER}


def test_many_threads_give_an_image_one_number(db_api):
    assert run_all([lambda: db_api.s3_image_create(IMAGE)] * 8) == []
    assert db_api.s3_image_get_by_uuid(IMAGE) == {'id': 1, 'uuid': IMAGE}


@pytest.mark.parametrize('number', ['0', '-1', '1', '7fffffffffffffff', '8000000000000000', 'f' * 9000])
def test_a_number_that_no_image_has_is_not_found(db_api, number):
    with pytest.raises(exception.ImageNotFound):
        db_api.s3_image_get(int(number, 16))


def test_an_image_without_a_number_is_not_found(db_api):
    with pytest.raises(exception.ImageNotFound, match=IMAGE):
        db_api.s3_image_get_by_uuid(IMAGE)
