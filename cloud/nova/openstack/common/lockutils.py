"""Locks between processes, and between the threads of one.

Use: with lock('/var/lib/nova/instances/locks', image_id): ...
Real: nova 9e8513e6fe (2014-03-05) nova/openstack/common/lockutils.py lock, with external=True (2013-04 has only the
    decorator synchronized). Its file is named nova-NAME, too, but a slash in the name is made an underscore.
Left out: locks within a process alone; systems without flock.
"""

import contextlib
import fcntl
import os
from urllib.parse import quote


@contextlib.contextmanager
def lock(lock_path, name):
    """Context manager: nobody else is inside with that name (any text) and folder. Whoever dies inside is out.

    The lock is a file that stays: were it removed, two could hold locks on two files of the same name.
    """
    os.makedirs(lock_path, exist_ok=True)
    with open(os.path.join(lock_path, f'nova-{quote(str(name), safe="")[-200:]}'), 'wb') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
