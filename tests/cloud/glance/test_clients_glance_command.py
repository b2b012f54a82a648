"""The command `glance`, of python-glanceclient, against a real server."""

import pytest

from tests.cloud.glance.clients import (
    ALICE,
    BOB,
    DATA,
    GLANCE,
    NOBODY,
    SIZE_CAP,
    UNKNOWN,
    glance,
    read_properties,
    read_rows,
    running_service,
)

CREATE = ('image-create', '--disk-format', 'raw', '--container-format', 'bare')


@pytest.fixture(scope='module')
def service(tmp_path_factory):
    with running_service(tmp_path_factory.mktemp('glance'), GLANCE) as started:
        yield started


@pytest.fixture
def alice(service):
    return glance(service, ALICE)


@pytest.fixture
def bob(service):
    return glance(service, BOB)


@pytest.fixture
def disk(tmp_path):
    path = tmp_path / 'disk.img'
    path.write_bytes(DATA)
    return path


def test_an_image_is_created_changed_shared_accepted_downloaded_and_deleted(alice, bob, disk, tmp_path):
    created = read_properties(alice(*CREATE, '--name', 'cirros', '--property', 'os=linux', '--file', disk))
    assert (created['status'], created['size'], created['owner']) == ('active', str(len(DATA)), 'demo')
    image_id = created['id']

    updated = alice('image-update', '--name', 'renamed', '--property', 'team=red', '--remove-property', 'os', image_id)
    assert read_properties(updated)['team'] == 'red'
    alice('image-tag-update', image_id, 'small')
    shown = read_properties(alice('image-show', image_id))
    assert (shown['name'], shown['tags'], 'os' in shown) == ('renamed', '["small"]', False)

    [member] = read_rows(alice('member-create', image_id, 'other'))
    assert member == {'Image ID': image_id, 'Member ID': 'other', 'Status': 'pending'}
    assert read_rows(bob('image-list')) == []
    [member] = read_rows(bob('member-update', image_id, 'other', 'accepted'))
    assert member['Status'] == 'accepted'
    assert read_rows(bob('image-list')) == [{'ID': image_id, 'Name': 'renamed'}]
    bob('image-download', '--file', tmp_path / 'copy', image_id)
    assert (tmp_path / 'copy').read_bytes() == DATA
    assert 'not permitted to delete the image' in bob.fails('image-delete', image_id)

    alice('image-update', '--protected', 'True', image_id)
    assert 'not permitted to delete the image' in alice.fails('image-delete', image_id)
    alice('image-update', '--protected', 'False', image_id)
    alice('image-delete', image_id)
    assert read_rows(alice('image-list')) == []


def test_what_the_service_refuses_is_said_in_its_words(alice, disk, service):
    assert alice.fails('image-show', UNKNOWN).endswith(f'There is no image {UNKNOWN}.')
    image_id = read_properties(alice(*CREATE, '--file', disk))['id']
    assert alice.fails(*CREATE, '--file', disk, '--id', image_id).endswith(f'There is an image {image_id} already.')
    disk.write_bytes(bytes(SIZE_CAP + 1))
    assert alice.fails(*CREATE, '--file', disk).endswith(f'send at most {SIZE_CAP}.')
    assert glance(service, NOBODY).fails('image-list') == 'Invalid OpenStack Identity credentials.'


def test_what_the_command_asks_for_before_it_does_anything_is_there(alice, service):
    """It makes its options out of these documents, and keeps them in ~/.glanceclient."""
    assert 'disk_format' in alice('explain', 'image')
    log = service.log()
    for document in ('/versions', '/v2/schemas/metadefs/namespace', '/v2/schemas/metadefs/resource_type'):
        assert f'"GET {document} HTTP/1.1" 200' in log


def test_a_list_is_sorted_by_several_keys_and_filtered_by_one_of_several_names(alice):
    for name, ram in (('sorted-a', '1'), ('sorted-b', '2'), ('sorted-a', '3')):
        alice(*CREATE, '--name', name, '--min-ram', ram, '--property', 'kind=sorted')
    listed = ('image-list', '--property-filter', 'kind=sorted')

    def names_of(*options):
        return [row['Name'] for row in read_rows(alice(*listed, *options))]

    assert names_of('--sort', 'name:desc,created_at:asc') == ['sorted-b', 'sorted-a', 'sorted-a']
    assert names_of('--sort-key', 'name', '--sort-key', 'size', '--sort-dir', 'asc', '--limit', '1') == ['sorted-a']
    assert names_of('--property-filter', 'name=in:sorted-b,other') == ['sorted-b']
    assert names_of('--property-filter', 'created_at=gt:2999-01-01T00:00:00Z') == []
