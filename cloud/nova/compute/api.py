"""Compute as the API sees it: what is asked for is checked here, written down, and handed to the manager.

    servers.create -> API.create -> image_service.show -> checks -> db and quota -> ComputeManager.run_instance

An instance belongs to the tenant (project) of whoever made it. To all others but admins it is not there: 404, as for an
id that nobody has. Instances without an owner (a new database's first three, and old files' rows) everybody sees; only
an admin may change or delete them.
Use: API(db_api, image_service, manager, flavors, quotas).create(context, 'web', image_id)
Real: nova 2013-04 (c8067d1b70) nova/compute/api.py API. Between it and the manager stand a message queue and the
    scheduler there, which picks the machine; an image service out of reach, or one that turns the caller down, is an
    uncaught 500 there; and that an image is larger than the flavor's disk is found by the manager alone.
    Who may do what is written in policy.json there (admin_or_owner), and checked before each of these methods.
Left out: networks, keys, volumes, several instances at once.
"""

import logging

from cloud.nova import exception
from cloud.nova.compute import power_state, task_states, vm_states
from cloud.nova.compute.flavors import as_remembered
from cloud.oslo.utils.units import Gi

LOG = logging.getLogger(__name__)

OWNERLESS = 'Instance {} belongs to no tenant: only an admin may change or delete it.'
MAX_METADATA = 255  # characters of a value in an instance's system metadata


class API:
    """The instances. image_service: as image.glance.GlanceImageService; manager: a ComputeManager; quotas: Quotas."""

    def __init__(self, db_api, image_service, manager, flavors, quotas):
        self.db_api = db_api
        self.image_service = image_service
        self.manager = manager
        self.flavors = flavors
        self.quotas = quotas

    def create(self, context, name, image_id=None, flavor_name=None):
        """Write a new instance down, have it built, and return it.

        Without an image there is nothing to build: it is ACTIVE at once. Otherwise it is BUILD, and ACTIVE or ERROR
        later. FlavorNotFound; what check_requested_image raises; GlanceConnectionFailed; TooManyInstances.
        """
        flavor = self.flavors.named(flavor_name, context.project_id)
        values = {
            'display_name': name,
            'flavor': as_remembered(flavor),
            'memory_mb': flavor['memory_mb'],
            'vcpus': flavor['vcpus'],
            'root_gb': flavor['root_gb'],
            'user_id': context.user_id,
            'project_id': context.project_id,
        }
        if image_id is None:
            return self._record({**values, 'vm_state': vm_states.ACTIVE, 'power_state': power_state.RUNNING})
        LOG.debug('compute: asks for image %s, and whether flavor %s has room for it', image_id, flavor['name'])
        image = self.image_service.show(context, image_id)
        self.check_requested_image(context, flavor, image)
        values.update(image_ref=image_id, system_metadata=system_metadata_of(image))
        values.update(vm_state=vm_states.BUILDING, task_state=task_states.SCHEDULING)
        return self._build(context, self._record(values))

    def _record(self, values):
        # What belongs to nobody counts for nobody: the first three are there whatever the quota.
        if values['project_id'] is None:
            return self.db_api.instance_create(values)
        limits = self.quotas.limits(values['project_id'])
        asked = {'instances': 1, 'cores': values['vcpus'], 'ram': values['memory_mb']}
        return self.db_api.instance_create(values, lambda used: self.quotas.check_instances(limits, used, asked))

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
        if flavor['memory_mb'] < (image.get('min_ram') or 0):
            raise exception.FlavorMemoryTooSmall(too_small('memory', flavor['memory_mb'], 'MiB', image['min_ram']))
        if flavor['root_gb'] < (image.get('min_disk') or 0):
            raise exception.FlavorDiskTooSmall(too_small('disk', flavor['root_gb'], 'GiB', image['min_disk']))
        for name in ('kernel_id', 'ramdisk_id'):
            if image['properties'].get(name):
                self.image_service.show(context, image['properties'][name])
        check_image_size(image, flavor['root_gb'])

    def is_new(self):
        """Whether there never was an instance."""
        return self.db_api.is_new()

    def get(self, context, instance_uuid):
        """The instance; InstanceNotFound, also if the caller may not see it."""
        instance = self.db_api.instance_get_by_uuid(instance_uuid)
        if not context.is_admin and instance['project_id'] not in (context.project_id, None):
            raise exception.InstanceNotFound(instance_id=instance_uuid)
        return instance

    def get_own(self, context, instance_uuid):
        """The instance, if the caller may change it; InstanceNotFound, NotAuthorized."""
        instance = self.get(context, instance_uuid)
        if not context.is_admin and instance['project_id'] is None:
            raise exception.NotAuthorized(OWNERLESS.format(instance_uuid))
        return instance

    def get_all(self, context, marker=None, limit=None, all_tenants=False):
        """The instances in the order of creation, after the one with the uuid `marker`; InstanceNotFound.

        They are those of the caller's tenant and those without an owner; all_tenants: all, for admins;
        PolicyNotAuthorized.
        """
        if not all_tenants:
            return self.db_api.instance_get_all_by_project(context.project_id, marker, limit)
        if not context.is_admin:
            raise exception.PolicyNotAuthorized(action='compute:get_all_tenants')
        return self.db_api.instance_get_all(marker, limit)

    def rename(self, context, instance_uuid, name):
        """Give the instance another name and return it; what get_own raises."""
        self.get_own(context, instance_uuid)
        return self.db_api.instance_update(instance_uuid, {'display_name': name})

    def delete(self, context, instance_uuid):
        """The instance is gone, whatever was being done with it; what get_own raises."""
        self.get_own(context, instance_uuid)
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
