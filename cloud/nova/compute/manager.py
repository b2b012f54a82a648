"""Where instances are made: what a compute host does when it is told to.

    build_and_run_instance -> claim -> networking -> block_device_mapping -> spawning -> ACTIVE, or ERROR with a fault
                                   `-> the host is full: back to the conductor, for another one
    terminate_instance -> the build stops at its next step -> the disk goes, and the instance

What else it does to an instance is in power_actions.py (stop, start, ...) and reshape.py (rebuild, resize, ...);
what it does unasked, in periodic.py. Each method may be called twice for the same thing: what is not in the state
that it expects is left alone.
Use: manager = ComputeManager('compute1', options, db_api, image_service, driver, conductor_api); manager.init_host()
     an RPC server with it as its endpoint
Real: nova 2014.2 nova/compute/manager.py ComputeManager. There, a build whose image cannot be had is tried on the next
    host, too; and a host asks the conductor for each row that it reads or writes.
Left out: volumes, migration between hosts.
"""

import logging
import threading

from cloud.nova import cancel, exception
from cloud.nova.compute import power_state, task_states, vm_states
from cloud.nova.compute.api import check_image_size
from cloud.nova.compute.periodic import Periodic
from cloud.nova.compute.power_actions import PowerActions
from cloud.nova.compute.reshape import Reshape
from cloud.nova.compute.resource_tracker import ResourceTracker
from cloud.nova.compute.utils import EventReporter, fault_of, is_unexpected, save
from cloud.nova.network.api import API as NetworkAPI
from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.utils.timeutils import utcnow

LOG = logging.getLogger(__name__)

FAILED = {'vm_state': vm_states.ERROR, 'task_state': None}
PLACED = (task_states.SCHEDULING, None)  # of an instance that a host is told to make
BEGUN = (task_states.NETWORKING, task_states.BLOCK_DEVICE_MAPPING, task_states.SPAWNING)
GONE = (exception.BuildCancelled, exception.InstanceNotFound, exception.UnexpectedDeletingTaskStateError)


class ComputeManager(PowerActions, Reshape, Periodic):
    """One host. driver: a virt.driver.ComputeDriver; image_service: as image.glance.GlanceImageService.

    is_alone: whether all of nova is in this process, so that what it was told before it died nobody tells it again.
    """

    def __init__(self, host, options, db_api, image_service, driver, conductor_api, is_alone=True):
        self.host, self.options, self.db_api = host, options, db_api
        self.image_service, self.driver, self.conductor_api = image_service, driver, conductor_api
        self.is_alone, self.started_at = is_alone, utcnow()
        self.network_api = NetworkAPI()
        self.tracker = ResourceTracker(host, options, db_api, driver)
        self.work, self.lock = {}, threading.Lock()  # uuid -> cancel.Cancellation of what is being done to it

    def build_and_run_instance(self, context, instance_uuid, image=None, request_spec=None, filter_properties=None,
                               admin_password=None, injected_files=None, requested_networks=None,
                               security_groups=None, node=None, limits=None):  # fmt: skip
        """Make the instance here. image, request_spec, filter_properties: for the conductor, should it come back."""
        asked = {'admin_password': admin_password, 'injected_files': injected_files, 'security_groups': security_groups,
                 'requested_networks': requested_networks}  # fmt: skip
        with self._watched(instance_uuid) as is_first:
            if is_first:
                try:
                    self._do_build_and_run_instance(context, instance_uuid, node or self.host, limits, asked)
                except exception.RescheduledException as error:
                    self._reschedule(context, instance_uuid, image, filter_properties, asked, error)
                except GONE:
                    LOG.info('instance %s: deleted before it was built', instance_uuid)
                    self._remove_disk(instance_uuid)
                except exception.Conflict as error:
                    LOG.info('instance %s: is left to whoever has it: %s', instance_uuid, error)
                except Exception as error:
                    LOG.warning('instance %s: cannot be built: %s', instance_uuid, error, exc_info=is_unexpected(error))
                    self._give_up(context, instance_uuid, error)

    def _do_build_and_run_instance(self, context, instance_uuid, node, limits, asked):
        if self._is_to_be_built(instance_uuid):
            event = 'compute__do_build_and_run_instance'
            with EventReporter(self.db_api, context, instance_uuid, event, self.host):
                self._build_and_run_instance(context, instance_uuid, node, limits, asked)

    def _watched(self, instance_uuid):
        return Watched(self, instance_uuid)

    def _is_to_be_built(self, instance_uuid):
        """Whether it waits to be built here. What a process before this one has begun of it is removed."""
        try:
            instance = self.db_api.instance_get_by_uuid(instance_uuid)
        except exception.InstanceNotFound:
            LOG.info('instance %s: deleted before it was built', instance_uuid)
            return False
        if instance['vm_state'] != vm_states.BUILDING or instance['host'] not in (None, self.host):
            LOG.info('instance %s: is %s on %s already', instance_uuid, instance['vm_state'], instance['host'])
            return False
        if instance['task_state'] in BEGUN:
            LOG.warning('instance %s: its build begins again', instance_uuid)
            self._remove_disk(instance_uuid)
            self.db_api.instance_update(instance_uuid, {'task_state': None}, vm_states.BUILDING, BEGUN)
        return True

    def _build_and_run_instance(self, context, instance_uuid, node, limits, asked):
        cancel.check()
        instance = self.db_api.instance_get_by_uuid(instance_uuid)
        try:
            instance = self.tracker.instance_claim(instance_uuid, instance, node, limits, PLACED)
        except exception.ComputeResourcesUnavailable as error:
            raise exception.RescheduledException(instance_uuid=instance_uuid, reason=error) from error
        # The API has looked at the image before; but it is another process in the real thing, and time has passed.
        image_meta = self.image_service.show(context, instance['image_ref'])
        check_image_size(image_meta, instance['root_gb'])
        instance = self._build_resources(context, instance, asked)
        LOG.info('instance %s: spawning from image %s', instance_uuid, instance['image_ref'])
        self.driver.spawn(context, instance, image_meta)
        self._save(instance_uuid, self._running(instance), task_states.SPAWNING)

    def _build_resources(self, context, instance, asked):
        """All that it needs before there is a disk; the instance, in task_state spawning."""
        uuid = instance['uuid']
        instance = self._move(uuid, PLACED, task_states.NETWORKING)
        network_info = self.network_api.allocate_for_instance(context, instance, asked.get('requested_networks'))
        instance = self._move(uuid, task_states.NETWORKING, task_states.BLOCK_DEVICE_MAPPING, network_info=network_info)
        device = instance['root_device_name'] or '/dev/vda'
        return self._move(uuid, task_states.BLOCK_DEVICE_MAPPING, task_states.SPAWNING, root_device_name=device)

    def _move(self, instance_uuid, expected, task_state, **values):
        """The instance's next task state, if it has the one before. Whatever is deleted meanwhile ends here."""
        cancel.check()
        LOG.info('instance %s: %s', instance_uuid, task_state)
        return self.db_api.instance_update(instance_uuid, {'task_state': task_state, **values}, None, expected)

    def _running(self, instance):
        """What is so of an instance whose machine has started."""
        state = self.driver.get_info(instance['uuid'])
        return {'vm_state': vm_states.ACTIVE, 'task_state': None, 'power_state': state, 'launched_at': utcnow(),
                'progress': 0}  # fmt: skip

    def _reschedule(self, context, instance_uuid, image, filter_properties, asked, error):
        """Let the conductor look for another host."""
        LOG.info('instance %s: %s', instance_uuid, error)
        properties = {**(filter_properties or {})}
        if properties.get('retry'):
            properties['retry'] = {**properties['retry'], 'exc': str(error)}
        try:
            away = {'host': None, 'node': None, 'task_state': task_states.SCHEDULING}
            instance = self.db_api.instance_update(instance_uuid, away, vm_states.BUILDING, PLACED)
            self.conductor_api.build_instances(context, [instance], image, properties, **asked)
        except GONE:
            LOG.info('instance %s: deleted before it was built', instance_uuid)
        except Exception as failure:
            self._give_up(context, instance_uuid, failure)

    def _give_up(self, context, instance_uuid, error):
        if self._is_here(instance_uuid):
            self._remove_disk(instance_uuid)
        failed = {**FAILED, 'power_state': power_state.NOSTATE, 'fault': fault_of(error, context)}
        self._save(instance_uuid, failed, PLACED + BEGUN)

    def _is_here(self, instance_uuid):
        """Whether this host has it, as far as the database can tell. (Invented hosts share a folder.)"""
        try:
            return self.db_api.instance_get_by_uuid(instance_uuid, read_deleted=True)['host'] == self.host
        except (exception.InstanceNotFound, DBError):
            return False

    def _save(self, instance_uuid, values, expected_task_state=None):
        """Store how the work has ended, as soon as the database can.

        What was deleted in the meantime leaves nothing, although whoever did so has removed the disk, perhaps before
        it was complete.
        """
        try:
            save(self.db_api, instance_uuid, values, None, expected_task_state)
        except exception.InstanceNotFound:
            self._remove_disk(instance_uuid)
        except exception.Conflict as error:
            LOG.warning('instance %s: %s', instance_uuid, error)

    def terminate_instance(self, context, instance_uuid):
        """Remove what the instance has on this machine, and the instance itself, if the API has not done so.

        A worker that is building it stops at its next step, and removes what it has made since.
        """
        with EventReporter(self.db_api, context, instance_uuid, 'compute_terminate_instance', self.host):
            with self.lock:
                work = self.work.get(instance_uuid)
            if work:
                work.cancel()
            self._remove_disk(instance_uuid)
            try:
                self.db_api.instance_destroy(instance_uuid, {'vm_state': vm_states.DELETED, 'network_info': []})
            except exception.InstanceNotFound:
                LOG.debug('instance %s: was deleted before', instance_uuid)
            LOG.info('instance %s: deleted', instance_uuid)
            self.tracker.update_available_resource()

    def _remove_disk(self, instance_uuid):
        try:
            self.driver.destroy(instance_uuid)
        except Exception:
            LOG.exception('instance %s: its disk cannot be removed; the next start tries again', instance_uuid)


class Watched:
    """Context manager: what is done to the instance inside can be cancelled; whether it is the only such work."""

    def __init__(self, manager, instance_uuid):
        self.manager, self.instance_uuid, self.work = manager, instance_uuid, cancel.Cancellation()

    def __enter__(self):
        with self.manager.lock:
            self.is_first = self.manager.work.setdefault(self.instance_uuid, self.work) is self.work
        self.watching = self.work.watched()
        self.watching.__enter__()
        return self.is_first

    def __exit__(self, *exc_info):
        self.watching.__exit__(*exc_info)
        if self.is_first:
            with self.manager.lock:
                del self.manager.work[self.instance_uuid]
