"""EC2's Cloud: images, as EC2's clients know them.

Use: CloudController(image_service, db_api), as the application behind the action `execute`
Real: nova 2013-04 (c8067d1b70) nova/api/ec2/cloud.py CloudController
Left out: the devices that an image is mapped to. Instances are in instances.py.
"""

import contextlib

from cloud.nova import exception
from cloud.nova.api import ec2
from cloud.nova.api.ec2 import ec2utils, filters
from cloud.nova.api.ec2.apirequest import LIST, TREE
from cloud.nova.image import s3

IMAGE_FILTERS = {
    'image-id': 'imageId', 'name': 'name', 'state': 'imageState', 'owner-id': 'imageOwnerId', 'is-public': 'isPublic',
    'architecture': 'architecture', 'image-type': 'imageType', 'root-device-type': 'rootDeviceType',
}  # fmt: skip
IMAGE_TYPES = {'ami': 'machine', 'aki': 'kernel', 'ari': 'ramdisk'}


class CloudController(ec2.Executor):
    """image_service: as image.glance.GlanceImageService; db_api: where the numbers of images are."""

    actions = {'DescribeImages': 'describe_images'}
    arguments = {'DescribeImages': {'ImageId': LIST, 'Owner': LIST, 'Filter': TREE}}

    def __init__(self, image_service, db_api):
        self.image_service = s3.S3ImageService(image_service, ec2utils.ImageIds(db_api))

    def describe_images(self, context, image_id=(), owner=(), filter=()):
        """The images of these EC2 ids, or all that the caller may see; of these owners, as the filters say.

        An owner is a project's id, or `self`. ImageNotFound, BadRequest.
        """
        if image_id:
            images = [self._get_image(context, ec2_id) for ec2_id in image_id]
        else:
            images = self.image_service.detail(context)
        owners = [context.project_id if each == 'self' else each for each in owner]
        found = [format_image(image) for image in images if not owners or image['owner'] in owners]
        return {'imagesSet': filters.apply(filter, found, IMAGE_FILTERS)}

    def _get_image(self, context, ec2_id):
        """The image of that id, or else of that name."""
        with contextlib.suppress(exception.InvalidEc2Id, exception.ImageNotFound):
            image = self.image_service.show(context, ec2utils.ec2_id_to_id(ec2_id))
            if ec2utils.image_type(image['container_format']) == ec2_id.split('-')[0]:
                return image
        named = self.image_service.detail(context, filters={'name': ec2_id})
        if not named:
            raise exception.ImageNotFound(image_id=ec2_id)
        return named[0]


def format_image(image):
    """EC2's view of an image, a dict as S3ImageService answers."""
    properties, image_type = image['properties'], ec2utils.image_type(image['container_format'])
    location = properties.get('image_location')
    return {
        'imageId': ec2utils.image_ec2_id(image['id'], image_type),
        'imageLocation': location or image['name'],
        'imageState': properties.get('image_state') or ec2_state(image['status']),
        'imageOwnerId': image['owner'],
        'isPublic': bool(image['is_public']),
        'architecture': properties.get('architecture'),
        'imageType': IMAGE_TYPES[image_type],
        'kernelId': part_ec2_id(properties.get('kernel_id'), 'aki'),
        'ramdiskId': part_ec2_id(properties.get('ramdisk_id'), 'ari'),
        'name': image['name'] or location,
        'rootDeviceType': 'instance-store',
    }


def ec2_state(status):
    return 'available' if status == 'active' else status


def part_ec2_id(image_id, image_type):
    return ec2utils.image_ec2_id(image_id, image_type) if isinstance(image_id, int) else None
