"""Compute in this process: what the API asks for is done by the manager's workers, on one host.

Real: none
"""

import threading

from cloud.nova.compute import power_state, vm_states
from cloud.oslo.utils.timeutils import utcnow


class DirectTaskAPI:
    def __init__(self, db_api, manager):
        self.db_api, self.manager = db_api, manager

    def build_instances(self, context, instances, image, *rest):
        for instance in instances:
            self.db_api.instance_update(instance['uuid'], {'host': 'compute1', 'node': 'compute1'})
            self.manager.run_instance(context, instance)

    def resize_instance(self, context, instance, flavor):
        from cloud.nova.compute.flavors import as_remembered

        old = {**instance['system_metadata'], 'old': instance['flavor']}
        values = {'flavor': as_remembered(flavor), 'memory_mb': flavor['memory_mb'], 'vcpus': flavor['vcpus']}
        later(self.db_api, instance, vm_state='resized', system_metadata=old, root_gb=flavor['root_gb'], **values)

    def rebuild_instance(self, context, instance, image, password):
        later(self.db_api, instance, vm_state='active')

    def unshelve_instance(self, context, instance):
        later(self.db_api, instance, vm_state='active', power_state=1, host='compute1')


def later(db_api, instance, **values):
    def change():
        db_api.instance_update(instance['uuid'], {'task_state': None, **values})

    threading.Timer(0.3, change).start()


STATES = {
    'stop_instance': (vm_states.STOPPED, 4),
    'start_instance': (vm_states.ACTIVE, 1),
    'reboot_instance': (vm_states.ACTIVE, 1),
    'pause_instance': (vm_states.PAUSED, 1),
    'unpause_instance': (vm_states.ACTIVE, 1),
    'suspend_instance': (vm_states.SUSPENDED, 1),
    'resume_instance': (vm_states.ACTIVE, 1),
    'rescue_instance': (vm_states.RESCUED, 4),
    'unrescue_instance': (vm_states.ACTIVE, 1),
    'shelve_instance': (vm_states.SHELVED_OFFLOADED, 4),
    'confirm_resize': (vm_states.ACTIVE, 1),
    'set_admin_password': (vm_states.ACTIVE, 1),
}


class DirectRPCAPI:
    def __init__(self, db_api, manager):
        self.db_api, self.manager = db_api, manager

    def __getattr__(self, name):
        vm_state, power = STATES[name]
        return lambda context, instance, *rest: later(self.db_api, instance, vm_state=vm_state, power_state=power)

    def snapshot_instance(self, context, instance, image_id):
        later(self.db_api, instance)

    def revert_resize(self, context, instance):
        old = instance['system_metadata']['old']
        sizes = {'memory_mb': old['memory_mb'], 'vcpus': old['vcpus'], 'root_gb': old['root_gb']}
        later(self.db_api, instance, vm_state='active', flavor=old, **sizes)

    def terminate_instance(self, context, instance):
        if not self.db_api.instance_get_by_uuid(instance['uuid'], read_deleted=True)['deleted']:
            self.db_api.instance_destroy(instance['uuid'], {'vm_state': 'deleted', 'terminated_at': utcnow()})
        self.manager.terminate_instance(instance)

    def get_console_output(self, context, instance, length):
        return 'console\n'


__all__ = ['power_state']
