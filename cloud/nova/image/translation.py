"""Translates images and errors from glance's form into nova's, and images back.

    glance (headers, text)                        nova (a dict)
    x-image-meta-created_at: 2014-03-05T10:00:00  'created_at': a datetime
    x-image-meta-property-mappings: [...]         'properties': {'mappings': a list}
    404                                           ImageNotFound

Use: _translate_from_glance({'id': ..., 'name': ..., 'properties': {...}})
Real: nova 2013-04 (c8067d1b70) nova/image/glance.py, the functions of these names; a property that should be JSON
    and is not, which any user can set, raises ValueError there
"""

import contextlib
import json
import logging
from datetime import timezone

import glanceclient.exc

from cloud.nova import exception
from cloud.oslo.utils.encodeutils import header_text
from cloud.oslo.utils.timeutils import parse_isotime

LOG = logging.getLogger(__name__)

IMAGE_ATTRIBUTES = ('id', 'name', 'status', 'is_public', 'owner', 'size', 'disk_format', 'container_format', 'checksum',
                    'min_disk', 'min_ram', 'created_at', 'updated_at', 'deleted_at', 'deleted')  # fmt: skip
TIMES = ('created_at', 'updated_at', 'deleted_at')
V2_ATTRIBUTES = {*IMAGE_ATTRIBUTES, 'visibility', 'protected', 'tags', 'virtual_size', 'locations', 'direct_url',
                 'os_hidden', 'os_hash_algo', 'os_hash_value', 'self', 'file', 'schema'}  # fmt: skip
READ_ONLY = ('status', *TIMES)
JSON_PROPERTIES = ('mappings', 'block_device_mapping')


def _translate_from_glance(attributes):
    """Nova's dict of an image, made from glanceclient's: the 15 attributes, None for those that are missing."""
    image_meta = {name: attributes.get(name) for name in IMAGE_ATTRIBUTES}
    for name in TIMES:
        image_meta[name] = image_meta[name] and parse_time(image_meta[name])
    image_meta['properties'] = _convert_from_string(attributes.get('properties') or {})
    return image_meta


def _translate_to_glance(image_meta):
    """What can be sent to glance: nothing read-only, nothing that is None, and all properties as text."""
    sent = {name: value for name, value in image_meta.items() if name not in READ_ONLY and value is not None}
    if 'properties' in sent:
        sent['properties'] = _convert_to_string(sent['properties'])
    return sent


def _convert_from_string(properties):
    converted = dict(properties)
    for name in JSON_PROPERTIES:
        if isinstance(properties.get(name), str):
            try:
                converted[name] = json.loads(properties[name])
            except (ValueError, RecursionError):
                LOG.warning('the property %s of an image is not JSON, and stays text', name)
    return converted


def _convert_to_string(properties):
    return {
        name: json.dumps(value) if name in JSON_PROPERTIES and not isinstance(value, str) else str(value)
        for name, value in properties.items()
    }


def parse_time(text):
    """A datetime with a time zone, from glance's ISO 8601: UTC, with or without a Z."""
    return parse_isotime(text).replace(tzinfo=timezone.utc)


def from_header(attributes):
    """The attributes, with text from headers decoded as UTF-8 (see encodeutils)."""
    decoded = {name: decode(value) for name, value in attributes.items() if name != 'properties'}
    return {**decoded, 'properties': {name: decode(value) for name, value in attributes['properties'].items()}}


def from_v2(image):
    """The attributes that v1 would show, out of an image as API v2 has it: there, properties are among the rest."""
    attributes = {name: image[name] for name in image if name in IMAGE_ATTRIBUTES}
    properties = {name: image[name] for name in image if name not in V2_ATTRIBUTES and image[name] is not None}
    shown = {'is_public': image.get('visibility') == 'public', 'deleted': False, 'properties': properties}
    return {**attributes, **shown}


def decode(value):
    try:
        return header_text(value) if isinstance(value, str) else value
    except UnicodeError:
        return value


def _is_image_available(context, image):
    """Whether the caller may see the image. Glance decides for tokens; without one, the properties say who owns it.

    image: as glanceclient has it; those of v2 have no is_public and no properties of their own.
    """
    if context.auth_token or context.is_admin or is_public(image):
        return True
    properties = getattr(image, 'properties', None) or image
    for name in ('owner_id', 'project_id'):
        owner = value_of(properties, name)
        if context.project_id and owner is not None:
            return str(owner) == str(context.project_id)
    user_id = value_of(properties, 'user_id')
    return user_id is not None and str(user_id) == str(context.user_id)


def is_public(image):
    return bool(getattr(image, 'is_public', None)) or getattr(image, 'visibility', None) == 'public'


def value_of(properties, name):
    return properties.get(name) if isinstance(properties, dict) else None


def _translate_image_exception(image_id, error):
    """Nova's exception for an error about one image; the error itself if there is none."""
    if isinstance(error, glanceclient.exc.Forbidden | glanceclient.exc.Unauthorized):
        return exception.ImageNotAuthorized(image_id=image_id)
    if isinstance(error, glanceclient.exc.NotFound):
        return exception.ImageNotFound(image_id=image_id)
    if isinstance(error, glanceclient.exc.BadRequest):
        return exception.Invalid(str(error))
    return error


def _translate_plain_exception(error):
    """The same for an error that is not about one image."""
    if isinstance(error, glanceclient.exc.Forbidden | glanceclient.exc.Unauthorized):
        return exception.NotAuthorized(str(error))
    if isinstance(error, glanceclient.exc.NotFound):
        return exception.NotFound(str(error))
    if isinstance(error, glanceclient.exc.BadRequest):
        return exception.Invalid(str(error))
    return error


@contextlib.contextmanager
def translated(translate, *args):
    """Context manager: an error inside is raised as what translate(*args, error) returns."""
    try:
        yield
    except Exception as error:
        translation = translate(*args, error)
        if translation is error:
            raise
        raise translation from error
