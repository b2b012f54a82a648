"""The command `openstack image`, of python-openstackclient, against a real server.

What takes a project (`image add project`, `image set --accept --project`) looks it up in Keystone, which is not there:
sharing is done with the command `glance` here.
"""

import json

import pytest

from tests.cloud.glance.clients import (
    ALICE,
    BOB,
    DATA,
    GLANCE,
    NOBODY,
    OPENSTACK,
    SIZE_CAP,
    UNKNOWN,
    glance,
    insists_on_keystone,
    openstack,
    running_service,
)

CREATE = ('image', 'create', '--disk-format', 'raw', '--container-format', 'bare', '-f', 'json')


@pytest.fixture(scope='module')
def service(tmp_path_factory):
    with running_service(tmp_path_factory.mktemp('glance'), GLANCE + OPENSTACK) as started:
        yield started


@pytest.fixture
def alice(service):
    return openstack(service, ALICE)


@pytest.fixture
def bob(service):
    return openstack(service, BOB)


@pytest.fixture
def disk(tmp_path):
    path = tmp_path / 'disk.img'
    path.write_bytes(DATA)
    return path


def test_an_image_is_created_set_shared_saved_and_deleted(service, alice, bob, disk, tmp_path):
    created = json.loads(alice(*CREATE, '--property', 'os=linux', '--tag', 'small', '--file', disk, 'cirros'))
    assert (created['status'], created['size'], created['owner']) == ('active', len(DATA), 'demo')
    assert (created['properties']['os'], created['tags']) == ('linux', ['small'])
    image_id = created['id']

    alice('image', 'set', '--name', 'renamed', '--property', 'team=red', '--tag', 'blue', '--protected', 'cirros')
    alice('image', 'unset', '--property', 'os', '--tag', 'small', 'renamed')
    shown = json.loads(alice('image', 'show', '-f', 'json', 'renamed'))
    assert (shown['properties']['team'], 'os' in shown['properties'], shown['tags']) == ('red', False, ['blue'])

    glance(service, ALICE)('member-create', image_id, 'other')
    glance(service, BOB)('member-update', image_id, 'other', 'accepted')
    assert json.loads(bob('image', 'list', '-f', 'json')) == [{'ID': image_id, 'Name': 'renamed', 'Status': 'active'}]
    bob('image', 'save', '--file', tmp_path / 'copy', 'renamed')
    assert (tmp_path / 'copy').read_bytes() == DATA
    assert 'it belongs to someone else' in bob.fails('image', 'set', '--name', 'mine', image_id)

    assert 'set protected to false before you delete it' in alice.fails('image', 'delete', 'renamed')
    alice('image', 'set', '--unprotected', 'renamed')
    alice('image', 'delete', 'renamed')
    assert json.loads(alice('image', 'list', '-f', 'json')) == []


@insists_on_keystone
def test_an_image_is_shared_and_accepted_by_naming_the_project(service, alice, bob, disk):
    image_id = json.loads(alice(*CREATE, '--file', disk, 'shared'))['id']
    alice('image', 'add', 'project', 'shared', 'other')
    bob('image', 'set', '--accept', '--project', 'other', image_id)
    assert [image['ID'] for image in json.loads(bob('image', 'list', '-f', 'json'))] == [image_id]
    alice('image', 'delete', 'shared')


def test_what_the_service_refuses_is_said_in_its_words(service, alice, disk):
    assert alice.fails('image', 'show', UNKNOWN) == f'No Image found for {UNKNOWN}'
    image_id = json.loads(alice(*CREATE, 'cirros'))['id']
    assert alice.fails(*CREATE, '--id', image_id, 'again').endswith(f'There is an image {image_id} already.')
    disk.write_bytes(bytes(SIZE_CAP + 1))
    assert alice.fails(*CREATE, '--file', disk, 'big').endswith(f'send at most {SIZE_CAP}.')
    assert 'This needs a token' in openstack(service, NOBODY).fails('image', 'list')
