"""Each fault that an instance, or a folder of disks, can have is found; what is none is not."""

import fcntl
import shutil
import uuid

import pytest

from tests.cloud.nova.fakes import ACTIVE, BUILD, ERROR

CLEAN = (0, ['nothing found (0 images, 1 instances)'])


@pytest.fixture
def nova_lives(cloud):
    """The lock that nova holds while it lives."""
    with open(cloud.folder / 'nova.sqlite.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_an_instance_with_its_disk_is_fine(cloud, audit):
    cloud.instance(ACTIVE)
    assert audit() == CLEAN


def test_an_instance_without_an_image_needs_no_disk(cloud, audit):
    cloud.instance(ACTIVE, disk=False, image_ref=None)
    assert audit() == CLEAN


def test_an_instance_that_could_not_be_built_is_fine(cloud, audit):
    cloud.instance(ERROR, disk=False)
    assert audit() == CLEAN


def test_an_instance_that_nobody_builds(cloud, found):
    instance = cloud.instance(BUILD)
    assert found() == (
        f'nova-api.ini: instance {instance} is in BUILD, and nobody builds it: '
        'start nova, which gives up what a killed one was building; stop it, and audit again'
    )


def test_an_instance_that_something_is_done_to_by_nobody(cloud, found):
    instance = cloud.instance(ACTIVE, task_state='powering-off')
    assert f'instance {instance} is at powering-off, and nobody does it' in found()


def test_an_instance_that_something_is_done_to_is_fine_while_nova_lives(cloud, audit, nova_lives):
    cloud.instance(ACTIVE, task_state='powering-off')
    assert audit() == CLEAN


def test_an_instance_that_is_being_built_is_fine(cloud, audit, nova_lives):
    cloud.instance(BUILD)
    assert audit() == CLEAN


def test_an_active_instance_without_its_disk(cloud, found):
    instance = cloud.instance(ACTIVE)
    shutil.rmtree(cloud.instances / instance)
    assert f'instance {instance} is ACTIVE without its disk' in found()


def test_an_instance_in_error_that_does_not_say_why(cloud, found):
    instance = cloud.instance(ERROR, disk=False, fault=None)
    assert f'instance {instance} is in ERROR, and does not say why' in found()


def test_a_disk_without_an_instance(cloud, found):
    folder = cloud.instances / str(uuid.uuid4())
    folder.mkdir()
    assert found() == (
        f'nova-api.ini: {folder} is the disk of no instance that is built, or being built: '
        'if it is still there after a start of nova, remove the folder'
    )


def test_the_disk_of_a_deleted_instance(cloud, found):
    instance = cloud.instance(ACTIVE)
    cloud.nova.instance_destroy(instance)
    assert f'{cloud.instances / instance} is the disk of no instance' in found()


def test_the_disk_of_a_deleted_instance_while_nova_removes_it_is_fine(cloud, audit, nova_lives):
    cloud.nova.instance_destroy(cloud.instance(ACTIVE))
    assert audit() == (0, ['nothing found (0 images, 0 instances)'])


def test_the_disk_of_an_instance_that_could_not_be_built(cloud, found):
    instance = cloud.instance(ERROR)
    assert f'{cloud.instances / instance} is the disk of no instance' in found()


def test_locks_and_a_students_own_folder_are_fine(cloud, audit):
    cloud.instance(ACTIVE)
    (cloud.instances / 'locks').mkdir()
    (cloud.instances / 'mine').mkdir()
    assert audit() == CLEAN
