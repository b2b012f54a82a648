"""How much an image, and an owner, may have."""

import io
import threading

import pytest

from cloud.glance.common import exception
from cloud.glance.common.utils import LimitingReader, Stretch
from tests.cloud.glance.conftest import ADMIN, ALICE, BOB
from tests.waiting import join


def properties(count):
    return {f'p{number}': 'x' for number in range(count)}


def location(name):
    return {'url': f'memory://{name}', 'metadata': {}}


class Chunks:
    """Data of a given size whose length nobody knows beforehand; calls before_end() when all of it has been read."""

    def __init__(self, size, before_end=lambda: None):
        self.file = io.BytesIO(b'x' * size)
        self.before_end = before_end

    def read(self, size=-1):
        chunk = self.file.read(min(size, 4) if size >= 0 else 4)
        if not chunk:
            self.before_end()
        return chunk


def test_the_property_quota_is_checked_when_an_image_is_added(make_onion):
    onion = make_onion(image_property_quota=2)
    onion.create(extra_properties=properties(2))
    with pytest.raises(exception.ImagePropertyLimitExceeded, match='3 properties: it may have 2'):
        onion.create(extra_properties=properties(3))
    assert len(onion.repo().list()) == 1
    assert issubclass(exception.ImagePropertyLimitExceeded, exception.LimitExceeded)


def test_the_property_quota_is_checked_at_a_save_only_if_there_are_new_names(make_onion):
    onion = make_onion()
    image_id = onion.create(extra_properties=properties(4)).image_id
    onion.options.image_property_quota = 2  # lowered later
    image = onion.get(image_id)
    image.extra_properties['p0'] = 'changed'
    del image.extra_properties['p1']
    onion.repo().save(image)
    image = onion.get(image_id)
    image.extra_properties['new'] = 'x'
    with pytest.raises(exception.ImagePropertyLimitExceeded):
        onion.repo().save(image)
    assert onion.get(image_id).extra_properties == {'p0': 'changed', 'p2': 'x', 'p3': 'x'}


def test_a_negative_quota_is_none(make_onion):
    names = ('image_property_quota', 'image_tag_quota', 'image_location_quota', 'image_member_quota')
    onion = make_onion(**dict.fromkeys(names, -1))
    onion.store.images = {str(number): b'x' for number in range(20)}
    image = onion.create(extra_properties=properties(200), tags=[str(number) for number in range(200)])
    image.locations = [location(number) for number in range(20)]
    onion.repo().save(image)
    onion.share(image.image_id)


def test_the_tag_quota_holds_at_creation_for_each_tag_and_for_all_at_once(make_onion):
    onion = make_onion(image_tag_quota=2)
    with pytest.raises(exception.ImageTagLimitExceeded):
        onion.create(tags=['a', 'b', 'c'])
    image = onion.create(tags=['a', 'a', 'b'])
    image.tags.add('a')
    for change in (
        lambda: image.tags.add('c'),
        lambda: image.tags.update(['c']),
        lambda: setattr(image, 'tags', ['x', 'y', 'z']),
    ):
        with pytest.raises(exception.ImageTagLimitExceeded):
            change()
    with pytest.raises(exception.ImageTagLimitExceeded):
        image.tags |= {'c'}
    assert image.tags == {'a', 'b'}
    image.tags -= {'a'}
    image.tags |= {'c'}
    onion.repo().save(image)
    assert onion.get(image.image_id).tags == {'b', 'c'}
    image.tags = ['x', 'x', 'y']
    assert image.tags == {'x', 'y'}


def test_the_location_quota_holds_for_each_location_and_for_all_at_once(make_onion):
    onion = make_onion(image_location_quota=2)
    onion.store.images = dict.fromkeys('abc', b'x')
    image = onion.create()
    with pytest.raises(exception.ImageLocationLimitExceeded):
        image.locations = [location(name) for name in 'abc']
    assert image.locations == []
    image.locations = [location('a')]
    image.locations += [location('b')]
    for add in (image.locations.append, lambda value: image.locations.insert(0, value)):
        with pytest.raises(exception.ImageLocationLimitExceeded):
            add(location('c'))
    assert [each['url'] for each in image.locations] == ['memory://a', 'memory://b']


def test_the_member_quota_counts_what_it_is_told(make_onion):
    quotas = make_onion(image_member_quota=1).gateway.quotas
    quotas.check_member_count(1)
    with pytest.raises(exception.ImageMemberLimitExceeded, match='would have 2 members: it may have 1'):
        quotas.check_member_count(2)
    make_onion(image_member_quota=-1).gateway.quotas.check_member_count(1000)


def test_the_member_quota_holds_when_a_member_is_made(make_onion):
    onion = make_onion(image_member_quota=1)
    image_id = onion.create().image_id
    onion.share(image_id, 'beta')
    with pytest.raises(exception.ImageMemberLimitExceeded):
        onion.share(image_id, 'gamma')
    assert [member.member_id for member in onion.get(image_id).get_member_repo().list()] == ['beta']


def test_an_upload_that_announces_too_much_is_refused_unread(make_onion):
    onion = make_onion(user_storage_quota='10B')
    onion.upload(onion.create().image_id, b'x' * 8)
    _repo, image = onion.start_upload(onion.create().image_id)
    data = io.BytesIO(b'xxx')
    with pytest.raises(exception.StorageQuotaFull, match='2 are left'):
        image.set_data(data, 3)
    assert data.tell() == 0
    image.set_data(io.BytesIO(b'xx'), 2)


def test_an_upload_that_announces_nothing_is_cut_off_where_the_room_ends(make_onion):
    onion = make_onion(user_storage_quota='10B')
    _repo, image = onion.start_upload(onion.create().image_id)
    data = Chunks(100)
    with pytest.raises(exception.StorageQuotaFull):
        image.set_data(data)
    assert data.file.tell() == 12  # the chunk that was too much is the last one read
    assert onion.store.images == {}


def test_usage_is_counted_by_owner_and_the_image_itself_not_counted(make_onion):
    onion = make_onion(user_storage_quota='10B')
    onion.upload(onion.create().image_id, b'x' * 10)
    onion.upload(onion.create(BOB).image_id, b'x' * 10, BOB)
    image = onion.repo().list()[0]
    image.name = 'a save that brings no bytes is not asked'
    onion.repo().save(image)


def test_the_bytes_count_for_the_owner_of_the_image_whoever_uploads_them(make_onion):
    onion = make_onion(user_storage_quota='10B')
    onion.upload(onion.create().image_id, b'x' * 8)
    with pytest.raises(exception.StorageQuotaFull):
        onion.upload(onion.create().image_id, b'x' * 8, ADMIN)


def test_deleted_images_leave_their_room_to_others(make_onion):
    onion = make_onion(user_storage_quota='10B')
    image = onion.upload(onion.create().image_id, b'x' * 10)
    image.delete()
    onion.repo().remove(image)
    onion.upload(onion.create().image_id, b'x' * 10)


def test_who_finds_the_room_taken_when_their_bytes_are_there_loses_them(make_onion):
    onion = make_onion(user_storage_quota='10B')
    first, second = onion.create().image_id, onion.create().image_id
    repo, image = onion.start_upload(second)
    with pytest.raises(exception.StorageQuotaFull):
        image.set_data(Chunks(8, before_end=lambda: onion.upload(first, b'x' * 8)))
    assert list(onion.store.images) == [first]
    image.status = 'queued'
    repo.save(image)
    assert (onion.get(second).status, onion.get(second).locations) == ('queued', [])


def test_who_finds_the_room_taken_at_the_save_loses_their_bytes_too(make_onion):
    onion = make_onion(user_storage_quota='10B')
    first, second = onion.create().image_id, onion.create().image_id
    repo, image = onion.start_upload(second)
    image.set_data(Chunks(8))
    onion.upload(first, b'x' * 8)
    with pytest.raises(exception.StorageQuotaFull):
        repo.save(image)
    assert list(onion.store.images) == [first]
    assert (onion.get(second).status, onion.get(second).locations) == ('saving', [])
    image.status = 'queued'
    repo.save(image)
    assert onion.get(second).status == 'queued'


def test_uploads_at_once_never_end_over_the_quota(make_onion):
    """Every upload has seen all the room there is before any of them saves."""
    onion = make_onion(user_storage_quota='30B')
    images = [onion.create().image_id for _ in range(8)]
    ready = threading.Barrier(len(images), timeout=60)
    refused = []

    def upload(image_id):
        repo, image = onion.start_upload(image_id)
        try:
            image.set_data(Chunks(10, before_end=ready.wait))
            repo.save(image)
        except exception.StorageQuotaFull:
            refused.append(image_id)

    threads = [threading.Thread(target=upload, args=(image_id,)) for image_id in images]
    for thread in threads:
        thread.start()
    join(*threads)
    active = [image.image_id for image in onion.repo().list() if image.status == 'active']
    assert len(active) == 3
    assert len(refused) == 5
    assert sorted(onion.store.images) == sorted(active)
    assert onion.db_api.user_get_storage_usage(ALICE, 'alpha') == 30


def test_each_location_counts_towards_the_storage_quota_when_it_is_saved(make_onion):
    onion = make_onion(user_storage_quota='10B')
    onion.store.images = {'a': b'x' * 6, 'b': b'x' * 6}
    repo, image = onion.repo(), onion.create()
    image.locations = [location('a')]
    image.status = 'active'
    repo.save(image)
    image.locations += [location('b')]
    with pytest.raises(exception.StorageQuotaFull):
        repo.save(image)
    assert len(onion.get(image.image_id).locations) == 1
    assert sorted(onion.store.images) == ['a', 'b']  # nothing was uploaded, so nothing is deleted


def test_a_quota_of_0_bytes_is_none(make_onion):
    onion = make_onion(user_storage_quota='0')
    onion.upload(onion.create().image_id, b'x' * 100)


def test_every_refusal_says_so_in_the_log(make_onion, caplog):
    onion = make_onion(image_tag_quota=0)
    with caplog.at_level('DEBUG'), pytest.raises(exception.ImageTagLimitExceeded):
        onion.create(tags=['a'])
    assert 'quota refuses: The image would have 1 tags: it may have 0.' in caplog.messages


def test_a_limiting_reader_gives_the_limit_and_not_one_byte_more():
    reader = LimitingReader(io.BytesIO(b'1234'), 4, exception.ImageSizeLimitExceeded)
    assert reader.read(3) + reader.read(3) + reader.read() == b'1234'
    reader = LimitingReader(io.BytesIO(b'12345'), 4, exception.ImageSizeLimitExceeded)
    reader.read(4)
    with pytest.raises(exception.ImageSizeLimitExceeded):
        reader.read(1)


def test_a_stretch_ends_after_its_length_and_closes_what_it_reads():
    file = io.BytesIO(b'12\n34\n56')
    stretch = Stretch(file, 4)
    assert list(stretch) == [b'12\n', b'3']
    stretch.close()
    assert file.closed
    Stretch([b'12'], 1).close()
    assert list(Stretch([b'12', b'34'], 9)) == [b'12', b'34']


def test_a_location_in_the_place_of_another_is_asked_for_its_bytes(make_onion):
    onion = make_onion(user_storage_quota='10B')
    onion.store.images = {'small': b'x' * 5, 'large': b'x' * 11, 'fits': b'x' * 10}
    image_id = onion.create().image_id
    repo, image = onion.repo(), onion.get(image_id)
    image.locations = [location('small')]
    image.status = 'active'
    repo.save(image)
    for name in ('large', 'fits'):
        image = onion.get(image_id)
        del image.locations[0]
        image.status = 'queued'
        image.locations.append(location(name))
        image.status = 'active'
        if name == 'large':
            with pytest.raises(exception.StorageQuotaFull, match='11 bytes, and 10 are left'):
                repo.save(image)
        else:
            repo.save(image)
    assert onion.get(image_id).size == 10


class TestAtOnce:
    """Twelve come at once, each of whom has seen that there is room: five may have it."""

    @pytest.fixture
    def onion(self, make_onion):
        return make_onion(image_property_quota=5, image_tag_quota=5, image_member_quota=5)

    @pytest.fixture
    def at_once(self):
        def at_once(prepare):
            """prepare(number) looks, and returns a function that writes; the errors of those that were refused."""
            writes, errors = [prepare(number) for number in range(12)], []

            def write(function):
                try:
                    function()
                except exception.LimitExceeded as error:
                    errors.append(error)

            threads = [threading.Thread(target=write, args=[function]) for function in writes]
            for thread in threads:
                thread.start()
            join(*threads)
            return errors

        return at_once

    def test_properties(self, onion, at_once):
        image_id = onion.create().image_id

        def prepare(number):
            repo = onion.repo()
            image = repo.get(image_id)
            image.extra_properties[f'p{number}'] = 'x'
            return lambda: repo.save(image)

        errors = at_once(prepare)
        assert len(onion.get(image_id).extra_properties) == 5
        assert len(errors) == 7
        assert 'would have 6 properties: it may have 5' in errors[0].msg

    def test_tags(self, onion, at_once):
        image_id = onion.create().image_id

        def prepare(number):
            repo = onion.repo()
            image = repo.get(image_id)
            image.tags.add(f't{number}')
            return lambda: repo.save(image)

        assert len(at_once(prepare)) == 7
        assert len(onion.get(image_id).tags) == 5

    def test_members(self, onion, at_once):
        image_id = onion.create().image_id

        def prepare(number):
            image = onion.get(image_id)
            member = onion.gateway.get_image_member_factory(ALICE).new_image_member(image, f'tenant-{number}')
            return lambda: image.get_member_repo().add(member)

        assert len(at_once(prepare)) == 7
        assert len(onion.get(image_id).get_member_repo().list()) == 5

    def test_what_has_too_many_may_lose_some_and_change_others(self, onion):
        image_id = onion.create(extra_properties=properties(5)).image_id
        onion.options.image_property_quota = 2
        image = onion.get(image_id)
        del image.extra_properties['p0']
        image.extra_properties['p1'] = 'changed'
        onion.repo().save(image)
        assert len(onion.get(image_id).extra_properties) == 4


def test_all_properties_of_an_image_together_have_a_size_cap(make_onion):
    onion = make_onion(image_properties_size_cap=10)
    with pytest.raises(exception.ImagePropertyLimitExceeded, match='11 characters of properties: it may have 10'):
        onion.create(extra_properties={'a': '1234567890'})
    image = onion.create(extra_properties={'a': '123456789'})
    for change in ({'b': ''}, {'a': '1234567890'}):
        changed = onion.get(image.image_id)
        changed.extra_properties.update(change)
        with pytest.raises(exception.ImagePropertyLimitExceeded):
            onion.repo().save(changed)
    assert onion.get(image.image_id).extra_properties == {'a': '123456789'}
