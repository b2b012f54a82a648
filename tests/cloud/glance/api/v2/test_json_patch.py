import pytest
import simplejson
from webob import Request
from webob.exc import HTTPBadRequest, HTTPRequestEntityTooLarge, HTTPUnsupportedMediaType

from cloud.glance.api.v2.json_patch import Change, read_changes

V2_1 = 'application/openstack-images-v2.1-json-patch'
V2_0 = 'application/openstack-images-v2.0-json-patch'


def read(document, content_type=V2_1):
    body = document if isinstance(document, bytes) else simplejson.dumps(document).encode()
    return read_changes(Request.blank('/', method='PATCH', body=body, content_type=content_type))


def test_v2_1_names_the_operation_the_path_and_the_value():
    assert read([{'op': 'replace', 'path': '/name', 'value': 'x'}]) == [Change('replace', ['name'], 'x', True)]


def test_v2_0_has_the_path_behind_the_verb():
    assert read([{'replace': '/name', 'value': 'x'}], V2_0) == [Change('replace', ['name'], 'x', False)]


def test_remove_needs_no_value_and_keeps_none():
    assert read([{'op': 'remove', 'path': '/a', 'value': 1}]) == [Change('remove', ['a'], None, True)]


def test_more_than_256_changes_at_once_are_413():
    change = {'op': 'remove', 'path': '/locations/0'}
    assert len(read([change] * 256)) == 256
    with pytest.raises(HTTPRequestEntityTooLarge, match='257 changes: send at most 256'):
        read([change] * 257)


def test_an_empty_list_is_no_change():
    assert read([]) == []


def test_a_null_is_a_value():
    assert read([{'op': 'add', 'path': '/a', 'value': None}])[0].value is None


def test_the_media_type_may_have_parameters_and_any_case():
    assert read([], 'Application/OpenStack-Images-v2.1-JSON-patch; charset=utf-8') == []


@pytest.mark.parametrize('content_type', ['application/json', 'application/json-patch+json', 'text/plain', ''])
def test_another_media_type_is_refused_and_told_both(content_type):
    with pytest.raises(HTTPUnsupportedMediaType) as caught:
        read([], content_type)
    assert caught.value.headers['Accept-Patch'] == f'{V2_1}, {V2_0}'


@pytest.mark.parametrize(
    ('path', 'tokens'),
    [
        ('/a', ['a']),
        ('/ a ', ['a']),
        ('/a~1b', ['a/b']),
        ('/a~0b', ['a~b']),
        ('/a~01', ['a~1']),
        ('/locations/-', ['locations', '-']),
    ],
)
def test_a_pointer_is_split_trimmed_and_unescaped(path, tokens):
    assert read([{'op': 'remove', 'path': path}])[0].path == tokens


@pytest.mark.parametrize(
    'path', ['', 'a', '/', '//', '/a/', '/a//b', '/ ', '/a/ /b', '/a~', '/a~2', '/~~1', None, 1, ['/a']]
)
def test_a_bad_pointer_is_refused(path):
    with pytest.raises(HTTPBadRequest):
        read([{'op': 'remove', 'path': path}])


@pytest.mark.parametrize(
    'item',
    [
        {},
        {'op': 'add'},
        {'path': '/a'},
        {'op': 'add', 'path': '/a'},
        {'op': 'replace', 'path': '/a'},
        {'op': 'test', 'path': '/a', 'value': 1},
        {'op': 'move', 'path': '/a', 'from': '/b'},
        {'op': 'ADD', 'path': '/a', 'value': 1},
        {'op': None, 'path': '/a'},
        {'op': ['add'], 'path': '/a', 'value': 1},
        {'op': {}, 'path': '/a', 'value': 1},
    ],
)
def test_a_bad_operation_is_refused(item):
    with pytest.raises(HTTPBadRequest):
        read([item])


@pytest.mark.parametrize(
    'item',
    [
        {},
        {'value': 1},
        {'test': '/a', 'value': 1},
        {'add': '/a'},
        {'add': '/a', 'replace': '/a', 'value': 1},
        {'add': '/a', 'test': '/a', 'value': 1},
        {'op': 'add', 'path': '/a', 'value': 1},
    ],
)
def test_v2_0_needs_exactly_one_verb(item):
    with pytest.raises(HTTPBadRequest):
        read([item], V2_0)


@pytest.mark.parametrize(
    'body', [b'', b'{', b'{}', b'null', b'1', b'"x"', b'[1]', b'[[]]', b'[null]', b'\xff', b'[' * 100000]
)
def test_a_body_that_is_no_list_of_objects_is_refused(body):
    with pytest.raises(HTTPBadRequest):
        read(body)
