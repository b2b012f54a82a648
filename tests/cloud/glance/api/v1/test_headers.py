"""Metadata in headers, both ways."""

import contextlib
import sqlite3

import pytest
import webob
from glanceclient.common.http import encode_headers
from webob.exc import HTTPBadRequest

from cloud.glance.api.v1.headers import read_image_meta, write_image_meta
from tests.cloud.glance.api.conftest import ALICE
from tests.cloud.glance.api.v1.conftest import path_of


def read(client='python-glanceclient', **environ):
    """What is read of these headers of that client's: today's, if it does not say another."""
    names = {f'HTTP_X_IMAGE_META_{name.upper()}': value for name, value in environ.items()}
    return read_image_meta(webob.Request.blank('/', {**names, 'HTTP_USER_AGENT': client}))


def as_header(text):
    return text.encode().decode('latin-1')


def test_fields_are_typed_and_properties_are_text():
    sent = {'name': 'cirros', 'size': '5', 'min_ram': '6', 'is_public': 'True', 'protected': 'no', 'property_ram': '7'}
    assert read(**sent) == {
        'name': 'cirros', 'size': 5, 'min_ram': 6, 'is_public': True, 'protected': False, 'properties': {'ram': '7'},
    }  # fmt: skip


def test_the_names_of_properties_are_lower_case_and_have_underscores_for_dashes():
    request = webob.Request.blank('/', headers={'X-Image-Meta-Property-OS-Distro_Name': 'x'})
    assert read_image_meta(request)['properties'] == {'os_distro_name': 'x'}


@pytest.mark.parametrize('name', ['color', 'locations', 'location_data', 'tags', 'properties', 'deleted_by', ''])
def test_an_unknown_field_is_a_bad_header(client, name):
    answer = client.post('/v1/images', headers={**ALICE, f'x-image-meta-{name}': 'x'}, status=400)
    assert 'Bad header: x-image-meta-' in answer.json['badRequest']['message']


@pytest.mark.parametrize(
    ('name', 'value'),
    [
        ('size', 'x'), ('size', '-1'), ('size', ''), ('size', str(2**63)), ('size', '9' * 5000),
        ('size', '0' * 5000), ('size', '1e3'),
        ('min_ram', str(2**31)), ('min_disk', '1.5'), ('is_public', 'perhaps'), ('protected', ''),
        ('name', 'x' * 256), ('owner', 'x' * 256), ('checksum', 'x' * 33),
        ('name', as_header('a\x85b')), ('name', 'a%0D%0AX-Evil:%20b'), ('name', '%00'), ('name', '\xff'),
        ('property_x', 'a%0Ab'), ('property_x', '\xe4'), ('property_', 'x'), ('property_' + 'x' * 256, 'y'),
        ('property_a%0ab', 'x'), ('property_%ff', 'x'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(name, value):
    with pytest.raises(HTTPBadRequest):
        read(**{name: value})


@pytest.mark.parametrize('name', ['sch\u00f6n', '\u540d\u524d', 'a b', '50% of all', '\U0001f600'])
def test_text_of_any_script_travels_both_ways(client, name):
    image = client.add(name=name, properties={'os': name})
    assert image['name'] == image['properties']['os'] == name
    meta = client.meta(image)
    assert meta['name'] == meta['property-os'] == name
    assert client.put_meta(image, name=name + '!')['name'] == name + '!'


@pytest.mark.parametrize(
    ('sent', 'meant'),
    [
        ('My%20Image', 'My Image'),
        ('sch%C3%B6n', 'sch\u00f6n'),
        ('sch%c3%b6n', 'sch\u00f6n'),
        ('100%25', '100%'),
        ('100%', '100%'),
        ('50%20off (new)', '50%20off (new)'),  # no client that quotes leaves spaces
        ('%FF', '%FF'),  # nor makes what is no UTF-8
        ('http://h/a%3Fb%3Dc', 'http://h/a?b=c'),
        ('http://h/a%20b?c=d', 'http://h/a%20b?c=d'),
    ],
)
def test_percent_signs_are_undone_where_a_client_of_today_has_made_them(sent, meant):
    assert read(name=sent)['name'] == meant
    assert read(property_x=sent)['properties']['x'] == meant


@pytest.mark.parametrize(
    'sent',
    ['50%25', 'My%20Image', '%FF', '%00', '%0D%0A', 'http://h/a%20b%2Fc', 'http://h/a%3Fb?c=d', 'a+b', '%', '%41'],
)
@pytest.mark.parametrize('client', ['curl/8.5.0', 'openstacksdk/4.1.0', ''])
def test_what_any_other_client_sends_means_what_it_says(sent, client):
    meta = read(client, name=sent, location=sent, copy_from=sent, property_x=sent)
    assert meta['name'] == meta['location'] == meta['copy_from'] == meta['properties']['x'] == sent


@pytest.mark.parametrize('name', ['50%25', '50%2525', '%41', 'http://h/a%20b%2Fc?d=%25&e', 'a b+c', '%', 'sch\u00f6n'])
def test_what_a_client_of_today_is_given_comes_through(name):
    [value] = encode_headers({'x-image-meta-name': name}).values()
    assert read(name=value.decode())['name'] == name


def test_a_name_of_a_property_that_cannot_stand_in_a_header_is_quoted_both_ways():
    response = webob.Response()
    write_image_meta(response, {'properties': {'os:Distr\u00f6 name': 'x', 'plain_name': 'y', 'empty': None}})
    names = [name for name in response.headers if name.startswith('x-')]
    assert names == ['x-image-meta-property-os%3Adistr%C3%B6%20name', 'x-image-meta-property-plain_name']
    assert read(**{'property_os%3aDISTR%C3%B6%20name': 'x'})['properties'] == {'os:distr\u00f6 name': 'x'}


def test_control_characters_that_a_record_has_from_elsewhere_become_spaces():
    response = webob.Response()
    write_image_meta(response, {'name': 'a\r\nX-Evil: b', 'properties': {}})
    assert response.headers['x-image-meta-name'] == 'a  X-Evil: b'


def test_an_empty_field_is_none_and_an_empty_property_is_empty():
    assert read(name='', property_x='') == {'name': None, 'properties': {'x': ''}}


class TestChecksum:
    """It becomes ETag and Content-MD5: what no header can carry does not come in, and what is there does no harm."""

    @pytest.mark.parametrize('checksum', ['\u540d', 'sch\u00f6n', 'a b', '"x"'])
    def test_one_that_is_none_is_refused_and_changes_nothing(self, client, checksum):
        client.add(checksum=checksum, status=400)
        image = client.add(name='old')
        answer = client.put_meta(image, checksum=checksum, name='new', status=400)
        assert 'send MD5 in hex' in answer.json['badRequest']['message']
        assert client.meta(image)['name'] == 'old'

    @pytest.mark.parametrize('checksum', ['\u540d', 'sch\u00f6n', 'a\r\nX-Evil: b'])
    def test_one_that_a_database_has_from_before_is_no_500(self, client, checksum, tmp_path):
        image = client.active(b'data')
        with contextlib.closing(sqlite3.connect(tmp_path / 'glance.sqlite')) as connection, connection:
            connection.execute('UPDATE images SET checksum = ?', [checksum])
        for answer in (client.head(path_of(image), headers=ALICE), client.data(image), client.v2.download(image)):
            assert not {'ETag', 'Content-MD5', 'X-Evil'} & set(answer.headers)
        assert client.data(image).body == client.v2.download(image).body == b'data'
        assert client.put(path_of(image), headers=ALICE).json['image']['checksum'] == checksum
        assert [each['checksum'] for each in client.detail()] == [checksum]


class TestNone:
    """Clients in Python write it for what they have no value of."""

    def test_of_a_boolean_it_is_false(self, client):
        image = client.add(is_public='None', protected='None')
        assert (image['is_public'], image['protected']) == (False, False)
        assert client.put_meta(client.add(protected=True), protected='None')['protected'] is False

    def test_of_most_fields_it_is_as_if_they_were_not_sent(self, client):
        names = (
            'id',
            'size',
            'min_disk',
            'min_ram',
            'disk_format',
            'container_format',
            'checksum',
            'location',
            'store',
        )
        image = client.add(**dict.fromkeys((*names, 'copy_from'), 'None'))
        assert (image['status'], image['size'], image['min_disk'], image['disk_format']) == ('queued', 0, 0, None)
        image = client.active(min_ram=5)
        changed = client.put_meta(image, **dict.fromkeys(names, 'None'))
        assert (changed['min_ram'], changed['size'], changed['disk_format']) == (5, 4, 'raw')

    def test_but_a_name_and_a_property_may_be_so_called(self, client):
        image = client.add(name='None', properties={'os': 'None'})
        assert (image['name'], image['properties']) == ('None', {'os': 'None'})
        assert client.names('?name=None') == client.names('?property-os=None') == ['None']

    def test_a_list_is_not_narrowed_by_it(self, client):
        client.add(name='x')
        words = '?min_ram=None&size_min=None&protected=None&changes-since=None&is_public=None&limit=None&marker=None'
        assert client.names(words + '&sort_key=None&sort_dir=None') == ['x']
