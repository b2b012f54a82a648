"""Lists: who sees what, filters, order, pages."""

import pytest

from cloud.glance.common import paging
from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB


def test_the_index_has_six_fields_of_each_image_and_detail_all(client):
    image = client.create(name='one', size=5, properties={'a': 'b'}, location='http://x/y')
    index = client.get('/images', headers=ALICE).json
    fields = ('id', 'name', 'size', 'disk_format', 'container_format', 'checksum')
    assert index == {'images': [{name: image[name] for name in fields}]}
    assert client.get('/images/detail', headers=ALICE).json == {'images': [image]}


class TestWhoSeesWhat:
    @pytest.fixture(autouse=True)
    def shelf(self, client):
        client.create(name='private')
        client.create(name='public', is_public=True)
        client.create(ADMIN, name='of admin')
        client.create(BOB, name='of bob')
        client.share(client.create(name='shared'))
        client.share(client.create(BOB, name='shared with admin'), 'admin', headers=BOB)
        client.remove(client.create(name='deleted'))
        client.create(name='killed', status='killed')

    def test_others_see_what_is_public_their_own_and_what_is_shared_accepted_or_not(self, client):
        assert sorted(client.names(headers=BOB)) == ['of bob', 'public', 'shared', 'shared with admin']
        assert sorted(client.names(headers=ALICE)) == ['private', 'public', 'shared']

    def test_an_admin_sees_by_default_what_any_user_would(self, client):
        for query in ('', '?is_public=true', '?is_public=True', '?is_public=1'):
            assert sorted(client.names(query, ADMIN)) == ['of admin', 'public', 'shared with admin']

    def test_is_public_none_shows_an_admin_everything(self, client):
        for query in ('?is_public=none', '?is_public=None'):
            assert len(client.names(query, ADMIN)) == 6

    def test_is_public_false_shows_an_admin_what_is_not(self, client):
        assert 'public' not in client.names('?is_public=false', ADMIN)
        assert len(client.names('?is_public=0', ADMIN)) == 5

    def test_is_public_is_an_admins_question_only(self, client):
        for query in ('?is_public=none', '?is_public=false', '?is_public=perhaps'):
            assert sorted(client.names(query)) == ['private', 'public', 'shared']
        client.list('?is_public=perhaps', ADMIN, status=400)

    def test_deleted_images_are_listed_for_admins_that_ask(self, client):
        assert client.names('?is_public=none&deleted=true', ADMIN) == ['deleted']
        assert len(client.names('?is_public=none&deleted=false', ADMIN)) == 6
        assert 'deleted' not in client.names('?deleted=true')
        client.list('?deleted=perhaps', ADMIN, status=400)


class TestFilters:
    @pytest.fixture(autouse=True)
    def two(self, client):
        client.create(name='big', size=100, min_ram=512, min_disk=2, protected=True, disk_format='raw',
                      container_format='bare', properties={'os': 'linux', 'size': 'L'})  # fmt: skip
        client.create(name='small', size=10, status='queued', properties={'os': 'linux'})

    @pytest.mark.parametrize(
        ('query', 'found'),
        [
            ('', ['big', 'small']),
            ('?name=big', ['big']),
            ('?name=bi', []),
            ('?status=queued', ['small']),
            ('?disk_format=raw', ['big']),
            ('?container_format=ovf', []),
            ('?min_ram=512', ['big']),
            ('?min_disk=0', ['small']),
            ('?size_min=11', ['big']),
            ('?size_max=11', ['small']),
            ('?size_min=10&size_max=100', ['big', 'small']),
            ('?protected=true', ['big']),
            ('?protected=False', ['small']),
            ('?property-os=linux', ['big', 'small']),
            ('?property-os=linux&property-size=L', ['big']),
            ('?property-size=M', []),
            ('?property-os=linux&name=small', ['small']),
            ('?owner=other&tag=x&checksum=5', ['big', 'small']),
        ],
    )
    def test_they_narrow_the_list(self, client, query, found):
        assert sorted(client.names(query)) == found

    @pytest.mark.parametrize(
        'query',
        ['size_min=x', 'size_max=', 'min_ram=1.5', 'min_disk=x', 'protected=perhaps', 'changes-since=noon', 'name=%00'],
    )
    def test_a_value_that_cannot_be_is_400(self, client, query):
        client.list(f'?{query}', status=400)

    def test_changes_since_shows_what_was_changed_later_deleted_images_too(self, client):
        small, big = client.list('?sort_key=name&sort_dir=desc')
        assert client.names(f'?changes-since={small["updated_at"]}') == []
        assert client.names(f'?changes-since={big["updated_at"]}') == ['small']
        client.change(big, {'protected': False})
        client.remove(big)
        assert client.names(f'?changes-since={small["updated_at"]}') == ['big']
        assert client.names(f'?changes-since={small["updated_at"]}&deleted=false', ADMIN) == []
        assert client.names(f'?changes-since={small["updated_at"]}', BOB) == []


class TestPages:
    @pytest.fixture
    def three(self, client):
        return [client.create(name=name, size=size) for name, size in (('b', 1), ('a', 3), ('c', 2))]

    def test_the_newest_comes_first(self, client, three):
        assert client.names() == ['c', 'a', 'b']

    def test_it_is_sorted_as_asked(self, client, three):
        assert client.names('?sort_key=name&sort_dir=asc') == ['a', 'b', 'c']
        assert client.names('?sort_key=size') == ['a', 'c', 'b']

    def test_a_page_goes_on_after_the_marker(self, client, three):
        query = '?sort_key=name&sort_dir=asc&limit=2'
        first = client.list(query)
        assert [image['name'] for image in first] == ['a', 'b']
        assert client.names(f'{query}&marker={first[-1]["id"]}') == ['c']
        assert client.names('?limit=0') == []

    def test_without_a_limit_a_page_has_limit_param_default_images_and_never_more_than_api_limit_max(self, serve):
        client = serve(limit_param_default='2', api_limit_max='3')
        for number in range(5):
            client.create(name=str(number))
        assert len(client.names()) == 2
        assert len(client.names('?limit=3')) == len(client.names('?limit=' + '9' * 5000)) == 3

    @pytest.mark.parametrize(
        'query', ['limit=-1', 'limit=x', 'limit=', 'limit=%C2%B2', 'sort_key=owner', 'sort_key=', 'sort_dir=up',
                  'marker=nothing', 'marker=00000000-0000-4000-8000-000000000000', 'marker=', 'name=%FF']
    )  # fmt: skip
    def test_what_makes_no_page_is_400(self, client, three, query):
        client.list(f'?{query}', status=400)

    def test_an_image_that_one_cannot_see_or_that_is_deleted_is_no_marker(self, client, three):
        client.list(f'?marker={three[0]["id"]}', BOB, status=400)
        client.remove(three[0])
        client.list(f'?marker={three[0]["id"]}', status=400)
        assert client.names(f'?marker={three[0]["id"]}&deleted=true', ADMIN) == []


@pytest.mark.parametrize('path', ['/images', '/images/detail'])
def test_a_page_of_large_images_ends_early_and_its_last_id_leads_on(client, monkeypatch, path):
    monkeypatch.setattr(paging, 'ENOUGH', 1000)
    monkeypatch.setattr(paging, 'STRETCH', 2)
    made = [client.create(properties={'a': 'x' * 400, 'b': None})['id'] for _ in range(7)]
    pages, found = [], []
    while page := client.get(f'{path}?limit=100{marker_of(found)}', headers=ALICE).json['images']:
        pages.append(len(page))
        found += [image['id'] for image in page]
    assert (found, pages) == (made[::-1], [3, 3, 1])


def marker_of(found):
    return f'&marker={found[-1]}' if found else ''
