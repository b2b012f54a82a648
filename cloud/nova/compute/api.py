"""Compute as the API sees it: what is asked for is checked here, written down, and handed on to be done.

    servers.create -> API.create_servers -> checks -> rows, within the quota -> conductor
    servers stop   -> API.stop -> lock, host, state -> task_state (expected: none), action -> compute.rpcapi -> the host

An instance belongs to the tenant (project) of whoever made it. To all others but admins it is not there: 404, as for an
id that nobody has. Instances without an owner (a new database's first three, and old files' rows) everybody sees; only
an admin may change or delete them.
Use: API(db_api=..., image_service=..., ...).create(context, 'web', image_id)
Real: nova 2014.2 nova/compute/api.py API. An image service out of reach, or one that turns the caller down, is an
    uncaught 500 there; and that an image is larger than the flavor's disk is found by the manager alone.
    Who may do what is written in policy.json there (admin_or_owner), and checked before each of these methods.
Left out: volumes, migration between hosts, backups.
"""

import logging

from cloud.nova import exception, policy
from cloud.nova.compute import power_state, task_states, vm_states
from cloud.nova.compute.actions import Actions
from cloud.nova.compute.creation import Creation, check_image_size, check_metadata, sizes, system_metadata_of
from cloud.nova.compute.flavors import as_remembered
from cloud.nova.compute.states import (
    check_instance_lock,
    check_instance_state,
    refuse_locked,
    undone_unless_told,
)
from cloud.oslo.messaging import MessageDeliveryFailure

LOG = logging.getLogger(__name__)

__all__ = ['API', 'check_image_size', 'system_metadata_of']

OWNERLESS = 'Instance {} belongs to no tenant: only an admin may change or delete it.'
DESCRIBED = (vm_states.ACTIVE, vm_states.PAUSED, vm_states.SUSPENDED, vm_states.STOPPED)
ANY = None


class API(Creation, Actions):
    """The instances, by what they need:

    db_api: a Database; image_service: as image.glance.GlanceImageService; flavors: Flavors; quotas: Quotas;
    keypairs: a KeypairAPI; groups: a GroupTable; network_api: a network.neutron.API; availability_zones: as
    availability_zones.AvailabilityZones; compute_task_api: the conductor; compute_rpcapi: the hosts.
    """

    def __init__(self, **parts):
        for name, part in parts.items():
            setattr(self, name, part)

    def create(self, context, name, image_id=None, flavor_name=None):
        """The lesson's create: a name, an image or none, a flavor by its name; the new instance.

        Without an image there is nothing to build: it is ACTIVE at once. Otherwise it is BUILD, and ACTIVE or ERROR
        later. FlavorNotFound; what check_requested_image raises; GlanceConnectionFailed; TooManyInstances.
        """
        flavor = self.flavors.named(flavor_name, context.project_id)
        if image_id is None:
            return self._create_without_image(context, name, flavor)
        return self.create_servers(context, flavor, image_id, name, requested_networks='none')[0]

    def _create_without_image(self, context, name, flavor):
        values = {'display_name': name, 'user_id': context.user_id, 'project_id': context.project_id}
        values.update(sizes(flavor), flavor=as_remembered(flavor))
        values.update(vm_state=vm_states.ACTIVE, power_state=power_state.RUNNING)
        if context.project_id is None:  # what belongs to nobody counts for nobody
            return self.db_api.instance_create(values)
        asked = {'instances': 1, 'cores': flavor['vcpus'], 'ram': flavor['memory_mb']}
        return self.db_api.instance_create(values, self._checker(self.quotas.limits(context.project_id), asked))

    def is_new(self):
        """Whether there never was an instance."""
        return self.db_api.is_new()

    def get(self, context, instance_uuid, read_deleted=False):
        """The instance; InstanceNotFound, also if the caller may not see it."""
        instance = self.db_api.instance_get_by_uuid(instance_uuid, read_deleted)
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
        return self.update(instance_uuid, {'display_name': name})

    def update(self, instance_uuid, values):
        """Change what clients may change in any state, columns by name; the instance."""
        return self.db_api.instance_update(instance_uuid, values)

    def delete(self, context, instance_uuid):
        """The lesson's delete: the instance is gone at once, whatever was being done with it.

        InstanceIsLocked; what get_own raises.
        """
        refuse_locked(context, self.get_own(context, instance_uuid))
        instance = self.db_api.instance_destroy(instance_uuid)
        self.db_api.instance_action_start(instance_uuid, 'delete', context)
        if instance['host']:
            try:
                self.compute_rpcapi.terminate_instance(context, instance)
            except MessageDeliveryFailure as error:  # the host finds what is left by itself
                LOG.warning('instance %s: its host cannot be told: %s', instance_uuid, error)

    @check_instance_lock
    @undone_unless_told
    def delete_server(self, context, instance):
        """Have the instance deleted, in any state; one that no host has, or a dead one, is gone at once.

        A host that is back removes what it finds of instances that are deleted.
        """
        if instance['task_state'] != task_states.DELETING:  # who asks again is not counted, and heard all the same
            self.db_api.instance_action_start(instance['uuid'], 'delete', context)
        if not instance['host'] or not self.availability_zones.is_host_up(instance['host']):
            gone = self.db_api.instance_destroy(instance['uuid'], {'vm_state': vm_states.DELETED})
            if gone['host'] and not instance['host']:  # a host has taken it in the meantime
                self.compute_rpcapi.terminate_instance(context, gone)
            return
        deleting = {'task_state': task_states.DELETING, 'progress': 0}
        self.compute_rpcapi.terminate_instance(context, self.db_api.instance_update(instance['uuid'], deleting))

    @check_instance_lock
    @check_instance_state('update metadata', vm_state=DESCRIBED, task_state=ANY)
    def update_metadata(self, context, instance, metadata, delete=False):
        """The instance's metadata with these entries, or these alone (delete); MetadataLimitExceeded."""
        allowed = self.quotas.limits(context.project_id)['metadata_items']

        def modify(there):
            wanted = metadata if delete else {**there, **metadata}
            check_metadata(allowed, wanted)
            return wanted

        return self.db_api.instance_modify(instance['uuid'], 'metadata', modify)['metadata']

    @check_instance_lock
    @check_instance_state('delete metadata', vm_state=DESCRIBED, task_state=ANY)
    def delete_metadata(self, context, instance, key):
        """MetadataItemNotFound."""

        def modify(there):
            if key not in there:
                raise exception.MetadataItemNotFound()
            return {name: value for name, value in there.items() if name != key}

        self.db_api.instance_modify(instance['uuid'], 'metadata', modify)

    @check_instance_state('update tags', vm_state=DESCRIBED, task_state=ANY)
    def update_tags(self, context, instance, modify):
        """Put the tags that modify(those there are) returns in their place, and return them, each once."""
        modified = self.db_api.instance_modify(
            instance['uuid'], 'tags', lambda there: list(dict.fromkeys(modify(there)))
        )
        return modified['tags']

    def lock(self, context, instance, reason=None):
        """Refuse what others want to do to it. The owner of a locked one changes nothing by locking it again."""
        if instance['locked'] and context.project_id == instance['project_id']:
            return
        self.db_api.instance_action_start(instance['uuid'], 'lock', context)
        by = 'owner' if context.project_id == instance['project_id'] else 'admin'
        self.update(instance['uuid'], {'locked': True, 'locked_by': by, 'locked_reason': reason})

    def unlock(self, context, instance):
        """PolicyNotAuthorized for an owner, if an admin has locked it."""
        if instance['locked_by'] == 'admin':
            policy.enforce(context, policy.V21 + 'os-lock-server:unlock:unlock_override')
        self.db_api.instance_action_start(instance['uuid'], 'unlock', context)
        self.update(instance['uuid'], {'locked': False, 'locked_by': None, 'locked_reason': None})
