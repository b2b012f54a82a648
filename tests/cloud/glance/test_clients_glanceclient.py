"""python-glanceclient's library, API v2, against a real server."""

import io
import os

import glanceclient
import pytest
from glanceclient import exc
from keystoneauth1.session import Session
from keystoneauth1.token_endpoint import Token

from tests.cloud.glance.clients import (
    ALICE,
    BOB,
    DATA,
    FORMATS,
    NOBODY,
    SIZE_CAP,
    UNKNOWN,
    python_client,
    running_service,
)


@pytest.fixture(scope='module')
def service(tmp_path_factory):
    with running_service(tmp_path_factory.mktemp('glance')) as started:
        yield started


@pytest.fixture(scope='module')
def alice(service):
    with python_client(service, ALICE) as client:
        yield client


@pytest.fixture(scope='module')
def bob(service):
    with python_client(service, BOB) as client:
        yield client


@pytest.fixture
def image(alice):
    """Alice's, with DATA."""
    created = alice.images.create(name='cirros', **FORMATS)
    alice.images.upload(created.id, io.BytesIO(DATA))
    return created


@pytest.fixture
def shared(alice, bob, image):
    """The same, shared with Bob's tenant, who has accepted it."""
    alice.image_members.create(image.id, 'other')
    bob.image_members.update(image.id, 'other', 'accepted')
    return image


def download(client, image):
    return b''.join(client.images.data(image.id))


def ids(images):
    return [image.id for image in images]


def names(client, tag, filters=(), **options):
    filters = {'tag': [tag], **dict(filters)}
    return [image.name for image in client.images.list(filters=filters, **options)]


def test_an_image_is_created_uploaded_shown_and_downloaded_with_the_same_bytes(alice):
    created = alice.images.create(name='cirros', os='linux', tags=['small'], **FORMATS)
    assert (created.status, created.owner, created.visibility) == ('queued', 'demo', 'private')
    alice.images.upload(created.id, io.BytesIO(DATA))
    shown = alice.images.get(created.id)
    assert (shown.status, shown.size, shown.os, shown.tags) == ('active', len(DATA), 'linux', ['small'])
    assert download(alice, created) == DATA


def test_an_image_without_data_downloads_as_nothing(alice):
    assert alice.images.data(alice.images.create().id).wrapped is None


def test_a_list_is_filtered_and_sorted(alice):
    for name, min_ram in (('b', 1), ('c', 3), ('a', 2)):
        alice.images.create(name=name, min_ram=min_ram, tags=['sorted'], os=f'os-{name}')
    assert names(alice, 'sorted') == ['a', 'c', 'b']
    assert names(alice, 'sorted', sort_key='name', sort_dir='asc') == ['a', 'b', 'c']
    assert names(alice, 'sorted', sort_key='min_ram', sort_dir='desc') == ['c', 'a', 'b']
    assert names(alice, 'sorted', {'name': 'b'}) == ['b']
    assert names(alice, 'sorted', {'os': 'os-c'}) == ['c']
    assert names(alice, 'sorted', {'min_ram_min': 2}) == ['a', 'c']
    assert names(alice, 'sorted', {'status': 'active'}) == []


def test_a_list_is_paged_to_its_end(alice):
    created = [alice.images.create(tags=['paged']).id for _ in range(5)]
    newest_first = created[::-1]
    for page_size in (2, 5, 20):
        assert ids(alice.images.list(page_size=page_size, filters={'tag': ['paged']})) == newest_first
    assert ids(alice.images.list(limit=3, filters={'tag': ['paged']})) == newest_first[:3]
    assert ids(alice.images.list(marker=newest_first[2], filters={'tag': ['paged']})) == newest_first[3:]


def test_properties_are_set_changed_and_removed(alice, image):
    alice.images.update(image.id, name='renamed', min_ram=64, os='linux', version='1')
    updated = alice.images.update(image.id, remove_props=['os'], version='2')
    assert (updated.name, updated.min_ram, updated.version) == ('renamed', 64, '2')
    assert 'os' not in alice.images.get(image.id)


def test_tags_come_and_go(alice, image):
    alice.image_tags.update(image.id, 'small')
    alice.image_tags.update(image.id, 'blue sky')
    assert alice.images.get(image.id).tags == ['blue sky', 'small']
    alice.image_tags.delete(image.id, 'small')
    assert alice.images.get(image.id).tags == ['blue sky']


def test_text_of_any_script_goes_in_and_out(alice):
    name, tag = '\u540d\u524d', 'sch\u00f6n'
    created = alice.images.create(name=name, **{'schl\u00fcssel/1~2': '\U0001f600'})
    alice.image_tags.update(created.id, tag)
    [found] = alice.images.list(filters={'name': name, 'tag': [tag]})
    assert (found.id, found['schl\u00fcssel/1~2']) == (created.id, '\U0001f600')
    changed = alice.images.update(created.id, **{'schl\u00fcssel/1~2': '\u00e9'})
    assert changed['schl\u00fcssel/1~2'] == '\u00e9'


def test_a_shared_image_is_offered_accepted_listed_and_downloaded(alice, bob, image):
    with pytest.raises(exc.HTTPNotFound):
        bob.images.get(image.id)
    assert alice.image_members.create(image.id, 'other').status == 'pending'
    assert image.id not in ids(bob.images.list())
    offered = {'visibility': 'shared', 'member_status': 'pending'}
    assert ids(bob.images.list(filters=offered)) == [image.id]
    assert bob.image_members.update(image.id, 'other', 'accepted').status == 'accepted'
    assert image.id in ids(bob.images.list())
    assert [(m.member_id, m.status) for m in alice.image_members.list(image.id)] == [('other', 'accepted')]
    assert download(bob, image) == DATA


def test_an_image_that_is_no_longer_shared_is_gone_for_the_other_tenant(alice, bob, shared):
    alice.image_members.delete(shared.id, 'other')
    assert shared.id not in ids(bob.images.list())
    with pytest.raises(exc.HTTPNotFound):
        bob.images.data(shared.id)


def test_whom_an_image_is_shared_with_may_read_it_only(alice, bob, shared):
    for attempt in (
        lambda: bob.images.update(shared.id, name='mine'),
        lambda: bob.images.upload(shared.id, io.BytesIO(b'mine')),
        lambda: bob.image_tags.update(shared.id, 'mine'),
        lambda: bob.image_members.create(shared.id, 'third'),
        lambda: bob.image_members.delete(shared.id, 'other'),
        lambda: bob.images.delete(shared.id),
    ):
        with pytest.raises(exc.HTTPForbidden):
            attempt()
    shown = alice.images.get(shared.id)
    assert (shown.name, shown.tags) == ('cirros', [])
    assert download(alice, shared) == DATA


def test_the_owner_does_not_accept_for_the_other_tenant(alice, image):
    alice.image_members.create(image.id, 'other')
    with pytest.raises(exc.HTTPForbidden, match='Only the member may accept or reject an image'):
        alice.image_members.update(image.id, 'other', 'accepted')


def test_a_protected_image_is_deleted_only_after_its_protection_is_gone(alice, image):
    alice.images.update(image.id, protected=True)
    with pytest.raises(exc.HTTPForbidden, match='is protected: set protected to false before you delete it'):
        alice.images.delete(image.id)
    assert download(alice, image) == DATA
    alice.images.update(image.id, protected=False)
    alice.images.delete(image.id)
    assert image.id not in ids(alice.images.list())
    with pytest.raises(exc.HTTPNotFound, match=f'There is no image {image.id}'):
        alice.images.get(image.id)


def test_what_is_not_there_is_404(alice):
    for attempt in (
        lambda: alice.images.get(UNKNOWN),
        lambda: alice.images.data(UNKNOWN),
        lambda: alice.images.delete(UNKNOWN),
        lambda: alice.images.update(UNKNOWN, name='x'),
        lambda: alice.image_members.create(UNKNOWN, 'other'),
        lambda: list(alice.image_members.list(UNKNOWN)),
    ):
        with pytest.raises(exc.HTTPNotFound, match=f'There is no image {UNKNOWN}'):
            attempt()


def test_what_is_there_already_is_409(alice, image):
    alice.image_members.create(image.id, 'other')
    for attempt, message in (
        (lambda: alice.images.create(id=image.id), f'There is an image {image.id} already'),
        (lambda: alice.image_members.create(image.id, 'other'), 'other is a member of the image already'),
        (lambda: alice.images.upload(image.id, io.BytesIO(b'again')), 'The image is active'),
    ):
        with pytest.raises(exc.HTTPConflict, match=message):
            attempt()
    assert download(alice, image) == DATA


def test_what_is_not_for_everyone_is_403(alice, image):
    with pytest.raises(exc.HTTPForbidden, match='publicize_image'):
        alice.images.update(image.id, visibility='public')
    with pytest.raises(exc.HTTPForbidden, match='Only an admin may give an image to someone else'):
        alice.images.update(image.id, owner='other')
    with pytest.raises(exc.HTTPForbidden, match='disk_format can only be changed while it is queued'):
        alice.images.update(image.id, disk_format='qcow2')
    assert alice.images.get(image.id).visibility == 'private'


def test_too_much_data_is_413_and_the_image_waits_for_less(alice):
    image = alice.images.create(**FORMATS)
    with pytest.raises(exc.HTTPOverLimit, match=f'send at most {SIZE_CAP}'):
        alice.images.upload(image.id, io.BytesIO(os.urandom(SIZE_CAP + 1)))
    assert alice.images.get(image.id).status == 'queued'
    alice.images.upload(image.id, io.BytesIO(bytes(SIZE_CAP)))
    assert alice.images.get(image.id).size == SIZE_CAP


def test_an_unknown_token_is_401(service):
    with python_client(service, NOBODY) as nobody, pytest.raises(exc.HTTPUnauthorized, match='This needs a token'):
        list(nobody.images.list())


def test_the_client_refuses_by_our_schema_before_it_asks(service, alice):
    asked = service.log().count('POST /v2/images')
    with pytest.raises(TypeError, match='is not one of'):
        alice.images.create(disk_format='floppy')
    assert service.log().count('POST /v2/images') == asked


def test_the_client_finds_its_way_with_a_session_too(service, image):
    session = Session(auth=Token(service.url, ALICE))
    client = glanceclient.Client('2', session=session)
    assert client.images.get(image.id).name == 'cirros'
    assert download(client, image) == DATA
