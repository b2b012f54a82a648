"""Between the records that travel and the database's rows.

Use: make_image_dict(row) is a record; read_record({"image": {...}}) is (values, from_state) for the database.
Real: glance 2014.2 glance/registry/api/v1/images.py make_image_dict, _normalize_image_location_for_db,
    which checks nothing: there the database does, or falls
"""

from cloud.glance.api.v2.schemas import CONTAINER_FORMATS, DISK_FORMATS, MOST, STATUSES, UUID
from cloud.glance.common import wsgi
from cloud.glance.schema import Schema
from cloud.oslo.utils.timeutils import strtime

FIELDS = ('id', 'name', 'status', 'is_public', 'owner', 'size', 'virtual_size', 'disk_format', 'container_format',
          'checksum', 'min_disk', 'min_ram', 'protected', 'deleted')  # fmt: skip
MOMENTS = ('created_at', 'updated_at', 'deleted_at')
# What the database itself keeps up to date: it may come back in a record, and does nothing.
KEPT = (*MOMENTS, 'deleted')


def text(longest):
    return {'type': ['string', 'null'], 'maxLength': longest}


def whole_number(most, *types):
    return {'type': ['integer', *types], 'minimum': 0, 'maximum': most}


LOCATION = {
    'type': 'object',
    'properties': {'url': {'type': 'string'}, 'metadata': {'type': 'object'}, 'status': {'type': 'string'}},
    'required': ['url'],
}
RECORD = {
    'id': {'type': 'string', 'pattern': UUID},
    'name': text(255),
    'status': {'type': 'string', 'enum': STATUSES},
    'is_public': {'type': 'boolean'},
    'owner': text(255),
    'size': whole_number(2**63 - 1, 'null'),
    'virtual_size': whole_number(2**63 - 1, 'null'),
    'disk_format': {'enum': [*DISK_FORMATS, None]},
    'container_format': {'enum': [*CONTAINER_FORMATS, None]},
    'checksum': {**text(32), 'pattern': wsgi.CHECKSUM.pattern},
    'min_disk': whole_number(MOST),
    'min_ram': whole_number(MOST),
    'protected': {'type': 'boolean'},
    'properties': {
        'type': 'object',
        'patternProperties': {'^.{1,255}$': {'type': ['string', 'null']}},
        'additionalProperties': False,
    },
    'location': {'type': ['string', 'null']},
    'location_data': {'type': 'array', 'items': LOCATION},
}
AT_MOST = {
    'type': 'object',
    'properties': dict.fromkeys(('properties', 'characters of properties', 'tags', 'members'), whole_number(MOST)),
    'additionalProperties': False,
}
BODY = Schema(
    'body',
    {'image': {'type': 'object'}, 'from_state': {'type': ['string', 'null']}, 'at_most': AT_MOST},
    required=['image'],
)
IMAGE = Schema('image', RECORD, unchecked=KEPT)


def read_record(document):
    """(values as Database.image_create takes them, from_state or None, at_most or None) of a body; InvalidObject."""
    BODY.validate(document)
    IMAGE.validate(document['image'])
    values = {name: value for name, value in document['image'].items() if name not in KEPT}
    if 'location' in values or 'location_data' in values:
        values['locations'] = locations_of(values.pop('location', None), values.pop('location_data', ()))
    return values, document.get('from_state'), document.get('at_most')


def locations_of(url, location_data):
    """What is known of each place, and one more if the URL is none of them."""
    known = {location['url']: location for location in location_data}
    new = [] if url is None or url in known else [{'url': url}]
    return new + list(known.values())


def make_image_dict(image):
    """The record of a database's row: only text, numbers, booleans, None, and dicts and lists of them."""
    return {
        **{name: image[name] for name in FIELDS},
        **{name: image[name] and strtime(image[name]) for name in MOMENTS},
        'properties': {each['name']: each['value'] for each in image['properties'] if not each['deleted']},
        'location': next((each['url'] for each in image['locations'] if each['status'] == 'active'), None),
        'location_data': image['locations'],
    }
