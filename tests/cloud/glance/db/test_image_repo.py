import threading

import pytest

from cloud.glance import domain
from cloud.glance.common import exception
from cloud.glance.db import ImageMemberRepo, ImageRepo
from tests.cloud.oslo.db.sqlalchemy.test_session import run_all

COLUMNS = ('image_id', 'status', 'name', 'visibility', 'min_disk', 'min_ram', 'protected', 'owner', 'disk_format',
           'container_format', 'size', 'virtual_size', 'checksum', 'locations', 'extra_properties', 'tags',
           'created_at', 'updated_at', 'stored_status')  # fmt: skip
LOCATION = {'url': 'file:///x', 'metadata': {'a': 'b'}, 'status': 'active'}


def everything(image):
    return {name: getattr(image, name) for name in COLUMNS}


class TestImages:
    def test_what_was_added_is_what_is_got(self, add, repo):
        image = add('cirros', visibility='public', min_disk=1, min_ram=2, protected=True, tags=['b', 'a'],
                    extra_properties={'os': 'linux'})  # fmt: skip
        got = repo.get(image.image_id)
        assert everything(got) == everything(image)
        assert (got.visibility, got.tags, got.extra_properties) == ('public', {'a', 'b'}, {'os': 'linux'})
        assert got.stored_status == image.stored_status == 'queued'

    def test_what_was_saved_is_what_is_got(self, add, repo):
        image = repo.get(add('a', extra_properties={'p': '1', 'q': '2'}, tags=['x', 'y']).image_id)
        before = image.updated_at
        image.name, image.visibility, image.status, image.size, image.checksum = 'b', 'public', 'active', 5, 'c' * 32
        image.locations.append(LOCATION)
        image.extra_properties['p'] = '3'
        del image.extra_properties['q']
        image.tags.remove('x')
        image.tags.add('z')
        repo.save(image)
        assert everything(repo.get(image.image_id)) == everything(image)
        assert image.updated_at > before
        assert (image.stored_status, image.extra_properties, image.tags) == ('active', {'p': '3'}, {'y', 'z'})

    def test_an_image_can_be_saved_again_and_again(self, add, repo):
        image = add()
        for status in ('saving', 'queued', 'saving', 'active'):
            image.status = status
            repo.save(image)
            assert repo.get(image.image_id).status == status

    def test_a_second_image_of_the_same_id_is_a_duplicate(self, add):
        image = add()
        with pytest.raises(exception.Duplicate):
            add(image_id=image.image_id)

    def test_missing_invisible_and_deleted_are_all_not_found(self, add, repo, admin, bob, db_api):
        deleted, private = add(), add()
        deleted.delete()
        repo.remove(deleted)
        for context, image_id in ((admin, deleted.image_id), (bob, private.image_id), (admin, 'nonsense'), (admin, '')):
            with pytest.raises(exception.ImageNotFound):
                ImageRepo(context, db_api).get(image_id)

    def test_removed_means_marked_as_deleted_in_the_images_status(self, add, repo, admin, db_api):
        for status in ('deleted', 'pending_delete'):
            image = add()
            image.status = 'active'
            repo.save(image)
            image.status = status
            repo.remove(image)
            row = db_api.image_get(admin, image.image_id)
            assert (row['status'], row['deleted'], image.stored_status) == (status, True, status)

    def test_delayed_delete_reaches_the_image(self, add, alice, db_api):
        image_id = add().image_id
        image = ImageRepo(alice, db_api, delayed_delete=True).get(image_id)
        image.locations.append(LOCATION)
        image.status = 'active'
        image.delete()
        assert image.status == 'pending_delete'

    def test_what_was_never_added_cannot_be_saved_or_removed(self, repo):
        image = domain.ImageFactory().new_image()
        for act in (repo.save, repo.remove):
            with pytest.raises(exception.ImageNotFound):
                act(image)

    def test_a_list_takes_visibility_among_the_filters(self, add, repo):
        public, private = add('a', visibility='public'), add('b')
        assert [image.image_id for image in repo.list()] == [private.image_id, public.image_id]
        assert [image.name for image in repo.list(filters={'visibility': 'public'})] == ['a']
        assert [image.name for image in repo.list(filters={'visibility': 'private', 'name': 'a'})] == []
        assert [image.name for image in repo.list(limit=1, sort_key='name', sort_dir='asc')] == ['a']

    def test_a_list_refuses_changes_since(self, repo):
        with pytest.raises(exception.InvalidParameterValue):
            repo.list(filters={'changes-since': '2014-10-16T12:00:00Z'})


class TestTwoAtOnce:
    def test_of_two_uploads_the_second_is_a_conflict(self, add, repo):
        image_id = add().image_id
        first, second = repo.get(image_id), repo.get(image_id)
        first.status = second.status = 'saving'
        repo.save(first)
        with pytest.raises(exception.Conflict):
            repo.save(second)

    def test_of_many_uploads_in_threads_exactly_one_begins(self, add, repo):
        image_id, barrier = add().image_id, threading.Barrier(10, timeout=60)

        def begin():
            image = repo.get(image_id)
            image.status = 'saving'
            barrier.wait()
            repo.save(image)

        errors = run_all([begin] * 10)
        assert [type(error) for error in errors] == [exception.Conflict] * 9

    def test_changes_to_different_things_all_last(self, add, repo):
        image_id = add('a', extra_properties={'p': '1', 'q': '1'}, tags=['x', 'y']).image_id
        barrier = threading.Barrier(8, timeout=60)

        def change(number):
            image = repo.get(image_id)
            image.tags.add(f't{number}')
            image.extra_properties[f'e{number}'] = 'v'
            if number == 0:
                image.name = 'b'
            if number == 1:
                image.min_ram = 5
            if number == 2:
                del image.extra_properties['p']
                image.tags.remove('x')
            barrier.wait()
            repo.save(image)

        assert run_all([lambda number=number: change(number) for number in range(8)]) == []
        image = repo.get(image_id)
        assert (image.name, image.min_ram) == ('b', 5)
        assert image.tags == {'y', *(f't{number}' for number in range(8))}
        assert set(image.extra_properties) == {'q', *(f'e{number}' for number in range(8))}

    def test_an_upload_does_not_undo_a_rename(self, add, repo):
        upload = add('a')
        upload.status = 'saving'
        repo.save(upload)
        other = repo.get(upload.image_id)
        other.name = 'b'
        repo.save(other)
        upload.status, upload.size = 'active', 5
        repo.save(upload)
        assert (repo.get(upload.image_id).name, upload.size) == ('b', 5)

    def test_both_changing_the_locations_is_a_conflict(self, add, repo):
        image = add()
        image.status = 'active'
        image.locations = [LOCATION]
        repo.save(image)
        first, second = repo.get(image.image_id), repo.get(image.image_id)
        first.locations.append({**LOCATION, 'url': 'http://a'})
        second.locations.append({**LOCATION, 'url': 'http://b'})
        repo.save(first)
        with pytest.raises(exception.Conflict):
            repo.save(second)
        assert [each['url'] for each in repo.get(image.image_id).locations] == ['file:///x', 'http://a']

    def test_who_uploads_into_an_image_that_is_deleted_meanwhile_does_not_find_it(self, add, repo):
        image = add()
        image.status = 'saving'
        repo.save(image)
        other = repo.get(image.image_id)
        other.delete()
        repo.remove(other)
        image.status = 'active'
        with pytest.raises(exception.ImageNotFound):
            repo.save(image)

    def test_what_became_active_meanwhile_is_not_removed_unseen(self, add, repo):
        image = add()
        other = repo.get(image.image_id)
        image.status, image.locations = 'active', [LOCATION]
        repo.save(image)
        other.delete()
        with pytest.raises(exception.Conflict):
            repo.remove(other)
        assert repo.get(image.image_id).locations == [LOCATION]


class TestMembers:
    @pytest.fixture
    def image(self, add):
        return add()

    @pytest.fixture
    def members(self, image):
        return image.get_member_repo()

    @pytest.fixture
    def member(self, image, members):
        member = domain.ImageMemberFactory().new_image_member(image, 'beta')
        members.add(member)
        return member

    def test_a_stored_image_has_a_member_repo(self, add, repo):
        image_id = add().image_id
        assert isinstance(repo.get(image_id).get_member_repo(), ImageMemberRepo)
        assert repo.list()[0].get_member_repo().list() == []

    def test_what_was_added_is_what_is_got(self, image, members, member):
        got = members.get('beta')
        assert vars(got) == vars(member)
        assert (got.status, got.member_id, got.image_id) == ('pending', 'beta', image.image_id)
        assert [vars(each) for each in members.list()] == [vars(member)]

    def test_a_saved_status_is_what_is_got(self, members, member):
        before = member.updated_at
        member.status = 'accepted'
        members.save(member)
        assert members.get('beta').status == 'accepted'
        assert members.get('beta').updated_at == member.updated_at > before

    def test_a_removed_member_is_not_found(self, members, member):
        members.remove(member)
        assert members.list() == []
        for act in (lambda: members.get('beta'), lambda: members.save(member), lambda: members.remove(member)):
            with pytest.raises(exception.NotFound):
                act()

    def test_the_same_member_again_is_a_duplicate(self, image, members, member):
        with pytest.raises(exception.Duplicate):
            members.add(domain.ImageMemberFactory().new_image_member(image, 'beta'))

    def test_a_member_of_another_image_is_not_found(self, members, member, add):
        with pytest.raises(exception.NotFound):
            add().get_member_repo().get('beta')

    def test_an_image_that_is_deleted_takes_no_members(self, image, members, repo):
        image.delete()
        repo.remove(image)
        with pytest.raises(exception.ImageNotFound):
            members.add(domain.ImageMemberFactory().new_image_member(image, 'beta'))
