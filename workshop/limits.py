"""What a student's code may use of the machine.

Use: limit(MEMORY), in the process that is to be held to it; those that it starts inherit it.
"""

import contextlib
import resource

MEMORY = {resource.RLIMIT_DATA: 1 << 30}  # bytes; macOS knows the limit, and does not keep to it


def limit(limits):
    """limits: {resource.RLIMIT_...: at most so much}. Python raises an error where the code asks for more."""
    for which, most in limits.items():
        hard = resource.getrlimit(which)[1]
        with contextlib.suppress(OSError, ValueError):  # a system that does not know it
            resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
