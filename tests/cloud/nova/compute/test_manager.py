import errno
import threading

import pytest

from cloud.nova import exception
from cloud.nova.compute.manager import ComputeManager, Pool
from cloud.nova.db.sqlalchemy.api import ACTIVE, BUILD, ERROR
from tests.cloud.nova.fakes import ALICE, IMAGE, wait_until_idle

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
    assert (context, image_meta) == (ALICE, cloud.image_service.images[IMAGE])
    assert instance['uuid'] == built['uuid']
    assert (built['status'], built['fault']) == (ACTIVE, None)


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
    assert built['status'] == ERROR
    assert built['fault'].keys() == {'code', 'message', 'created'}
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
    assert (built['status'], built['fault']['code']) == (ERROR, 404)
    assert cloud.driver.spawned == []


def test_the_manager_refuses_an_image_that_has_become_too_large(cloud, build):
    large = {**cloud.image_service.images[IMAGE], 'size': GIB + 1}
    cloud.compute_api.image_service = cloud.manager.image_service = ChangingImageService(cloud.image_service, large)
    built = build()
    assert (built['status'], built['fault']['code']) == (ERROR, 400)
    assert 'too small' in built['fault']['message']
    assert cloud.driver.spawned == []


# -- many


def test_no_more_builds_than_workers_go_on_at_once_and_all_are_done(cloud):
    cloud.driver.go.clear()
    for number in range(20):
        cloud.compute_api.create(ALICE, f'web-{number}', IMAGE)
    assert all(cloud.driver.begun.acquire(timeout=30) for _ in range(2))
    assert not cloud.driver.begun.acquire(timeout=0.05)
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert cloud.driver.most_at_once == 2
    assert [instance['status'] for instance in cloud.compute_api.get_all(ALICE)] == [ACTIVE] * 20


def test_a_pool_survives_a_job_that_fails_and_has_no_threads_when_there_is_nothing_to_do(caplog):
    pool, done = Pool(1), threading.Event()
    pool.submit(lambda: 1 / 0)
    pool.submit(done.set)
    assert done.wait(30)
    assert 'a job failed' in caplog.text
    for thread in threading.enumerate():
        if getattr(thread, '_target', None) == pool._work:
            thread.join(30)
    assert pool.running == 0


def test_a_thread_that_cannot_be_started_is_not_counted(monkeypatch):
    pool = Pool(1)

    def fail(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, 'start', fail)
        with pytest.raises(RuntimeError):
            pool.submit(lambda: None)
    assert pool.running == 0


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


def test_an_instance_that_is_deleted_while_its_build_fails_leaves_nothing(cloud):
    cloud.driver.go.clear()
    cloud.driver.error = RuntimeError('the disk went away')
    instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
    assert cloud.driver.begun.acquire(timeout=30)
    cloud.compute_api.delete(ALICE, instance['uuid'])
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert cloud.driver.existing == set()
    assert cloud.db_api.instance_get_by_uuid(instance['uuid'], read_deleted=True)['status'] == BUILD


def test_an_instance_that_is_deleted_before_its_turn_is_not_built(cloud):
    cloud.driver.go.clear()
    instances = [cloud.compute_api.create(ALICE, 'web', IMAGE) for _ in range(3)]
    assert all(cloud.driver.begun.acquire(timeout=30) for _ in range(2))
    cloud.compute_api.delete(ALICE, instances[2]['uuid'])
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert {instance['uuid'] for _, instance, _ in cloud.driver.spawned} == {each['uuid'] for each in instances[:2]}


# -- restart


def restart(cloud):
    ComputeManager(cloud.db_api, cloud.image_service, cloud.driver, workers=2).init_host()


def test_what_was_being_built_when_the_service_died_is_an_error_and_has_no_disk(cloud):
    building = cloud.db_api.instance_create({'display_name': 'web', 'status': BUILD, 'image_ref': IMAGE, **SIZE})
    cloud.driver.existing.add(building['uuid'])
    restart(cloud)
    instance = cloud.compute_api.get(ALICE, building['uuid'])
    assert (instance['status'], instance['fault']['code']) == (ERROR, 500)
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


SIZE = {'instance_type': 'small', 'memory_mb': 512, 'root_gb': 1}
