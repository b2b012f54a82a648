"""Waiting for what a process, or a thread, does in its own time: never for ever, and never without saying for what."""

import os
import re
import threading
import time


def wait_until(is_so, seconds=60):
    """Whether it becomes so within these seconds."""
    deadline = time.monotonic() + seconds
    while not (so := is_so()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return so


def line_with(process, pattern, seconds=60):
    """The match of the first line of its stdout that has the pattern in it: an AssertionError if it ends before.

    A process that is late is killed.
    """
    lines, began = [], time.monotonic()
    while line := next_line(process, seconds):
        lines.append(line)
        if found := re.search(pattern, line):
            return found
    waited = round(time.monotonic() - began)
    raise AssertionError(f'waited {waited} s for a line with {pattern!r}, and it ended with: {"".join(lines)}')


def next_line(process, seconds=60):
    """The next line of its stdout, '' if there is none any more. A process that is late is killed."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        return process.stdout.readline()
    finally:
        timer.cancel()


def join(*threads, seconds=300):
    """Until these threads have ended: an AssertionError that names one that has not."""
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0))
        assert not thread.is_alive(), f'waited {seconds} seconds for {thread.name} to end'


def is_there(pid):
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
