"""What an instance is now, as far as it has come: stable states, between two jobs.

What is being done to it is its task state (task_states.py); what its machine does, its power state (power_state.py).
Use: if instance['vm_state'] == vm_states.ACTIVE: ...
Real: nova 2014.2 nova/compute/vm_states.py
"""

ACTIVE = 'active'  # it runs, as far as nova knows
BUILDING = 'building'
PAUSED = 'paused'
SUSPENDED = 'suspended'
STOPPED = 'stopped'
RESCUED = 'rescued'  # it runs from a rescue image, with its own disk beside
RESIZED = 'resized'  # it runs with the new flavor, and waits to be told to keep that
SOFT_DELETED = 'soft-delete'
DELETED = 'deleted'
ERROR = 'error'
SHELVED = 'shelved'
SHELVED_OFFLOADED = 'shelved_offloaded'

ALLOW_SOFT_REBOOT = (ACTIVE,)
ALLOW_HARD_REBOOT = (ACTIVE, STOPPED, PAUSED, SUSPENDED, ERROR)
