"""What an instance's machine does, as its driver sees it: the numbers that clients are shown.

Use: power_state.STATE_MAP[power_state.RUNNING]  ->  'running'
Real: nova 2014.2 nova/compute/power_state.py
"""

NOSTATE, RUNNING, PAUSED, SHUTDOWN, CRASHED, SUSPENDED = 0, 1, 3, 4, 6, 7
STATE_MAP = {
    NOSTATE: 'pending',
    RUNNING: 'running',
    PAUSED: 'paused',
    SHUTDOWN: 'shutdown',
    CRASHED: 'crashed',
    SUSPENDED: 'suspended',
}
