"""Opening what lies in a student's folder, which may be anything.

Use: open(path, opener=plain_file)
"""

import errno
import os
import stat


def plain_file(path, flags):
    """For open(): where it would wait for whoever is at the other end (of a pipe, say), it is an OSError instead."""
    descriptor = os.open(path, flags | os.O_NONBLOCK, 0o666)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, 'This is no plain file', path)
