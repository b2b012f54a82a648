"""What makes another instance of it, or an image: rebuild, resize, snapshot, shelve.

A resize keeps what was, the disk beside the new one and the flavor in the system metadata, until it is confirmed.
Use: a part of the ComputeManager
Real: nova 2014.2 nova/compute/manager.py ComputeManager.rebuild_instance, snapshot_instance, resize_instance,
    finish_resize, confirm_resize, revert_resize, shelve_instance, shelve_offload_instance, unshelve_instance
Left out: a resize to another host, and so finish_resize as a message of its own.
"""

import contextlib
import json

from cloud.nova import exception
from cloud.nova.compute import power_state, task_states, vm_states
from cloud.nova.compute.api import check_image_size
from cloud.nova.compute.tasks import Expecting, task
from cloud.nova.compute.utils import fault_of
from cloud.oslo.utils.timeutils import utcnow

REBUILD = (task_states.REBUILDING, task_states.REBUILD_BLOCK_DEVICE_MAPPING, task_states.REBUILD_SPAWNING)
SNAPSHOT = (task_states.IMAGE_SNAPSHOT_PENDING, task_states.IMAGE_SNAPSHOT, task_states.IMAGE_PENDING_UPLOAD,
            task_states.IMAGE_UPLOADING)  # fmt: skip
RESIZE = (task_states.RESIZE_PREP, task_states.RESIZE_MIGRATING, task_states.RESIZE_MIGRATED,
          task_states.RESIZE_FINISH)  # fmt: skip
SHELVE = (task_states.SHELVING, task_states.SHELVING_IMAGE_PENDING_UPLOAD, task_states.SHELVING_IMAGE_UPLOADING)
SIZES = ('memory_mb', 'vcpus', 'root_gb')


class Reshape(Expecting):
    @task('compute_rebuild_instance', *REBUILD)
    def rebuild_instance(self, context, instance, image_ref, new_pass=None, injected_files=None, orig_image_ref=None):
        uuid, was_stopped = instance['uuid'], instance['vm_state'] == vm_states.STOPPED
        try:
            image_meta = self.image_service.show(context, image_ref)
            check_image_size(image_meta, instance['root_gb'])
            self._step(uuid, REBUILD, task_states.REBUILD_BLOCK_DEVICE_MAPPING)
            self.driver.destroy(uuid)
            instance = {**self._step(uuid, REBUILD, task_states.REBUILD_SPAWNING), 'image_ref': image_ref}
            self.driver.spawn(context, instance, image_meta)
        except exception.BuildCancelled:
            raise
        except Exception as error:
            self._save(uuid, {'vm_state': vm_states.ERROR, 'task_state': None, 'fault': fault_of(error, context)})
            raise
        if was_stopped:
            self.driver.set_power(instance, power_state.SHUTDOWN, 'is shut down')
        state = vm_states.STOPPED if was_stopped else vm_states.ACTIVE
        self.finish(instance, state, *REBUILD, image_ref=image_ref, launched_at=utcnow())

    def _step(self, instance_uuid, expected, task_state, **values):
        return self.db_api.instance_update(instance_uuid, {'task_state': task_state, **values}, None, expected)

    @task('compute_snapshot_instance', *SNAPSHOT)
    def snapshot_instance(self, context, instance, image_id):
        self._upload(context, instance, image_id, SNAPSHOT, SNAPSHOT[2:])
        self.finish(instance, instance['vm_state'], *SNAPSHOT)

    def _upload(self, context, instance, image_id, expected, steps):
        """The disk becomes the image's data. If it does not, the image is no use, and goes."""
        try:
            for task_state in steps:
                self._step(instance['uuid'], expected, task_state)
            self.driver.snapshot(context, instance, image_id, *self._formats(context, instance))
        except Exception:
            with contextlib.suppress(Exception):
                self.image_service.delete(context, image_id)
            raise

    def _formats(self, context, instance):
        """(disk_format, container_format) of the image that the instance is made of, if that is still known."""
        try:
            image = self.image_service.show(context, instance['image_ref'])
        except Exception:
            return 'raw', 'bare'
        formats = image.get('disk_format') or 'raw', image.get('container_format') or 'bare'
        return formats if formats[0] in ('raw', 'qcow2', 'iso', 'vmdk', 'vdi', 'vhd') else ('raw', 'bare')

    @task('compute_resize_instance', *RESIZE)
    def resize_instance(self, context, instance, flavor):
        uuid = instance['uuid']
        self._step(uuid, RESIZE, task_states.RESIZE_PREP)
        self.tracker.resize_claim(uuid, flavor, RESIZE)
        self._step(uuid, RESIZE, task_states.RESIZE_MIGRATING)
        self.driver.resize(instance, flavor['root_gb'])
        self._step(uuid, RESIZE, task_states.RESIZE_MIGRATED)
        self._step(uuid, RESIZE, task_states.RESIZE_FINISH)
        self.driver.set_power(instance, power_state.RUNNING, f'boots as {flavor["name"]}')
        before = {'old_flavor': json.dumps(flavor_of(instance)), 'old_vm_state': instance['vm_state']}
        kept = {**instance['system_metadata'], **before}
        self.finish(instance, vm_states.RESIZED, *RESIZE, system_metadata=kept, **columns_of(flavor))
        self.tracker.update_available_resource()

    @task('compute_confirm_resize', task_states.RESIZE_CONFIRMING, None)
    def confirm_resize(self, context, instance):
        if instance['vm_state'] != vm_states.RESIZED:
            return
        self.driver.confirm_resize(instance)
        self._end_resize(instance, {})

    @task('compute_revert_resize', task_states.RESIZE_REVERTING)
    def revert_resize(self, context, instance):
        self.driver.revert_resize(instance)
        self._end_resize(instance, columns_of(json.loads(instance['system_metadata']['old_flavor'])))
        self.tracker.update_available_resource()

    def _end_resize(self, instance, values):
        kept = {**instance['system_metadata']}
        state = kept.pop('old_vm_state', vm_states.ACTIVE)
        kept.pop('old_flavor', None)
        power = power_state.SHUTDOWN if state == vm_states.STOPPED else power_state.RUNNING
        self.driver.set_power(instance, power, 'keeps its flavor' if not values else 'has its flavor of before again')
        expected = task_states.RESIZE_CONFIRMING, task_states.RESIZE_REVERTING, None
        self.finish(instance, state, *expected, system_metadata=kept, **values)

    @task('compute_shelve_instance', *SHELVE)
    def shelve_instance(self, context, instance, image_id):
        """Keep it as an image, and shut it down; then let go of the host."""
        self.driver.set_power(instance, power_state.SHUTDOWN, 'is shelved')
        self._upload(context, instance, image_id, SHELVE, SHELVE[1:])
        kept = {**instance['system_metadata'], 'shelved_image_id': image_id, 'shelved_at': utcnow().isoformat()}
        self._step(instance['uuid'], SHELVE, task_states.SHELVING_OFFLOADING, vm_state=vm_states.SHELVED,
                   system_metadata=kept)  # fmt: skip
        self._offload(instance)

    @task('compute_shelve_offload_instance', task_states.SHELVING_OFFLOADING)
    def shelve_offload_instance(self, context, instance):
        self._offload(instance)

    def _offload(self, instance):
        self.driver.destroy(instance['uuid'])
        away = {'host': None, 'node': None}
        self.finish(instance, vm_states.SHELVED_OFFLOADED, task_states.SHELVING_OFFLOADING, **away)
        self.tracker.update_available_resource()

    @task('compute_unshelve_instance', task_states.UNSHELVING, task_states.SPAWNING)
    def unshelve_instance(self, context, instance, node=None, limits=None):
        """Make it again here, of the image that it was shelved as; that one goes then."""
        expected, kept = (task_states.UNSHELVING, task_states.SPAWNING), {**instance['system_metadata']}
        self.tracker.instance_claim(instance['uuid'], instance, node or self.host, limits, expected)
        image_id = kept.pop('shelved_image_id')
        kept.pop('shelved_at', None)
        self._step(instance['uuid'], expected, task_states.SPAWNING)
        self.driver.spawn(context, {**instance, 'image_ref': image_id}, self.image_service.show(context, image_id))
        self.finish(instance, vm_states.ACTIVE, *expected, system_metadata=kept)
        with contextlib.suppress(Exception):
            self.image_service.delete(context, image_id)


def flavor_of(instance):
    return {**instance['flavor'], **{name: instance[name] for name in SIZES}}


def columns_of(flavor):
    """The columns of an instance that has this flavor."""
    return {'flavor': flavor, **{name: flavor[name] for name in SIZES}}
