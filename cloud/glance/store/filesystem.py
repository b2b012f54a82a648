"""The store in folders of this machine: each image is one file, named by its id.

A file gets its name last, when all of it is on the disk: what has a name is complete, whenever the process dies.
Use: filesystem_store_datadir = FOLDER, or filesystem_store_datadirs = FOLDER:200, FOLDER:100
Real: glance 2014.1 glance/store/filesystem.py Store, ChunkedFile, which writes straight into the named file
Left out: filesystem_store_metadata_file, filesystem_store_file_perm.
"""

import contextlib
import errno
import glob
import hashlib
import io
import logging
import os
import re
import shutil
from functools import partial

from cloud.glance.common import exception
from cloud.glance.store import base, location
from cloud.oslo.concurrency import lockutils
from cloud.oslo.utils.units import CHUNK

LOG = logging.getLogger(__name__)
NAME = re.compile('[0-9A-Za-z_-][0-9A-Za-z_.-]*')


class StoreLocation(location.StoreLocation):
    """file://PATH or filesystem://PATH"""

    @classmethod
    def parse_uri(cls, uri):
        scheme, _, path = uri.partition('://')
        if scheme not in Store.schemes or not path.startswith('/'):
            raise exception.BadStoreUri(f'{uri} is not of the form file:///PATH.')
        return cls(scheme=scheme, path=path)

    def get_uri(self):
        return f'{self.scheme}://{self.path}'


class ChunkedFile(io.FileIO):
    """A file to read that is iterated in chunks instead of lines, and closed behind the last; fileno and seek work."""

    def __next__(self):
        if not self.closed and (chunk := self.read(CHUNK)):
            return chunk
        self.close()
        raise StopIteration


class Store(base.Store):
    """Several processes may write into a folder: who is alone at its start removes what dead ones had not finished."""

    schemes = ('file', 'filesystem')
    location_class = StoreLocation

    def configure(self):
        several, one = self.options.filesystem_store_datadirs, self.options.filesystem_store_datadir
        self.priorities = dict(read_datadir(text) for text in several) if several else one and {os.path.abspath(one): 0}
        if not self.priorities:
            raise exception.BadStoreConfiguration('filesystem_store_datadir names no folder.')

    def configure_add(self):
        self.locks = []
        for folder in self.priorities:
            try:
                os.makedirs(folder, exist_ok=True)
                self.locks.append(lockutils.share(folder, partial(remove_unfinished, folder)))
            except OSError as error:
                raise exception.BadStoreConfiguration(f'{folder}: {error.strerror}') from None
            except ValueError as error:
                raise exception.BadStoreConfiguration(str(error)) from None
            if not os.access(folder, os.W_OK | os.X_OK):
                raise exception.BadStoreConfiguration(f'{folder}: this process may not write there')

    def get(self, location):
        path = self.path_of(location)
        try:
            file = ChunkedFile(path)
        except FileNotFoundError:
            raise missing(location) from None
        return file, os.fstat(file.fileno()).st_size

    def get_size(self, location):
        try:
            return os.path.getsize(self.path_of(location))
        except FileNotFoundError:
            raise missing(location) from None

    def add(self, image_id, data, size):
        path = os.path.join(self.folder_for(size or 0), self.name_of(image_id))
        with writing_errors(), new_file(path) as file:
            if any(os.path.exists(taken) for taken in self.paths_of(image_id)):
                raise taken_already(image_id)
            checksum = hashlib.md5(usedforsecurity=False)
            for chunk in base.chunks(data):
                checksum.update(chunk)
                file.write(chunk)
            written = file.tell()
        return StoreLocation(scheme='file', path=path).get_uri(), written, checksum.hexdigest(), {}

    def delete(self, location):
        path = self.path_of(location)
        try:
            os.unlink(path)
        except FileNotFoundError:
            raise missing(location) from None
        except OSError as error:
            raise exception.Forbidden(f'The bytes of the image cannot be removed: {error.strerror}.') from None

    def belongs_to(self, location, image_id):
        return os.path.basename(location.store_location.path) == image_id

    def stored_ids(self):
        for folder in self.priorities:
            with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
                yield from (entry.name for entry in entries if NAME.fullmatch(entry.name))

    def delete_leftovers(self, image_id):
        for path in self.paths_of(image_id) if NAME.fullmatch(image_id) else ():
            remove(path)

    def folder_for(self, size):
        """Of the folders with room for it: of the highest priority, and of those the one with most room."""
        room = {folder: shutil.disk_usage(folder).free for folder in self.priorities}
        fitting = [folder for folder in room if room[folder] >= size]
        if not fitting:
            raise exception.StorageFull(f'There is no room for {size} bytes.')
        return max(fitting, key=lambda folder: (self.priorities[folder], room[folder]))

    def name_of(self, image_id):
        """The id as a file's name, and as nothing else: no folder, no dot in front (that is for unfinished files)."""
        if not NAME.fullmatch(image_id):
            raise exception.BadStoreUri('The id of the image cannot be the name of a file.')
        return image_id

    def paths_of(self, image_id):
        return [os.path.join(folder, self.name_of(image_id)) for folder in self.priorities]

    def path_of(self, location):
        """The file's path; NotFound unless it is right in one of the folders: this store opens nothing else."""
        path = location.store_location.path
        folder, name = os.path.split(path)
        if folder not in self.priorities or not NAME.fullmatch(name) or os.path.join(folder, name) != path:
            raise missing(location)
        return path


def read_datadir(text):
    """(folder, priority) out of FOLDER or FOLDER:PRIORITY."""
    folder, colon, priority = text.rpartition(':')
    if colon and not re.fullmatch('[0-9]{1,9}', priority):
        raise exception.BadStoreConfiguration(f'filesystem_store_datadirs: {text}: {priority} is not a whole number')
    return os.path.abspath(folder if colon else text), int(priority) if colon else 0


def remove_unfinished(folder):
    for part in glob.glob(os.path.join(glob.escape(folder), '.*.part')):
        remove(part)


@contextlib.contextmanager
def new_file(path):
    """A file to write, under a temporary name until it is complete and on the disk; removed if anything fails.

    Only one can have that temporary name, so of two that write the same file the second gets Duplicate.
    """
    folder, name = os.path.split(path)
    part = os.path.join(folder, f'.{name}.part')
    try:
        file = open(part, 'xb')
    except FileExistsError:
        raise taken_already(name) from None
    try:
        with file:
            yield file
            sync(file)
        os.rename(part, path)
    except BaseException:
        os.unlink(part)
        raise
    sync_folder(folder)


def remove(path):
    """Tidy up: what cannot be removed now stays behind, and is tried again at the next start."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        LOG.warning('filesystem store: %s stays behind: %s', path, error.strerror)


def sync(file):
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder):
    """Without this, a power cut could take the file's name again."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def writing_errors():
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise exception.StorageFull('There is no room left for the bytes of the image.') from None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise exception.StorageWriteDenied('The store is not allowed to write.') from None
        raise


def taken_already(image_id):
    return exception.Duplicate(f'There are bytes of image {image_id} already.')


def missing(location):
    LOG.debug('filesystem store: there is no %s', location.get_uri())
    return exception.NotFound('The bytes of the image are not there.')  # and not where: that is no client's business
