"""The rules of creating an instance, in their order: the first that is broken is the one that is heard of."""

import pytest

from cloud.nova import exception
from tests.cloud.nova.fakes import ACTIVE, ALICE, BUILD, IMAGE, OTHER, status, wait_until_idle

GIB = 1024**3


def test_an_instance_without_an_image_is_active_at_once_and_asks_nobody(cloud):
    instance = cloud.compute_api.create(ALICE, 'web')
    assert (status(instance), instance['image_ref'], instance['display_name']) == (ACTIVE, None, 'web')
    assert cloud.image_service.asked == []
    assert cloud.compute_api.get(ALICE, instance['uuid']) == instance


def test_an_instance_with_an_image_is_being_built_and_then_active(cloud):
    cloud.driver.go.clear()
    instance = cloud.compute_api.create(ALICE, 'web', IMAGE, 'large')
    assert (status(instance), instance['image_ref'], instance['flavor']['name']) == (BUILD, IMAGE, 'large')
    assert (instance['memory_mb'], instance['root_gb']) == (2048, 20)
    assert (instance['user_id'], instance['project_id']) == ('alice', 'demo')
    assert status(cloud.compute_api.get(ALICE, instance['uuid'])) == BUILD
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert status(cloud.compute_api.get(ALICE, instance['uuid'])) == ACTIVE


def test_the_image_is_shown_once_by_the_api_and_once_more_by_the_manager(cloud):
    cloud.compute_api.create(ALICE, 'web', IMAGE)
    wait_until_idle(cloud.manager)
    assert cloud.image_service.asked == [IMAGE, IMAGE]


def refuses(cloud, error, flavor=None, match=None):
    """Whether an instance of IMAGE is refused with that error, and leaves nothing behind."""
    with pytest.raises(error, match=match) as refused:
        cloud.compute_api.create(ALICE, 'web', IMAGE, flavor)
    assert type(refused.value) is error
    assert cloud.compute_api.get_all(ALICE) == []
    assert cloud.driver.spawned == []


def test_the_flavor_is_looked_up_before_the_image(cloud):
    cloud.image_service.images.clear()
    refuses(cloud, exception.FlavorNotFound, 'huge', match='small, large, any')
    assert cloud.image_service.asked == []


def test_the_image_must_exist(cloud):
    cloud.image_service.images.clear()
    refuses(cloud, exception.ImageNotFound)


@pytest.mark.parametrize(
    'image_status', ['queued', 'saving', 'uploading', 'importing', 'deactivated', 'killed', 'deleted', 'pending_delete']
)
def test_the_image_must_be_active(cloud, image_status):
    cloud.image_service.add(IMAGE, status=image_status, min_ram=9999)
    refuses(cloud, exception.ImageNotActive)


def test_min_ram_comes_before_min_disk(cloud):
    cloud.image_service.add(IMAGE, min_ram=513, min_disk=2)
    refuses(cloud, exception.FlavorMemoryTooSmall, match='512 MiB .* needs 513')


def test_min_disk_comes_before_the_kernel(cloud):
    cloud.image_service.add(IMAGE, min_disk=2, properties={'kernel_id': OTHER})
    refuses(cloud, exception.FlavorDiskTooSmall, match='1 GiB .* needs 2')
    assert cloud.image_service.asked == [IMAGE]


def test_a_disk_of_any_size_is_still_too_small_for_a_min_disk(cloud):
    cloud.image_service.add(IMAGE, min_disk=1)
    refuses(cloud, exception.FlavorDiskTooSmall, 'any')


@pytest.mark.parametrize('name', ['kernel_id', 'ramdisk_id'])
def test_kernel_and_ramdisk_must_exist_and_come_before_the_size(cloud, name):
    cloud.image_service.add(IMAGE, size=2 * GIB, properties={name: OTHER})
    refuses(cloud, exception.ImageNotFound, match=OTHER)
    cloud.image_service.add(OTHER)
    refuses(cloud, exception.FlavorDiskTooSmall)


def test_the_kernel_comes_before_the_ramdisk(cloud):
    cloud.image_service.add(IMAGE, properties={'ramdisk_id': 'the ramdisk', 'kernel_id': 'the kernel'})
    refuses(cloud, exception.ImageNotFound, match='the kernel')


@pytest.mark.parametrize('properties', [{'kernel_id': '', 'ramdisk_id': None}, {}])
def test_no_kernel_and_no_ramdisk_need_not_exist(cloud, properties):
    cloud.image_service.add(IMAGE, properties=properties)
    assert status(cloud.compute_api.create(ALICE, 'web', IMAGE)) == BUILD


def test_the_image_must_fit_on_the_disk(cloud):
    cloud.image_service.add(IMAGE, size=GIB + 1)
    refuses(cloud, exception.FlavorDiskTooSmall, match='1 GiB')


@pytest.mark.parametrize(('flavor', 'size'), [('small', GIB), ('any', 1000 * GIB), ('small', None)])
def test_an_image_fits_exactly_or_on_a_disk_of_any_size(cloud, flavor, size):
    cloud.image_service.add(IMAGE, size=size)
    assert status(cloud.compute_api.create(ALICE, 'web', IMAGE, flavor)) == BUILD


def test_what_an_image_needs_exactly_is_enough(cloud):
    cloud.image_service.add(IMAGE, min_ram=512, min_disk=1)
    assert status(cloud.compute_api.create(ALICE, 'web', IMAGE)) == BUILD


def test_missing_needs_are_none(cloud):
    cloud.image_service.images[IMAGE] = {'id': IMAGE, 'status': 'active', 'min_ram': None, 'properties': {}}
    assert status(cloud.compute_api.create(ALICE, 'web', IMAGE)) == BUILD


@pytest.mark.parametrize('error', [
    exception.ImageNotAuthorized(image_id=IMAGE),
    exception.GlanceConnectionFailed(servers='http://a:1', reason='refused'),
])  # fmt: skip
def test_what_the_image_service_refuses_creates_nothing(cloud, error):
    cloud.image_service.images[IMAGE] = error
    refuses(cloud, type(error))


def test_the_properties_of_the_image_are_kept_as_text_in_the_system_metadata(cloud):
    cloud.image_service.add(IMAGE, properties={'os': 'linux', 'mappings': [{'virtual': 'root'}], 'long': 'x' * 300})
    instance = cloud.compute_api.create(ALICE, 'web', IMAGE)
    assert instance['system_metadata'] == {
        'image_os': 'linux',
        'image_mappings': "[{'virtual': 'root'}]",
        'image_long': 'x' * 255,
    }


def test_an_instance_that_cannot_be_handed_to_the_conductor_is_gone(cloud, monkeypatch):
    def refuse(*args):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(cloud.compute_api.compute_task_api, 'build_instances', refuse)
    refuses(cloud, RuntimeError)


def test_rename_and_delete(cloud):
    instance_uuid = cloud.compute_api.create(ALICE, 'web')['uuid']
    assert cloud.compute_api.rename(ALICE, instance_uuid, 'db')['display_name'] == 'db'
    cloud.compute_api.delete(ALICE, instance_uuid)
    for action in (cloud.compute_api.get, cloud.compute_api.delete):
        with pytest.raises(exception.InstanceNotFound):
            action(ALICE, instance_uuid)
    assert cloud.driver.destroyed == []  # it was on no host
