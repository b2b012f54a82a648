"""/v2/schemas"""

import jsonschema
import pytest

from cloud.glance.api.v2.schemas import SETTABLE
from tests.cloud.glance.api.conftest import ALICE

METADEFS = ('namespace', 'object', 'property', 'resource_type', 'tag')


def schema(client, name):
    return client.get(f'/v2/schemas/{name}', headers=ALICE).json


@pytest.mark.parametrize('name', ['image', 'images', 'member', 'members'])
def test_each_document_has_its_name_and_properties(client, name):
    document = schema(client, name)
    assert document['name'] == name
    assert document['properties']


def test_an_images_schema_names_all_that_an_image_may_show(client):
    document = schema(client, 'image')
    assert set(document['properties']) == {
        'id',
        'name',
        'status',
        'visibility',
        'protected',
        'tags',
        'min_ram',
        'min_disk',
        'owner',
        'disk_format',
        'container_format',
        'size',
        'virtual_size',
        'checksum',
        'os_hidden',
        'os_hash_algo',
        'os_hash_value',
        'created_at',
        'updated_at',
        'self',
        'file',
        'schema',
        'direct_url',
        'locations',
    }
    assert document['additionalProperties'] == {'type': 'string', 'maxLength': 65535}
    assert {'rel': 'self', 'href': '{self}'} in document['links']


def test_what_clients_cannot_set_is_marked_so(client):
    properties = schema(client, 'image')['properties']
    settable = {name for name in properties if not properties[name].get('readOnly')}
    assert settable == {*SETTABLE, 'id', 'locations'}


def test_without_additional_properties_the_schema_says_so(serve):
    assert schema(serve(allow_additional_image_properties='False'), 'image')['additionalProperties'] is False


@pytest.mark.parametrize(('name', 'item'), [('images', 'image'), ('members', 'member')])
def test_a_lists_schema_holds_its_items(client, name, item):
    document = schema(client, name)
    assert document['properties'][name] == {'type': 'array', 'items': schema(client, item)}
    assert document['links']


def test_the_documents_that_are_served_fit_their_schemas(serve):
    client = serve(show_multiple_locations='True', show_image_direct_url='True')
    image = client.active(name='x', tags=['t'], os='linux')
    jsonschema.validate(image, schema(client, 'image'))
    jsonschema.validate(client.list('?limit=1'), schema(client, 'images'))
    jsonschema.validate(client.share(image, 'other').json, schema(client, 'member'))


def test_schemas_need_a_token(client):
    client.get('/v2/schemas/image', status=401)


def test_a_schema_that_is_not_there_is_404(client):
    client.get('/v2/schemas/nothing', headers=ALICE, status=404)
    client.get('/v2/schemas/metadefs/nothing', headers=ALICE, status=404)


@pytest.mark.parametrize('name', METADEFS)
def test_each_kind_of_metadata_definition_has_its_schema(client, name):
    document = schema(client, f'metadefs/{name}')
    assert document['required']
    jsonschema.Draft4Validator.check_schema(document)


@pytest.mark.parametrize('name', ['namespaces', 'objects', 'resource_types', 'tags'])
def test_a_list_of_metadata_definitions_has_a_schema_that_holds_its_items(client, name):
    [items] = [each for each in schema(client, f'metadefs/{name}')['properties'].values() if each['type'] == 'array']
    assert items['items'] == schema(client, f'metadefs/{name[:-1]}')


def test_in_a_collection_of_properties_their_names_are_the_keys(client):
    properties = schema(client, 'metadefs/properties')['properties']['properties']
    assert properties['additionalProperties']['required'] == ['title', 'type']
