"""GET /v2/images: pages, filters, order, and who sees what; GET and DELETE of one image."""

import pytest

from cloud.glance.common import paging
from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB, FORMATS, path_of


def names(client, query='', headers=ALICE):
    return [image.get('name') for image in client.list(query, headers)['images']]


@pytest.fixture
def three(client):
    return [client.create(name=name, **FORMATS) for name in ('a', 'b', 'c')]


def test_an_empty_list_has_images_first_and_schema_and_no_next(client):
    assert client.list() == {'images': [], 'first': '/v2/images', 'schema': '/v2/schemas/images'}


def test_the_images_are_the_documents_that_show_gives(client):
    image = client.active(name='x', tags=['t'], os='linux')
    assert client.list()['images'] == [image]


def test_limit_cuts_the_page_and_next_leads_on_until_the_list_ends(client, three):
    page = client.list('?sort_key=name&sort_dir=asc&limit=2')
    assert [image['name'] for image in page['images']] == ['a', 'b']
    assert page['first'] == '/v2/images?sort_key=name&sort_dir=asc&limit=2'
    assert page['next'] == f'{page["first"]}&marker={three[1]["id"]}'
    last = client.get(page['next'], headers=ALICE).json
    assert [image['name'] for image in last['images']] == ['c']
    assert 'next' not in last
    assert last['first'] == page['first']


def test_the_last_full_page_points_to_an_empty_one(client, three):
    page = client.list('?limit=3')
    empty = client.get(page['next'], headers=ALICE).json
    assert empty['images'] == []
    assert 'next' not in empty


def test_next_keeps_names_that_come_twice_and_text_of_any_script(client):
    client.create(tags=['\u00fc&', 'b'])
    page = client.list('?limit=1&tag=%C3%BC%26&tag=b')
    assert page['first'] == '/v2/images?limit=1&tag=%C3%BC%26&tag=b'
    assert page['next'].startswith(page['first'] + '&marker=')
    assert client.get(page['next'], headers=ALICE).json['images'] == []


def test_without_a_limit_a_page_has_25(serve):
    client = serve()
    for _ in range(26):
        client.create()
    page = client.list()
    assert len(page['images']) == 25
    assert 'next' in page


def test_the_ini_sets_the_default_and_the_largest_page(serve):
    client = serve(limit_param_default='1', api_limit_max='2')
    for _ in range(3):
        client.create()
    assert len(client.list()['images']) == 1
    page = client.list('?limit=100')
    assert len(page['images']) == 2
    assert 'next' in page


def test_a_limit_of_0_is_an_empty_list_without_next(client, three):
    assert client.list('?limit=0') == {'images': [], 'first': '/v2/images?limit=0', 'schema': '/v2/schemas/images'}


@pytest.mark.parametrize('limit', ['-1', 'x', '1.5', '', ' ', '+1', '1e3', '%C2%B2', '0x10'])
def test_a_bad_limit_is_400(client, limit):
    client.list(f'?limit={limit}', status=400)


@pytest.mark.parametrize('limit', ['9' * 5000, '1000', '1001', '0000000000000000000000000000003'])
def test_a_large_limit_is_cut(client, three, limit):
    assert len(client.list(f'?limit={limit}')['images']) == 3


@pytest.mark.parametrize('marker', ['none', '..', '', "'", 'x' * 5000])
def test_an_unknown_marker_is_400(client, marker):
    client.list(f'?marker={marker}', status=400)


def test_a_marker_that_one_cannot_see_or_that_is_deleted_is_400(client, three):
    client.list(f'?marker={three[0]["id"]}', headers=BOB, status=400)
    client.delete(path_of(three[0]), headers=ALICE)
    client.list(f'?marker={three[0]["id"]}', status=400)
    client.list(f'?marker={three[0]["id"]}', headers=ADMIN, status=400)


@pytest.mark.parametrize(
    'key',
    [
        'name',
        'status',
        'disk_format',
        'container_format',
        'size',
        'id',
        'created_at',
        'updated_at',
        'min_ram',
        'owner',
        'checksum',
    ],
)
def test_every_column_sorts(client, three, key):
    assert sorted(names(client, f'?sort_key={key}')) == ['a', 'b', 'c']


def test_the_direction_of_the_order(client, three):
    assert names(client, '?sort_key=name&sort_dir=asc') == ['a', 'b', 'c']
    assert names(client, '?sort_key=name&sort_dir=desc') == names(client, '?sort_key=name') == ['c', 'b', 'a']


@pytest.mark.parametrize(
    'query',
    [
        'sort_key=nothing',
        'sort_key=',
        'sort_key=properties',
        'sort_key=metadata',
        'sort_dir=up',
        'sort_dir=',
        'sort_dir=ASC',
        'visibility=shown',
        'visibility=',
        'member_status=maybe',
        'member_status=',
        'changes-since=2014-01-01',
        'size_min=x',
        'size_max=',
        'min_ram=x',
        'size=x',
        'size_min=' + '9' * 5000,
        'name=%ff',
        'name=%00',
        '%ff=x',
        'tag=%0d%0a',
    ],
)
def test_a_bad_query_is_400(client, query):
    client.list(f'?{query}', status=400)


@pytest.mark.parametrize(
    'query', ['name=%ED%A0%80', '=x', '&&&', 'a', '?', '%', 'name=' + 'x' * 9000, 'x' * 9000 + '=1', "a'b=c", 'id=..']
)
def test_an_odd_query_is_no_500(client, three, query):
    answer = client.get(f'/v2/images?{query}', headers=ALICE, status='*')
    assert answer.status_int in (200, 400)


def test_filters_on_columns_and_on_extra_properties_are_anded(client):
    client.create(name='a', os='linux', min_ram=64)
    client.create(name='b', os='linux', min_ram=32)
    client.create(name='c', os='plan9', min_ram=64)
    assert names(client, '?os=linux&min_ram=64') == ['a']
    assert sorted(names(client, '?os=linux')) == ['a', 'b']
    assert names(client, '?name=b') == ['b']
    assert names(client, '?os=linux&name=c') == names(client, '?nothing=x') == []


def test_numbers_have_a_least_and_a_most(client):
    for size in (1, 5, 9):
        client.active(b'x' * size, name=str(size), min_ram=size)
    assert sorted(names(client, '?size_min=5')) == ['5', '9']
    assert sorted(names(client, '?size_max=5')) == ['1', '5']
    assert names(client, '?size_min=2&size_max=8') == ['5']
    assert sorted(names(client, '?min_ram_min=5')) == ['5', '9']


def test_every_tag_that_is_asked_for_must_be_there(client):
    client.create(name='a', tags=['x', 'y'])
    client.create(name='b', tags=['x'])
    assert sorted(names(client, '?tag=x')) == ['a', 'b']
    assert names(client, '?tag=x&tag=y') == ['a']
    assert names(client, '?tag=x&tag=z') == []


def test_status_protected_and_formats_are_filters(client):
    client.active(name='a')
    client.create(name='q', protected=True)
    assert names(client, '?status=active') == ['a']
    assert names(client, '?protected=True') == ['q']
    assert names(client, '?disk_format=raw') == ['a']


@pytest.fixture
def shared(client):
    """One public image, one of each tenant, and those that alice shares with bob's, in each status."""
    client.create(ADMIN, name='public', visibility='public')
    client.create(ADMIN, name="admin's")
    client.create(name="alice's")
    client.create(BOB, name="bob's")
    for status in ('pending', 'accepted', 'rejected'):
        image = client.create(name=status)
        client.share(image, 'other')
        client.put_json(f'{path_of(image)}/members/other', {'status': status}, headers=BOB)


@pytest.mark.parametrize(
    ('query', 'seen'),
    [
        ('', {'public', "bob's", 'accepted'}),
        ('?member_status=accepted', {'public', "bob's", 'accepted'}),
        ('?member_status=pending', {'public', "bob's", 'pending'}),
        ('?member_status=rejected', {'public', "bob's", 'rejected'}),
        ('?member_status=all', {'public', "bob's", 'pending', 'accepted', 'rejected'}),
        ('?visibility=public', {'public'}),
        ('?visibility=private', {"bob's"}),
        ('?visibility=shared', {'accepted'}),
        ('?visibility=shared&member_status=pending', {'pending'}),
        ('?visibility=shared&member_status=all', {'pending', 'accepted', 'rejected'}),
    ],
)
def test_one_lists_what_is_public_ones_own_and_what_is_shared_in_that_status(client, shared, query, seen):
    assert set(names(client, query, BOB)) == seen


def test_an_admin_lists_all(client, shared):
    assert len(names(client, headers=ADMIN)) == 7


def test_a_single_image_is_shown_to_a_member_in_any_status(client):
    image = client.create()
    client.show(image, headers=BOB, status=404)
    client.share(image, 'other')
    for status in ('pending', 'accepted', 'rejected'):
        client.put_json(f'{path_of(image)}/members/other', {'status': status}, headers=BOB)
        assert client.show(image, headers=BOB) == image


def test_an_ownerless_image_is_shown_to_everyone(client, serve):
    image = serve('glance-api').create({})
    assert client.show(image, headers=BOB) == image


def test_deleted_images_are_never_listed_nor_shown(client):
    image = client.active()
    answer = client.delete(path_of(image), headers=ALICE, status=204)
    assert answer.body == b''
    for headers in (ALICE, ADMIN):
        assert client.list(headers=headers)['images'] == []
        client.show(image, headers=headers, status=404)
    client.delete(path_of(image), headers=ALICE, status=404)
    assert client.list('?status=deleted', ADMIN)['images'] == []


def test_a_deleted_images_bytes_go_at_once(client, tmp_path):
    client.delete(path_of(client.active()), headers=ALICE)
    assert list((tmp_path / 'images').iterdir()) == []


def test_with_delayed_delete_the_bytes_stay_for_the_scrubber(serve, tmp_path):
    client = serve(delayed_delete='True')
    image = client.active()
    client.delete(path_of(image), headers=ALICE, status=204)
    client.show(image, status=404)
    assert [path.name for path in (tmp_path / 'images').iterdir()] == [image['id']]


def test_a_protected_image_is_403_to_delete(client):
    image = client.create(protected=True)
    client.delete(path_of(image), headers=ALICE, status=403)
    client.patch_image(image, [{'op': 'replace', 'path': '/protected', 'value': False}])
    client.delete(path_of(image), headers=ALICE, status=204)


def test_another_tenants_image_is_404_to_delete_and_a_visible_one_403(client):
    image = client.create()
    client.delete(path_of(image), headers=BOB, status=404)
    client.share(image, 'other')
    client.delete(path_of(image), headers=BOB, status=403)
    assert client.show(image) == image


def test_links_have_no_host_and_answer(client):
    image = client.active()
    for name in ('self', 'file', 'schema'):
        assert client.get(image[name], headers=ALICE).status_int == 200
    page = client.list()
    for name in ('first', 'schema'):
        assert client.get(page[name], headers=ALICE).status_int == 200


@pytest.mark.parametrize(
    ('path', 'allowed'),
    [('/v2/images', 'GET, POST'), ('/v2/images/x', 'GET, PATCH, DELETE'), ('/v2/schemas/image', 'GET')],
)
def test_methods_that_are_not_there_are_405_and_told_those_that_are(client, path, allowed):
    for method in {'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'} - set(allowed.split(', ')):
        refusal = client.request(path, method=method, headers=ALICE, status=405)
        assert refusal.headers['Allow'] == allowed


@pytest.mark.parametrize(
    'path',
    [
        '/v2/image',
        '/v2/images/',
        '/v2/images/x/files',
        '/v2/task',
        '/v2/metadefs',
        '/v2/images/x/actions/activate',
    ],
)
def test_paths_that_are_not_there_are_404(client, path):
    assert client.get(path, headers=ALICE, status=404).json['itemNotFound']


def test_method_override_by_query_or_header_deletes_nothing(client):
    image = client.create()
    client.get(f'{path_of(image)}?_method=DELETE', headers={**ALICE, 'X-HTTP-Method-Override': 'DELETE'}, status=200)
    assert client.show(image) == image


@pytest.mark.parametrize('query', ['tag=a&' * 257, '&'.join(f'p{number}=1' for number in range(3000))])
def test_more_filters_than_a_database_can_take_are_400(client, query):
    answer = client.get(f'/v2/images?{query}', headers=ALICE, status=400)
    assert 'send at most 256' in answer.text
    client.list('?' + 'tag=a&' * 256)


class TestWhatClientsOfTodaySend:
    def test_sort_has_several_keys_each_with_its_direction(self, client):
        for name, ram in (('a', 1), ('b', 2), ('a', 3)):
            client.create(name=name, min_ram=ram)

        def ram(query):
            return [image['min_ram'] for image in client.list(query)['images']]

        assert ram('?sort=name:asc,min_ram:desc') == [3, 1, 2]
        assert ram('?sort=name:desc,min_ram:asc') == [2, 1, 3]
        assert ram('?sort=min_ram') == [3, 2, 1]
        page = client.list('?sort=name:asc,created_at:desc&limit=1')
        assert client.get(page['next'], headers=ALICE).json['images'][0]['min_ram'] == 1

    @pytest.mark.parametrize(
        'sort',
        ['', 'nothing', 'name:', 'name:up', 'name:asc,', ':asc', 'name&sort_key=id', 'name&sort_dir=asc', 'name:asc:x'],
    )
    def test_a_bad_sort_is_400(self, client, sort):
        client.list(f'?sort={sort}', status=400)

    def test_sort_key_and_sort_dir_may_come_several_times(self, client):
        for name, ram in (('a', 1), ('b', 2), ('a', 3)):
            client.create(name=name, min_ram=ram)

        def ram(query):
            return [image['min_ram'] for image in client.list(query)['images']]

        assert ram('?sort_key=name&sort_key=min_ram&sort_dir=asc&sort_dir=desc') == [3, 1, 2]
        assert ram('?sort_key=name&sort_key=min_ram&sort_dir=asc') == [1, 3, 2]
        page = client.list('?sort_key=name&sort_key=min_ram&sort_dir=asc&limit=2')
        assert client.get(page['next'], headers=ALICE).json['images'][0]['min_ram'] == 2

    @pytest.mark.parametrize(
        'query',
        ['sort_key=name&sort_dir=asc&sort_dir=asc', 'sort_key=a&sort_key=name', 'sort_dir=asc&sort_dir=up',
         'sort_key=name&sort_key=id&sort_key=size&sort_dir=asc&sort_dir=asc'],
    )  # fmt: skip
    def test_keys_without_their_direction_are_400(self, client, query):
        client.list(f'?{query}', status=400)

    def test_an_unknown_key_is_400_and_the_known_ones_are_named(self, client):
        for query in ('sort=nothing:asc', 'sort_key=nothing'):
            answer = client.get(f'/v2/images?{query}', headers=ALICE, status=400)
            assert 'nothing is not a key to sort by: id, name, status' in answer.text

    @pytest.mark.parametrize(
        ('query', 'found'),
        [('size=gt:1', '3'), ('size=gte:1', '13'), ('size=lt:3', '1'), ('size=lte:3', '13'), ('size=neq:3', '1'),
         ('size=eq:3', '3'), ('size=gt:0&min_ram=lt:2', '1'), ('min_ram=neq:1', '3'), ('size=gt:9', '')],
    )  # fmt: skip
    def test_sizes_are_compared(self, client, query, found):
        client.active(data=b'1', name='1', min_ram=1)
        client.active(data=b'123', name='3', min_ram=3)
        client.create(name='without data', min_ram=1, protected=False)
        assert ''.join(sorted(name for name in names(client, f'?{query}') if len(name) == 1)) == found

    def test_moments_are_compared_by_the_second_as_they_are_shown(self, client):
        image = client.create(name='now')
        moment = image['created_at']
        for operator, is_found in {'gt': 0, 'gte': 1, 'lt': 0, 'lte': 1, 'eq': 1, 'neq': 0}.items():
            assert names(client, f'?created_at={operator}:{moment}') == ['now'] * is_found
        assert names(client, '?updated_at=gt:2014-10-16T00:00:00Z') == ['now']
        assert names(client, '?created_at=gt:2999-01-01T00:00:00Z') == []

    @pytest.mark.parametrize('value', ['foo:1', 'gt:', 'gt:x', 'gt', ':1', 'gt:1:2'])
    @pytest.mark.parametrize('name', ['size', 'created_at'])
    def test_a_bad_comparison_is_400(self, client, name, value):
        client.list(f'?{name}={value}', status=400)

    def test_other_fields_and_properties_are_not_compared(self, client):
        client.create(name='gt:1', color='gt:1')
        assert names(client, '?name=gt:1') == names(client, '?color=gt:1') == ['gt:1']

    def test_no_image_is_hidden_unless_someone_hides_it(self, client, three):
        assert len(names(client, '?os_hidden=false')) == len(names(client, '?os_hidden=False')) == 3
        assert names(client, '?os_hidden=true') == []
        client.list('?os_hidden=maybe', status=400)

    def test_a_list_has_what_is_hidden_only_when_asked_for_it(self, client, three):
        client.patch_image(three[0], [{'op': 'add', 'path': '/os_hidden', 'value': True}])
        assert sorted(names(client)) == sorted(names(client, '?os_hidden=false')) == ['b', 'c']
        assert names(client, '?os_hidden=true') == names(client, '?os_hidden=True&name=a') == ['a']
        assert client.show(three[0])['os_hidden'] is True
        client.patch_image(three[0], [{'op': 'replace', 'path': '/os_hidden', 'value': False}])
        assert sorted(names(client)) == ['a', 'b', 'c']
        assert client.show(three[0])['os_hidden'] is False

    def test_an_image_can_be_born_hidden(self, client, three):
        client.create(name='born hidden', os_hidden=True)
        assert names(client, '?os_hidden=true') == ['born hidden']
        client.create(os_hidden='yes', status=400)

    def test_one_of_several_values(self, client, three):
        active = client.active(name='d,e')
        assert sorted(names(client, '?name=in:a,c')) == ['a', 'c']
        assert sorted(names(client, '?name=in:a,"d,e"')) == ['a', 'd,e']
        assert names(client, '?status=in:active,saving') == ['d,e']
        assert sorted(names(client, f'?id=in:{three[1]["id"]},{active["id"]}')) == ['b', 'd,e']
        assert len(names(client, '?disk_format=in:raw,qcow2&container_format=in:bare')) == 4
        assert names(client, '?name=in:') == []

    @pytest.mark.parametrize('items', ['"a', 'a"b"', '"a"b', '"a""b"', ','.join(map(str, range(257)))])
    def test_a_bad_list_is_400(self, client, items):
        client.list(f'?name=in:{items}', status=400)

    def test_another_word_is_a_property_that_no_image_has(self, client, three):
        assert names(client, '?limitt=10') == []


def test_a_page_of_large_images_ends_early_and_next_leads_through_all_of_them(client, monkeypatch):
    monkeypatch.setattr(paging, 'ENOUGH', 1000)
    monkeypatch.setattr(paging, 'STRETCH', 2)
    made = [client.create(text='x' * 400)['id'] for _ in range(7)]
    page, found, pages = client.list('?limit=100'), [], 0
    while page['images']:
        found += [image['id'] for image in page['images']]
        pages += 1
        page = client.get(page['next'], headers=ALICE).json if 'next' in page else {'images': []}
    assert (found, pages) == (made[::-1], 3)
