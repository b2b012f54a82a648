"""What may be done to an instance that is there: check, set the task state, write the action down, tell the host.

Real: nova 2014.2 nova/compute/api.py API.stop, start, reboot, pause, unpause, suspend, resume, rescue, unrescue,
    rebuild, resize, confirm_resize, revert_resize, snapshot, shelve, unshelve, set_admin_password, restore,
    force_delete
Left out: backups, live migration, evacuation.
"""

from cloud.nova import exception
from cloud.nova.compute import power_state, task_states, vm_states
from cloud.nova.compute.flavors import as_remembered
from cloud.nova.compute.states import check_instance_host, check_instance_lock, check_instance_state, invalid_state
from cloud.nova.compute.vm_states import (
    ACTIVE,
    ERROR,
    PAUSED,
    RESCUED,
    RESIZED,
    SHELVED,
    SHELVED_OFFLOADED,
    SOFT_DELETED,
    STOPPED,
    SUSPENDED,
)

REBOOTING = {'SOFT': task_states.REBOOTING, 'HARD': task_states.REBOOTING_HARD}
SNAPSHOTS = (ACTIVE, STOPPED, PAUSED, SUSPENDED)


class Actions:
    """A part of compute.api.API. instance: a dict of its columns, as API.get answers."""

    def _begin(self, context, instance, action, task_state, values=None, expected=(None,)):
        """Set the task state, unless another was faster, and write the action down; the instance.

        InstanceInvalidState for whoever was slower.
        """
        changed = {'task_state': task_state, **(values or {})}
        try:
            started = self.db_api.instance_update(
                instance['uuid'], changed, expected_vm_state=instance['vm_state'], expected_task_state=expected
            )
        except exception.Conflict:
            now = self.db_api.instance_get_by_uuid(instance['uuid'])
            attr = 'task_state' if now['task_state'] not in expected else 'vm_state'
            raise invalid_state(action, instance['uuid'], attr, now[attr]) from None
        self.db_api.instance_action_start(instance['uuid'], action, context)
        return started

    def _tell(self, cast, context, instance, *args, **kwargs):
        """Hand on what was begun. If that cannot be told to anybody, nothing is being done."""
        try:
            cast(context, instance, *args, **kwargs)
        except Exception:
            self.db_api.instance_update(instance['uuid'], {'task_state': None})
            raise

    @check_instance_lock
    @check_instance_host
    @check_instance_state('stop', vm_state=(ACTIVE, ERROR))
    def stop(self, context, instance):
        instance = self._begin(context, instance, 'stop', task_states.POWERING_OFF, {'progress': 0})
        self._tell(self.compute_rpcapi.stop_instance, context, instance)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('start', vm_state=(STOPPED,))
    def start(self, context, instance):
        instance = self._begin(context, instance, 'start', task_states.POWERING_ON)
        self._tell(self.compute_rpcapi.start_instance, context, instance)

    def reboot(self, context, instance, reboot_type):
        """reboot_type: SOFT or HARD."""
        (self._soft_reboot if reboot_type == 'SOFT' else self._hard_reboot)(context, instance)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('reboot', vm_state=vm_states.ALLOW_SOFT_REBOOT)
    def _soft_reboot(self, context, instance):
        instance = self._begin(context, instance, 'reboot', task_states.REBOOTING)
        self._tell(self.compute_rpcapi.reboot_instance, context, instance, 'SOFT')

    @check_instance_lock
    @check_instance_host
    @check_instance_state(
        'reboot',
        vm_state=vm_states.ALLOW_HARD_REBOOT,
        task_state=(None, task_states.REBOOTING, task_states.REBOOT_PENDING, task_states.REBOOT_STARTED),
    )
    def _hard_reboot(self, context, instance):
        expected = (None, task_states.REBOOTING, task_states.REBOOT_PENDING, task_states.REBOOT_STARTED)
        instance = self._begin(context, instance, 'reboot', task_states.REBOOTING_HARD, expected=expected)
        self._tell(self.compute_rpcapi.reboot_instance, context, instance, 'HARD')

    @check_instance_lock
    @check_instance_host
    @check_instance_state('pause', vm_state=(ACTIVE,))
    def pause(self, context, instance):
        instance = self._begin(context, instance, 'pause', task_states.PAUSING)
        self._tell(self.compute_rpcapi.pause_instance, context, instance)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('unpause', vm_state=(PAUSED,))
    def unpause(self, context, instance):
        instance = self._begin(context, instance, 'unpause', task_states.UNPAUSING)
        self._tell(self.compute_rpcapi.unpause_instance, context, instance)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('suspend', vm_state=(ACTIVE,))
    def suspend(self, context, instance):
        instance = self._begin(context, instance, 'suspend', task_states.SUSPENDING)
        self._tell(self.compute_rpcapi.suspend_instance, context, instance)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('resume', vm_state=(SUSPENDED,))
    def resume(self, context, instance):
        instance = self._begin(context, instance, 'resume', task_states.RESUMING)
        self._tell(self.compute_rpcapi.resume_instance, context, instance)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('rescue', vm_state=(ACTIVE, STOPPED, ERROR))
    def rescue(self, context, instance, rescue_password, rescue_image_ref=None):
        if rescue_image_ref:
            self.image_service.show(context, rescue_image_ref)
        instance = self._begin(context, instance, 'rescue', task_states.RESCUING)
        self._tell(self.compute_rpcapi.rescue_instance, context, instance, rescue_password, rescue_image_ref)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('unrescue', vm_state=(RESCUED,))
    def unrescue(self, context, instance):
        instance = self._begin(context, instance, 'unrescue', task_states.UNRESCUING)
        self._tell(self.compute_rpcapi.unrescue_instance, context, instance)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('resize', vm_state=(ACTIVE, STOPPED))
    def resize(self, context, instance, flavor):
        """flavor: a row. CannotResizeToSameFlavor, CannotResizeDisk, TooManyInstances."""
        self._check_new_flavor(context, instance, flavor)
        instance = self._begin(context, instance, 'resize', task_states.RESIZE_PREP, {'progress': 0})
        self._tell(self.compute_task_api.resize_instance, context, instance, as_remembered(flavor))

    def _check_new_flavor(self, context, instance, flavor):
        if flavor['flavorid'] == instance['flavor']['flavorid']:
            raise exception.CannotResizeToSameFlavor()
        if flavor['root_gb'] == 0 and instance['root_gb'] != 0:
            raise exception.CannotResizeDisk(reason='Resize to zero disk flavor is not allowed.')
        more = {'instances': 0, 'cores': flavor['vcpus'] - instance['vcpus']}
        more['ram'] = flavor['memory_mb'] - instance['memory_mb']
        more = {name: max(0, number) for name, number in more.items()}
        if any(more.values()) and instance['project_id'] is not None:
            limits = self.quotas.limits(instance['project_id'])
            self.quotas.check_instances(limits, self.quotas.usage(instance['project_id']), more)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('confirmResize', vm_state=(RESIZED,))
    def confirm_resize(self, context, instance):
        instance = self._begin(context, instance, 'confirmResize', task_states.RESIZE_CONFIRMING)
        self._tell(self.compute_rpcapi.confirm_resize, context, instance)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('revertResize', vm_state=(RESIZED,))
    def revert_resize(self, context, instance):
        instance = self._begin(context, instance, 'revertResize', task_states.RESIZE_REVERTING)
        self._tell(self.compute_rpcapi.revert_resize, context, instance)

    @check_instance_lock
    @check_instance_host
    @check_instance_state('rebuild', vm_state=(ACTIVE, STOPPED, ERROR))
    def rebuild(self, context, instance, image_id, admin_password, values):
        """values: other columns that change with it. ImageNotFound, what check_requested_image raises; QuotaError."""
        image = self.image_service.show(context, image_id)
        if 'metadata' in values:
            self.check_metadata_quota(context, values['metadata'])
        self.check_requested_image(context, instance['flavor'], image)
        values, orig_image_ref = {**values, 'image_ref': image_id, 'progress': 0}, instance['image_ref']
        instance = self._begin(context, instance, 'rebuild', task_states.REBUILDING, values)
        self._tell(
            self.compute_task_api.rebuild_instance,
            context,
            instance,
            image_id,
            new_pass=admin_password,
            orig_image_ref=orig_image_ref,
        )
        return instance

    @check_instance_host
    @check_instance_state('createImage', vm_state=SNAPSHOTS)
    def snapshot(self, context, instance, name, properties):
        """Have an image made of the instance's disk, and return the image, which is queued until it is there."""
        meta = self._snapshot_meta(context, instance, name, properties)
        begun = self._begin(context, instance, 'createImage', task_states.IMAGE_SNAPSHOT_PENDING)
        try:
            image = self.image_service.create(context, meta)
        except Exception:
            self.db_api.instance_update(instance['uuid'], {'task_state': None})
            raise
        self._tell(self.compute_rpcapi.snapshot_instance, context, begun, image['id'])
        return image

    def _snapshot_meta(self, context, instance, name, properties):
        """What the image service is told of an image that is going to be made."""
        remembered = instance['system_metadata']
        inherited = {key.removeprefix('image_'): value for key, value in remembered.items() if key.startswith('image_')}
        ours = {
            'image_type': 'snapshot',
            'instance_uuid': instance['uuid'],
            'user_id': str(context.user_id),
            'base_image_ref': instance['image_ref'] or '',
        }
        return {
            'name': name,
            'is_public': False,
            'disk_format': 'raw',
            'container_format': 'bare',
            'min_disk': instance['root_gb'],
            'min_ram': 0,
            'properties': {**inherited, **ours, **properties},
        }

    @check_instance_lock
    @check_instance_host
    @check_instance_state('shelve', vm_state=SNAPSHOTS)
    def shelve(self, context, instance):
        instance_uuid = instance['uuid']
        instance = self._begin(context, instance, 'shelve', task_states.SHELVING)
        try:
            meta = self._snapshot_meta(context, instance, f'{instance["display_name"]}-shelved', {})
            image = self.image_service.create(context, meta)
        except Exception:
            self.db_api.instance_update(instance_uuid, {'task_state': None})
            raise
        self._tell(self.compute_rpcapi.shelve_instance, context, instance, image['id'])

    @check_instance_lock
    @check_instance_state('shelve_offload', vm_state=(SHELVED,))
    def shelve_offload(self, context, instance):
        instance = self._begin(context, instance, 'shelveOffload', task_states.SHELVING_OFFLOADING)
        self._tell(self.compute_rpcapi.shelve_offload_instance, context, instance)

    @check_instance_lock
    @check_instance_state('unshelve', vm_state=(SHELVED, SHELVED_OFFLOADED))
    def unshelve(self, context, instance):
        instance = self._begin(context, instance, 'unshelve', task_states.UNSHELVING)
        self._tell(self.compute_task_api.unshelve_instance, context, instance)

    @check_instance_host
    @check_instance_state('changePassword', vm_state=(ACTIVE,))
    def set_admin_password(self, context, instance, password):
        instance = self._begin(context, instance, 'changePassword', task_states.UPDATING_PASSWORD)
        self._tell(self.compute_rpcapi.set_admin_password, context, instance, password)

    @check_instance_state('restore', vm_state=(SOFT_DELETED,))
    def restore(self, context, instance):
        """What is deleted here is gone at once: nothing is ever in the state that could be restored."""

    @check_instance_lock
    def force_delete(self, context, instance):
        self.delete_server(context, instance)

    @check_instance_host
    def get_console_output(self, context, instance, tail_length):
        """The last lines of what the instance's machine has printed; all of it for None."""
        return self.compute_rpcapi.get_console_output(context, instance, tail_length)

    def reset_state(self, context, instance, vm_state):
        """An admin says how the instance is; power and disk stay as they are."""
        self.db_api.instance_action_start(instance['uuid'], 'resetState', context)
        values = {'vm_state': vm_state, 'task_state': None}
        if vm_state == ACTIVE and instance['power_state'] == power_state.NOSTATE:
            values['power_state'] = power_state.RUNNING
        self.db_api.instance_update(instance['uuid'], values)
        self.db_api.instance_action_finish(instance['uuid'], context.request_id)
