"""What clients are shown of an instance's states: one word, made of its vm_state and its task_state.

Use: status_from_state('active', 'rebooting')  ->  'REBOOT'
Real: nova 2014.2 nova/api/openstack/common.py _STATE_MAP, status_from_state, task_and_vm_state_from_status
"""

from cloud.nova.compute import task_states, vm_states

REBOOTING = (task_states.REBOOTING, task_states.REBOOT_PENDING, task_states.REBOOT_STARTED)
REBOOTING_HARD = (task_states.REBOOTING_HARD, task_states.REBOOT_PENDING_HARD, task_states.REBOOT_STARTED_HARD)
REBUILDING = (task_states.REBUILDING, task_states.REBUILD_BLOCK_DEVICE_MAPPING, task_states.REBUILD_SPAWNING)
RESIZING = (task_states.RESIZE_PREP, task_states.RESIZE_MIGRATING, task_states.RESIZE_MIGRATED,
            task_states.RESIZE_FINISH)  # fmt: skip
# vm_state: {task_state: status}, with None for every other task state
STATE_MAP = {
    vm_states.ACTIVE: {
        None: 'ACTIVE',
        **dict.fromkeys(REBOOTING, 'REBOOT'),
        **dict.fromkeys(REBOOTING_HARD, 'HARD_REBOOT'),
        task_states.UPDATING_PASSWORD: 'PASSWORD',
        **dict.fromkeys(REBUILDING, 'REBUILD'),
        **dict.fromkeys(RESIZING, 'RESIZE'),
    },
    vm_states.BUILDING: {None: 'BUILD'},
    vm_states.STOPPED: {
        None: 'SHUTOFF',
        **dict.fromkeys(REBOOTING_HARD, 'HARD_REBOOT'),
        **dict.fromkeys(RESIZING, 'RESIZE'),
        **dict.fromkeys(REBUILDING, 'REBUILD'),
    },
    vm_states.RESIZED: {None: 'VERIFY_RESIZE', task_states.RESIZE_REVERTING: 'REVERT_RESIZE'},
    vm_states.PAUSED: {None: 'PAUSED', **dict.fromkeys(REBOOTING_HARD, 'HARD_REBOOT')},
    vm_states.SUSPENDED: {None: 'SUSPENDED', **dict.fromkeys(REBOOTING_HARD, 'HARD_REBOOT')},
    vm_states.RESCUED: {None: 'RESCUE'},
    vm_states.ERROR: {None: 'ERROR', **dict.fromkeys(REBUILDING, 'REBUILD'),
                      **dict.fromkeys(REBOOTING_HARD, 'HARD_REBOOT')},
    vm_states.DELETED: {None: 'DELETED'},
    vm_states.SOFT_DELETED: {None: 'SOFT_DELETED'},
    vm_states.SHELVED: {None: 'SHELVED'},
    vm_states.SHELVED_OFFLOADED: {None: 'SHELVED_OFFLOADED'},
}  # fmt: skip


def status_from_state(vm_state, task_state=None):
    """The status of an instance in these states."""
    statuses = STATE_MAP.get(vm_state, {None: 'UNKNOWN'})
    return statuses.get(task_state, statuses[None])


def task_and_vm_state_from_status(statuses):
    """(task_states, vm_states) in which an instance may be that has one of these statuses; two empty lists for none."""
    wanted = {status.upper() for status in statuses}
    found = [(vm_state, task_state) for vm_state, by_task in STATE_MAP.items() for task_state, status in by_task.items()
             if status in wanted]  # fmt: skip
    tasks = sorted({task for _vm, task in found if task is not None})
    return ([None, *tasks] if any(task is None for _vm, task in found) else tasks), sorted({vm for vm, _ in found})
