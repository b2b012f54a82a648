"""openstacksdk's image proxy against a real server."""

import hashlib
import os

import pytest
from openstack import exceptions

from tests.cloud.glance.clients import ALICE, BOB, DATA, FORMATS, NOBODY, SIZE_CAP, UNKNOWN, connection, running_service

# The SDK uses, in these two modules of its own, what it has deprecated itself.
pytestmark = [
    pytest.mark.filterwarnings('ignore::PendingDeprecationWarning:openstack.proxy'),
    pytest.mark.filterwarnings('ignore::PendingDeprecationWarning:openstack.resource'),
]


@pytest.fixture(scope='module')
def service(tmp_path_factory):
    with running_service(tmp_path_factory.mktemp('glance')) as started:
        yield started


@pytest.fixture(scope='module')
def alice(service):
    with connection(service, ALICE) as connected:
        yield connected.image


@pytest.fixture(scope='module')
def bob(service):
    with connection(service, BOB) as connected:
        yield connected.image


@pytest.fixture
def image(alice):
    """Alice's, with DATA."""
    created = alice.create_image('cirros', data=DATA, allow_duplicates=True, **FORMATS)
    return alice.get_image(created)


def ids(images):
    return [image.id for image in images]


def test_an_image_is_created_with_its_data_and_downloaded_with_the_same_bytes(alice, tmp_path):
    created = alice.create_image('first', data=DATA, os_distro='debian', team='red', tags=['small'], **FORMATS)
    shown = alice.get_image(created)
    assert (shown.status, shown.size, shown.owner) == ('active', len(DATA), 'demo')
    assert (shown.os_distro, shown.properties['team'], shown.tags) == ('debian', 'red', ['small'])
    assert shown.checksum == hashlib.md5(DATA).hexdigest()
    assert alice.download_image(shown).content == DATA
    alice.download_image(shown, output=str(tmp_path / 'copy'))
    assert (tmp_path / 'copy').read_bytes() == DATA


def test_an_image_is_found_by_its_name_and_by_its_id(alice, image):
    renamed = alice.update_image(image, name='of this name there is one')
    assert alice.find_image('of this name there is one').id == renamed.id
    assert alice.find_image(image.id).id == image.id
    assert alice.find_image('of this name there is none') is None


def test_a_list_is_filtered_sorted_and_paged(alice):
    for name in ('b', 'c', 'a'):
        alice.create_image(name, tags=['listed'], data=b'x', **FORMATS)
    assert [i.name for i in alice.images(tag='listed')] == ['a', 'c', 'b']
    assert [i.name for i in alice.images(tag='listed', sort_key='name', sort_dir='asc', limit=1)] == ['a', 'b', 'c']
    assert [i.name for i in alice.images(tag='listed', name='b')] == ['b']
    assert list(alice.images(tag='listed', size_min=2)) == []


def test_properties_are_set_changed_and_removed(alice, image):
    alice.update_image(image, name='renamed', min_disk=2, os_version='12', team='red')
    shown = alice.get_image(image)
    assert (shown.name, shown.min_disk, shown.os_version, shown.properties['team']) == ('renamed', 2, '12', 'red')
    alice.update_image(shown, properties={'place': 'here'})
    shown = alice.get_image(image)
    assert (shown.name, shown.os_version, shown.properties) == ('renamed', '12', {'place': 'here'})


def test_tags_come_and_go(alice, image):
    alice.add_tag(image, 'small')
    assert alice.get_image(image).tags == ['small']
    alice.remove_tag(image, 'small')
    assert alice.get_image(image).tags == []
    with pytest.raises(exceptions.NotFoundException, match='has no tag small'):
        alice.remove_tag(image, 'small')


def test_a_shared_image_is_offered_accepted_listed_and_downloaded(alice, bob, image):
    with pytest.raises(exceptions.NotFoundException):
        bob.get_image(image)
    assert alice.add_member(image, member_id='other').status == 'pending'
    assert image.id not in ids(bob.images())
    assert ids(bob.images(visibility='shared', member_status='pending')) == [image.id]
    bob.update_member('other', image, status='accepted')
    assert image.id in ids(bob.images())
    assert [(member.member_id, member.status) for member in alice.members(image)] == [('other', 'accepted')]
    assert bob.download_image(image).content == DATA
    alice.remove_member('other', image)
    assert image.id not in ids(bob.images())


def test_whom_an_image_is_shared_with_may_read_it_only(alice, bob, image):
    alice.add_member(image, member_id='other')
    with pytest.raises(exceptions.ForbiddenException, match='it belongs to someone else'):
        bob.update_image(image.id, name='mine')
    with pytest.raises(exceptions.ForbiddenException, match='it belongs to someone else'):
        bob.delete_image(image)
    assert alice.get_image(image).name == 'cirros'


def test_a_protected_image_is_deleted_only_after_its_protection_is_gone(alice, image):
    protected = alice.update_image(image, is_protected=True)
    with pytest.raises(exceptions.ForbiddenException, match='set protected to false before you delete it'):
        alice.delete_image(image)
    alice.update_image(protected, is_protected=False)
    alice.delete_image(image)
    assert image.id not in ids(alice.images())


def test_what_is_not_there_is_404(alice):
    with pytest.raises(exceptions.NotFoundException, match=f'There is no image {UNKNOWN}'):
        alice.get_image(UNKNOWN)
    with pytest.raises(exceptions.NotFoundException, match=f'There is no image {UNKNOWN}'):
        alice.delete_image(UNKNOWN, ignore_missing=False)


def test_what_is_there_already_is_409(alice, image):
    with pytest.raises(exceptions.ConflictException, match=f'There is an image {image.id} already'):
        alice.create_image('again', id=image.id, allow_duplicates=True)
    alice.add_member(image, member_id='other')
    with pytest.raises(exceptions.ConflictException, match='other is a member of the image already'):
        alice.add_member(image, member_id='other')


def test_too_much_data_is_413_and_the_sdk_takes_its_image_away(alice):
    with pytest.raises(exceptions.HttpException, match=f'send at most {SIZE_CAP}') as refused:
        alice.create_image('too big', data=os.urandom(SIZE_CAP + 1), **FORMATS)
    assert refused.value.status_code == 413
    assert alice.find_image('too big') is None


def test_an_unknown_token_is_401(service):
    with (
        connection(service, NOBODY) as nobody,
        pytest.raises(exceptions.HttpException, match='needs a token') as refused,
    ):
        list(nobody.image.images())
    assert refused.value.status_code == 401


def test_the_sdk_discovers_the_newest_version_of_the_api(alice):
    assert alice.get_endpoint_data().api_version == (2, 15)
