"""The schemas of an image and of a member, and the resource that publishes them.

Use: image_schema(options, path of schema-image.json), member_schema(); Controller(image, member) for the routes.
Real: glance 2014.2 glance/api/v2/schemas.py Controller, glance/api/v2/images.py get_schema and load_custom_properties
Those of metadata definitions are in metadef_schemas.py, those of tasks in tasks.py.
"""

import json
import re

from jsonschema import Draft4Validator
from jsonschema.exceptions import SchemaError
from webob.exc import HTTPNotFound

from cloud.glance.api.v2 import metadef_schemas, tasks
from cloud.glance.schema import LONGEST_VALUE, CollectionSchema, PermissiveSchema, Schema

DISK_FORMATS = ['ami', 'ari', 'aki', 'vhd', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso']
CONTAINER_FORMATS = ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova']
STATUSES = [
    'queued', 'saving', 'uploading', 'importing', 'active', 'deactivated', 'killed', 'deleted', 'pending_delete'
]  # fmt: skip
UUID = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
MOST = 2147483647  # what a database's integer holds

# What a client may set on an image; any name not listed here is an extra property.
SETTABLE = (
    'name',
    'visibility',
    'protected',
    'min_disk',
    'min_ram',
    'disk_format',
    'container_format',
    'tags',
    'os_hidden',
    'owner',  # by an admin: the authorization layer knows who that is
)
# What the service itself keeps up to date: clients see it, and are refused when they set it.
READ_ONLY = (
    'created_at',
    'updated_at',
    'status',
    'checksum',
    'size',
    'virtual_size',
    'os_hash_algo',
    'os_hash_value',
)
READ_ONLY_LINKS = ('direct_url', 'self', 'file', 'schema')
# Names with a meaning of their own that no change may set. When an image is created the domain's list of them holds,
# as in the real one: there `location` is a property like any other.
RESERVED = ('is_public', 'location', 'deleted', 'deleted_at')
# Attributes of the object behind the document: never properties of the image.
INSIDE = ('base', 'context', 'delete', 'get_data', 'set_data', 'get_member_repo', 'image_id', 'extra_properties')


def text(description, **more):
    return {'type': 'string', 'description': description, **more}


def whole_number(description, **more):
    return {'type': 'integer', 'description': description, **more}


def read_only(schema):
    """The glance command makes an option of each property that is not marked so."""
    return {**schema, 'readOnly': True}


LOCATION = {
    'type': 'object',
    'properties': {'url': {'type': 'string', 'maxLength': 255}, 'metadata': {'type': 'object'}},
    'required': ['url', 'metadata'],
}
IMAGE_PROPERTIES = {
    'id': text('An identifier for the image', pattern=UUID),
    'name': text('Descriptive name for the image', maxLength=255),
    'status': read_only(text('Status of the image (READ-ONLY)', enum=STATUSES)),
    'visibility': text('Scope of image accessibility', enum=['public', 'private', 'shared', 'community']),
    'protected': {'type': 'boolean', 'description': 'If true, image will not be deletable'},
    'os_hidden': {'type': 'boolean', 'description': 'If true, image will not appear in default image list response'},
    'checksum': read_only(text('MD5 hash of image contents (READ-ONLY)', maxLength=32)),
    'os_hash_algo': read_only(text('Algorithm to calculate the os_hash_value (READ-ONLY)', maxLength=64)),
    'os_hash_value': read_only(text('Hexdigest of the image contents by that algorithm (READ-ONLY)', maxLength=128)),
    'owner': {**text('Owner of the image', maxLength=255), 'type': ['null', 'string']},
    'size': read_only(whole_number('Size of image file in bytes (READ-ONLY)')),
    'virtual_size': read_only(whole_number('Virtual size of image in bytes (READ-ONLY)')),
    'container_format': text('Format of the container', enum=CONTAINER_FORMATS),
    'disk_format': text('Format of the disk', enum=DISK_FORMATS),
    'created_at': read_only(text('Date and time of image registration (READ-ONLY)')),
    'updated_at': read_only(text('Date and time of the last image modification (READ-ONLY)')),
    'tags': {
        'type': 'array',
        'items': {'type': 'string', 'maxLength': 255},
        'description': 'List of strings related to the image',
    },
    'direct_url': read_only(text('URL to access the image file kept in external store (READ-ONLY)')),
    'min_ram': whole_number('Amount of ram (in MB) required to boot image', minimum=0, maximum=MOST),
    'min_disk': whole_number('Amount of disk space (in GB) required to boot image', minimum=0, maximum=MOST),
    'self': read_only(text('The URL of this document (READ-ONLY)')),
    'file': read_only(text('The URL of the image data (READ-ONLY)')),
    'schema': read_only(text('The URL of the schema of this document (READ-ONLY)')),
    'locations': {'type': 'array', 'items': LOCATION, 'description': 'Where the image data is, and how to get there'},
}
IMAGE_LINKS = (
    {'rel': 'self', 'href': '{self}'},
    {'rel': 'enclosure', 'href': '{file}'},
    {'rel': 'describedby', 'href': '{schema}'},
)
MEMBER_PROPERTIES = {
    'created_at': text('Date and time of member creation'),
    'image_id': text('An identifier for the image', pattern=UUID),
    'member_id': text('An identifier for the image member (tenantId)', maxLength=255),
    'status': text('The status of this image member', enum=['pending', 'accepted', 'rejected']),
    'updated_at': text('Date and time of the last modification'),
    'schema': text('The URL of the schema of this document'),
}


def image_schema(options, custom_path=None):
    """The schema of an image, by the options and, if there is one, the file with custom properties.

    custom_path: of a JSON file, name -> JSON schema of type string, or ["null", "string"], whose values have at most
    LONGEST_VALUE characters unless it has a maxLength of its own. ValueError in one line if the file cannot be used.
    """
    kind = PermissiveSchema if options.allow_additional_image_properties else Schema
    properties = {**custom_properties(custom_path), **IMAGE_PROPERTIES}
    # Setting one of these is refused whatever the value, so the value is not checked.
    return kind('image', properties, IMAGE_LINKS, READ_ONLY + READ_ONLY_LINKS + RESERVED + INSIDE)


def custom_properties(path):
    try:
        with open(path, encoding='utf-8-sig') as file:
            properties = json.load(file)
    except (FileNotFoundError, TypeError):  # TypeError: there is no path
        return {}
    except (OSError, ValueError) as error:
        raise ValueError(f'{path}: {error}') from None
    if not isinstance(properties, dict):
        raise ValueError(f'{path}: write one JSON object, from names to schemas')
    for name, schema in properties.items():
        if not isinstance(schema, dict) or not is_of_text(schema.get('type')):
            raise ValueError(f'{path}: {name} has not the type string, or null and string, and properties are text')
        check_usable(schema, f'{path}: {name}')
    return {name: {'maxLength': LONGEST_VALUE, **schema} for name, schema in properties.items()}


def is_of_text(types):
    """Whether that is text; or null, too, as the file of later releases has it of kernel_id: without a value."""
    return (
        types == 'string' or isinstance(types, list) and types in (['string'], ['null', 'string'], ['string', 'null'])
    )


def check_usable(schema, what):
    """ValueError now, not at the first request, if the schema or a pattern in it is invalid."""
    try:
        Draft4Validator.check_schema(schema)
        list(Draft4Validator(schema).iter_errors(''))
    except (SchemaError, re.error) as error:
        raise ValueError(f'{what}: {getattr(error, "message", error)}') from None


def member_schema():
    return Schema('member', MEMBER_PROPERTIES)


class Controller:
    """Answers with the schemas' documents."""

    metadefs = metadef_schemas.DOCUMENTS

    def __init__(self, image, member):
        self.documents = {
            'image': image.raw(),
            'images': CollectionSchema('images', image).raw(),
            'member': member.raw(),
            'members': CollectionSchema('members', member).raw(),
            **tasks.DOCUMENTS,
        }

    def show(self, req, name):
        return find(self.documents, name)

    def metadef(self, req, name):
        return find(self.metadefs, name)


def find(documents, name):
    if name not in documents:
        raise HTTPNotFound(f'There is no such schema: there are {", ".join(documents)}.')
    return documents[name]
