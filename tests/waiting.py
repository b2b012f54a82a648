"""Waiting for what a process, or a thread, does in its own time."""

import time


def wait_until(is_so, seconds=60):
    """Whether it becomes so within these seconds."""
    deadline = time.monotonic() + seconds
    while not (so := is_so()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return so
