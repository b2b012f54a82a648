"""What nova lets testers do behind its back, where the ini says `toycloud = True`.

Use: urlmap's application has it: app.controls()  ->  a Controls
Real: none
"""

import os
import time

from cloud.nova import exception, rpc
from cloud.nova.api.openstack.compute.instances import create_first
from cloud.nova.compute import power_state, task_states, vm_states
from cloud.nova.compute.utils import fault_of
from cloud.nova.db.sqlalchemy.api_models import metadata
from cloud.nova.utils import is_uuid_like
from cloud.oslo.db.sqlalchemy.session import DBError
from wsgi import fault

PATIENCE = 10  # seconds that what is under way may take to stop
FORCED = 'It was put into this state by POST /toycloud/instances.'
NOT_ALONE = 'Only where all of nova is in one process (no transport_url) does this reach all that it does.'
UNDER_WAY = 'Work of nova does not stop: try again later.'
NOT_MADE = 'Instance {} has no machine (yet): it can be forced into vm_state error alone.'
STATES = {name: value for name, value in vars(vm_states).items() if name.isupper() and isinstance(value, str)}
TASKS = {value for name, value in vars(task_states).items() if name.isupper() and isinstance(value, str)}


class Controls:
    """parts: nova's (api/openstack)."""

    service = 'nova'
    fault = staticmethod(fault)
    tables = metadata.sorted_tables
    # what is read, as the environ names it
    headers = {'HTTP_OPENSTACK_API_VERSION', 'HTTP_X_OPENSTACK_NOVA_API_VERSION', 'HTTP_X_SERVICE_TOKEN'}

    def __init__(self, parts):
        self.parts, self.db_api, self.session = parts, parts.db_api, parts.db_api.session
        self.folders = {'instances': os.path.abspath(parts.options.instances_path)}

    def problems(self):
        """What is wrong with the service, a line each."""
        try:
            self.db_api.is_new()
        except DBError as error:
            return [str(error)]
        return []

    def name_of(self, instance_id):
        """What the instance of that id is called, or None."""
        try:
            return self.db_api.instance_get_by_uuid(instance_id)['display_name']
        except (exception.InstanceNotFound, DBError):
            return None

    def stop_work(self):
        """Stop what hosts and conductor are at, and forget what they were told. RuntimeError if that cannot be had.

        No request may be under way, for that could tell them more.
        """
        self.check_alone()
        give_up = time.monotonic() + PATIENCE
        idle = 0
        while idle < 2:  # twice in a row: one may have handed its work to another that was looked at before
            idle = idle + 1 if self.stop_all() else 0
            if time.monotonic() > give_up:
                raise RuntimeError(UNDER_WAY)
            time.sleep(0.001)

    def resume(self):
        """The rows may be others now: mend them as a start does, and have whoever is there say so."""
        for service in self.parts.services:
            if hasattr(service.manager, 'init_host'):
                service.manager.init_host()
            service.report_state()

    def check_alone(self):
        if not self.parts.services:
            raise RuntimeError(NOT_ALONE)

    def stop_all(self):
        """Have all work end; whether there is none."""
        for service in self.parts.services:
            for pool in service.pools:
                pool.forget()
            self.cancel_work(service.manager)
        return not any(pool.running for service in self.parts.services for pool in service.pools)

    def cancel_work(self, manager, *instance_ids):
        """Stop what a host does to these instances, or to all."""
        work = dict(getattr(manager, 'work', {}))
        for instance_id in instance_ids or work:
            if instance_id in work:
                work[instance_id].cancel()

    def first_rows(self, dump):
        """The rows that a first start makes; the hosts report themselves."""
        scratch = self.parts.scratch(self.parts.options)
        create_first(scratch.make_api(rpc.get_transport(self.parts.options)))
        with scratch.db_api.reading() as connection:
            found = dump(connection, self.tables)
        scratch.db_api.close()
        return found

    def owns(self, folder, name):
        return is_uuid_like(name)

    def remove_files(self):
        driver = self.parts.driver
        for instance_id in driver.list_instances():
            driver.destroy(instance_id)

    def clock_moved(self):
        """It is another time: whoever is there says so, before anybody takes it for dead."""
        for service in self.parts.services:
            service.report_state()

    def force(self, instance_id, vm_state, task_state=None):
        """Put an instance into a state, whatever is being done to it, and return it.

        KeyError if there is none; ValueError for a state that cannot be; RuntimeError if that cannot be had.
        """
        self.check_alone()
        if vm_state not in STATES.values() or vm_state == vm_states.DELETED:
            known = ', '.join(sorted(set(STATES.values()) - {vm_states.DELETED}))
            raise ValueError(f'vm_state is one of {known}.')
        if task_state is not None and task_state not in TASKS:
            raise ValueError(f'task_state is null, or one of {", ".join(sorted(TASKS))}.')
        try:
            return self._force(instance_id, vm_state, task_state)
        except exception.InstanceNotFound:
            raise KeyError(instance_id) from None

    def _force(self, instance_id, vm_state, task_state):
        instance = self.db_api.instance_get_by_uuid(instance_id)
        is_made = self.parts.driver.get_info(instance_id) != power_state.NOSTATE
        if vm_state != vm_states.ERROR and instance['image_ref'] and not is_made:
            raise ValueError(NOT_MADE.format(instance_id))
        self.stop_work_on(instance_id)
        values = {'vm_state': vm_state, 'task_state': task_state, 'progress': 0}
        if vm_state == vm_states.ERROR:
            values['fault'] = fault_of(exception.NovaException(FORCED))
        if vm_state in POWER and is_made:
            values['power_state'] = POWER[vm_state]
            self.parts.driver.power_of(instance_id).set(POWER[vm_state], FORCED)
        return self.db_api.instance_update(instance_id, values)

    def stop_work_on(self, instance_id):
        give_up = time.monotonic() + PATIENCE
        managers = [service.manager for service in self.parts.services if hasattr(service.manager, 'work')]
        while any(instance_id in manager.work for manager in managers):
            for manager in managers:
                self.cancel_work(manager, instance_id)
            if time.monotonic() > give_up:
                raise RuntimeError(UNDER_WAY)
            time.sleep(0.001)


POWER = {
    vm_states.ACTIVE: power_state.RUNNING,
    vm_states.PAUSED: power_state.PAUSED,
    vm_states.STOPPED: power_state.SHUTDOWN,
    vm_states.SUSPENDED: power_state.SUSPENDED,
}
