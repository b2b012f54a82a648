"""HEAD, GET, DELETE of an image, and the lists."""

import pytest

from cloud.glance.common import exception
from cloud.glance.context import RequestContext
from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB
from tests.cloud.glance.api.v1.conftest import RAW, path_of


class TestMeta:
    def test_the_metadata_is_in_the_headers_and_there_is_no_body(self, client):
        image = client.active(name='cirros', properties={'os_distro': 'debian'})
        answer = client.head(path_of(image), headers=ALICE)
        assert answer.headers['x-image-meta-name'] == 'cirros'
        assert answer.headers['x-image-meta-size'] == '4'
        assert answer.headers['x-image-meta-property-os_distro'] == 'debian'
        assert answer.headers['x-image-meta-created_at'] == image['created_at']
        assert answer.headers['ETag'] == answer.headers['x-image-meta-checksum'] == image['checksum']
        assert answer.location == f'http://localhost{path_of(image)}'
        assert not answer.body

    def test_booleans_are_true_and_false_with_capitals_and_nulls_are_left_out(self, client):
        meta = client.meta(client.add(protected=True))
        assert (meta['protected'], meta['is_public'], meta['deleted']) == ('True', 'False', 'False')
        assert not {'name', 'checksum', 'disk_format', 'deleted_at', 'virtual_size', 'location'} & set(meta)
        assert 'ETag' not in client.head(path_of(meta), headers=ALICE).headers

    def test_what_is_not_there_or_not_to_be_seen_is_404(self, client):
        client.meta('nothing', status=404)
        client.meta(client.add(), BOB, status=404)

    def test_admins_see_deleted_images(self, client):
        image = client.add(name='gone')
        client.remove(image)
        meta = client.meta(image, ADMIN)
        assert (meta['status'], meta['deleted'], meta['name']) == ('deleted', 'True', 'gone')
        assert 'deleted_at' in meta
        client.meta(image, status=404)


class TestData:
    def test_it_comes_with_the_same_headers(self, client):
        image = client.active(b'data', name='cirros')
        answer = client.data(image)
        assert answer.body == b'data'
        assert answer.content_type == 'application/octet-stream'
        assert answer.content_length == 4
        head = client.head(path_of(image), headers=ALICE)
        for name in ('x-image-meta-name', 'x-image-meta-id', 'ETag', 'Location'):
            assert answer.headers[name] == head.headers[name]

    def test_an_image_that_is_not_active_is_404(self, client):
        client.data(client.add(), status=404)

    def test_a_servers_file_wrapper_gets_the_file(self, client):
        image = client.active(b'data')
        wrapped = []

        def wrapper(file, size):
            wrapped.append(file.fileno())
            return file

        answer = client.get(path_of(image), headers=ALICE, extra_environ={'wsgi.file_wrapper': wrapper})
        assert answer.body == b'data'
        assert wrapped

    def test_without_any_of_its_places_it_is_404_and_the_next_place_is_tried(self, client, elsewhere):
        image = client.active(b'data')
        (client.images / image['id']).unlink()
        client.data(image, status=404)
        other = client.active(b'', location=elsewhere.url)
        elsewhere.status = '500 Broken'
        client.data(other, status=503)

    def test_the_first_active_place_that_opens_is_read(self, client, elsewhere):
        image = client.active(b'14 other bytes')
        places = [
            {'url': 'http://127.0.0.1:1/pending', 'status': 'pending_delete'},
            {'url': f'file://{client.images}/nothing', 'status': 'active'},
            {'url': elsewhere.url, 'status': 'active'},
        ]
        context = RequestContext(auth_token='alice-token')
        client.tools.registry.client(context).update_image(image['id'], {'location_data': places})
        assert client.data(image).body == b'from elsewhere'

    def test_an_active_record_without_a_place_is_404(self, client, registry):
        image = client.active(b'', size=0)
        client.put_meta(image, b'', ADMIN, size=9)
        assert 'has no data' in client.data(image, status=404).json['itemNotFound']['message']


class TestDelete:
    def test_it_is_200_and_empty_and_the_bytes_are_gone(self, client):
        image = client.active()
        answer = client.remove(image)
        assert answer.body == b''
        client.meta(image, status=404)
        assert client.stored() == []

    def test_a_deleted_image_is_404_to_everyone(self, client):
        image = client.add()
        client.remove(image)
        client.remove(image, status=404)
        client.remove(image, ADMIN, status=404)

    def test_a_protected_image_is_403(self, client):
        image = client.active(protected=True)
        assert 'protected' in client.remove(image, status=403).json['forbidden']['message']
        client.put_meta(image, protected=False)
        client.remove(image)

    def test_someone_elses_is_404_and_a_public_one_403(self, client):
        client.remove(client.add(), BOB, status=404)
        public = client.add(b'', ADMIN, is_public=True)
        client.remove(public, BOB, status=403)

    def test_with_delayed_delete_it_is_pending_delete_with_its_bytes_and_then_403(self, make_client):
        client = make_client(delayed_delete='True')
        image = client.active()
        client.remove(image)
        assert client.meta(image, ADMIN)['status'] == 'pending_delete'
        assert client.stored() == [image['id']]
        assert 'pending_delete' in client.remove(image, ADMIN, status=403).json['forbidden']['message']
        client.put_meta(image, b'', ADMIN, status=403)

    def test_with_delayed_delete_an_image_without_data_is_deleted_at_once(self, make_client):
        client = make_client(delayed_delete='True')
        image = client.add()
        client.remove(image)
        assert client.meta(image, ADMIN)['status'] == 'deleted'

    def test_bytes_that_are_not_there_or_cannot_go_are_no_obstacle(self, client, elsewhere, monkeypatch):
        image = client.active()
        (client.images / image['id']).unlink()
        client.remove(image)
        client.remove(client.active(b'', location=elsewhere.url))
        fails = failing(OSError('broken'))
        monkeypatch.setattr(client.tools.store_api.registered_stores['filesystem'], 'delete', fails)
        client.remove(client.active())
        assert client.detail() == []

    def test_bytes_in_use_are_409_and_the_image_stays_as_it_was(self, client, monkeypatch):
        image = client.active(b'data')
        in_use = failing(exception.InUseByStore())
        monkeypatch.setattr(client.tools.store_api.registered_stores['filesystem'], 'delete', in_use)
        client.remove(image, status=409)
        assert client.data(image).body == b'data'


def failing(error):
    def fail(*args, **kwargs):
        raise error

    return fail


class TestLists:
    def test_the_index_has_six_fields_and_the_detail_all_but_locations(self, client):
        image = client.active(name='cirros', properties={'os': 'linux'})
        [short] = client.get('/v1/images', headers=ALICE).json['images']
        names = ('id', 'name', 'size', 'disk_format', 'container_format', 'checksum')
        assert short == {name: image[name] for name in names}
        assert client.detail() == [image]
        assert image['properties'] == {'os': 'linux'}

    def test_wrong_methods_are_405_and_name_the_right_ones(self, client):
        image = client.add()
        for method, path, allowed in (
            ('HEAD', '/v1/images/detail', 'GET'),
            ('POST', '/v1/images/detail', 'GET'),
            ('HEAD', '/v1/images', 'GET, POST'),
            ('PATCH', path_of(image), 'HEAD, GET, PUT, DELETE'),
            ('GET', f'{path_of(image)}/members/other', 'PUT, DELETE'),
        ):
            answer = client.request(path, method=method, headers=ALICE, status=405)
            assert answer.headers['Allow'] == allowed

    def test_who_is_no_admin_lists_public_own_and_shared_images_accepted_or_not(self, client):
        client.add(name='private')
        client.add(b'', ADMIN, name='public', is_public=True)
        shared = client.add(name='shared')
        client.put(f'{path_of(shared)}/members/other', headers=ALICE)
        for query in ('', '?is_public=false', '?is_public=none'):
            assert client.names(query, BOB) == ['shared', 'public']
        assert client.names() == ['shared', 'public', 'private']

    def test_is_public_is_an_admins_question(self, client):
        client.add(name='private')
        client.add(b'', ADMIN, name='own')
        client.add(b'', ADMIN, name='public', is_public=True)
        assert client.names('', ADMIN) == client.names('?is_public=True', ADMIN) == ['public', 'own']
        assert client.names('?is_public=None', ADMIN) == ['public', 'own', 'private']
        assert client.names('?is_public=false', ADMIN) == ['own', 'private']

    @pytest.mark.parametrize(
        ('query', 'names'),
        [
            ('name=small', ['small']),
            ('status=active', ['big']),
            ('disk_format=raw', ['big']),
            ('container_format=bare', ['big']),
            ('min_ram=5', ['small']),
            ('min_disk=6', ['small']),
            ('size_min=3', ['big']),
            ('size_max=3', ['small']),
            ('protected=True', ['small']),
            ('property-os=linux', ['small']),
            ('property-os=linux&name=big', []),
            ('changes-since=1970-01-01T00:00:00', ['big', 'small']),
            ('changes-since=1970-01-01T00:00:00Z', ['big', 'small']),
            ('changes-since=1970-01-01T00:00:00+01:00', ['big', 'small']),
            ('changes-since=2999-01-01T00:00:00', []),
            ('whatever=is ignored', ['big', 'small']),
            ('limit=1', ['big']),
            ('limit=0', []),
            ('sort_key=name&sort_dir=asc', ['big', 'small']),
            ('sort_key=size&sort_dir=asc', ['small', 'big']),
        ],
    )
    def test_filters_and_pages(self, client, query, names):
        client.add(name='small', min_ram=5, min_disk=6, protected=True, properties={'os': 'linux'})
        client.active(b'data', name='big')
        assert client.names(f'?{query}') == names
        short = client.get(f'/v1/images?{query}', headers=ALICE).json['images']
        assert [image['name'] for image in short] == names

    def test_a_page_goes_on_after_its_marker(self, client):
        images = [client.add(name=name) for name in 'abc']
        assert client.names(f'?marker={images[2]["id"]}&limit=1') == ['b']

    @pytest.mark.parametrize(
        'query',
        [
            'size_min=x', 'size_max=-1', 'min_ram=', 'min_disk=1.5', 'protected=perhaps', 'is_public=perhaps',
            'changes-since=noon', 'limit=x', 'limit=-1', 'marker=nothing', 'sort_key=owner', 'sort_dir=up',
            'size_min=' + '9' * 30, 'name=%00', 'name=%ff',
        ],
    )  # fmt: skip
    def test_bad_values_are_400(self, client, query):
        for path in ('/v1/images', '/v1/images/detail'):
            client.get(f'{path}?{query}', headers=ALICE, status=400)

    def test_killed_and_deleted_images_are_not_listed_but_changes_since_shows_them_deleted(self, client):
        client.remove(client.add(name='deleted'))
        client.add(b'data', {**ALICE, **RAW}, name='killed', size=9, status=400)
        assert client.names() == []
        assert 'deleted' in client.names('?is_public=none&changes-since=1970-01-01T00:00:00', ADMIN)


@pytest.mark.parametrize('image_id', ['detail', 'shared-images', '..', '.', '%2e%2e', 'images', 'a?b', 'x%23y', '%25'])
def test_what_is_no_id_is_404_and_the_registry_is_not_asked(client, registry, image_id):
    before = list(registry.asked)
    image = f'/v1/images/{image_id}'
    for method, path in (
        ('GET', f'{image}/members'), ('PUT', f'{image}/members'), ('PUT', f'{image}/members/other'),
        ('DELETE', f'{image}/members/other'), ('HEAD', image), ('PUT', image), ('DELETE', image),
    ):  # fmt: skip
        body = b'{"memberships": []}' if path.endswith('/members') else b''
        status = 405 if path == '/v1/images/detail' else 404
        client.request(path, method=method, body=body, headers=ALICE, status=status)
    assert registry.asked == before
