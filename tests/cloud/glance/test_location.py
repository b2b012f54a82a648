"""Where the bytes are, and that bytes and database never tell different stories."""

import hashlib
import io

import pytest

from cloud.glance.common import exception
from cloud.oslo.db.sqlalchemy.session import DBError
from tests.cloud.glance.conftest import ADMIN, ALICE


def location(name, **metadata):
    return {'url': f'memory://{name}', 'metadata': metadata}


@pytest.fixture
def active(onion):
    """The id of an image with the data b'bytes'."""
    image_id = onion.create().image_id
    onion.upload(image_id)
    return image_id


@pytest.fixture
def replicas(onion):
    """The id of an image with three locations in the store: a, b, c."""
    onion.store.images = dict.fromkeys('abc', b'12345')
    repo, image = onion.repo(), onion.create()
    image.locations = [location(name) for name in 'abc']
    image.status = 'active'
    repo.save(image)
    return image.image_id


def test_set_data_stores_the_bytes_and_says_where_how_many_and_their_md5(onion):
    repo, image = onion.start_upload(onion.create().image_id)
    image.set_data(io.BytesIO(b'bytes'), 5)
    assert image.locations == [{'url': f'memory://{image.image_id}', 'metadata': {}, 'status': 'active'}]
    assert (image.size, image.status) == (5, 'active')
    assert image.checksum == hashlib.md5(b'bytes').hexdigest()
    assert onion.get(image.image_id).status == 'saving'
    repo.save(image)
    assert onion.get(image.image_id).status == 'active'


@pytest.mark.parametrize('size', [None, 0])
def test_an_empty_upload_is_an_image_of_0_bytes(onion, size):
    image = onion.upload(onion.create().image_id, b'', size=size)
    assert (image.size, image.status, b''.join(image.get_data())) == (0, 'active', b'')


@pytest.mark.parametrize('announced', [11, None])
def test_an_upload_beyond_the_cap_is_refused_and_leaves_no_bytes(make_onion, announced):
    onion = make_onion(image_size_cap=10)
    _repo, image = onion.start_upload(onion.create().image_id)
    with pytest.raises(exception.ImageSizeLimitExceeded):
        image.set_data(io.BytesIO(b'x' * 11), announced)
    assert onion.store.images == {}
    assert image.status == 'saving'
    image.set_data(io.BytesIO(b'x' * 10), None)


def test_a_location_that_cannot_be_looked_at_now_is_no_bad_location(onion, monkeypatch):
    def refuse(location):
        raise exception.RemoteServiceBusy

    monkeypatch.setattr(onion.store, 'get_size', refuse)
    image = onion.get(onion.create().image_id)
    with pytest.raises(exception.RemoteServiceBusy):
        image.locations.append({'url': 'memory://x', 'metadata': {}})


def test_neither_the_log_nor_a_refusal_has_the_password_of_a_location(onion, caplog):
    onion.store.images = {'me:secret@host': b'x'}
    with caplog.at_level('DEBUG'):
        repo, image = onion.repo(), onion.get(onion.create().image_id)
        image.locations = [{'url': 'memory://me:secret@host', 'metadata': {}}]
        for name, error in (('host', exception.DuplicateLocation), ('gone', exception.BadStoreUri)):
            with pytest.raises(error, match=f'memory://{name}') as caught:
                image.locations.append({'url': f'memory://me:secret@{name}', 'metadata': {}})
            assert 'secret' not in caught.value.msg
        image.status = 'active'
        repo.save(image)
        image.get_data().close()
        image.locations = []
        repo.save(image)
    assert 'deletes the data at memory://host' in caplog.text
    assert 'secret' not in caplog.text


def test_a_location_beyond_the_cap_is_refused(make_onion):
    onion = make_onion(image_size_cap=10)
    onion.store.images = {'fits': b'x' * 10, 'large': b'x' * 11}
    image = onion.get(onion.create().image_id)
    with pytest.raises(exception.ImageSizeLimitExceeded, match='11 bytes: an image may have 10'):
        image.locations.append({'url': 'memory://large', 'metadata': {}})
    image.locations.append({'url': 'memory://fits', 'metadata': {}})


@pytest.mark.parametrize('announced', [4, 6])
def test_an_upload_of_another_size_than_announced_is_refused_and_leaves_no_bytes(onion, announced):
    _repo, image = onion.start_upload(onion.create().image_id)
    with pytest.raises(exception.Invalid, match='5 came'):
        image.set_data(io.BytesIO(b'bytes'), announced)
    assert onion.store.images == {}
    assert image.status == 'saving'
    assert image.locations == []


def test_bytes_whose_save_fails_are_deleted(onion, active):
    victim = onion.create().image_id
    repo, image = onion.start_upload(victim)
    image.set_data(io.BytesIO(b'late'))
    other = onion.get(victim, ADMIN)  # deletes it meanwhile
    other.delete()
    onion.repo(ADMIN).remove(other)
    with pytest.raises(exception.GlanceException):
        repo.save(image)
    assert list(onion.store.images) == [active]


def test_the_first_copy_is_read_and_under_store_type_the_one_of_the_best_store(make_onion):
    stores = 'cloud.glance.store.memory.Store, cloud.glance.store.filesystem.Store'
    for strategy, expected in (('location_order', b'in memory'), ('store_type', b'in a file')):
        onion = make_onion(known_stores=stores, location_strategy=strategy, store_type_preference='filesystem, memory')
        api = onion.store_api
        api.scheme_map['memory'].images['a'] = b'in memory'
        image_id = onion.create().image_id
        uri = api.add_to_backend(ADMIN, 'file', image_id, io.BytesIO(b'in a file'), 9)[0]
        places = [{'url': url, 'metadata': {}, 'status': 'active'} for url in ('memory://a', uri)]
        onion.db_api.image_update(ADMIN, image_id, {'locations': places, 'status': 'active', 'size': 9})
        assert b''.join(onion.get(image_id, ADMIN).get_data()) == expected


def test_the_second_upload_to_an_image_is_refused_and_does_not_touch_the_firsts_bytes(onion):
    image_id = onion.create().image_id
    late_repo, late = onion.repo(), onion.get(image_id)
    repo, image = onion.start_upload(image_id)
    image.set_data(io.BytesIO(b'first'))
    with pytest.raises(exception.InvalidImageStatusTransition):
        onion.start_upload(image_id)
    late.status = 'saving'
    with pytest.raises(exception.Conflict):
        late_repo.save(late)
    repo.save(image)
    assert b''.join(onion.get(image_id).get_data()) == b'first'


def test_an_image_without_formats_takes_no_data(onion):
    image = onion.create(disk_format=None)
    with pytest.raises(exception.Invalid, match='disk_format'):
        image.set_data(io.BytesIO(b'bytes'))
    assert onion.store.images == {}


def test_get_data_opens_the_first_location_that_can_be_opened(onion, replicas, caplog):
    onion.store.images['b'] = b'second'
    assert b''.join(onion.get(replicas).get_data()) == b'12345'
    del onion.store.images['a']
    assert b''.join(onion.get(replicas).get_data()) == b'second'
    assert any('cannot be read at one of its places' in line for line in caplog.messages)


def test_get_data_of_an_image_whose_bytes_are_nowhere_says_what_the_last_store_said(onion, replicas, monkeypatch):
    def get(location):
        raise exception.RemoteServiceUnavailable(location.get_uri())

    monkeypatch.setattr(onion.store, 'get', get)
    with pytest.raises(exception.RemoteServiceUnavailable, match='memory://c'):
        onion.get(replicas).get_data()


def test_get_data_of_a_queued_image_is_not_found(onion):
    with pytest.raises(exception.NotFound, match='no data'):
        onion.create().get_data()


def test_delete_deletes_the_bytes_of_all_locations(onion, replicas):
    onion.store.images['other'] = b'stays'
    image = onion.get(replicas)
    image.delete()
    onion.repo().remove(image)
    assert onion.store.images == {'other': b'stays'}


def test_delete_of_a_protected_image_keeps_the_bytes(onion, active):
    image = onion.get(active)
    image.protected = True
    with pytest.raises(exception.ProtectedImageDelete):
        image.delete()
    assert onion.store.images


def test_delete_with_delayed_delete_leaves_the_bytes_to_the_scrubber(make_onion):
    onion = make_onion(delayed_delete=True)
    image = onion.upload(onion.create().image_id)
    image.delete()
    onion.repo().remove(image)
    assert image.status == 'pending_delete'
    assert [each['status'] for each in image.locations] == ['pending_delete']
    assert onion.store.images
    assert onion.repo().list() == []


def test_delete_is_refused_while_the_store_says_in_use_and_the_image_stays(onion, active, monkeypatch):
    def delete(location):
        raise exception.InUseByStore()

    before = onion.get(active)
    monkeypatch.setattr(onion.store, 'delete', delete)
    image = onion.get(active)
    image.delete()
    with pytest.raises(exception.InUseByStore):
        onion.repo().remove(image)
    after = onion.get(active)
    assert after.status == 'active'
    assert [each['url'] for each in after.locations] == [each['url'] for each in before.locations]
    assert (after.tags, after.extra_properties) == (before.tags, before.extra_properties)


def test_the_row_goes_before_the_bytes(onion, active, monkeypatch):
    def fail(*args, **kwargs):
        raise DBError('disk full')

    monkeypatch.setattr(onion.db_api, 'image_destroy', fail)
    image = onion.get(active)
    image.delete()
    with pytest.raises(DBError):
        onion.repo().remove(image)
    monkeypatch.undo()
    assert b''.join(onion.get(active).get_data()) == b'bytes'
    assert onion.get(active).status == 'active'


@pytest.mark.parametrize('error', [exception.NotFound(), NotImplementedError()])
def test_a_store_that_cannot_delete_or_has_nothing_to_delete_is_only_logged(onion, active, monkeypatch, caplog, error):
    def delete(location):
        raise error

    monkeypatch.setattr(onion.store, 'delete', delete)
    image = onion.get(active)
    image.delete()
    onion.repo().remove(image)
    assert any(active in line and 'not deleted' in line for line in caplog.messages)


def test_a_location_brings_the_size_that_its_store_says(onion):
    onion.store.images['a'] = b'12345'
    image = onion.create()
    image.locations.append({'url': 'memory://a', 'metadata': {'k': 'v'}})
    assert image.size == 5
    assert image.locations == [{'url': 'memory://a', 'metadata': {'k': 'v'}, 'status': 'active'}]


@pytest.mark.parametrize('url', ['memory://nothing', 'memory://empty', 'odd://x', 'no url', '', 'http://127.0.0.1:1/x'])
def test_a_location_without_a_store_or_without_data_is_invalid(onion, url):
    onion.store.images['empty'] = b''
    image = onion.create()
    with pytest.raises(exception.BadStoreUri):
        image.locations = [{'url': url, 'metadata': {}}]
    assert image.locations == []
    assert image.size is None


@pytest.mark.parametrize('scheme', ['file', 'filesystem'])
def test_a_file_of_the_service_is_no_location(make_onion, tmp_path, scheme):
    stores = 'cloud.glance.store.memory.Store, cloud.glance.store.filesystem.Store'
    onion = make_onion(known_stores=stores, filesystem_store_datadir=tmp_path)
    (tmp_path / 'secret').write_text('secret')
    with pytest.raises(exception.BadStoreUri):
        onion.create().locations.append({'url': f'{scheme}://{tmp_path}/secret', 'metadata': {}})


@pytest.mark.parametrize('value', [None, 'memory://a', {}, {'url': 7}, {'url': 'memory://a', 'metadata': 'x'}, ['a']])
def test_a_location_is_an_object_with_url_and_metadata(onion, value):
    onion.store.images['a'] = b'x'
    with pytest.raises(exception.BadStoreUri):
        onion.create().locations.append(value)


@pytest.mark.parametrize('value', [None, 'memory://a', 7, {'a': 'b'}])
def test_locations_are_a_list(onion, value):
    with pytest.raises(exception.Invalid):
        onion.create().locations = value


def test_the_same_url_and_metadata_twice_are_refused_but_the_same_url_is_not(onion):
    onion.store.images['a'] = b'x'
    image = onion.create()
    image.locations = [location('a')]
    image.locations += [location('a', replica='2')]
    with pytest.raises(exception.DuplicateLocation):
        image.locations.append(location('a'))
    with pytest.raises(exception.DuplicateLocation):
        onion.create().locations = [location('a'), location('a')]
    assert issubclass(exception.DuplicateLocation, exception.Invalid)


def test_a_list_replaces_only_an_empty_one(onion, replicas):
    with pytest.raises(exception.Invalid):
        onion.get(replicas).locations = [location('a')]
    with pytest.raises(exception.Invalid):
        onion.get(replicas).locations[0] = location('b', x='y')


def test_a_removed_location_loses_its_bytes_once_the_image_is_saved(onion, replicas):
    image = onion.get(replicas)
    image.locations.pop(0)
    assert sorted(onion.store.images) == ['a', 'b', 'c']  # a refused request must not have deleted anything
    onion.repo().save(image)
    assert sorted(onion.store.images) == ['b', 'c']
    assert [each['url'] for each in onion.get(replicas).locations] == ['memory://b', 'memory://c']


def test_bytes_of_a_removed_location_stay_if_the_save_is_refused(onion, replicas):
    image, other = onion.get(replicas), onion.get(replicas)
    image.locations = []
    image.status = 'queued'
    other.locations = []
    other.status = 'queued'
    other.min_disk = 1
    onion.repo().save(image)
    onion.store.images['a'] = b'new'
    with pytest.raises(exception.Conflict):
        onion.repo().save(other)
    assert onion.store.images == {'a': b'new'}


def test_an_empty_list_deletes_all_bytes_and_forgets_the_checksum(onion, active):
    image = onion.get(active)
    image.locations = []
    image.status = 'queued'
    onion.repo().save(image)
    image = onion.get(active)
    assert (image.locations, image.checksum, image.size, image.status) == ([], None, None, 'queued')
    assert onion.store.images == {}
    onion.upload(active, b'again')


def test_a_store_that_refuses_after_the_save_is_only_logged(onion, active, monkeypatch, caplog):
    def delete(location):
        raise exception.InUseByStore()

    monkeypatch.setattr(onion.store, 'delete', delete)
    image = onion.get(active)
    image.locations = []
    image.status = 'queued'
    onion.repo().save(image)
    assert any('stays behind' in line for line in caplog.messages)


def test_slices_of_locations_can_be_removed(onion, replicas):
    image = onion.get(replicas)
    del image.locations[1:]
    onion.repo().save(image)
    assert list(onion.store.images) == ['a']


def test_the_stores_hear_at_each_save_who_may_read(onion, active):
    url = f'memory://{active}'
    assert onion.store.acls == {url: {'public': False, 'read_tenants': []}}
    image = onion.get(active)
    image.visibility = 'public'
    onion.repo().save(image)
    assert onion.store.acls == {url: {'public': True, 'read_tenants': []}}


def test_the_stores_hear_of_members_who_come_and_go(onion, active):
    onion.share(active, 'beta')
    onion.share(active, 'gamma')
    acl = onion.store.acls[f'memory://{active}']
    assert acl['public'] is False
    assert sorted(acl['read_tenants']) == ['beta', 'gamma']
    repo = onion.get(active).get_member_repo()
    repo.remove(repo.get('gamma'))
    assert onion.store.acls[f'memory://{active}']['read_tenants'] == ['beta']


def test_acls_are_set_after_a_save_once_the_database_has_agreed(onion, active, monkeypatch):
    calls = []
    monkeypatch.setattr(onion.store_api, 'set_acls', lambda *args, **kwargs: calls.append((args, kwargs)))
    onion.create()
    assert calls == []  # nothing is stored anywhere yet
    late = onion.get(active)
    image = onion.get(active)
    image.locations = []
    image.status = 'queued'
    onion.repo().save(image)
    onion.upload(active)
    assert calls == [((ALICE, f'memory://{active}'), {'public': False, 'read_tenants': []})]
    late.delete()
    late.stored_status = 'queued'
    with pytest.raises(exception.Conflict):
        onion.repo().save(late)
    assert len(calls) == 1
