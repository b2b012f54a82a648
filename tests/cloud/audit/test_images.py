"""Each fault that an image, or a file in an image folder, can have is found; what is none is not."""

import fcntl
import os
from datetime import timedelta

import pytest

from cloud.audit import database
from cloud.glance.db.sqlalchemy.models import images
from cloud.oslo.utils.timeutils import utcnow
from tests.cloud.audit.conftest import ADMIN

CLEAN = (0, ['nothing found (1 images, 0 instances)'])
EMPTY = (0, ['nothing found (0 images, 0 instances)'])


@pytest.fixture
def glance_lives(cloud):
    """The lock that glance-api holds while it lives."""
    with open(cloud.folder / 'glance.sqlite.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def age(cloud, image_id, file=None):
    """Two minutes ago was the last change."""
    then = utcnow() - timedelta(minutes=2)
    with cloud.glance.writing() as connection:
        connection.execute(images.update().where(images.c.id == image_id).values(updated_at=then))
    if file:
        os.utime(file, (1, 1))


def test_an_image_with_its_bytes_is_fine(cloud, audit):
    cloud.image()
    assert audit() == CLEAN


@pytest.mark.parametrize('status', ['queued', 'killed'])
def test_an_image_that_has_no_bytes_yet_or_never_will_is_fine(cloud, audit, status):
    cloud.empty_image(status=status)
    assert audit() == CLEAN


def test_an_active_image_of_no_bytes_needs_no_place(cloud, audit):
    cloud.empty_image(status='active', size=0)
    assert audit() == CLEAN


def test_an_image_on_another_web_server_is_fine(cloud, audit):
    cloud.empty_image(status='active', size=4, locations=[{'url': 'http://127.0.0.1:1/image'}])
    assert audit() == CLEAN


def test_an_active_image_without_its_file(cloud, found):
    image = cloud.image()
    cloud.file(image).unlink()
    assert found() == (
        f'glance-api.ini: image {image} is active without its bytes, {cloud.file(image)} (No such file or directory): '
        'delete the image and upload it again: what is lost cannot come back'
    )


def test_an_active_image_with_a_pipe_for_a_file_keeps_nobody_waiting(cloud, found):
    image = cloud.image()
    cloud.file(image).unlink()
    os.mkfifo(cloud.file(image))
    assert f'image {image} is active without its bytes' in found()


def test_an_active_image_without_a_location(cloud, found):
    image = cloud.empty_image(status='active', size=4)
    assert f'image {image} is active, and has no bytes anywhere' in found()


def test_a_file_that_is_too_short(cloud, found):
    image = cloud.image(b'12345')
    cloud.file(image).write_bytes(b'1234')
    assert f'image {image} has 4 bytes in {cloud.file(image)}, and not 5' in found('--quick')


def test_a_file_with_other_bytes(cloud, found, audit):
    image = cloud.image(b'12345')
    cloud.file(image).write_bytes(b'54321')
    assert f'image {image} has bytes with the checksum 01cfcd4f6b8770febfb40cb906715822' in found()
    assert audit('--quick') == CLEAN


def test_an_image_that_claims_the_file_of_another(cloud, audit):
    victim = cloud.image()
    thief = cloud.image(locations=[{'url': f'file://{cloud.file(victim)}'}])
    status, lines = audit()
    assert status == 1
    assert f'image {thief} claims a file not its own, {cloud.file(victim)}' in lines[0]
    assert f'{cloud.file(thief)} is of no image' in lines[1]


def test_an_image_that_claims_a_file_outside_the_folders(cloud, found):
    image = cloud.empty_image(status='active', size=4, locations=[{'url': 'file:///dev/zero'}])
    assert f'image {image} claims a file not its own, /dev/zero' in found()


def test_an_image_that_is_half_deleted(cloud, found):
    image = cloud.image(status='deleted')
    assert f'image {image} is deleted, and yet not marked as deleted' in found()


@pytest.mark.parametrize('status', ['saving', 'importing'])
def test_an_image_that_nobody_saves(cloud, found, status):
    image = cloud.empty_image(status=status)
    assert f'image {image} is {status}, and nobody saves it: start glance-api' in found()


@pytest.mark.parametrize('name', ['8f2c5d0e-3a64-4f0b-9a55-1f6f8d1f9f10', 'notes.txt', '.hidden'])
def test_a_file_without_a_row(cloud, found, name):
    cloud.file(name).write_text('data')
    hint = 'if it is still there after a start of glance-api, remove it'
    assert found() == f'glance-api.ini: {cloud.file(name)} is of no image: {hint}'


@pytest.mark.parametrize('status', ['queued', 'killed'])
def test_a_file_of_an_image_that_does_not_have_it(cloud, found, status):
    image = cloud.image(status=status, locations=[])
    assert f'{cloud.file(image)} is of no image' in found()


def test_the_file_of_a_deleted_image(cloud, found):
    image = cloud.image()
    cloud.glance.image_destroy(ADMIN, image)
    assert f'{cloud.file(image)} is of no image' in found()


def test_the_file_of_an_image_that_waits_for_a_scrubber_is_fine(cloud, audit):
    cloud.glance.image_destroy(ADMIN, cloud.image(), 'pending_delete')
    assert audit() == EMPTY


def test_a_part_of_an_upload_that_nobody_works_on(cloud, found):
    part = cloud.file(f'.{cloud.empty_image()}.part')
    part.write_text('da')
    assert f'{part} is part of an upload that nobody works on: start glance-api' in found()


# -- while the service runs


def test_an_upload_under_way_is_fine(cloud, audit, glance_lives):
    image = cloud.empty_image(status='saving')
    cloud.file(f'.{image}.part').write_text('da')
    age(cloud, image, cloud.file(f'.{image}.part'))
    assert audit() == CLEAN


def test_an_upload_whose_file_is_complete_and_whose_row_does_not_say_so_yet_is_fine(cloud, audit, glance_lives):
    image = cloud.image(status='saving', locations=[])
    age(cloud, image)
    assert audit() == CLEAN


def test_a_file_that_is_being_removed_is_fine(cloud, audit, glance_lives):
    cloud.glance.image_destroy(ADMIN, cloud.image())
    assert audit() == EMPTY


def test_an_upload_that_has_long_ended_is_found(cloud, found, glance_lives):
    image = cloud.empty_image(status='saving')
    age(cloud, image)
    assert f'image {image} is saving, and nobody saves it' in found()


def test_a_file_that_should_long_be_removed_is_found(cloud, found, glance_lives):
    image = cloud.image()
    cloud.glance.image_destroy(ADMIN, image)
    age(cloud, image)
    assert f'{cloud.file(image)} is of no image' in found()


def test_a_part_of_an_upload_that_has_long_ended_is_found(cloud, found, glance_lives):
    image = cloud.empty_image()
    part = cloud.file(f'.{image}.part')
    part.write_text('da')
    age(cloud, image, part)
    assert f'{part} is part of an upload that nobody works on' in found()


# -- many


def test_many_images_are_read_in_pages(cloud, audit, monkeypatch):
    monkeypatch.setattr(database, 'PAGE', 3)
    ids = [cloud.image() for _ in range(8)]
    for image in ids[:2]:
        cloud.file(image).unlink()
    status, lines = audit()
    assert status == 1
    assert [line.split()[2] for line in lines] == sorted(ids[:2])
