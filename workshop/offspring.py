"""All processes that a student's code has started, also those that went their own way (setsid, nohup, a daemon).

They are known by a mark in their environment, which each inherits from the one that started it. On Linux, moreover,
those whose parent has ended become the check's own children.
Use: adopt(), in the check's process; end(mark, pid), in it or in whoever runs it.
"""

import contextlib
import ctypes
import os
import sys

import psutil

MARK = 'TOYCLOUD_CHECK'
ROUNDS = 10  # one that is ended may have started another in the meantime
PR_SET_CHILD_SUBREAPER = 36


def adopt():
    """Become the parent of all descendants whose own parent ends. Only Linux knows such a thing."""
    if sys.platform == 'linux':
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end(mark, pid):
    """Kill what has the mark and what descends from the process pid; not that one, nor ourselves."""
    for _ in range(ROUNDS):
        found = [process for process in {*marked(mark), *children(pid)} if process.pid not in (pid, os.getpid())]
        if not found:
            return
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(found, 0.1)


def marked(mark):
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                yield process


def children(pid):
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []
