"""The command `glance --os-image-api-version 1`, of python-glanceclient, against a real glance-api and its registry."""

import os
import pty
import subprocess

import pytest

from tests.cloud.glance.api.v1.test_real_servers import Cloud
from tests.cloud.glance.clients import ALICE, BOB, DATA, Command, isolate, read_properties, read_rows

CREATE = ('image-create', '--disk-format', 'raw', '--container-format', 'bare')


class CommandV1(Command):
    """At a terminal: without one, this command takes its standard input for the image's data."""

    def run(self, arguments):
        ours, its = pty.openpty()
        try:
            return subprocess.run(
                [self.path, '--os-image-api-version', '1', *arguments], env={**os.environ, **self.environ}, stdin=its,
                capture_output=True, text=True, timeout=60,
            )  # fmt: skip
        finally:
            os.close(ours)
            os.close(its)


@pytest.fixture(scope='module')
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp('glance')
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch, folder / 'home')
        cloud = Cloud(folder)
        yield cloud
        cloud.end()
    for log in folder.glob('*.log'):
        assert 'Traceback' not in log.read_text()
        assert '" 500 ' not in log.read_text()


@pytest.fixture
def alice(service):
    return CommandV1(service, 'glance', OS_IMAGE_URL=service.api.url, OS_AUTH_TOKEN=ALICE)


@pytest.fixture
def bob(service):
    return CommandV1(service, 'glance', OS_IMAGE_URL=service.api.url, OS_AUTH_TOKEN=BOB)


@pytest.fixture
def disk(tmp_path):
    path = tmp_path / 'disk.img'
    path.write_bytes(DATA)
    return path


def test_an_image_is_created_listed_changed_shared_downloaded_and_deleted(alice, bob, disk, tmp_path):
    # Without --is-public, the command sends the header x-image-meta-is_public: None.
    created = read_properties(alice(*CREATE, '--name', 'my image', '--property', 'os=50%25', '--file', disk))
    assert (created['status'], created['size'], created['is_public']) == ('active', str(len(DATA)), 'False')
    assert (created['name'], created["Property 'os'"]) == ('my image', '50%25')
    image_id = created['id']
    for words in ((), ('--owner', 'demo'), ('--is-public', 'False'), ('--all-tenants',), ('--size-min', '1')):
        assert [row['Name'] for row in read_rows(alice('image-list', *words))] == ['my image']
    assert read_rows(alice('image-list', '--property-filter', 'os=linux')) == []

    updated = read_properties(alice('image-update', '--min-ram', '5', '--is-protected', 'True', image_id))
    assert (updated['min_ram'], updated['protected'], updated["Property 'os'"]) == ('5', 'True', '50%25')
    alice('image-update', '--is-protected', 'False', '--purge-props', image_id)
    shown = read_properties(alice('image-show', 'my image'))
    assert (shown['protected'], "Property 'os'" in shown) == ('False', False)

    alice('member-create', image_id, 'other', '--can-share')
    assert [row['Can Share'] for row in read_rows(bob('member-list', '--tenant-id', 'other'))] == ['True']
    bob('image-download', '--file', tmp_path / 'copy', image_id)
    assert (tmp_path / 'copy').read_bytes() == DATA
    alice('member-delete', image_id, 'other')
    alice('image-delete', image_id)
    assert read_rows(alice('image-list')) == []


def test_an_image_is_reserved_and_filled_later(alice, disk):
    reserved = read_properties(alice('image-create', '--name', 'later'))
    assert (reserved['status'], reserved['is_public']) == ('queued', 'False')
    filled = alice('image-update', '--disk-format', 'raw', '--container-format', 'bare', '--file', disk, reserved['id'])
    assert read_properties(filled)['status'] == 'active'
    alice('image-delete', reserved['id'])
