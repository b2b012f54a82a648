"""Compute as the API sees it: what is asked for is checked here, written down, and handed to the manager.

    servers.create -> API.create -> image_service.show -> checks -> db -> ComputeManager.run_instance

Use: API(db_api, image_service, manager, flavors).create(context, 'web', image_id)
Real: nova 2013-04 (c8067d1b70) nova/compute/api.py API. Between it and the manager stand a message queue and the
    scheduler there, which picks the machine; an image service out of reach, or one that turns the caller down, is an
    uncaught 500 there; and that an image is larger than the flavor's disk is found by the manager alone.
Left out: quotas, networks, keys, volumes, several instances at once.
"""

import logging

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.api import ACTIVE, BUILD
from cloud.oslo.utils.units import Gi

LOG = logging.getLogger(__name__)

MAX_METADATA = 255  # characters of a value in an instance's system metadata


class API:
    """The instances. image_service: as image.glance.GlanceImageService; manager: a ComputeManager."""

    def __init__(self, db_api, image_service, manager, flavors):
        self.db_api = db_api
        self.image_service = image_service
        self.manager = manager
        self.flavors = flavors

    def create(self, context, name, image_id=None, flavor_name=None):
        """Write a new instance down, have it built, and return it.

        Without an image there is nothing to build: it is ACTIVE at once. Otherwise it is BUILD, and ACTIVE or ERROR
        later. FlavorNotFound; what check_requested_image raises; GlanceConnectionFailed.
        """
        flavor = self.flavors.get(flavor_name)
        values = {
            'display_name': name,
            'instance_type': flavor.name,
            'memory_mb': flavor.memory_mb,
            'root_gb': flavor.root_gb,
            'user_id': context.user_id,
            'project_id': context.project_id,
        }
        if image_id is None:
            return self.db_api.instance_create({**values, 'status': ACTIVE})
        LOG.debug('compute: asks for image %s, and whether flavor %s has room for it', image_id, flavor.name)
        image = self.image_service.show(context, image_id)
        self.check_requested_image(context, flavor, image)
        values.update(status=BUILD, image_ref=image_id, system_metadata=system_metadata_of(image))
        return self._build(context, self.db_api.instance_create(values))

    def _build(self, context, instance):
        try:
            self.manager.run_instance(context, instance)
        except Exception:
            self.db_api.instance_destroy(instance['uuid'])
            raise
        return instance

    def check_requested_image(self, context, flavor, image):
        """Whether an instance of that flavor can be made of the image, a dict as image_service.show answers.

        ImageNotActive, FlavorMemoryTooSmall, FlavorDiskTooSmall; ImageNotFound for its kernel or ramdisk.
        """
        if image['status'] != 'active':
            raise exception.ImageNotActive(image_id=image['id'])
        if flavor.memory_mb < (image.get('min_ram') or 0):
            raise exception.FlavorMemoryTooSmall(too_small('memory', flavor.memory_mb, 'MiB', image['min_ram']))
        if flavor.root_gb < (image.get('min_disk') or 0):
            raise exception.FlavorDiskTooSmall(too_small('disk', flavor.root_gb, 'GiB', image['min_disk']))
        for name in ('kernel_id', 'ramdisk_id'):
            if image['properties'].get(name):
                self.image_service.show(context, image['properties'][name])
        check_image_size(image, flavor.root_gb)

    def is_new(self):
        """Whether there never was an instance."""
        return self.db_api.is_new()

    def get(self, instance_uuid):
        """The instance; InstanceNotFound."""
        return self.db_api.instance_get_by_uuid(instance_uuid)

    def get_all(self, marker=None, limit=None):
        """The instances in the order of creation, after the one with the uuid `marker`; InstanceNotFound."""
        return self.db_api.instance_get_all(marker, limit)

    def rename(self, instance_uuid, name):
        """Give the instance another name and return it; InstanceNotFound."""
        return self.db_api.instance_update(instance_uuid, {'display_name': name})

    def delete(self, instance_uuid):
        """The instance is gone, whatever was being done with it; InstanceNotFound."""
        self.manager.terminate_instance(self.db_api.instance_destroy(instance_uuid))


def check_image_size(image, root_gb):
    """FlavorDiskTooSmall if the image does not fit on a disk of root_gb GiB; 0 is any size."""
    if root_gb and (image.get('size') or 0) > root_gb * Gi:
        size = f'{image["size"] / Gi:.3f}'
        raise exception.FlavorDiskTooSmall(too_small('disk', root_gb, 'GiB', size))


def too_small(what, has, unit, needs):
    return f"The flavor's {what} of {has} {unit} is too small for the image, which needs {needs}: take another flavor."


def system_metadata_of(image):
    """What the instance remembers of its image, even after that is gone: its properties, as image_NAME, in text."""
    return {f'image_{name}': str(value)[:MAX_METADATA] for name, value in image['properties'].items()}
