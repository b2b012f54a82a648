import os
import types

import pytest

from cloud.nova import exception
from cloud.nova.common import config
from cloud.nova.virt import driver, imagehandler
from cloud.nova.virt.driver import ComputeDriver, LessonDriver
from tests.cloud.nova.fakes import ALICE, IMAGE

GIB = 1024**3
UUID = '33333333-3333-4333-8333-333333333333'
INSTANCE = {'uuid': UUID, 'image_ref': IMAGE, 'user_id': 'alice', 'project_id': 'demo', 'root_gb': 1}


class Handlers:
    """In the place of the image handlers: one that writes a disk, or fails in the middle of it."""

    def __init__(self):
        self.calls, self.error = [], None

    def handle_image(self, *args, **kwargs):
        self.calls.append((args, kwargs))
        yield self, None, None

    def fetch_image(self, context, image_id, image_meta, path, *args):
        with open(path, 'wb') as file:
            file.write(b'data')
            if self.error:
                raise self.error

    def remove_image(self, context, image_id, image_meta, path, location=None):
        os.unlink(path)

    def is_local(self):
        return True


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A LessonDriver with Handlers, in tmp_path/instances."""
    monkeypatch.setattr(driver, 'load_image_handlers', lambda driver, options, image_service: Handlers())
    return LessonDriver(config.parse({'instances_path': f'{tmp_path}/instances'}), None)


def test_the_constructor_of_every_driver_loads_the_handlers_of_the_ini():
    options = config.parse({'image_handlers': 'nobody'})
    made = ComputeDriver(options, 'the image service')
    assert isinstance(made.image_handlers, imagehandler.ImageHandlers)
    assert (made.options, made.image_service) == (options, 'the image service')


@pytest.mark.parametrize(('method', 'arguments'), [('spawn', 3), ('destroy', 1), ('list_instances', 0)])
def test_a_driver_says_itself_how_it_does_its_work(method, arguments):
    bare = ComputeDriver.__new__(ComputeDriver)
    with pytest.raises(NotImplementedError):
        getattr(bare, method)(*[None] * arguments)


def test_a_boot_lays_out_the_disk_in_the_instances_folder(lesson, tmp_path):
    lesson.spawn(ALICE, INSTANCE, {})
    assert (tmp_path / 'instances' / UUID / 'disk').read_bytes() == b'data'
    ((args, kwargs),) = lesson.image_handlers.calls
    assert (args, kwargs) == ((ALICE, IMAGE, 'alice', 'demo', f'{tmp_path}/instances/{UUID}/disk'), {})


def test_a_boot_takes_spawn_delay_longer(lesson, monkeypatch):
    slept = []
    monkeypatch.setattr(driver, 'cancel', types.SimpleNamespace(sleep=slept.append))
    lesson.options.spawn_delay = 2.5
    lesson.spawn(ALICE, INSTANCE, {})
    assert slept == [2.5]


def test_destroying_removes_all_and_may_be_said_twice(lesson, tmp_path):
    lesson.spawn(ALICE, INSTANCE, {})
    lesson.destroy(UUID)
    lesson.destroy(UUID)
    assert os.listdir(tmp_path / 'instances') == []


def test_destroying_removes_what_a_failed_boot_left(lesson, tmp_path):
    lesson.image_handlers.error = exception.ImageNotFound(image_id=IMAGE)
    with pytest.raises(exception.ImageNotFound):
        lesson.spawn(ALICE, INSTANCE, {})
    lesson.destroy(UUID)
    assert os.listdir(tmp_path / 'instances') == []


def test_the_instances_are_the_folders_named_by_ids(lesson, tmp_path):
    lesson.spawn(ALICE, INSTANCE, {})
    (tmp_path / 'instances' / 'locks').mkdir()
    assert lesson.list_instances() == [UUID]


def test_a_folder_that_cannot_be_made_is_found_at_the_start(tmp_path):
    (tmp_path / 'file').touch()
    with pytest.raises(ValueError, match=f'^instances_path = {tmp_path}/file/x: Not a directory$'):
        LessonDriver(config.parse({'instances_path': f'{tmp_path}/file/x'}), None)


@pytest.mark.parametrize(('size', 'root_gb', 'bytes_at_most', 'seconds'), [
    (1000, 1, 1000, 40), (None, 1, GIB, 3600), (1000, 0, 1000, 40), (None, 0, None, 3600), (GIB + 1, 1, GIB, 3600),
])  # fmt: skip
def test_a_disk_is_no_larger_than_its_image_and_its_flavor_say_and_takes_no_longer_than_that_needs(
    lesson, size, root_gb, bytes_at_most, seconds
):
    lesson.options.image_download_min_rate = 100
    limits = driver.limits_of({**INSTANCE, 'root_gb': root_gb}, {'size': size}, lesson.options)
    assert (limits.size, limits.seconds, limits.image_id) == (bytes_at_most, seconds, IMAGE)
