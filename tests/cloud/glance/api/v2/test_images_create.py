"""POST /v2/images: what an image may be, and who refuses what."""

import re

import pytest
import simplejson

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB, FORMATS

ID = '11111111-2222-4333-8444-555555555555'


def test_a_fresh_image_shows_what_is_known_and_leaves_out_what_is_null(client):
    image = client.create(name='cirros', tags=['b', 'a'], os='linux', **FORMATS)
    path = f'/v2/images/{image["id"]}'
    assert image.pop('created_at') == image.pop('updated_at')
    assert image == {
        'id': path.rpartition('/')[2],
        'name': 'cirros',
        'status': 'queued',
        'visibility': 'private',
        'protected': False,
        'tags': ['a', 'b'],
        'min_ram': 0,
        'min_disk': 0,
        'owner': 'demo',
        'disk_format': 'raw',
        'container_format': 'bare',
        'os': 'linux',
        'self': path,
        'file': f'{path}/file',
        'schema': '/v2/schemas/image',
    }


def test_times_are_in_utc_to_the_second(client):
    assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', client.create()['created_at'])


def test_the_answer_is_201_with_the_images_place(client):
    answer = client.post_json('/v2/images', {}, headers=ALICE, status=201)
    assert answer.headers['Location'].endswith(f'/v2/images/{answer.json["id"]}')
    client.get(answer.headers['Location'], headers=ALICE, status=200)


def test_all_base_properties_can_be_set(client):
    wanted = {
        'id': ID,
        'name': 'x',
        'protected': True,
        'min_ram': 64,
        'min_disk': 2,
        'visibility': 'private',
        **FORMATS,
    }
    assert client.create(**wanted).items() >= wanted.items()


def test_an_id_that_is_taken_is_409(client):
    client.create(id=ID)
    client.create(id=ID, status=409)
    client.create(BOB, id=ID, status=409)


def test_the_id_of_a_deleted_image_stays_taken(client):
    client.create(id=ID)
    client.delete(f'/v2/images/{ID}', headers=ALICE)
    client.create(id=ID, status=409)


@pytest.mark.parametrize('name', ['direct_url', 'self', 'file', 'schema'])
@pytest.mark.parametrize('value', ['x', 1, None, {}])
def test_links_of_the_service_are_403_whatever_the_value(client, name, value):
    client.create(status=403, **{name: value})


@pytest.mark.parametrize('name', ['created_at', 'updated_at', 'checksum', 'size', 'virtual_size'])
@pytest.mark.parametrize('value', ['x', 1, None, []])
def test_read_only_properties_are_403_whatever_the_value(client, name, value):
    client.create(ADMIN, status=403, **{name: value})


def test_status_is_read_only(client):
    body = {'status': 'active'}
    client.post_json('/v2/images', body, headers=ALICE, status=403)


@pytest.mark.parametrize('name', ['is_public', 'deleted', 'deleted_at', 'os_glance_x'])
@pytest.mark.parametrize('value', ['x', True])
def test_reserved_properties_are_403_even_for_an_admin(client, name, value):
    client.create(ADMIN, status=403, **{name: value})


def test_an_admin_names_the_owner_and_others_may_not(client):
    image = client.create(ADMIN, owner='other')
    assert image['owner'] == client.show(image, BOB)['owner'] == 'other'
    client.show(image, ALICE, status=404)
    client.create(ALICE, owner='other', status=403)
    for value in (5, True, 'x' * 256):
        client.create(ADMIN, owner=value, status=400)
    assert client.create(ALICE, owner='demo')['owner'] == 'demo'


def test_locations_are_reserved(client):
    client.create(ADMIN, status=403, locations=[{'url': 'http://127.0.0.1/x', 'metadata': {}}])


@pytest.mark.parametrize('name', ['base', 'context', 'delete', 'extra_properties', 'image_id', 'get_member_repo'])
def test_names_of_the_inside_are_403(client, name):
    client.create(status=403, **{name: 'x'})


BAD_VALUES = [
    {'name': 5},
    {'name': None},
    {'name': ['x']},
    {'name': 'x' * 256},
    {'id': 'abc'},
    {'id': '../../etc/passwd'},
    {'id': ID + '\n'},
    {'id': 5},
    {'id': None},
    {'visibility': 'hidden'},
    {'visibility': None},
    {'protected': 'yes'},
    {'protected': 1},
    {'min_ram': -1},
    {'min_ram': '64'},
    {'min_ram': 1.5},
    {'min_ram': 1.0},
    {'min_disk': -1},
    {'min_disk': 2**31},
    {'min_disk': 10**400},
    {'min_disk': True},
    {'disk_format': 'zip'},
    {'disk_format': None},
    {'container_format': 'box'},
    {'container_format': ['bare']},
    {'tags': 'a'},
    {'tags': {'a': 'b'}},
    {'tags': [1]},
    {'tags': ['x' * 256]},
    {'tags': None},
    {'os': 5},
    {'os': None},
    {'os': {'name': 'linux'}},
    {'os': ['linux']},
    {'': 'x'},
    {'x' * 256: 'y'},
    {' os': 'linux'},
    {'os': 'a\0b'},
    {'os': 'a\r\nX-Evil: 1'},
    {'a\r\nb': 'x'},
    {'name': 'a\nb'},
    {'tags': ['a\r\nb']},
]


@pytest.mark.parametrize('document', BAD_VALUES, ids=lambda document: repr(document)[:40])
def test_a_document_against_the_schema_is_400_and_nothing_is_stored(client, document):
    client.create(status=400, **document)
    assert client.list(headers=ADMIN)['images'] == []


BAD_BODIES = [
    b'',
    b'null',
    b'[]',
    b'"x"',
    b'5',
    b'{',
    b'{"name": "x"',
    b"{'name': 'x'}",
    b'{"name": "\xff"}',
    b'{"name": "\\ud800"}',
    b'{"\\udc00": "x"}',
    b'{"min_ram": 1e999}',
    b'{"min_ram": NaN}',
    b'{"os": "\\u0000"}',
    b'[' * 100000,
    b'{"tags": ' * 100000,
    b'{"min_ram": ' + b'1' * 5000 + b'}',
    '{"name": "x"}'.encode('utf-16'),
    b'\x80\x04\x95',
]


@pytest.mark.parametrize('body', BAD_BODIES, ids=lambda body: repr(body[:30]))
@pytest.mark.parametrize('content_type', ['application/json', 'text/plain', 'multipart/form-data', ''])
def test_a_body_that_is_no_json_object_is_400_and_nothing_is_stored(client, body, content_type):
    client.post('/v2/images', body, headers={**ALICE, 'Content-Type': content_type}, status=400)
    assert client.list(headers=ADMIN)['images'] == []


def test_a_body_of_more_than_a_mebibyte_is_413(client):
    client.create(status=413, os='x' * 1048576)


def test_without_additional_properties_an_unknown_name_is_400(serve):
    client = serve(allow_additional_image_properties='False')
    client.create(status=400, os='linux')
    client.create(name='x')


def test_without_additional_properties_read_only_and_reserved_names_are_403_still(serve):
    client = serve(allow_additional_image_properties='False')
    for name in ('owner', 'is_public', 'deleted', 'deleted_at', 'created_at', 'self', 'size', 'base'):
        client.create(status=403, **{name: 'x'})


def write_custom(tmp_path, document):
    (tmp_path / 'schema-image.json').write_text(document)


def test_custom_properties_are_checked_and_published(tmp_path, serve):
    write_custom(tmp_path, simplejson.dumps({'os': {'type': 'string', 'enum': ['linux', 'plan9']}}))
    client = serve(allow_additional_image_properties='False')
    client.create(status=400, os='dos')
    assert client.create(os='plan9')['os'] == 'plan9'
    assert 'os' in client.get('/v2/schemas/image', headers=ALICE).json['properties']


KERNEL = {'type': ['null', 'string'], 'pattern': '^[0-9a-f]{8}-[0-9a-f-]{27}$', 'is_base': False}  # as later releases
AN_ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'


@pytest.mark.parametrize('types', [['null', 'string'], ['string', 'null'], ['string']])
def test_a_custom_property_may_be_null_and_that_is_no_value(tmp_path, serve, types):
    write_custom(tmp_path, simplejson.dumps({'kernel_id': {**KERNEL, 'type': types}, 'os': {'type': 'string'}}))
    client = serve()
    assert client.get('/v2/schemas/image', headers=ALICE).json['properties']['kernel_id']['type'] == types
    assert client.create(kernel_id=AN_ID)['kernel_id'] == AN_ID
    client.create(kernel_id='', status=400)
    client.create(os=None, status=400)
    client.create(owner=None, status=403)
    if 'null' not in types:
        client.create(kernel_id=None, status=400)
        return
    assert 'kernel_id' not in client.create(kernel_id=None)
    image = client.create(kernel_id=AN_ID)
    for op in ('replace', 'add', 'add'):
        changed = client.patch_image(image, [{'op': op, 'path': '/kernel_id', 'value': None}]).json
        assert 'kernel_id' not in changed
    assert client.list(f'?kernel_id={AN_ID}')['images'][0]['id'] != image['id']


@pytest.mark.parametrize(
    'document',
    ['{', '[]', '{"os": 5}', '{"os": {"type": "integer"}}', '{"os": {"type": ["null", "integer"]}}',
     '{"os": {"type": ["null"]}}', '{"os": {"type": []}}', '{"os": {}}', '{"os": {"type": ["string", ["null"]]}}',
     '{"os": {"type": "string", "pattern": "("}}']
)  # fmt: skip
def test_a_broken_file_of_custom_properties_stops_the_start(tmp_path, serve, document):
    write_custom(tmp_path, document)
    with pytest.raises(ValueError, match=r'schema-image\.json'):
        serve()


def test_only_an_admin_makes_an_image_public(client):
    client.create(status=403, visibility='public')
    assert client.create(ADMIN, visibility='public')['visibility'] == 'public'


@pytest.mark.parametrize(
    ('quota', 'document'),
    [('image_property_quota', {'a': '1', 'b': '2'}), ('image_tag_quota', {'tags': ['a', 'b']})],
)
def test_more_than_a_quota_is_413_and_nothing_is_stored(serve, quota, document):
    client = serve(**{quota: '1'})
    client.create(status=413, **document)
    assert client.list()['images'] == []


def test_text_may_be_of_any_script(client):
    image = client.create(name='\u540d\u524d \U0001f600', tags=['\u00fc'], **{'schl\u00fcssel': 'w\u00ebrt'})
    assert client.show(image) == image


def test_a_tag_that_comes_twice_is_one(client):
    assert client.create(tags=['a', 'a'])['tags'] == ['a']


def test_location_is_a_property_like_any_other_at_the_creation_and_cannot_be_set_later(client):
    image = client.create(location='x')
    assert image['location'] == 'x'
    change = {'op': 'replace', 'path': '/location', 'value': 'y'}
    client.patch_image(image, [change], status=403)
