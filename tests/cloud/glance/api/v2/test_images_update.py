"""PATCH /v2/images/{id}: both dialects, and what each change may do."""

import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB, DATA, FORMATS, V2_0, V2_1, path_of
from tests.waiting import join


def op(operation, path, value=None):
    change = {'op': operation, 'path': path}
    return change if operation == 'remove' else {**change, 'value': value}


@pytest.fixture
def image(client):
    return client.create(name='old', tags=['t'], os='linux', **FORMATS)


@pytest.mark.parametrize(
    ('name', 'value'),
    [
        ('name', 'new'),
        ('protected', True),
        ('min_ram', 64),
        ('min_disk', 2),
        ('tags', ['b', 'c']),
        ('disk_format', 'iso'),
        ('container_format', 'ovf'),
        ('os', 'plan9'),
    ],
)
@pytest.mark.parametrize('dialect', [V2_1, V2_0])
def test_replace_changes_what_is_there(client, image, name, value, dialect):
    change = op('replace', f'/{name}', value) if dialect == V2_1 else {'replace': f'/{name}', 'value': value}
    answer = client.patch_image(image, [change], dialect=dialect)
    assert answer.json[name] == client.show(image)[name] == value


def test_an_admin_publishes_with_replace(client, image):
    client.patch_image(image, [op('replace', '/visibility', 'public')], status=403)
    client.patch_image(image, [op('replace', '/visibility', 'public')], headers=ADMIN)
    assert client.show(image, headers=BOB)['visibility'] == 'public'


def test_add_makes_a_new_property_in_both_dialects(client, image):
    client.patch_image(image, [op('add', '/a', '1')])
    client.patch_image(image, [{'add': '/b', 'value': '2'}], dialect=V2_0)
    assert client.show(image).items() >= {'a': '1', 'b': '2'}.items()


@pytest.mark.parametrize(('name', 'value'), [('os', 'plan9'), ('name', 'new'), ('tags', [])])
def test_add_of_what_is_there_replaces_in_v2_1_and_is_409_in_v2_0(client, image, name, value):
    client.patch_image(image, [{'add': f'/{name}', 'value': value}], dialect=V2_0, status=409)
    assert client.show(image) == image
    client.patch_image(image, [op('add', f'/{name}', value)])
    assert client.show(image)[name] == value


def test_remove_takes_a_property_away(client, image):
    client.patch_image(image, [op('remove', '/os')])
    assert 'os' not in client.show(image)
    client.patch_image(image, [{'remove': '/os'}], dialect=V2_0, status=409)


@pytest.mark.parametrize('operation', ['replace', 'remove'])
def test_what_is_not_there_is_409(client, image, operation):
    client.patch_image(image, [op(operation, '/nothing', 'x')], status=409)


@pytest.mark.parametrize(
    'name',
    ['name', 'visibility', 'protected', 'tags', 'min_ram', 'disk_format', 'id', 'status', 'owner', 'size', 'self'],
)
def test_a_base_property_cannot_be_removed(client, image, name):
    client.patch_image(image, [op('remove', f'/{name}')], status=403)


READ_ONLY = [
    'id',
    'status',
    'created_at',
    'updated_at',
    'checksum',
    'size',
    'virtual_size',
    'direct_url',
    'self',
    'file',
    'schema',
]
RESERVED = ['is_public', 'location', 'deleted', 'deleted_at', 'os_glance_x']
INSIDE = ['base', 'context', 'delete', 'image_id', 'extra_properties', 'get_data', 'set_data', 'get_member_repo']


@pytest.mark.parametrize('name', READ_ONLY + RESERVED + INSIDE)
@pytest.mark.parametrize('operation', ['add', 'replace'])
def test_read_only_reserved_and_inside_names_are_403_and_nothing_changes(client, image, name, operation):
    for value in ('x', 5, None, True):
        client.patch_image(image, [op(operation, f'/{name}', value)], headers=ADMIN, status=403)
    client.patch_image(image, [{operation: f'/{name}', 'value': 'x'}], headers=ADMIN, dialect=V2_0, status=403)
    assert client.show(image) == image


def test_an_admin_gives_an_image_to_someone_else_and_its_owner_may_not(client, image):
    for owner in ('other', 'demo', None):
        client.patch_image(image, [op('replace', '/owner', owner)], status=403)
    client.patch_image(image, [op('replace', '/owner', 5)], headers=ADMIN, status=400)
    changed = client.patch_image(image, [op('replace', '/owner', 'other')], headers=ADMIN).json
    assert changed['owner'] == client.show(image, BOB)['owner'] == 'other'
    client.show(image, ALICE, status=404)


def test_what_the_service_keeps_for_itself_is_not_removed_either(client, image):
    client.patch_image(image, [op('remove', '/os_glance_x')], status=403)


@pytest.mark.parametrize('name', INSIDE)
def test_inside_names_cannot_be_removed(client, image, name):
    client.patch_image(image, [op('remove', f'/{name}')], status=403)


def test_an_empty_list_succeeds_and_changes_nothing(client, image):
    assert client.patch_image(image, []).json == image
    assert client.show(image) == image


def test_the_first_change_that_fails_undoes_them_all(client, image):
    changes = [op('replace', '/name', 'new'), op('add', '/a', '1'), op('remove', '/os'), op('remove', '/nothing')]
    client.patch_image(image, changes, status=409)
    assert client.show(image) == image


def test_changes_apply_in_their_order(client, image):
    client.patch_image(
        image, [op('add', '/a', '1'), op('replace', '/a', '2'), op('remove', '/os'), op('add', '/os', 'x')]
    )
    assert client.show(image).items() >= {'a': '2', 'os': 'x'}.items()


def test_a_name_may_hold_a_slash_and_a_tilde(client, image):
    client.patch_image(image, [op('add', '/a~1b~0c', '1')])
    assert client.show(image)['a/b~c'] == '1'


BAD_CHANGES = [
    op('replace', '/name', 5),
    op('replace', '/name', None),
    op('replace', '/name', 'x' * 256),
    op('replace', '/name', 'a\r\nb'),
    op('replace', '/visibility', 'hidden'),
    op('replace', '/protected', 'yes'),
    op('replace', '/min_ram', -1),
    op('replace', '/min_ram', 2**31),
    op('replace', '/min_ram', 10**100),
    op('replace', '/min_disk', 1.5),
    op('replace', '/disk_format', 'zip'),
    op('replace', '/tags', 'x'),
    op('replace', '/tags', [5]),
    op('replace', '/tags', ['x' * 256]),
    op('replace', '/os', 5),
    op('add', '/a', {}),
    op('add', '/a', ['x']),
    op('add', '/a', None),
    op('add', '/a', 'a\0b'),
    op('add', '/' + 'x' * 256, 'x'),
    op('add', '/a/b', 'x'),
    op('add', '/tags/-', 'x'),
    op('add', '/tags/0', 'x'),
    op('remove', '/tags/0'),
    op('remove', '/os/0'),
    op('test', '/name', 'old'),
    op('move', '/name', 'old'),
    op('copy', '/name', 'old'),
    op('delete', '/name'),
    op('__init__', '/name'),
    {},
    {'op': 'add'},
    {'path': '/a', 'value': 'x'},
    [],
    None,
    'x',
    5,
]
BAD_LOCATIONS = [
    op('add', '/locations', []),
    op('remove', '/locations'),
    op('replace', '/locations/0', {}),
    op('add', '/locations/-/x', {}),
    op('remove', '/locations/0'),
    op('remove', '/locations/-'),
    op('remove', '/locations/x'),
    op('add', '/locations/1', {'url': 'http://127.0.0.1:1/x', 'metadata': {}}),
    op('add', '/locations/\u00b2', {'url': 'http://127.0.0.1:1/x', 'metadata': {}}),
    op('add', '/locations/' + '9' * 5000, {'url': 'http://127.0.0.1:1/x', 'metadata': {}}),
    op('add', '/locations/-', 'http://127.0.0.1:1/x'),
    op('add', '/locations/-', {'url': 'http://127.0.0.1:1/x'}),
    op('add', '/locations/-', {'metadata': {}}),
    op('add', '/locations/-', {'url': 5, 'metadata': {}}),
    op('add', '/locations/-', {'url': 'x', 'metadata': 'y'}),
    op('replace', '/locations', None),
    op('replace', '/locations', {}),
    op('replace', '/locations', 'x'),
    op('replace', '/locations', [5]),
]


@pytest.mark.parametrize('change', BAD_CHANGES, ids=lambda change: repr(change)[:60])
def test_a_bad_change_is_400_and_nothing_changes(client, image, change):
    client.patch_image(image, [op('replace', '/name', 'new'), change], status=400)
    assert client.show(image) == image


@pytest.mark.parametrize('change', BAD_LOCATIONS, ids=lambda change: repr(change)[:60])
def test_a_bad_location_is_400_and_nothing_changes(client_with_locations, change):
    client = client_with_locations
    image = client.create(name='old')
    client.patch_image(image, [op('replace', '/name', 'new'), change], status=400)
    assert client.show(image) == image


BAD_BODIES = [
    b'',
    b'{}',
    b'null',
    b'5',
    b'"x"',
    b'[',
    b'\xff',
    b'[' * 100000,
    b'[{"op": "add", "path": "/a", "value": "\\ud800"}]',
]


@pytest.mark.parametrize('body', BAD_BODIES, ids=lambda body: repr(body[:30]))
@pytest.mark.parametrize('dialect', [V2_1, V2_0])
def test_a_body_that_is_no_list_is_400_and_nothing_changes(client, image, body, dialect):
    client.patch_image(image, body, dialect=dialect, status=400)
    assert client.show(image) == image


@pytest.mark.parametrize('content_type', ['application/json', 'application/json-patch+json', 'text/plain'])
def test_another_media_type_is_415_and_told_the_right_ones(client, image, content_type):
    refusal = client.patch_image(image, [], dialect=content_type, status=415)
    assert refusal.headers['Accept-Patch'] == f'{V2_1}, {V2_0}'
    assert refusal.json['badMediaType']['code'] == 415


def test_another_tenants_image_is_404_and_a_visible_one_403(client, image):
    change = [op('replace', '/name', 'mine')]
    client.patch_image(image, change, headers=BOB, status=404)
    client.share(image, 'other')
    client.patch_image(image, change, headers=BOB, status=403)
    for each in (op('add', '/a', '1'), op('remove', '/os'), op('replace', '/tags', [])):
        client.patch_image(image, [each], headers=BOB, status=403)
    assert client.show(image) == image


def test_formats_of_an_active_image_are_403(client):
    image = client.active()
    client.patch_image(image, [op('replace', '/disk_format', 'iso')], status=403)


def test_a_change_moves_updated_at_and_keeps_the_data(client):
    image = client.active(b'bytes')
    changed = client.patch_image(image, [op('replace', '/name', 'new')]).json
    assert changed['updated_at'] >= image['updated_at']
    assert changed['created_at'] == image['created_at']
    assert client.download(image).body == b'bytes'


def test_without_additional_properties_an_unknown_name_is_400_and_a_reserved_one_403(serve):
    client = serve(allow_additional_image_properties='False')
    image = client.create()
    client.patch_image(image, [op('add', '/os', 'x')], status=400)
    for name in RESERVED + INSIDE:
        client.patch_image(image, [op('add', f'/{name}', 'x')], status=403)


def test_quotas_hold_in_a_patch(serve):
    client = serve(image_property_quota='1', image_tag_quota='1')
    image = client.create()
    client.patch_image(image, [op('add', '/a', '1'), op('add', '/b', '2')], status=413)
    client.patch_image(image, [op('replace', '/tags', ['a', 'b'])], status=413)
    assert client.show(image) == image


class Elsewhere(BaseHTTPRequestHandler):
    """A web server with five bytes at every path but /none."""

    def do_HEAD(self):
        self.send_response(404 if self.path == '/none' else 200)
        self.send_header('Content-Length', '0' if self.path == '/empty' else '5')
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        self.wfile.write(b'' if self.path == '/empty' else b'bytes')

    def log_message(self, *args):
        pass


@pytest.fixture(scope='module')
def elsewhere():
    with HTTPServer(('127.0.0.1', 0), Elsewhere) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        yield f'http://127.0.0.1:{web.server_port}'
        web.shutdown()
        join(thread)


@pytest.fixture
def client_with_locations(serve):
    return serve(show_multiple_locations='True', show_image_direct_url='True')


def place(elsewhere, name='a', **metadata):
    return {'url': f'{elsewhere}/{name}', 'metadata': metadata}


def test_a_location_makes_a_queued_image_active_with_the_size_that_is_there(client_with_locations, elsewhere):
    client = client_with_locations
    image = client.create(**FORMATS)
    assert image['locations'] == []
    assert 'direct_url' not in image
    changed = client.patch_image(image, [op('add', '/locations/-', place(elsewhere))]).json
    assert (changed['status'], changed['size']) == ('active', 5)
    assert changed['locations'] == [place(elsewhere)]
    assert changed['direct_url'] == f'{elsewhere}/a'
    assert client.download(image).body == b'bytes'


def test_replace_sets_locations_only_where_there_are_none(client_with_locations, elsewhere):
    client = client_with_locations
    image = client.create(**FORMATS)
    active = client.patch_image(image, [op('replace', '/locations', [place(elsewhere)])]).json
    client.patch_image(image, [op('replace', '/locations', [place(elsewhere, 'b')])], status=400)
    assert client.show(image) == active


def test_replace_with_an_empty_list_queues_the_image_again_and_clears_its_size(client_with_locations):
    client = client_with_locations
    image = client.active()
    queued = client.patch_image(image, [op('replace', '/locations', [])]).json
    assert queued['status'] == 'queued'
    assert queued['locations'] == []
    assert 'size' not in queued
    assert client.download(image, status=204).body == b''


def test_locations_are_inserted_and_removed_by_position(client_with_locations, elsewhere):
    client = client_with_locations
    image = client.create(**FORMATS)
    for path, name in (('0', 'b'), ('0', 'a'), ('2', 'd'), ('2', 'c'), ('-', 'e')):
        client.patch_image(image, [op('add', f'/locations/{path}', place(elsewhere, name))])
    assert names(client.show(image)) == 'abcde'
    client.patch_image(image, [op('remove', '/locations/1')])
    client.patch_image(image, [op('remove', '/locations/-')])
    assert names(client.show(image)) == 'acd'
    client.patch_image(image, [op('remove', '/locations/3')], status=400)
    client.patch_image(image, [op('add', '/locations/4', place(elsewhere))], status=400)


def names(image):
    return ''.join(location['url'][-1] for location in image['locations'])


def test_the_last_location_that_goes_queues_the_image_again(client_with_locations, elsewhere):
    client = client_with_locations
    image = client.create(**FORMATS)
    client.patch_image(image, [op('add', '/locations/-', place(elsewhere))])
    assert client.patch_image(image, [op('remove', '/locations/0')]).json['status'] == 'queued'


def test_a_location_that_is_there_is_400_unless_its_metadata_differ(client_with_locations, elsewhere):
    client = client_with_locations
    image = client.create(**FORMATS)
    client.patch_image(image, [op('add', '/locations/-', place(elsewhere))])
    client.patch_image(image, [op('add', '/locations/-', place(elsewhere))], status=400)
    client.patch_image(image, [op('add', '/locations/-', place(elsewhere, zone='2'))])


@pytest.mark.parametrize(
    'url',
    [
        'file:///etc/passwd',
        'filesystem:///etc/passwd',
        'FILE:///etc/passwd',
        'nowhere://x',
        '/etc/passwd',
        '',
        'http://127.0.0.1:1/x',
        'http://',
        'http://[/x',
        'http://127.0.0.1:99999/x',
        '{elsewhere}/none',
        '{elsewhere}/empty',
    ],
)
def test_a_location_that_cannot_be_is_400_and_nothing_changes(client_with_locations, elsewhere, url):
    client = client_with_locations
    image = client.create(**FORMATS)
    location = {'url': url.replace('{elsewhere}', elsewhere), 'metadata': {}}
    client.patch_image(image, [op('add', '/locations/-', location)], status=400)
    client.patch_image(image, [op('replace', '/locations', [location])], status=400)
    assert client.show(image) == image


def test_a_failing_patch_keeps_the_data(client_with_locations):
    client = client_with_locations
    image = client.active(b'bytes')
    client.patch_image(image, [op('replace', '/locations', []), op('remove', '/nothing')], status=409)
    assert client.show(image) == image
    assert client.download(image).body == b'bytes'


def test_a_location_needs_both_formats(client_with_locations, elsewhere):
    client = client_with_locations
    image = client.create()
    client.patch_image(image, [op('add', '/locations/-', place(elsewhere))], status=400)
    assert client.show(image) == image


@pytest.mark.parametrize('image_id', ['none', '..', '%2e%2e', "' OR 1=1 --", '%00', '%ff', 'x' * 5000])
def test_an_image_that_is_not_there_is_404(client, image_id):
    client.patch_image(image_id, [op('replace', '/name', 'x')], status=404)
    assert client.get(path_of(image_id), headers=ALICE, status=404).json['itemNotFound']


@pytest.mark.parametrize('path', ['/locations/-', '/locations'])
def test_an_image_takes_no_location_while_an_upload_is_under_way(client_with_locations, elsewhere, path):
    client, refused = client_with_locations, []
    change = op('add', path, place(elsewhere)) if path[-1] == '-' else op('replace', path, [place(elsewhere)])
    image = client.create(**FORMATS)

    class Data(io.BytesIO):
        def read(self, size=-1):
            if not refused:
                refused.append(client.patch_image(image, [change], status=409).text)
            return super().read(size)

    upload = client.RequestClass.blank(f'{path_of(image)}/file', method='PUT', headers={**ALICE, **DATA})
    upload.body_file, upload.content_length = Data(b'whole'), 5
    client.do_request(upload, status=204)
    assert 'The image is saving' in refused[0]
    assert client.download(image).body == b'whole'


def test_a_value_beyond_65535_characters_is_400(client, image):
    client.patch_image(image, [op('add', '/a', 'x' * 65536)], status=400)
    client.patch_image(image, [op('add', '/a', 'x' * 65535)])
    client.create(a='x' * 65536, status=400)


ANOTHER = {'url': 'http://127.0.0.1:1/x', 'metadata': {}}


@pytest.mark.parametrize('change', [
    op('add', '/locations/-', ANOTHER), op('replace', '/locations', []), op('remove', '/locations/0'),
])  # fmt: skip
def test_locations_that_are_not_shown_cannot_be_changed(client, change):
    image = client.active(b'data')
    client.patch_image(image, [change], status=403)
    assert client.download(image).body == b'data'


@pytest.mark.parametrize('changes', [
    lambda other: [op('replace', '/locations', []), op('add', '/locations/-', other)],
    lambda other: [op('add', '/locations/-', other), op('remove', '/locations/0')],
    lambda other: [op('add', '/locations/0', other)],
    lambda other: [op('remove', '/locations/0')],
])  # fmt: skip
@pytest.mark.parametrize('shared', ['public', 'with a member'])
def test_the_bytes_that_others_see_cannot_be_swapped_under_their_id(client_with_locations, elsewhere, shared, changes):
    client = client_with_locations
    image = client.active(b'data')
    if shared == 'public':
        client.patch_image(image, [op('replace', '/visibility', 'public')], ADMIN)
    else:
        client.share(image, 'other')
    client.patch_image(image, changes(place(elsewhere)), status=403)
    assert client.download(image).body == b'data'
    client.patch_image(image, changes(place(elsewhere)), ADMIN)
