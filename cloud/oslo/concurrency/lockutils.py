"""Who works on these data: locks between processes, each held for as long as its process lives.

What is locked is a folder, or a file NAME.lock beside a file. The kernel keeps it locked for a process, and frees it
when that one ends, however it ends. So what lies around half-done while nobody holds the lock has no living owner:
whoever comes then may clear it up. While somebody does, it may be that one's present work, and a newcomer leaves
everything alone.

    the only one     own:   takes the lock for itself, or refuses to start   nova, with one compute for its data
    one of several   share: clears up if it is alone, then shares the lock   glance-api, of which two may serve a store

Of several, what a killed one has left is cleared up when all of them have ended and the next one starts.
Use: lock = own(session.file, 'nova'), or lock = share(session.file, recover). It is held as long as that object is
     there. Where the data are no file (a database in memory, or on a server), nothing is locked.
Real: oslo.concurrency 0.1 oslo/concurrency/lockutils.py external_lock (2014.2: openstack/common/lockutils.py in each
    project), which locks a file while a block of code runs; real services clear up by the names of their hosts
Left out: data on a server, which several machines may share; the real ones have tooz for those.
"""

import fcntl
import logging
import os
import time
import weakref

LOG = logging.getLogger(__name__)

PATIENCE = 60  # seconds that a service waits for another one to clear up


class Lock:
    """The lock of one path. ValueError, in one line, if it cannot be had."""

    def __init__(self, path):
        self.path = path
        try:
            flags = os.O_RDONLY if os.path.isdir(path) else os.O_RDWR | os.O_CREAT
            self.descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            raise ValueError(f'{path}: {error.strerror}') from None
        weakref.finalize(self, os.close, self.descriptor)

    def take(self, how):
        """Lock it (fcntl.LOCK_EX or LOCK_SH), instead of however it is locked; whether nobody stood in the way."""
        try:
            fcntl.flock(self.descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise ValueError(f'{self.path} cannot be locked: {error.strerror}') from None
        return True


HELD = weakref.WeakValueDictionary()  # path -> Lock: a process is one holder, however often it asks


def lock_of(path):
    path = os.path.abspath(path) if os.path.isdir(path) else os.path.abspath(path) + '.lock'
    lock = HELD.get(path) or Lock(path)
    HELD[path] = lock
    return lock


def own(path, who):
    """The lock of the data at the path, for this process alone. ValueError if another process has it.

    who: the service's name, for the message.
    """
    if path is None:
        return None
    path = os.path.abspath(path)
    lock = lock_of(path)
    if not lock.take(fcntl.LOCK_EX):
        raise ValueError(f'{path}: another {who} works on these data: end it first, or name other places in the ini')
    return lock


def share(path, recover):
    """The lock of the data at the path, together with others like this process. ValueError if it is not to be had.

    recover(): clears up what killed processes have left. Called if no other process has the lock; none gets it
    before that is done.
    """
    if path is None:
        return recover()
    path = os.path.abspath(path)
    lock = lock_of(path)
    if lock.take(fcntl.LOCK_EX):
        recover()
    else:
        LOG.info('%s: another process works on these data: what a killed one may have left stays until none does', path)
    give_up = time.monotonic() + PATIENCE
    while not lock.take(fcntl.LOCK_SH):
        if time.monotonic() > give_up:
            raise ValueError(f'{path}: another process keeps these data for itself: end it first')
        time.sleep(0.05)
    return lock
