import threading
from datetime import datetime

import pytest

from cloud.glance.common import exception
from cloud.glance.context import RequestContext
from cloud.glance.db.sqlalchemy.api import Database
from tests.cloud.oslo.db.sqlalchemy.test_session import run_all

LOCATION = {'url': 'file:///x', 'metadata': {'a': ['b', {'c': 'd'}]}, 'status': 'active'}


class TestImages:
    def test_an_image_has_every_column_of_the_registry_and_its_parts(self, create):
        image = create(
            name='cirros', size=5, properties={'os': 'linux'}, add_tags=['b', 'a', 'b'], locations=[LOCATION]
        )
        assert set(image) == {
            'id', 'name', 'status', 'is_public', 'owner', 'disk_format', 'container_format', 'size', 'virtual_size',
            'checksum', 'min_disk', 'min_ram', 'protected', 'created_at', 'updated_at', 'deleted_at', 'deleted',
            'properties', 'tags', 'locations', 'visibility', 'os_hidden', 'os_hash_algo', 'os_hash_value',
        }  # fmt: skip
        assert image['properties'] == [{'name': 'os', 'value': 'linux', 'deleted': False}]
        assert sorted(image['tags']) == ['a', 'b']
        assert image['locations'] == [{'id': 1, **LOCATION}]
        assert (image['is_public'], image['protected'], image['deleted'], image['min_ram']) == (False, False, False, 0)
        assert isinstance(image['created_at'], datetime)
        assert image['created_at'] == image['updated_at']
        assert image['created_at'].tzinfo is image['deleted_at'] is None

    def test_an_image_without_an_id_gets_one(self, create):
        assert len(create()['id']) == 36

    def test_an_id_is_taken_for_ever(self, create, db_api, admin):
        create(id='x')
        with pytest.raises(exception.Duplicate):
            create(id='x')
        db_api.image_destroy(admin, 'x')
        with pytest.raises(exception.Duplicate):
            create(id='x')

    def test_an_update_leaves_what_it_does_not_name(self, create, db_api, admin):
        old = create(name='a', properties={'p': '1', 'q': '2'}, add_tags=['x'], locations=[LOCATION])
        new = db_api.image_update(admin, old['id'], {'name': 'b', 'properties': {'q': '3'}})
        assert new['updated_at'] > old['updated_at']
        assert {p['name']: p['value'] for p in new['properties']} == {'p': '1', 'q': '3'}
        assert all(new[name] == old[name] for name in ('created_at', 'status', 'tags', 'locations'))

    def test_an_update_with_purge_props_has_only_the_new_properties(self, create, db_api, admin):
        image = create(properties={'p': '1', 'q': '2'})
        image = db_api.image_update(admin, image['id'], {'properties': {'r': '3'}}, purge_props=True)
        assert [p['name'] for p in image['properties']] == ['r']
        assert db_api.image_update(admin, image['id'], {}, purge_props=True)['properties'] == []

    def test_an_update_drops_properties_and_tags_by_name(self, create, db_api, admin):
        image = create(properties={'p': '1', 'q': '2'}, add_tags=['x', 'y'])
        changes = {'drop_properties': ['p', 'none'], 'drop_tags': ['x', 'none'], 'add_tags': ['z', 'y']}
        image = db_api.image_update(admin, image['id'], changes)
        assert ([p['name'] for p in image['properties']], set(image['tags'])) == (['q'], {'y', 'z'})

    def test_an_update_replaces_the_locations(self, create, db_api, admin):
        image = create(locations=[LOCATION])
        image = db_api.image_update(admin, image['id'], {'locations': [{'url': 'http://b'}, {'url': 'http://a'}]})
        assert [location['url'] for location in image['locations']] == ['http://b', 'http://a']
        assert image['locations'][0]['metadata'] == {}

    def test_an_update_from_another_state_is_a_conflict_and_changes_nothing(self, create, db_api, admin):
        image = create(status='queued')
        assert db_api.image_update(admin, image['id'], {'status': 'saving'}, from_state='queued')['status'] == 'saving'
        with pytest.raises(exception.Conflict, match='saving by now, not queued'):
            db_api.image_update(admin, image['id'], {'name': 'x', 'status': 'saving'}, from_state='queued')
        assert db_api.image_get(admin, image['id'])['name'] is None

    def test_a_destroyed_image_stays_as_a_row_that_admins_can_see(self, create, db_api, admin, alice, share):
        image = create(properties={'p': '1'}, add_tags=['x'], locations=[LOCATION])
        share(image)
        gone = db_api.image_destroy(alice, image['id'])
        assert (gone['status'], gone['deleted'], gone['tags'], gone['locations']) == ('deleted', True, [], [])
        assert gone['properties'] == [{'name': 'p', 'value': '1', 'deleted': True}]
        assert gone['deleted_at'] is not None
        assert db_api.image_get(admin, image['id']) == gone == db_api.image_get(alice, image['id'], True)
        assert db_api.image_member_find(admin, image['id']) == []
        with pytest.raises(exception.ImageNotFound):
            db_api.image_get(alice, image['id'])

    def test_what_is_gone_cannot_be_changed(self, create, db_api, admin):
        image = create()
        db_api.image_destroy(admin, image['id'])
        for change in (lambda id: db_api.image_update(admin, id, {}), lambda id: db_api.image_destroy(admin, id)):
            for id in (image['id'], 'nonsense'):
                with pytest.raises(exception.ImageNotFound):
                    change(id)

    def test_only_the_owner_and_admins_change_an_image(self, create, db_api, alice, bob):
        public, private = create(is_public=True), create()
        assert db_api.image_update(alice, public['id'], {'name': 'x'})['name'] == 'x'
        for change in (
            lambda id: db_api.image_update(bob, id, {'name': 'y'}),
            lambda id: db_api.image_destroy(bob, id),
        ):
            with pytest.raises(exception.Forbidden):
                change(public['id'])
            with pytest.raises(exception.ImageNotFound):
                change(private['id'])


class TestWhoMaySeeOneImage:
    @pytest.mark.parametrize('status', ['pending', 'accepted', 'rejected'])
    def test_a_member_in_any_status(self, create, db_api, bob, share, status):
        image = create()
        with pytest.raises(exception.ImageNotFound):
            db_api.image_get(bob, image['id'])
        share(image, status=status)
        assert db_api.image_get(bob, image['id'])['id'] == image['id']

    def test_everybody_if_it_is_public_or_has_no_owner(self, create, db_api, bob):
        for image in (create(is_public=True), create(owner=None)):
            assert db_api.image_get(bob, image['id']) == image
            assert db_api.image_get(RequestContext(), image['id']) == image
            assert not db_api.is_image_mutable(bob, image)
            assert not db_api.is_image_mutable(RequestContext(), image)

    def test_nobody_else(self, create, db_api, bob, alice, admin):
        image = create()
        for context in (bob, RequestContext()):
            with pytest.raises(exception.ImageNotFound):
                db_api.image_get(context, image['id'])
        assert db_api.is_image_mutable(alice, image)
        assert db_api.is_image_mutable(admin, image)


class TestMembers:
    def test_a_membership_is_found_by_image_member_and_status(self, create, db_api, admin, share):
        one, two = create(), create()
        first, second, third = share(one), share(one, 'gamma', 'pending'), share(two)
        assert db_api.image_member_find(admin, one['id']) == [first, second]
        assert db_api.image_member_find(admin, member='beta') == [first, third]
        assert db_api.image_member_find(admin, one['id'], status='pending') == [second]
        assert db_api.image_member_count(admin, one['id']) == 2
        assert (second['member'], second['status'], second['can_share']) == ('gamma', 'pending', False)

    def test_a_second_membership_of_the_same_tenant_is_a_duplicate(self, create, share):
        image = create()
        share(image)
        with pytest.raises(exception.Duplicate):
            share(image)

    def test_a_member_that_was_removed_can_come_again(self, create, db_api, admin, share):
        image = create()
        db_api.image_member_delete(admin, share(image)['id'])
        assert db_api.image_member_count(admin, image['id']) == 0
        assert share(image)['status'] == 'accepted'

    def test_a_membership_changes(self, create, db_api, admin, share):
        member = share(create(), status='pending')
        changed = db_api.image_member_update(admin, member['id'], {'status': 'accepted'})
        assert changed == {**member, 'status': 'accepted', 'updated_at': changed['updated_at']}
        assert changed['updated_at'] > member['updated_at']

    def test_what_is_not_there_is_not_found(self, db_api, admin, share):
        for act in (
            lambda: db_api.image_member_update(admin, 7, {'status': 'accepted'}),
            lambda: db_api.image_member_delete(admin, 7),
            lambda: share({'id': 'nonsense'}),
        ):
            with pytest.raises(exception.NotFound):
                act()

    def test_who_is_no_admin_finds_those_of_own_images_and_their_own(self, create, db_api, admin, alice, bob, share):
        image, other = create(), create(owner='gamma')
        share(image, 'beta')
        share(image, 'gamma')
        share(other, 'beta')

        def find(context, **wanted):
            return [(each['image_id'], each['member']) for each in db_api.image_member_find(context, **wanted)]

        assert len(find(admin)) == 3
        assert find(alice) == [(image['id'], 'beta'), (image['id'], 'gamma')]
        assert find(bob) == find(bob, member='beta') == [(image['id'], 'beta'), (other['id'], 'beta')]
        assert find(alice, member='beta') == [(image['id'], 'beta')]
        assert find(bob, member='gamma') == []
        assert find(RequestContext()) == []

    def test_all_members_are_replaced_at_once(self, create, db_api, admin, share):
        image, other = create(), create()
        for member in ('beta', 'gamma', 'delta'):
            share(image, member)
        share(other)
        gamma = db_api.image_member_find(admin, image['id'], 'gamma')[0]
        db_api.image_member_update(admin, gamma['id'], {'can_share': True})
        wanted = {'gamma': None, 'delta': True, 'epsilon': None}
        db_api.image_members_update(admin, image['id'], wanted, purge=True)
        assert {each['member']: each['can_share'] for each in db_api.image_member_find(admin, image['id'])} == {
            'gamma': True, 'delta': True, 'epsilon': False,
        }  # fmt: skip
        assert db_api.image_member_find(admin, image['id'], 'gamma')[0]['status'] == 'accepted'
        assert db_api.image_member_count(admin, other['id']) == 1
        db_api.image_members_update(admin, image['id'], {}, purge=True)
        assert db_api.image_member_count(admin, image['id']) == 0
        with pytest.raises(exception.ImageNotFound):
            db_api.image_members_update(admin, 'nothing', {})

    def test_a_member_that_shares_adds_others_and_changes_only_its_own(self, create, db_api, admin, bob, share):
        image = create()
        share(image, 'beta')
        share(image, 'gamma')

        def sharing():
            return {each['member']: each['can_share'] for each in db_api.image_member_find(admin, image['id'])}

        db_api.image_members_update(bob, image['id'], {'beta': True, 'gamma': True, 'delta': None})
        assert sharing() == {'beta': True, 'gamma': False, 'delta': False}
        db_api.image_members_update(bob, image['id'], {'gamma': None}, purge=True)
        assert sharing() == {'gamma': False, 'delta': False}


class TestStorageUsage:
    def test_it_is_the_size_once_for_each_location_of_ones_images(self, create, db_api, admin):
        create(size=100, locations=[LOCATION])
        two = create(size=10, locations=[LOCATION, {'url': 'http://x'}])
        create(size=1000, locations=[LOCATION], owner='beta')
        create(size=10000, locations=[LOCATION], status='killed')
        create(size=100000)
        assert db_api.user_get_storage_usage(admin, 'alpha') == 120
        assert db_api.user_get_storage_usage(admin, 'alpha', two['id']) == 100
        assert db_api.user_get_storage_usage(admin, 'nobody') == 0

    def test_a_sum_beyond_what_an_integer_holds_is_answered(self, create, db_api, admin):
        for _ in range(3):
            create(size=2**62, locations=[LOCATION])
        assert db_api.user_get_storage_usage(admin, 'alpha') == 3 * 2**62

    @pytest.mark.parametrize('status', ['deleted', 'pending_delete'])
    def test_what_is_deleted_does_not_count(self, create, db_api, admin, status):
        db_api.image_destroy(admin, create(size=100, locations=[LOCATION])['id'], status)
        assert db_api.user_get_storage_usage(admin, 'alpha') == 0


class TestRecover:
    def test_images_without_a_location_are_named_deleted_ones_too(self, create, db_api, admin):
        queued, active, deleted, pending = (create(locations=places) for places in ([], [LOCATION], [], [LOCATION]))
        db_api.image_destroy(admin, deleted['id'])
        db_api.image_destroy(admin, pending['id'], 'pending_delete')
        emptied = create(locations=[LOCATION])
        db_api.image_update(admin, emptied['id'], {'locations': []})
        let_go = create(locations=[LOCATION])
        db_api.image_destroy(admin, let_go['id'])
        asked = [each['id'] for each in (queued, active, deleted, pending, emptied, let_go)] + ['no image of ours']
        assert set(db_api.without_location(asked)) == {each['id'] for each in (queued, deleted, emptied, let_go)}

    def test_what_is_restored_is_as_it_was(self, create, db_api, admin):
        before = create(status='active', locations=[LOCATION], properties={'p': '1'}, add_tags=['x'])
        db_api.image_destroy(admin, before['id'])
        after = db_api.image_restore(admin, before['id'], 'active')
        assert {**after, 'updated_at': None} == {**before, 'updated_at': None}
        with pytest.raises(exception.ImageNotFound):
            db_api.image_restore(admin, before['id'], 'active')

    def test_what_a_dead_process_was_saving_is_queued_again_and_named(self, create, db_api, admin):
        left = create(status='saving', size=5, virtual_size=6, checksum='x', locations=[LOCATION], name='a')
        others = [create(status=status) for status in ('queued', 'active', 'killed')]
        db_api.image_destroy(admin, create(status='saving')['id'], 'deleted')
        db_api.recover()
        assert db_api.without_location([left['id']]) == [left['id']]
        now = db_api.image_get(admin, left['id'])
        assert [now[name] for name in ('status', 'size', 'virtual_size', 'checksum', 'locations', 'name')] == [
            'queued', None, None, None, [], 'a',
        ]  # fmt: skip
        assert [db_api.image_get(admin, each['id']) for each in others] == others

    def test_a_restart_finds_everything_as_it_was(self, create, db_api, admin):
        image = create(name='a', properties={'p': '1'}, add_tags=['x'], locations=[LOCATION])
        again = Database(str(db_api.session.engine.url))
        assert again.image_get(admin, image['id']) == image
        again.close()


class TestThreads:
    def test_of_many_that_leave_a_state_at_once_exactly_one_does(self, create, db_api, admin):
        image = create(status='queued')
        barrier = threading.Barrier(12, timeout=60)

        def save():
            barrier.wait()
            db_api.image_update(admin, image['id'], {'status': 'saving'}, from_state='queued')

        errors = run_all([save] * 12)
        assert len(errors) == 11
        assert {type(error) for error in errors} == {exception.Conflict}

    def test_of_many_that_create_the_same_id_exactly_one_does(self, create, db_api, admin):
        errors = run_all([lambda: create(id='x', properties={'p': '1'})] * 8)
        assert [type(error) for error in errors] == [exception.Duplicate] * 7
        assert len(db_api.image_get(admin, 'x')['properties']) == 1

    def test_writers_and_readers_at_once_lose_nothing_and_see_whole_images(self, create, db_api, admin):
        image = create(properties={'a': '0', 'b': '0'})

        def write(name):
            for number in range(1, 21):
                same = str(number)
                changes = {'properties': {name: same, 'a': same, 'b': same}, 'add_tags': [f'{name} {number}']}
                db_api.image_update(admin, image['id'], changes)

        def read():
            for _ in range(60):
                values = {p['name']: p['value'] for p in db_api.image_get(admin, image['id'])['properties']}
                assert values['a'] == values['b']
                db_api.image_get_all(admin, {'a': '5'}, limit=10)

        names = [f'writer {number}' for number in range(6)]
        assert run_all([lambda name=name: write(name) for name in names] + [read] * 4) == []
        found = db_api.image_get(admin, image['id'])
        assert len(found['tags']) == 120
        assert {p['name']: p['value'] for p in found['properties']}.items() >= dict.fromkeys(names, '20').items()
