"""Files: opened in allowed folders only, copied as cheaply as the system can, and removed when half-written.

Use: with open_inside(path, folders) as source: copy(source, target_path)
Real: nova 9e8513e6fe (2014-03-05) nova/openstack/common/fileutils.py remove_path_on_error, delete_if_exists;
    nova/virt/libvirt/utils.py copy_image, which runs cp
"""

import contextlib
import errno
import fcntl
import os
import stat

from cloud.nova import cancel
from cloud.oslo.utils.units import Mi

CHUNK = Mi  # bytes copied at once where the system cannot do it alone
FICLONE = 0x40049409  # Linux's number for "let this file share that one's blocks"


def delete_if_exists(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


@contextlib.contextmanager
def remove_path_on_error(path):
    """Context manager: if something fails inside, the file at path is removed."""
    try:
        yield
    except BaseException:
        delete_if_exists(path)
        raise


def open_inside(path, folders):
    """The file, open for reading, if it is in one of the folders after all links are followed; else OSError."""
    real = os.path.realpath(path)
    if not any(real.startswith(os.path.join(os.path.realpath(folder), '')) for folder in folders):
        raise PermissionError(errno.EACCES, 'it is in none of the folders that it may be in', path)
    file = open(real, 'rb', buffering=0, opener=open_no_link)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, 'it is no regular file', path)
    return file


def open_no_link(path, flags):
    # The path may have become a link since. And opening a pipe must not wait until somebody writes into it.
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def copy(source, path, size=None):
    """Copy the open file `source` to a new file at path. If that fails or is cancelled, the new file is removed.

    size: how many bytes it has, if known: no more are copied, even if it grows meanwhile.

    Where the file system can, both share their blocks until one is written to. Elsewhere the kernel copies, or we
    do; holes stay holes. Never a hard link: then a write to one would be a write to both.
    """
    with remove_path_on_error(path), open(path, 'wb', buffering=0) as target:
        found = os.fstat(source.fileno()).st_size
        size = found if size is None else min(size, found)
        if share_blocks(source, target):
            if size < found:
                target.truncate(size)
            return
        for start, end in data_ranges(source, size):
            copy_range(source, target, start, end)
        target.truncate(size)


def share_blocks(source, target):
    try:
        fcntl.ioctl(target, FICLONE, source.fileno())
    except OSError:  # another file system, or one that cannot
        return False
    return True


def data_ranges(file, size):
    """(start, end) of each stretch of the file, up to `size`, that is not a hole."""
    end = 0
    while end < size:
        try:
            start = os.lseek(file.fileno(), end, os.SEEK_DATA)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return  # nothing but a hole is left
        end = min(os.lseek(file.fileno(), start, os.SEEK_HOLE), size)
        yield start, end


def copy_range(source, target, start, end):
    while start < end:
        cancel.check()
        copied = copy_some(source.fileno(), target.fileno(), start, end - start)
        if not copied:
            raise OSError(errno.EIO, 'the file became shorter while it was copied')
        start += copied


def copy_some(source, target, start, count):
    """How many bytes were copied from `start` to `start`: inside the kernel if it can, between file systems too."""
    with contextlib.suppress(OSError, AttributeError):  # a full disk says so again below
        return os.copy_file_range(source, target, count, start, start)
    os.lseek(target, start, os.SEEK_SET)
    with contextlib.suppress(OSError, AttributeError):
        return os.sendfile(target, source, start, count)
    return os.write(target, os.pread(source, min(count, CHUNK), start))


class Beginning:
    """The first `size` bytes of an open file, to be read as a file of its own. They may be holes."""

    def __init__(self, file, size):
        self.file, self.size = file, size

    def read(self, size=-1):
        left = max(0, self.size - self.file.tell())
        return self.file.read(left if size is None or size < 0 else min(size, left))

    def seekable(self):
        return True

    def seek(self, *args):
        return self.file.seek(*args)

    def tell(self):
        return self.file.tell()
