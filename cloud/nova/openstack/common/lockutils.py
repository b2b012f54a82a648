"""Locks between processes, and between the threads of one.

Use: with lock('/var/lib/nova/instances/locks', image_id): ...
Real: nova 9e8513e6fe (2014-03-05) nova/openstack/common/lockutils.py lock, with external=True (2013-04 has only the
    decorator synchronized). Its file is named nova-NAME, too, with underscores instead of slashes. It takes the name
    first, and the folder is an option.
Left out: locks within a process alone; systems without flock.
"""

import contextlib
import fcntl
import os
from urllib.parse import quote

from cloud.nova import cancel

PAUSE = 0.02  # seconds between two looks at a lock that another one holds


@contextlib.contextmanager
def lock(lock_path, name):
    """Context manager: only one at a time is inside, for a name (any text) and a folder. A process that dies is out.

    The lock is a file that stays: were it removed, two could hold locks on two files of the same name. BuildCancelled
    if the instance that needs it is deleted meanwhile.
    """
    os.makedirs(lock_path, exist_ok=True)
    with open(os.path.join(lock_path, f'nova-{quote(str(name), safe="")[-200:]}'), 'wb') as file:
        while not taken(file):
            cancel.sleep(PAUSE)
        yield


def taken(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
