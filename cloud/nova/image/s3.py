"""An image service with numbers as ids, for EC2's API. It asks another one, whose ids are UUIDs.

Use: S3ImageService(image_service, ImageIds(db_api)).show(context, 1)
Real: nova 2013-04 (c8067d1b70) nova/image/s3.py S3ImageService, gone in 2016. It translates the properties of the
    inner service's own answer in place.
Left out: create, which fetches, decrypts and unpacks an image that lies in pieces in S3.
"""

import functools

from cloud.nova.utils import is_uuid_like

PARTS = ('kernel_id', 'ramdisk_id')  # properties that are ids of images


class S3ImageService:
    """service: an image service; ids: an api.ec2.ec2utils.ImageIds."""

    def __init__(self, service, ids):
        self.service = service
        self.ids = ids

    def show(self, context, image_id):
        image_uuid = self.ids.id_to_glance_id(context, image_id)
        return self._translate_uuid_to_id(context, self.service.show(context, image_uuid))

    def detail(self, context, **kwargs):
        return [self._translate_uuid_to_id(context, image) for image in self.service.detail(context, **kwargs)]

    def update(self, context, image_id, metadata, data=None):
        image_uuid = self.ids.id_to_glance_id(context, image_id)
        image = self.service.update(context, image_uuid, self._translate_id_to_uuid(context, metadata), data)
        return self._translate_uuid_to_id(context, image)

    def delete(self, context, image_id):
        return self.service.delete(context, self.ids.id_to_glance_id(context, image_id))

    def _translate_uuid_to_id(self, context, image):
        """A copy with numbers instead of UUIDs; a property that holds anything else stays."""
        return translate(image, functools.partial(self.ids.glance_id_to_id, context), is_uuid)

    def _translate_id_to_uuid(self, context, image):
        """A copy with UUIDs instead of numbers."""
        return translate(image, functools.partial(self.ids.id_to_glance_id, context), is_number)


def translate(image, change, is_id):
    """A copy of the image; its id, and the properties that are ids, are replaced by change(id)."""
    translated = dict(image)
    if 'id' in image:
        translated['id'] = change(image['id'])
    if 'properties' in image:
        properties = image['properties']
        parts = {name: change(properties[name]) for name in PARTS if is_id(properties.get(name))}
        translated['properties'] = {**properties, **parts}
    return translated


def is_number(value):
    return isinstance(value, int)


def is_uuid(value):
    return isinstance(value, str) and is_uuid_like(value)
