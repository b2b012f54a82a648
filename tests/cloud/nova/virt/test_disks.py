"""What is done to a disk once it is there: each really changes a file, or an image."""

import os

import pytest

from cloud.nova.common import config
from cloud.nova.compute import power_state
from cloud.nova.virt import driver
from cloud.nova.virt.driver import LessonDriver
from tests.cloud.nova.fakes import ALICE, IMAGE, OTHER
from tests.cloud.nova.virt.test_driver import INSTANCE, UUID, Handlers

GIB = 1024**3


class Images:
    """In the place of the image service: keeps what is uploaded."""

    def __init__(self):
        self.uploaded = {}

    def update(self, context, image_id, image_meta, data, purge_props):
        self.uploaded[image_id] = (image_meta, data.read())


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    monkeypatch.setattr(driver, 'load_image_handlers', lambda driver, options, image_service: Handlers())
    lesson = LessonDriver(config.parse({'instances_path': f'{tmp_path}/instances'}), Images())
    lesson.spawn(ALICE, INSTANCE, {})
    return lesson


@pytest.fixture
def folder(tmp_path):
    return tmp_path / 'instances' / UUID


def test_a_machine_that_was_spawned_runs_and_its_console_says_of_what(lesson):
    assert lesson.get_info(UUID) == power_state.RUNNING
    assert lesson.get_console_output(INSTANCE, 1).endswith(f'boots from image {IMAGE}\n')


def test_a_snapshot_is_the_bytes_of_the_disk(lesson):
    lesson.snapshot(ALICE, INSTANCE, OTHER)
    meta, data = lesson.image_service.uploaded[OTHER]
    assert data == b'data'
    assert (meta['size'], meta['disk_format'], meta['container_format']) == (4, 'raw', 'bare')


def test_a_resize_makes_the_disk_as_large_as_the_flavor_says_and_it_takes_no_room(lesson, folder):
    lesson.resize(INSTANCE, 2)
    disk = os.stat(folder / 'disk')
    assert disk.st_size == 2 * GIB
    assert disk.st_blocks * 512 < GIB
    assert (folder / 'disk.before').read_bytes() == b'data'


def test_a_snapshot_of_a_resized_disk_leaves_out_what_is_empty_at_its_end(lesson):
    lesson.resize(INSTANCE, 1)
    lesson.snapshot(ALICE, INSTANCE, OTHER)
    _meta, data = lesson.image_service.uploaded[OTHER]
    assert data.rstrip(b'\0') == b'data'
    assert len(data) <= 1024 * 1024


def test_a_resize_that_is_done_twice_keeps_the_disk_of_before(lesson, folder):
    lesson.resize(INSTANCE, 1)
    (folder / 'disk').write_bytes(b'written since')
    lesson.resize(INSTANCE, 1)
    assert (folder / 'disk.before').read_bytes() == b'data'


def test_a_resize_that_is_reverted_brings_the_disk_back(lesson, folder):
    lesson.resize(INSTANCE, 1)
    for _ in range(2):
        lesson.revert_resize(INSTANCE)
        assert (folder / 'disk').read_bytes() == b'data'
    assert not (folder / 'disk.before').exists()


def test_a_resize_that_is_confirmed_forgets_the_disk_of_before(lesson, folder):
    lesson.resize(INSTANCE, 1)
    for _ in range(2):
        lesson.confirm_resize(INSTANCE)
        assert sorted(os.listdir(folder)) == ['console.log', 'disk', 'power']


def test_a_flavor_without_a_size_leaves_the_disk_as_it_is(lesson, folder):
    lesson.resize(INSTANCE, 0)
    assert (folder / 'disk').stat().st_size == 4


def test_an_instance_without_a_disk_can_be_resized(lesson, folder):
    lesson.destroy(UUID)
    lesson.resize(INSTANCE, 1)
    assert not folder.exists()


def test_a_rescue_puts_another_disk_beside_and_its_end_removes_that(lesson, folder):
    lesson.rescue(ALICE, INSTANCE, OTHER, {'size': 4})
    assert (folder / 'disk.rescue').read_bytes() == b'data'
    lesson.unrescue(INSTANCE)
    assert sorted(os.listdir(folder)) == ['console.log', 'disk', 'power']


def test_what_is_done_takes_action_delay(lesson, monkeypatch):
    slept = []
    monkeypatch.setattr(driver.cancel, 'sleep', slept.append)
    lesson.options.action_delay = 1.5
    lesson.set_power(INSTANCE, power_state.SHUTDOWN, 'is shut down')
    assert slept == [1.5]
    assert lesson.get_info(UUID) == power_state.SHUTDOWN
