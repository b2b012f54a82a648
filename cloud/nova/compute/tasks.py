"""What all that is done to an instance has in common: who else is at it, what is written down, what an error leaves.

    @task('compute_stop_instance', task_states.POWERING_OFF)
    def stop_instance(self, context, instance): ...

The method is called with the row, in the task state that the API has set. If the row is in another one, it was done
already, or is not to be done any more: nothing happens. An error leaves the instance as it was, with a fault that says
why, and without a task state.
Use: as above, in a part of the ComputeManager; outside, it is stop_instance(context, instance_uuid=...)
Real: nova 2014.2 nova/compute/manager.py wrap_exception, reverts_task_state, wrap_instance_event, wrap_instance_fault:
    four decorators, on each method
"""

import functools
import logging

from cloud.nova import exception
from cloud.nova.compute.utils import EventReporter, fault_of, is_unexpected

LOG = logging.getLogger(__name__)
DELETED = (exception.BuildCancelled, exception.InstanceNotFound, exception.UnexpectedDeletingTaskStateError)


def task(event, *expected):
    def decorate(method):
        @functools.wraps(method)
        def begin(self, context, instance_uuid, **arguments):
            with self._watched(instance_uuid) as is_first:
                instance = self.expecting(instance_uuid, expected) if is_first else None
                if instance is not None:
                    perform(self, method, event, expected, context, instance, arguments)

        return begin

    return decorate


def perform(self, method, event, expected, context, instance, arguments):
    try:
        with EventReporter(self.db_api, context, instance['uuid'], event, self.host):
            method(self, context, instance, **arguments)
    except DELETED:
        LOG.info('instance %s: deleted meanwhile', instance['uuid'])
    except Exception as error:
        LOG.warning('instance %s: %s: %s', instance['uuid'], method.__name__, error, exc_info=is_unexpected(error))
        self._save(instance['uuid'], {'task_state': None, 'fault': fault_of(error, context)}, expected)


class Expecting:
    """A part of the ComputeManager."""

    def expecting(self, instance_uuid, expected):
        """The instance, if it is here and in one of these task states; else None."""
        try:
            instance = self.db_api.instance_get_by_uuid(instance_uuid)
        except exception.InstanceNotFound:
            LOG.info('instance %s: is deleted', instance_uuid)
            return None
        if instance['task_state'] not in expected or instance['host'] not in (None, self.host):
            LOG.info('instance %s: is in task state %s: nothing to do', instance_uuid, instance['task_state'])
            return None
        return instance

    def finish(self, instance, vm_state, *expected, **values):
        """The work on the instance is done: this is its state now, and its machine's what the driver says."""
        power = self.driver.get_info(instance['uuid'])
        done = {'vm_state': vm_state, 'task_state': None, 'power_state': power, **values}
        self._save(instance['uuid'], done, expected)
