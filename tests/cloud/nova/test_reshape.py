"""What is done to an instance changes its disk, and glance, over HTTP: snapshot, rebuild, resize, shelve, rescue."""

import pytest

from tests.cloud.nova.processes import ALICE, Cloud, Images, ask, wait_for

DATA, OTHER = b'\xeb\x63\x90disk' * 1000, b'\xeb\x63\x90other' * 500
GIB = 1024**3


@pytest.fixture(scope='module')
def cloud(tmp_path_factory):
    with Images(tmp_path_factory.mktemp('images')) as images, Cloud(tmp_path_factory.mktemp('nova'), images) as cloud:
        cloud.start_nova(neutron_url='')
        cloud.image, cloud.other = cloud.upload(DATA), cloud.upload(OTHER)
        yield cloud


@pytest.fixture
def instance(cloud):
    instance = cloud.boot(cloud.image)
    yield instance
    cloud.delete(instance)
    wait_for(lambda: not cloud.disk(instance).parent.exists())


def act(cloud, instance, action, arguments=None, status=202):
    return ask(cloud.nova, 'POST', f'/v2.1/servers/{instance["id"]}/action', {action: arguments}, ALICE, status)


def server(cloud, instance):
    return ask(cloud.nova, 'GET', f'/v2.1/servers/{instance["id"]}', token=ALICE)['server']


def settled(cloud, instance, status):
    """Once nothing is done to it any more, it must be this."""
    wait_for(lambda: server(cloud, instance)['OS-EXT-STS:task_state'] is None)
    shown = server(cloud, instance)
    assert shown['status'] == status, shown
    return shown


def bytes_of(cloud, image_id):
    return ask(cloud.images.glance(0), 'GET', f'/v2/images/{image_id}/file', token=ALICE)


def images_named(cloud, name):
    return ask(cloud.images.glance(0), 'GET', f'/v2/images?name={name}', token=ALICE)['images']


def test_a_snapshot_is_an_image_of_the_disk_as_it_is_now_and_boots(cloud, instance):
    cloud.disk(instance).write_bytes(b'written since' * 100)
    act(cloud, instance, 'createImage', {'name': 'copy'})
    settled(cloud, instance, 'ACTIVE')
    (image,) = images_named(cloud, 'copy')
    assert (image['status'], image['disk_format']) == ('active', 'raw')
    assert bytes_of(cloud, image['id']) == b'written since' * 100
    again = cloud.boot(image['id'])
    assert cloud.disk(again).read_bytes() == b'written since' * 100
    cloud.delete(again)


def test_a_snapshot_of_a_disk_that_is_gone_leaves_no_image(cloud, instance):
    cloud.disk(instance).unlink()
    act(cloud, instance, 'createImage', {'name': 'broken'})
    settled(cloud, instance, 'ACTIVE')
    assert images_named(cloud, 'broken') == []


def test_a_rebuild_lays_out_another_image(cloud, instance):
    act(cloud, instance, 'rebuild', {'imageRef': cloud.other})
    assert settled(cloud, instance, 'ACTIVE')['image']['id'] == cloud.other
    assert cloud.disk(instance).read_bytes() == OTHER


def test_a_stopped_instance_is_stopped_after_a_rebuild(cloud, instance):
    act(cloud, instance, 'os-stop')
    settled(cloud, instance, 'SHUTOFF')
    act(cloud, instance, 'rebuild', {'imageRef': cloud.other})
    assert settled(cloud, instance, 'SHUTOFF')['OS-EXT-STS:power_state'] == 4
    assert cloud.disk(instance).read_bytes() == OTHER


def test_a_resize_grows_the_disk_until_it_is_taken_back(cloud, instance):
    act(cloud, instance, 'resize', {'flavorRef': '2'})
    settled(cloud, instance, 'VERIFY_RESIZE')
    assert cloud.disk(instance).stat().st_size == 20 * GIB
    act(cloud, instance, 'revertResize')
    assert settled(cloud, instance, 'ACTIVE')['flavor']['id'] == '1'
    assert cloud.disk(instance).read_bytes() == DATA


def test_a_shelved_instance_leaves_its_host_and_comes_back_with_its_disk(cloud, instance):
    cloud.disk(instance).write_bytes(b'mine')
    act(cloud, instance, 'shelve')
    assert settled(cloud, instance, 'SHELVED_OFFLOADED')['OS-EXT-STS:power_state'] == 4
    assert not cloud.disk(instance).exists()
    act(cloud, instance, 'unshelve')
    settled(cloud, instance, 'ACTIVE')
    assert cloud.disk(instance).read_bytes() == b'mine'
    assert images_named(cloud, 'web-shelved') == []


def test_a_rescue_boots_another_disk_beside(cloud, instance):
    act(cloud, instance, 'rescue', {'rescue_image_ref': cloud.other}, 200)
    settled(cloud, instance, 'RESCUE')
    assert (cloud.disk(instance).parent / 'disk.rescue').read_bytes() == OTHER
    act(cloud, instance, 'unrescue')
    settled(cloud, instance, 'ACTIVE')
    assert not (cloud.disk(instance).parent / 'disk.rescue').exists()


def test_a_console_tells_what_happened(cloud, instance):
    for action, status in (('os-stop', 'SHUTOFF'), ('os-start', 'ACTIVE')):
        act(cloud, instance, action)
        settled(cloud, instance, status)
    output = act(cloud, instance, 'os-getConsoleOutput', {'length': 2}, 200)['output']
    assert [line.split('] ')[1] for line in output.splitlines()] == ['is shut down', 'boots']
