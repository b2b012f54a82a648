"""Lists: who sees what, filters, order, pages."""

import contextlib
import itertools
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from cloud.glance.common import exception
from cloud.glance.context import RequestContext
from cloud.glance.db.sqlalchemy.models import images, locations, properties, tags

NOW = datetime(2014, 10, 16, 12)


@pytest.fixture
def names(admin, db_api):
    """names(filters, context=admin, **arguments): the names of the images in a list, sorted by name."""

    def names(filters=None, context=admin, **arguments):
        return [
            image['name']
            for image in db_api.image_get_all(context, filters, sort_key='name', sort_dir='asc', **arguments)
        ]

    return names


@pytest.fixture
def shelf(create, share):
    """Images of alpha's, one for each way that beta may or may not see it, and one of beta's own."""
    create(name='private')
    create(name='public', is_public=True)
    for status in ('pending', 'accepted', 'rejected'):
        share(create(name=status), status=status)
    share(create(name='accepted by gamma'), member='gamma')
    create(name='own', owner='beta')
    create(name='nobody’s', owner=None)


class TestWhoSeesWhat:
    def test_an_admin_sees_all(self, names, shelf):
        assert len(names()) == 8

    def test_others_see_what_is_public_their_own_and_what_they_accepted(self, names, shelf, bob):
        assert names(context=bob) == ['accepted', 'own', 'public']

    @pytest.mark.parametrize('status', ['pending', 'accepted', 'rejected'])
    def test_member_status_picks_the_shared_ones(self, names, shelf, bob, status):
        assert names(context=bob, member_status=status) == sorted(['own', 'public', status])

    def test_member_status_all_shows_every_shared_one(self, names, shelf, bob):
        assert names(context=bob, member_status='all') == ['accepted', 'own', 'pending', 'public', 'rejected']

    def test_another_member_status_is_refused(self, names, bob):
        with pytest.raises(exception.InvalidParameterValue):
            names(context=bob, member_status='maybe')

    def test_visibility_public(self, names, shelf, bob):
        assert names(context=bob, visibility='public') == ['public']

    def test_visibility_private_is_ones_own(self, names, shelf, bob):
        assert names(context=bob, visibility='private') == ['own']

    def test_visibility_private_is_everybodys_for_an_admin(self, names, shelf):
        assert 'public' not in names(visibility='private')
        assert len(names(visibility='private')) == 7

    def test_visibility_shared_is_only_what_is_shared_with_one(self, names, shelf, bob, admin):
        assert names(context=bob, visibility='shared') == ['accepted']
        assert names(context=bob, visibility='shared', member_status='pending') == ['pending']
        assert names(context=admin, visibility='shared') == []

    def test_another_visibility_is_refused(self, names):
        with pytest.raises(exception.InvalidParameterValue):
            names(visibility='hidden')

    def test_who_has_no_tenant_sees_what_is_public(self, names, shelf):
        assert names(context=RequestContext()) == ['public']

    def test_is_public_true_makes_an_admin_see_what_a_user_would(self, names, shelf, share, create, admin):
        share(create(name='shared'), member='admin')
        assert names(context=admin, is_public=True) == ['public', 'shared']

    def test_is_public_false_lists_what_is_not(self, names, shelf, bob):
        assert len(names(is_public=False)) == 7
        assert names(context=bob, is_public=False) == ['accepted', 'own']

    def test_a_member_that_was_removed_sees_it_no_longer(self, names, shelf, bob, admin, db_api):
        member = db_api.image_member_find(admin, member='beta', status='accepted')[0]
        db_api.image_member_delete(admin, member['id'])
        assert names(context=bob) == ['own', 'public']

    def test_what_is_deleted_or_killed_is_never_listed(self, names, create, admin, db_api):
        db_api.image_destroy(admin, create(name='deleted')['id'])
        db_api.image_destroy(admin, create(name='pending')['id'], 'pending_delete')
        create(name='killed', status='killed')
        assert (
            names() == names({'status': 'killed'}) == names({'deleted': 'true'}) == names({'status': 'deleted'}) == []
        )


class TestWhatIsDeleted:
    @pytest.fixture(autouse=True)
    def three(self, create, db_api, admin):
        create(name='living')
        create(name='killed', status='killed')
        db_api.image_destroy(admin, create(name='deleted')['id'])

    def test_it_is_listed_when_asked_for(self, names):
        assert names(deleted=True) == ['deleted']
        assert names(deleted=None) == ['deleted', 'killed', 'living']
        assert names(deleted=False) == ['living']

    def test_it_is_a_marker_only_where_it_is_listed(self, names, db_api, admin):
        (gone,) = db_api.image_get_all(admin, deleted=True)
        assert names(deleted=None, marker=gone['id']) == ['killed', 'living']
        with pytest.raises(exception.InvalidParameterValue):
            names(marker=gone['id'])


class TestFilters:
    def test_changes_since_takes_what_was_updated_later(self, names, db_api, admin):
        for image in db_api.image_get_all(admin, {'name': 'big'}):
            moment = image['updated_at']
        before = (moment - timedelta(seconds=1)).isoformat()
        assert names({'changes-since': before}) == ['big', 'small']
        assert names({'changes-since': moment.isoformat()}) == ['small']
        assert names({'changes-since': before + '+01:00'}) == ['big', 'small']
        with pytest.raises(exception.InvalidParameterValue, match='changes-since=noon is no moment'):
            names({'changes-since': 'noon'})

    def test_properties_have_names_that_mean_something_else(self, names, create):
        create(name='odd', properties={'size': 'L', 'tag': 'x'})
        assert names({'properties': {'size': 'L', 'tag': 'x'}}) == ['odd']
        assert names({'properties': {'size': 'L', 'tag': 'y'}}) == []
        assert names({'properties': {'os': 'linux'}, 'size': '10'}) == ['small']

    @pytest.fixture(autouse=True)
    def two(self, create):
        create(name='big', size=100, min_ram=512, protected=True, disk_format='raw', created_at=NOW,
               properties={'os': 'linux', 'arch': 'arm'}, add_tags=['x', 'y'])  # fmt: skip
        create(name='small', size=10, min_ram=64, disk_format='iso', properties={'os': 'linux'}, add_tags=['x'])

    @pytest.mark.parametrize(
        ('filters', 'found'),
        [
            ({}, ['big', 'small']),
            ({'name': 'big'}, ['big']),
            ({'name': 'bi'}, []),
            ({'disk_format': 'iso'}, ['small']),
            ({'status': 'active'}, ['big', 'small']),
            ({'status': 'queued'}, []),
            ({'owner': 'beta'}, []),
            ({'size': '100'}, ['big']),
            ({'protected': 'True'}, ['big']),
            ({'protected': 'false'}, ['small']),
            ({'created_at': '2014-10-16T12:00:00Z'}, ['big']),
            ({'created_at': '2014-10-16T14:00:00+02:00'}, ['big']),
            ({'created_at': '2014-10-16T12:00:01Z'}, []),
            ({'size_min': '11'}, ['big']),
            ({'size_max': '99'}, ['small']),
            ({'size_min': '10', 'size_max': '100'}, ['big', 'small']),
            ({'min_ram_max': '64'}, ['small']),
            ({'min_ram_min': '65'}, ['big']),
            ({'min_disk_max': '-1'}, []),
            ({'virtual_size_min': '0'}, []),
            ({'os': 'linux'}, ['big', 'small']),
            ({'os': 'linux', 'arch': 'arm'}, ['big']),
            ({'os': 'linux', 'name': 'small'}, ['small']),
            ({'os': 'arm'}, []),
            ({'name_min': 'a'}, []),
            ({'os_hidden': 'True'}, []),
            ({'tag': 'x'}, ['big', 'small']),
            ({'tag': ['x', 'y']}, ['big']),
            ({'tags': ['x', 'z']}, []),
            ({"name' OR '1'='1": "x' --"}, []),
            ({'size_min': '999999999999999999'}, []),
        ],
    )
    def test_all_filters_must_match(self, names, filters, found):
        assert names(filters) == found

    def test_one_of_several_values_is_enough(self, names, create):
        for name in ('a', 'b', 'c'):
            create(name=name)
        assert sorted(names({'name': frozenset(['a', 'c', 'x'])})) == ['a', 'c']
        assert names({'name': frozenset()}) == []
        with pytest.raises(exception.InvalidParameterValue):
            names({'name': frozenset(map(str, range(257)))})

    @pytest.mark.parametrize(
        'name', ['size', 'min_ram', 'min_disk', 'virtual_size', 'protected', 'is_public', 'created_at']
    )
    def test_a_value_of_another_type_than_the_column_is_refused(self, names, name):
        with pytest.raises(exception.InvalidParameterValue, match=f'{name}=maybe'):
            names({name: 'maybe'})

    @pytest.mark.parametrize('value', ['abc', '', '1.5', '1_0', '٣', '9' * 30])
    def test_a_range_of_something_else_than_numbers_is_refused(self, names, value):
        with pytest.raises(exception.InvalidFilterRangeValue):
            names({'size_min': value})

    def test_a_number_too_large_for_its_column_is_refused(self, names):
        with pytest.raises(exception.Invalid):
            names({'min_ram': str(2**40)})

    @pytest.mark.parametrize('name', ['name', 'tag', 'os'])
    def test_half_characters_are_refused(self, names, name):
        with pytest.raises(exception.Invalid):
            names({name: '\ud800'})

    @pytest.mark.parametrize('value', ['0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00', '2014', '12:00'])
    def test_a_moment_that_there_is_not_is_refused_or_not_found(self, names, value):
        with contextlib.suppress(exception.InvalidParameterValue):
            assert names({'created_at': value}) == []


SORT_KEYS = (
    'created_at',
    'updated_at',
    'name',
    'size',
    'status',
    'id',
    'min_ram',
    'checksum',
    'disk_format',
    'deleted_at',
)


class TestOrderAndPages:
    @pytest.fixture
    def many(self, create):
        """Every combination of a name, a size and a status, in a mixed order, with equal times among them."""
        combinations = list(itertools.product(['a', 'b', None], [1, 2, None], ['active', 'queued']))
        for number, (name, size, status) in enumerate(combinations * 2):
            moment = NOW + timedelta(seconds=number * 7 % 5)
            create(name=name, size=size, status=status, min_ram=number % 3, created_at=moment, updated_at=moment)
        return len(combinations) * 2

    def test_the_newest_come_first_unless_one_says_otherwise(self, create, db_api, admin):
        made = [create(created_at=NOW + timedelta(seconds=number))['id'] for number in (1, 3, 2)]
        assert [image['id'] for image in db_api.image_get_all(admin)] == [made[1], made[2], made[0]]

    @pytest.mark.parametrize('sort_dir', ['asc', 'desc'])
    @pytest.mark.parametrize('sort_key', SORT_KEYS)
    def test_the_sort_key_rules_and_the_time_and_id_break_ties(self, db_api, admin, many, sort_key, sort_dir):
        listed = db_api.image_get_all(admin, sort_key=sort_key, sort_dir=sort_dir)

        def order(image):
            value = image[sort_key]
            return (value is not None, 0 if value is None else value), image['created_at'], image['id']

        assert len(listed) == many
        assert listed == sorted(listed, key=order, reverse=sort_dir == 'desc')

    @pytest.mark.parametrize('limit', [1, 4, 36])
    @pytest.mark.parametrize('sort_dir', ['asc', 'desc'])
    @pytest.mark.parametrize('sort_key', SORT_KEYS)
    def test_pages_hold_each_image_once_and_in_order(self, db_api, admin, many, sort_key, sort_dir, limit):
        arguments = {'sort_key': sort_key, 'sort_dir': sort_dir}
        pages, page = [], db_api.image_get_all(admin, limit=limit, **arguments)
        while page:
            assert len(page) <= limit
            pages += page
            page = db_api.image_get_all(admin, limit=limit, marker=pages[-1]['id'], **arguments)
        assert pages == db_api.image_get_all(admin, **arguments)

    @pytest.mark.parametrize('limit', [1, 5])
    @pytest.mark.parametrize(
        'order',
        ['name:asc,size:asc', 'name:asc,size:desc', 'size:desc,name:desc,status:asc', 'status:desc,created_at:asc',
         'min_ram:asc,name:asc,id:desc', 'name:desc,name:asc'],
    )  # fmt: skip
    def test_several_keys_each_have_a_way_of_their_own(self, db_api, admin, many, order, limit):
        keys, ways = zip(*(each.split(':') for each in order.split(',')), strict=True)
        listed = db_api.image_get_all(admin, sort_key=list(keys), sort_dir=list(ways))
        expected = db_api.image_get_all(admin)
        for key, way in [('id', ways[-1]), ('created_at', ways[-1]), *zip(keys[::-1], ways[::-1], strict=True)]:
            expected.sort(key=lambda each, key=key: (each[key] is not None, each[key]), reverse=way == 'desc')
        assert [each['id'] for each in listed] == [each['id'] for each in expected]
        pages, marker = [], None
        while page := db_api.image_get_all(admin, marker=marker, limit=limit, sort_key=list(keys), sort_dir=list(ways)):
            pages, marker = pages + page, page[-1]['id']
        assert pages == listed

    def test_limit_0_is_an_empty_list(self, db_api, admin, many):
        assert db_api.image_get_all(admin, limit=0) == []

    def test_what_is_added_meanwhile_does_not_shift_the_pages(self, db_api, admin, many, create):
        first = db_api.image_get_all(admin, limit=5)
        rest = db_api.image_get_all(admin, marker=first[-1]['id'])
        create(name='new')
        assert db_api.image_get_all(admin, marker=first[-1]['id']) == rest

    def test_another_sort_key_or_direction_is_refused(self, db_api, admin):
        for sort_key in ('nonsense', 'visibility', 'id; DROP TABLE images', ''):
            with pytest.raises(exception.InvalidSortKey):
                db_api.image_get_all(admin, sort_key=sort_key)
        with pytest.raises(exception.InvalidParameterValue):
            db_api.image_get_all(admin, sort_dir='up')

    def test_a_marker_must_be_an_image_that_the_caller_can_see(self, db_api, admin, bob, create, share):
        hidden, deleted, shared = create()['id'], create()['id'], create()
        db_api.image_destroy(admin, deleted)
        share(shared, status='rejected')
        for marker in (hidden, deleted, 'nonsense', ''):
            with pytest.raises(exception.InvalidParameterValue):
                db_api.image_get_all(bob, marker=marker)
        assert db_api.image_get_all(bob, marker=shared['id']) == []


class TestCost:
    @pytest.fixture
    def statements(self, db_api):
        found = []
        event.listen(db_api.session.engine, 'before_cursor_execute', lambda *args: found.append((args[2], args[3])))
        return found

    @pytest.fixture
    def thousand(self, db_api):
        ids = [{'image_id': f'{number:036}'} for number in range(1100)]
        with db_api.writing() as connection:
            rows = [{'id': each['image_id'], 'status': 'active', 'created_at': NOW, 'updated_at': NOW} for each in ids]
            connection.execute(images.insert(), rows)
            connection.execute(properties.insert(), [{**each, 'name': 'os', 'value': 'linux'} for each in ids])
            connection.execute(tags.insert(), [{**each, 'value': 'x'} for each in ids])
            connection.execute(locations.insert(), [{**each, 'value': 'file:///x'} for each in ids])

    @pytest.mark.parametrize('limit', [1, 1000])
    def test_a_page_takes_the_same_few_statements_however_long(self, db_api, admin, thousand, statements, limit):
        page = db_api.image_get_all(admin, limit=limit, sort_key='id')
        assert len(page) == limit
        assert all(image['properties'] and image['tags'] and image['locations'] for image in page)
        assert len([text for text, _ in statements if text.startswith('SELECT')]) == 4

    @pytest.mark.parametrize('sort_dir', ['asc', 'desc'])
    @pytest.mark.parametrize(
        'sort_key', ['created_at', 'updated_at', 'name', 'size', 'status', 'id', 'owner', 'disk_format']
    )
    def test_a_page_starts_at_its_place_in_an_index(self, db_api, admin, create, statements, sort_key, sort_dir):
        marker = create(name='a', size=1, disk_format='raw')['id']
        db_api.image_get_all(admin, marker=marker, limit=10, sort_key=sort_key, sort_dir=sort_dir)
        for plan in self.plans(db_api, statements):
            assert len(plan) == 1  # one search, and no "USE TEMP B-TREE FOR ORDER BY"
            assert plan[0].startswith(f'SEARCH images USING INDEX ix_images_{sort_key} (deleted=? AND ')

    @pytest.mark.parametrize(('os_hidden', 'index'), [(False, 'created_at'), (True, 'os_hidden')])
    def test_what_is_hidden_has_an_index_of_its_own(self, db_api, admin, create, statements, os_hidden, index):
        marker = create(name='a')['id']
        db_api.image_get_all(admin, marker=marker, limit=10, os_hidden=os_hidden)
        for plan in self.plans(db_api, statements):
            assert len(plan) == 1
            assert plan[0].startswith(f'SEARCH images USING INDEX ix_images_{index} (deleted=? AND ')

    def plans(self, db_api, statements):
        """Of each page that was asked for, the lines of its plan."""
        pages = [each for each in statements if 'ORDER BY images' in each[0]]
        assert pages
        with db_api.reading() as connection:
            plans = [connection.exec_driver_sql('EXPLAIN QUERY PLAN ' + text, values).all() for text, values in pages]
        return [[line.detail for line in plan] for plan in plans]

    @pytest.mark.parametrize(
        'filters',
        [{'size': {'gt': '1'}}, {'size': {'neq': '1'}}, {'created_at': {'lt': '2999-01-01T00:00:00'}},
         {'name': frozenset(['a', 'b'])}, {'status': frozenset(['active', 'queued'])}],
    )  # fmt: skip
    def test_a_page_that_is_compared_is_read_from_an_index(self, db_api, admin, create, statements, filters):
        create(name='a', size=1)
        db_api.image_get_all(admin, filters, limit=10)
        for plan in self.plans(db_api, statements):
            assert plan[0].startswith(('SEARCH images USING INDEX ix_images_', 'MULTI-INDEX OR'))
            assert not [line for line in plan if line.startswith('SCAN')]

    @pytest.mark.parametrize('directions', [['asc', 'asc'], ['desc', 'asc']])
    def test_of_several_keys_the_first_one_is_in_order_by_its_index(self, db_api, admin, statements, directions):
        """Only what has the same name is sorted, and not all there is."""
        db_api.image_get_all(admin, limit=10, sort_key=['name', 'size'], sort_dir=directions)
        for plan in self.plans(db_api, statements):
            assert plan[0].startswith('SEARCH images USING INDEX ix_images_name (deleted=?')
            assert all('FOR ORDER BY' not in line for line in plan)
