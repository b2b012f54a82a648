"""What a document looks like: a JSON schema that is both published and checked against.

Use: schema = Schema('image', {'name': {'type': 'string'}}); schema.validate(document); schema.raw()
Real: glance 2014.2 glance/schema.py Schema, PermissiveSchema, CollectionSchema, DictCollectionSchema
Left out: merging in the properties of metadata definitions.
"""

from jsonschema import Draft4Validator

from cloud.glance.common.exception import InvalidObject
from cloud.glance.store.location import without_password

LONGEST_VALUE = 65535  # characters of a property that no schema names, as the real database's TEXT holds bytes
LONGEST_REASON = 300  # characters: a message does not repeat all that a client sent


class Schema:
    """An object with these properties and no others.

    name: text; properties: name -> JSON schema; links: how a client finds what belongs to a document;
    unchecked: names whose value `validate` does not check, since others refuse them with a better message;
    required: names that must be there.
    """

    additional = False  # the schema of all other properties

    def __init__(self, name, properties, links=(), unchecked=(), required=()):
        self.name = name
        self.properties = properties
        self.links = list(links)
        checked = {**properties, **dict.fromkeys(unchecked, {})}
        self.required = list(required)
        must = {'required': self.required} if required else {}
        self.validators = {name: Draft4Validator(schema) for name, schema in properties.items()}
        self.validator = Draft4Validator({**self.shape(), 'properties': checked, 'type': 'object', **must})

    def shape(self):
        return {'name': self.name, 'properties': self.properties, 'additionalProperties': self.additional}

    def validate(self, document):
        """Nothing, or InvalidObject with the first thing that is wrong."""
        error = next(self.validator.iter_errors(document), None)
        if error is not None:
            where = '/'.join(str(step) for step in error.path)
            why = without_password(error.message)
            raise InvalidObject(f'{self.name}: {where}{": " if where else ""}{why}'[:LONGEST_REASON])

    def fits(self, name, value):
        """Whether a document may have this property of text."""
        if name in self.properties:
            return self.validators[name].is_valid(value)
        return bool(self.additional) and len(value) <= LONGEST_VALUE

    def takes_null(self, name):
        """Whether null is one of the types that this property may have."""
        return 'null' in self.properties.get(name, {}).get('type', ())

    def raw(self):
        """The document as it is published: a dict."""
        more = {'links': self.links, 'required': self.required}
        return {**self.shape(), **{name: value for name, value in more.items() if value}}


class PermissiveSchema(Schema):
    """An object with these properties, and any others that are text."""

    additional = {'type': 'string', 'maxLength': LONGEST_VALUE}


class CollectionSchema:
    """A page of documents that another schema describes. name: what the documents are called there."""

    def __init__(self, name, item_schema):
        self.name = name
        self.item_schema = item_schema

    def items(self):
        return {'type': 'array', 'items': self.item_schema.raw()}

    def raw(self):
        """The document as it is published: a dict."""
        return {
            'name': self.name,
            'properties': {
                self.name: self.items(),
                'first': {'type': 'string'},
                'next': {'type': 'string'},
                'schema': {'type': 'string'},
            },
            'links': [
                {'rel': 'first', 'href': '{first}'},
                {'rel': 'next', 'href': '{next}'},
                {'rel': 'describedby', 'href': '{schema}'},
            ],
        }


class DictCollectionSchema(CollectionSchema):
    """The same where the documents are found by their names: these are the keys, and not in the documents."""

    def items(self):
        item = self.item_schema.raw()
        return {
            'type': 'object',
            'additionalProperties': {**item, 'required': [name for name in item['required'] if name != 'name']},
        }
