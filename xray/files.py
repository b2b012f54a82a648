"""The files that a request writes, moves or deletes: Python's audit events tell of each.

Use: install(), once
Real: none
"""

import os
import sys
import time

from xray.landmarks import ROOT
from xray.recorder import ACTIVE, note

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
WORDS = {
    'open': 'write',
    'os.rename': 'rename',
    'os.remove': 'delete',
    'os.link': 'link',
    'os.mkdir': 'make folder',
    'os.rmdir': 'delete folder',
    'os.truncate': 'truncate',
}
installed = []


def install():
    if not installed:
        installed.append(True)
        sys.addaudithook(hear)  # which cannot be taken back: it stays until the process ends


def hear(event, arguments):
    if event not in WORDS or ACTIVE.walk is None:
        return
    if event == 'open' and not (isinstance(arguments[2], int) and arguments[2] & WRITES):
        return
    paths = [shown(path) for path in arguments[: 2 if event in ('os.rename', 'os.link') else 1]]
    if not all(paths):
        return
    step = note('file', f'{WORDS[event]} {os.path.basename(paths[0])}')
    if step is not None:
        step.arguments, step.end = dict(zip(('path', 'to'), paths)), time.perf_counter_ns()


def shown(path):
    """The path, from the checkout on; None for what is none, such as an open file's number."""
    try:
        path = os.fsdecode(path)
    except TypeError:
        return None
    return os.path.relpath(path, ROOT) if path.startswith(ROOT + os.sep) else path
