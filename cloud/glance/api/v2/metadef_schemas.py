"""The schemas of metadata definitions: what a namespace is, and what may be in one.

    namespace  >  objects  >  properties        a property: a JSON schema, with a title, of what a key may hold
               >  properties
               >  tags
               >  resource types                of what these are the keys: images, servers, volumes

Use: SCHEMAS['namespace'].validate(document); DOCUMENTS['namespaces'] is one as it is published.
Real: glance 2014.2 glance/api/v2/metadef_namespaces.py get_schema, and those of metadef_objects.py,
    metadef_properties.py, metadef_tags.py, metadef_resource_types.py
Left out: `definitions`: what is said twice is written out twice, so that a client need not look up references.
"""

from cloud.glance.schema import CollectionSchema, DictCollectionSchema, Schema

LONGEST_NAME, LONGEST_DESCRIPTION = 80, 500
TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string', None]
NAMES = {'type': 'array', 'items': {'type': 'string', 'maxLength': LONGEST_NAME}, 'uniqueItems': True}
COUNT = {'type': 'integer', 'minimum': 0}
NAME = {'type': 'string', 'minLength': 1, 'maxLength': LONGEST_NAME, 'pattern': '^[^/]*$'}
TEXT = {'type': 'string', 'maxLength': LONGEST_DESCRIPTION}
OWN = {'type': 'string', 'readOnly': True}  # what the service says, and a client cannot
MOMENTS = {'created_at': OWN, 'updated_at': OWN}

PROPERTY = {
    'title': TEXT,
    'description': TEXT,
    'operators': NAMES,
    'type': {'type': 'string', 'enum': TYPES},
    'required': NAMES,
    'minimum': {'type': 'number'},
    'maximum': {'type': 'number'},
    'minLength': COUNT,
    'maxLength': COUNT,
    'pattern': TEXT,
    'enum': {'type': 'array'},
    'readonly': {'type': 'boolean'},
    'default': {},
    'items': {'type': 'object', 'properties': {'type': {'enum': TYPES}, 'enum': {'type': 'array'}}},
    'minItems': COUNT,
    'maxItems': COUNT,
    'uniqueItems': {'type': 'boolean'},
    'additionalItems': {'type': 'boolean'},
}
IN_COLLECTION = {'type': 'object', 'properties': PROPERTY, 'required': ['title', 'type']}
PROPERTIES = {'type': 'object', 'additionalProperties': {**IN_COLLECTION, 'additionalProperties': False}}
OBJECT = {
    'name': NAME,
    'description': TEXT,
    'required': NAMES,
    'properties': PROPERTIES,
    'schema': OWN,
    'self': OWN,
    **MOMENTS,
}
TAG = {'name': NAME, **MOMENTS}
ASSOCIATION = {
    'name': {**NAME, 'description': 'What these are the keys of, such as OS::Glance::Image'},
    'prefix': {'type': 'string', 'maxLength': LONGEST_NAME, 'description': 'What comes before the keys there'},
    'properties_target': {'type': 'string', 'maxLength': LONGEST_NAME, 'description': 'image, where there are several'},
    **MOMENTS,
}
NAMESPACE = {
    'namespace': {**NAME, 'description': 'The unique namespace text'},
    'display_name': {'type': 'string', 'maxLength': LONGEST_NAME, 'description': 'The name for people'},
    'description': {**TEXT, 'description': 'What the namespace is for'},
    'visibility': {'type': 'string', 'enum': ['public', 'private'], 'description': 'Scope of accessibility'},
    'protected': {'type': 'boolean', 'description': 'If true, namespace will not be deletable'},
    'owner': {'type': 'string', 'maxLength': 255, 'description': 'Owner of the namespace'},
    'schema': OWN,
    'self': OWN,
    **MOMENTS,
    'resource_type_associations': {
        'type': 'array',
        'items': {'type': 'object', 'properties': ASSOCIATION, 'required': ['name']},
    },
    'properties': PROPERTIES,
    'objects': {'type': 'array', 'items': {'type': 'object', 'properties': OBJECT, 'required': ['name']}},
    'tags': {'type': 'array', 'items': {'type': 'object', 'properties': TAG, 'required': ['name']}},
}
TAG_LIST = {
    'tags': {
        'type': 'array',
        'items': {'type': 'object', 'properties': {'name': NAME}, 'required': ['name'], 'additionalProperties': False},
    }
}

SCHEMAS = {
    'namespace': Schema('namespace', NAMESPACE, required=['namespace']),
    'object': Schema('object', OBJECT, required=['name']),
    'property': Schema('property', {'name': NAME, **PROPERTY}, required=['name', 'title', 'type']),
    'resource_type': Schema('resource_type_association', ASSOCIATION, required=['name']),
    'tag': Schema('tag', TAG, required=['name']),
    'tags': Schema('tags', TAG_LIST, required=['tags']),
}
DOCUMENTS = {
    **{name: schema.raw() for name, schema in SCHEMAS.items()},
    'namespaces': CollectionSchema('namespaces', SCHEMAS['namespace']).raw(),
    'objects': CollectionSchema('objects', SCHEMAS['object']).raw(),
    'properties': DictCollectionSchema('properties', SCHEMAS['property']).raw(),
    'resource_types': CollectionSchema('resource_type_associations', SCHEMAS['resource_type']).raw(),
    'tags': CollectionSchema('tags', SCHEMAS['tag']).raw(),
}
