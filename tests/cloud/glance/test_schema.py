import pytest

from cloud.glance.common.exception import InvalidObject
from cloud.glance.schema import CollectionSchema, PermissiveSchema, Schema

PROPERTIES = {'name': {'type': 'string', 'maxLength': 3}, 'size': {'type': 'integer'}}
LINKS = ({'rel': 'self', 'href': '{self}'},)


def test_a_document_that_fits_passes():
    Schema('thing', PROPERTIES).validate({'name': 'abc', 'size': 1})


@pytest.mark.parametrize(
    'document',
    [{'name': 'abcd'}, {'name': 1}, {'name': None}, {'size': 1.0}, {'size': True}, {'other': ''}, [], 'x', None],
)
def test_a_document_that_does_not_fit_is_refused(document):
    with pytest.raises(InvalidObject, match='thing'):
        Schema('thing', PROPERTIES).validate(document)


def test_a_permissive_schema_takes_other_text():
    schema = PermissiveSchema('thing', PROPERTIES)
    schema.validate({'other': 'text'})
    with pytest.raises(InvalidObject, match='other'):
        schema.validate({'other': 1})


def test_unchecked_names_pass_with_any_value_but_are_not_published():
    schema = Schema('thing', PROPERTIES, unchecked=['owner', 'size'])
    schema.validate({'owner': {}, 'size': 'large'})
    assert 'owner' not in schema.raw()['properties']
    assert schema.raw()['properties']['size'] == {'type': 'integer'}


def test_required_names_are_missed():
    schema = Schema('thing', PROPERTIES, required=['name'])
    schema.validate({'name': 'abc'})
    with pytest.raises(InvalidObject, match="'name' is a required property"):
        schema.validate({'size': 1})


def test_the_reason_does_not_give_all_back_that_was_sent():
    with pytest.raises(InvalidObject) as caught:
        Schema('thing', PROPERTIES).validate({'name': 'x' * 100000})
    assert len(caught.value.msg) <= 300


def test_the_published_document_has_name_properties_and_links():
    assert PermissiveSchema('thing', PROPERTIES, LINKS).raw() == {
        'name': 'thing',
        'properties': PROPERTIES,
        'additionalProperties': {'type': 'string'},
        'links': list(LINKS),
    }


def test_a_collection_holds_its_items_schema():
    item = Schema('thing', PROPERTIES)
    document = CollectionSchema('things', item).raw()
    assert document['name'] == 'things'
    assert document['properties']['things'] == {'type': 'array', 'items': item.raw()}
    assert {link['rel'] for link in document['links']} == {'first', 'next', 'describedby'}
