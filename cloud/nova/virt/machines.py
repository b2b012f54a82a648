"""The machines that a compute host says it has: invented ones, as large as the ini likes, so that there are several.

    compute_hosts = compute1:8:16384:500, compute2:8:16384:500:east

Use: machines = read_machines(options.compute_hosts); machines['compute2'].memory_mb  ->  16384
Real: none; nova 2014.2 nova/virt/fake.py FakeDriver says 1 VCPU, 8192 MB and 1028 GB of itself
"""

import re
from typing import NamedTuple


class Machine(NamedTuple):
    """A host and what it has. zone: its availability zone."""

    host: str
    vcpus: int
    memory_mb: int
    local_gb: int
    zone: str


def read_machines(texts):
    """The machines by host; ValueError, in one line, for another form or a name that comes twice."""
    machines = [read_machine(text) for text in texts]
    by_host = {machine.host: machine for machine in machines}
    if len(by_host) < len(machines):
        raise ValueError(f'compute_hosts = {", ".join(texts)}: a name comes twice: give each its own')
    return by_host


def read_machine(text):
    match = re.fullmatch(r'([A-Za-z0-9_-][A-Za-z0-9_.-]*):([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,9})(?::([^:\s]+))?', text)
    if not match:
        raise ValueError(f'compute_hosts = {text}: give NAME:VCPUS:MEMORY_MB:DISK_GB, for example compute1:8:16384:500')
    return Machine(match[1], int(match[2]), int(match[3]), int(match[4]), match[5] or 'nova')
