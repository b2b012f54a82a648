"""The filesystem store, except that it fails when told to: the process dies in it, or its disk is full.

Use: known_stores = tests.cloud.glance.fragile_store.Store, and in the environment of the service
     STORE_DIES=after the bytes are on the disk    one of MOMENTS: there the service kills itself with kill -9
     STORE_HOLDS=1000000                           a file cannot grow beyond as many bytes
"""

import os
import resource
import signal

from cloud.glance.store import filesystem

# All that happens in an upload, in order, each with what is left of the upload when the process dies there.
MOMENTS = {
    'before the store': 'queued',
    'before the first byte': 'queued',
    'after some bytes': 'queued',
    'after the last byte': 'queued',
    'after the bytes are on the disk': 'queued',
    'after the file has its name': 'queued',
    'before the database knows': 'queued',
    'after the database knows': 'active',
}


def now_is(moment):
    assert moment in MOMENTS
    if os.environ.get('STORE_DIES') == moment:
        os.kill(os.getpid(), signal.SIGKILL)


class Data:
    """What is to be stored."""

    def __init__(self, data):
        self.data = data
        self.moment = 'before the first byte'

    def read(self, size):
        now_is(self.moment)
        self.moment = 'after some bytes'
        if chunk := self.data.read(size):
            return chunk
        now_is('after the last byte')
        return b''


def sync(file, really=filesystem.sync):
    really(file)
    now_is('after the bytes are on the disk')


def sync_folder(folder, really=filesystem.sync_folder):
    now_is('after the file has its name')
    really(folder)


class Store(filesystem.Store):
    def configure_add(self):
        super().configure_add()
        filesystem.sync, filesystem.sync_folder = sync, sync_folder

    def add(self, image_id, data, size):
        now_is('before the store')
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ.get('STORE_HOLDS', soft)), hard))
        try:
            added = super().add(image_id, Data(data), size)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        now_is('before the database knows')
        return added

    def set_acls(self, location, public=False, read_tenants=()):
        now_is('after the database knows')
        super().set_acls(location, public, read_tenants)
