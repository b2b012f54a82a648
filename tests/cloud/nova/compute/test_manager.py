import contextlib
import errno
import sqlite3
import threading

import pytest

from cloud.nova import cancel, exception
from cloud.nova.compute import utils
from cloud.nova.compute.manager import ComputeManager
from cloud.oslo.db.sqlalchemy import session
from cloud.oslo.messaging.pool import Pool
from tests.cloud.nova.fakes import ACTIVE, ADMIN, ALICE, BOB, BUILD, ERROR, IMAGE, SIZE, STATES, status, wait_until_idle
from tests.cloud.nova.processes import wait_for

GIB = 1024**3


@pytest.fixture
def build(cloud):
    """Create an instance of IMAGE, wait for what becomes of it, and return it."""

    def build():
        instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
        wait_until_idle(cloud.manager)
        return cloud.compute_api.get(ALICE, instance['uuid'])

    return build


def test_the_driver_gets_the_caller_the_instance_and_what_the_image_is(cloud, build):
    built = build()
    ((context, instance, image_meta),) = cloud.driver.spawned
    assert (context.to_dict(), image_meta) == (ALICE.to_dict(), cloud.image_service.images[IMAGE])
    assert instance['uuid'] == built['uuid']
    assert (status(built), built['fault']) == (ACTIVE, None)


@pytest.mark.parametrize(('error', 'code', 'message'), [
    (exception.NoImageHandlerAvailable(image_id=IMAGE), 500, 'No image handler'),
    (exception.GlanceConnectionFailed(servers='http://a:1', reason='refused'), 503, 'http://a:1'),
    (exception.ImageNotFound(image_id=IMAGE), 404, IMAGE),
    (OSError(errno.ENOSPC, 'No space left on device', '/secret'), 500, 'No space left on device'),
    (RuntimeError('secret'), 500, 'the log of the service says why'),
    (OSError('secret'), 500, 'the log of the service says why'),
])  # fmt: skip
def test_what_fails_is_an_error_with_a_fault_and_leaves_nothing_on_the_machine(cloud, build, error, code, message):
    cloud.driver.error = error
    built = build()
    assert status(built) == ERROR
    assert built['fault'].keys() == {'code', 'message', 'details', 'created_at'}
    assert built['fault']['code'] == code
    assert message in built['fault']['message']
    assert 'secret' not in built['fault']['message']
    assert cloud.driver.existing == set()


def test_what_nobody_expected_is_logged_with_its_traceback_and_what_was_expected_is_not(cloud, build, caplog):
    cloud.driver.error = exception.ImageNotFound(image_id=IMAGE)
    build()
    assert 'Traceback' not in caplog.text
    cloud.driver.error = RuntimeError('secret')
    build()
    assert 'RuntimeError: secret' in caplog.text


class ChangingImageService:
    """Shows the image to the API, and something else to the manager."""

    def __init__(self, inner, then):
        self.answers = [inner.images[IMAGE], then]

    def show(self, context, image_id):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_the_manager_looks_at_the_image_again(cloud, build):
    gone = ChangingImageService(cloud.image_service, exception.ImageNotFound(image_id=IMAGE))
    cloud.compute_api.image_service = cloud.manager.image_service = gone
    built = build()
    assert (status(built), built['fault']['code']) == (ERROR, 404)
    assert cloud.driver.spawned == []


def test_the_manager_refuses_an_image_that_has_become_too_large(cloud, build):
    large = {**cloud.image_service.images[IMAGE], 'size': GIB + 1}
    cloud.compute_api.image_service = cloud.manager.image_service = ChangingImageService(cloud.image_service, large)
    built = build()
    assert (status(built), built['fault']['code']) == (ERROR, 400)
    assert 'too small' in built['fault']['message']
    assert cloud.driver.spawned == []


# -- many


def test_no_more_builds_than_workers_go_on_at_once_and_all_are_done(cloud):
    cloud.driver.go.clear()
    for number in range(20):
        cloud.compute_api.create(ALICE if number % 2 else BOB, f'web-{number}', IMAGE)
    assert all(cloud.driver.begun.acquire(timeout=30) for _ in range(2))
    assert not cloud.driver.begun.acquire(timeout=0.05)
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert cloud.driver.most_at_once == 2
    assert [status(instance) for instance in cloud.compute_api.get_all(ADMIN, all_tenants=True)] == [ACTIVE] * 20


@pytest.mark.parametrize('workers', [2, 4])
def test_sixteen_slow_images_of_one_tenant_keep_nobody_waiting(cloud, workers):
    cloud.manager.pool = Pool(workers)
    blocked, spawn = threading.Event(), cloud.driver.spawn

    def slow_for_alice(context, instance, image_meta):
        if context.user_id == 'alice':
            assert blocked.wait(30)
        return spawn(context, instance, image_meta)

    cloud.driver.spawn = slow_for_alice
    slow = [cloud.compute_api.create(ALICE, 'slow', IMAGE) for _ in range(16)]
    quick = [cloud.compute_api.create(BOB, 'quick', IMAGE) for _ in range(3)]
    wait_for(lambda: all(status(cloud.compute_api.get(BOB, each['uuid'])) == ACTIVE for each in quick))
    wait_for(lambda: cloud.manager.pool.busy == {'demo': workers // 2})  # the others' last worker goes after ACTIVE
    assert {status(cloud.compute_api.get(ALICE, each['uuid'])) for each in slow} == {BUILD}
    blocked.set()
    wait_until_idle(cloud.manager)
    assert {status(cloud.compute_api.get(ALICE, each['uuid'])) for each in slow} == {ACTIVE}


# -- delete


def test_an_instance_that_is_deleted_while_it_is_built_leaves_nothing(cloud):
    cloud.driver.go.clear()
    instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
    assert cloud.driver.begun.acquire(timeout=30)
    cloud.compute_api.delete(ALICE, instance['uuid'])
    assert cloud.compute_api.get_all(ALICE) == []
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert len(cloud.driver.spawned) == 1
    assert cloud.driver.existing == set()
    assert cloud.compute_api.get_all(ALICE) == []


def test_a_build_stops_at_its_next_step_once_its_instance_is_deleted(cloud, monkeypatch):
    stopped = threading.Event()

    def spawn(context, instance, image_meta):
        cloud.driver.begun.release()
        cloud.driver.existing.add(instance['uuid'])
        try:
            cancel.sleep(30)
        except exception.BuildCancelled:
            stopped.set()
            raise

    monkeypatch.setattr(cloud.driver, 'spawn', spawn)
    instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
    assert cloud.driver.begun.acquire(timeout=30)
    cloud.compute_api.delete(ALICE, instance['uuid'])
    assert stopped.wait(5)
    wait_until_idle(cloud.manager)
    assert cloud.driver.existing == set()
    assert cloud.manager.work == {}


def test_an_instance_that_is_deleted_while_its_build_fails_leaves_nothing(cloud):
    cloud.driver.go.clear()
    cloud.driver.error = RuntimeError('the disk went away')
    instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
    assert cloud.driver.begun.acquire(timeout=30)
    cloud.compute_api.delete(ALICE, instance['uuid'])
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert cloud.driver.existing == set()
    assert status(cloud.db_api.instance_get_by_uuid(instance['uuid'], read_deleted=True)) == BUILD


def test_an_instance_that_is_deleted_before_its_turn_is_not_built(cloud):
    cloud.driver.go.clear()
    instances = [cloud.compute_api.create(who, 'web', IMAGE) for who in (ALICE, BOB, ALICE)]
    assert all(cloud.driver.begun.acquire(timeout=30) for _ in range(2))
    cloud.compute_api.delete(ALICE, instances[2]['uuid'])
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert {instance['uuid'] for _, instance, _ in cloud.driver.spawned} == {each['uuid'] for each in instances[:2]}


# -- restart


def restart(cloud):
    manager = cloud.manager
    parts = cloud.db_api, cloud.image_service, cloud.driver, manager.conductor_api
    ComputeManager(manager.host, cloud.options, *parts).init_host()


def test_what_was_being_built_when_the_service_died_is_an_error_and_has_no_disk(cloud):
    building = cloud.db_api.instance_create({'display_name': 'web', 'image_ref': IMAGE, **STATES[BUILD], **SIZE})
    cloud.driver.existing.add(building['uuid'])
    restart(cloud)
    instance = cloud.compute_api.get(ALICE, building['uuid'])
    assert (status(instance), instance['fault']['code']) == (ERROR, 500)
    assert instance['fault']['message'].startswith('The service ended while the instance was built')
    assert cloud.driver.existing == set()


def test_the_others_are_as_they_were(cloud, build):
    before = [build(), cloud.compute_api.create(ALICE, 'web')]
    restart(cloud)
    assert cloud.compute_api.get_all(ALICE) == before
    assert cloud.driver.existing == {before[0]['uuid']}


def test_what_was_deleted_just_before_the_service_died_is_removed_and_what_is_unknown_stays(cloud, build):
    instance = build()
    cloud.db_api.instance_destroy(instance['uuid'])
    cloud.driver.existing.add('of another service')
    restart(cloud)
    assert cloud.driver.existing == {'of another service'}


def test_a_disk_that_a_failed_build_could_not_remove_goes_at_the_next_start(cloud, build, monkeypatch, caplog):
    def fail(instance_uuid):
        raise OSError('busy')

    cloud.driver.error = exception.ImageNotFound(image_id=IMAGE)
    with monkeypatch.context() as patch:
        patch.setattr(cloud.driver, 'destroy', fail)
        failed = build()
    assert status(failed) == ERROR
    assert cloud.driver.existing == {failed['uuid']}
    assert 'its disk cannot be removed; the next start tries again' in caplog.text
    restart(cloud)
    assert cloud.driver.existing == set()
    assert cloud.compute_api.get(ALICE, failed['uuid']) == failed


def test_an_instance_whose_disk_cannot_be_removed_is_deleted_all_the_same(cloud, build, monkeypatch):
    def fail(instance_uuid):
        raise OSError('busy')

    instance = build()
    with monkeypatch.context() as patch:
        patch.setattr(cloud.driver, 'destroy', fail)
        cloud.compute_api.delete(ALICE, instance['uuid'])
    with pytest.raises(exception.InstanceNotFound):
        cloud.compute_api.get(ALICE, instance['uuid'])
    restart(cloud)
    assert cloud.driver.existing == set()


# -- a database that is locked, or full


@pytest.fixture
def impatient(monkeypatch):
    """A database gives up on a lock at once. Before the fixture cloud."""
    monkeypatch.setattr(session, 'BUSY_TIMEOUT', 0.02)


@pytest.fixture
def locked(tmp_path):
    """Context manager: another process writes into nova's database, and does not end."""

    @contextlib.contextmanager
    def locked():
        with contextlib.closing(sqlite3.connect(tmp_path / 'nova.sqlite', isolation_level=None)) as theirs:
            theirs.execute('BEGIN IMMEDIATE')
            yield

    return locked


@pytest.mark.parametrize(('error', 'expected'), [(None, ACTIVE), (exception.ImageNotFound(image_id=IMAGE), ERROR)])
def test_how_a_build_has_ended_is_saved_as_soon_as_the_database_can(impatient, cloud, locked, caplog, error, expected):
    cloud.driver.error = error
    cloud.driver.go.clear()
    instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
    assert cloud.driver.begun.acquire(timeout=30)
    with locked():
        cloud.driver.go.set()
        wait_for(lambda: caplog.text.count(f'{expected.lower()} cannot be saved') >= 2)
        assert status(cloud.compute_api.get(ALICE, instance['uuid'])) == BUILD
    wait_until_idle(cloud.manager)
    assert status(cloud.compute_api.get(ALICE, instance['uuid'])) == expected
    assert 'database is locked' in caplog.text


def test_a_full_database_takes_how_a_build_has_ended_once_there_is_room(cloud, monkeypatch, caplog):
    cloud.driver.go.clear()
    instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
    assert cloud.driver.begun.acquire(timeout=30)
    update, full = cloud.db_api.instance_update, threading.Event()
    full.set()

    def instance_update(instance_uuid, *args):
        if full.is_set():
            raise session.DBError('The database cannot be used now (database or disk is full): try again later.')
        return update(instance_uuid, *args)

    monkeypatch.setattr(cloud.db_api, 'instance_update', instance_update)
    cloud.driver.go.set()
    wait_for(lambda: 'disk is full' in caplog.text)
    full.clear()
    wait_until_idle(cloud.manager)
    assert status(cloud.compute_api.get(ALICE, instance['uuid'])) == ACTIVE


def test_what_cannot_be_saved_for_long_is_mended_by_the_next_start(impatient, cloud, locked, caplog, monkeypatch):
    monkeypatch.setattr(utils, 'SAVE_PATIENCE', 0.2)
    cloud.driver.go.clear()
    instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
    assert cloud.driver.begun.acquire(timeout=30)
    with locked():
        cloud.driver.go.set()
        wait_until_idle(cloud.manager)
    assert 'stays as it is; the next start of the service mends it' in caplog.text
    restart(cloud)
    assert status(cloud.compute_api.get(ALICE, instance['uuid'])) == ERROR
    assert cloud.driver.existing == set()


def test_a_database_that_fails_before_the_build_begins_is_an_error_that_says_so(cloud, monkeypatch, caplog):
    def fail(instance_uuid):
        raise session.DBError('The database cannot be used now (disk I/O error): try again later.')

    with monkeypatch.context() as patch:
        patch.setattr(cloud.db_api, 'instance_get_by_uuid', fail)
        instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
        wait_until_idle(cloud.manager)
    failed = cloud.compute_api.get(ALICE, instance['uuid'])
    assert (status(failed), failed['fault']['code']) == (ERROR, 503)
    assert 'disk I/O error' in failed['fault']['message']
    assert 'Traceback' not in caplog.text


def test_pauses_grow_to_the_longest_one_and_end_with_the_patience():
    assert [round(pause, 1) for pause in utils.pauses(5, 2)] == [0.1, 0.2, 0.4, 0.8, 1.6, 1.9]
    assert sum(utils.pauses(600, 10)) == pytest.approx(600)
