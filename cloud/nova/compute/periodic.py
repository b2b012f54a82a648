"""What a compute host does unasked: at its start, and again and again.

    at the start      what the process before left half-way is ended, one way or the other
    now and then      instances that hang are given up; power states are compared; disks of the deleted go

Use: a part of the ComputeManager; service.py calls periodic_tasks(), a table of (seconds, method)
Real: nova 2014.2 nova/compute/manager.py init_host, _init_instance, _check_instance_build_time, _sync_power_states,
    _cleanup_running_deleted_instances, update_available_resource
"""

import logging

from cloud.nova import exception
from cloud.nova.compute import power_state, task_states, vm_states
from cloud.nova.compute.utils import fault_of
from cloud.oslo.utils.timeutils import utcnow

LOG = logging.getLogger(__name__)
ENDED = 'The service ended while the instance was built: delete it, and create another.'
ENDED_DOING = 'The service ended during {}: the instance may be half-way. Rebuild it, or delete it.'
HANGS = 'The instance was not built within {} seconds: delete it, and create another.'
# What may be half-done is an error then; every other task is just over.
HALF_DONE = ('rebuild', 'resize', 'spawning', 'shelving', 'unshelving')
# vm_state: the power states that go with it, and what it becomes when the machine is found shut down
PARTED = (vm_states.ACTIVE, vm_states.PAUSED, vm_states.SUSPENDED, vm_states.RESCUED)


class Periodic:
    def periodic_tasks(self):
        options = self.options
        return (
            (options.resource_update_interval, self.tracker.update_available_resource),
            (options.build_check_interval, self.check_instance_build_time),
            (options.sync_power_state_interval, self.sync_power_states),
            (options.sync_power_state_interval, self.cleanup_running_deleted_instances),
        )

    def init_host(self):
        """At start: clear up what the process before left half-way. For the one process of this host only. DBError.

        What is being built, and nobody builds any more, becomes ERROR. Disks that belong to no living instance go.
        Where messages outlive a process, what it was at comes again, and is left to that.
        """
        self.adopt()
        for instance in self._own({'task_state': task_states.DELETING}):
            self._finish_delete(instance)
        if self.is_alone:
            for instance in self._unfinished():
                self._end_unfinished(instance)
        self.cleanup_running_deleted_instances()
        self.tracker.update_available_resource()

    def _own(self, filters):
        return self.db_api.instance_get_all_by_filters({'host': self.host, **filters}, ['id'], ['asc'])

    def adopt(self):
        """What has a disk here and no host is from before there were hosts: it is this one's now."""
        for instance_uuid in self.driver.list_instances():
            instance = self._known(instance_uuid)
            if instance and is_of_before(instance):
                where = {'host': self.host, 'node': self.host, 'launched_on': self.host}
                self.db_api.instance_update(instance_uuid, where)

    def _unfinished(self):
        """What this process would be at, had it not ended; and, since it is the only one, what was nobody's yet."""
        busy = [instance for instance in self._own({}) if instance['task_state'] or is_building(instance)]
        return busy + [each for each in self._placeless() if is_building(each)]

    def _placeless(self):
        return self.db_api.instance_get_all_by_filters({'host': None, 'vm_state': vm_states.BUILDING}, ['id'], ['asc'])

    def _end_unfinished(self, instance):
        uuid, task_state = instance['uuid'], instance['task_state']
        LOG.warning('instance %s: the service ended during %s', uuid, task_state or 'its build')
        if is_building(instance):
            values = {'vm_state': vm_states.ERROR, 'fault': fault_of(exception.NovaException(ENDED))}
        elif task_state.startswith(HALF_DONE):
            fault = fault_of(exception.NovaException(ENDED_DOING.format(task_state)))
            values = {'vm_state': vm_states.ERROR, 'fault': fault}
        else:
            values = self._found(instance)
        self.db_api.instance_update(uuid, {'task_state': None, **values})

    def _found(self, instance):
        """What an instance is, going by its machine."""
        power = self.driver.get_info(instance['uuid'])
        if power == power_state.SHUTDOWN and instance['vm_state'] in PARTED:
            return {'power_state': power, 'vm_state': vm_states.STOPPED}
        if power == power_state.RUNNING and instance['vm_state'] == vm_states.STOPPED:
            return {'power_state': power, 'vm_state': vm_states.ACTIVE}
        return {'power_state': power}

    def _finish_delete(self, instance):
        LOG.warning('instance %s: the service ended while it was deleted', instance['uuid'])
        self._remove_disk(instance['uuid'])
        self.db_api.instance_destroy(instance['uuid'], {'vm_state': vm_states.DELETED})

    def check_instance_build_time(self):
        """What is not built for so long will not be: its message is lost, or its host. What we are at, stays."""
        limit = self.options.instance_build_timeout
        if not limit:
            return
        for instance in [*self._own({'vm_state': vm_states.BUILDING}), *self._placeless()]:
            if instance['uuid'] not in self.work and self._hangs(instance, limit):
                LOG.warning('instance %s: not built within %s seconds', instance['uuid'], limit)
                self._give_up_hanging(instance, limit)

    def _hangs(self, instance, limit):
        """Whether it waits too long; or a process before this one was at it, and its message has not come again."""
        now = utcnow()
        is_orphan = instance['host'] == self.host and instance['updated_at'] < self.started_at
        is_late = (now - self.started_at).total_seconds() > self.options.rpc_response_timeout
        return (now - instance['updated_at']).total_seconds() > limit or is_orphan and is_late

    def _give_up_hanging(self, instance, limit):
        failed = {'vm_state': vm_states.ERROR, 'task_state': None}
        fault = fault_of(exception.NovaException(HANGS.format(limit)))
        try:
            expected = vm_states.BUILDING, (instance['task_state'],)
            self.db_api.instance_update(instance['uuid'], {**failed, 'fault': fault}, *expected)
        except (exception.Conflict, exception.InstanceNotFound):
            LOG.debug('instance %s: goes on', instance['uuid'])

    def sync_power_states(self):
        """A machine that somebody shut down, past nova: the instance is stopped."""
        for instance in self._own({'task_state': None}):
            power = self.driver.get_info(instance['uuid'])
            if power != instance['power_state'] and not is_building(instance) and instance['image_ref']:
                values = self._found(instance)
                LOG.warning('instance %s: its power state is %s, not %s', instance['uuid'], power,
                            instance['power_state'])  # fmt: skip
                try:
                    self.db_api.instance_update(instance['uuid'], values, instance['vm_state'], (None,))
                except (exception.Conflict, exception.InstanceNotFound):
                    LOG.debug('instance %s: something is done to it', instance['uuid'])

    def cleanup_running_deleted_instances(self):
        for instance_uuid in self.driver.list_instances():
            if self._is_left_over(instance_uuid):
                LOG.info('instance %s: what is left of it is removed', instance_uuid)
                self._remove_disk(instance_uuid)

    def _is_left_over(self, instance_uuid):
        """Whether what the driver has of the instance is of no use: it is deleted, or could not be built."""
        instance = self._known(instance_uuid)
        if instance is None:
            return False  # another service's, or a student's own folder
        if instance_uuid in self.work or instance['host'] not in (None, self.host):
            return False
        never_was = instance['vm_state'] == vm_states.ERROR and instance['launched_at'] is None
        return instance['deleted'] or never_was

    def _known(self, instance_uuid):
        try:
            return self.db_api.instance_get_by_uuid(instance_uuid, read_deleted=True)
        except exception.InstanceNotFound:
            LOG.warning('instance %s: there is something of it, and this database has never known it', instance_uuid)
            return None


def is_of_before(instance):
    never_placed = instance['host'] is None and instance['launched_on'] is None
    return never_placed and instance['vm_state'] == vm_states.ACTIVE and not instance['deleted']


def is_building(instance):
    return instance['vm_state'] == vm_states.BUILDING
