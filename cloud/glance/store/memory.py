"""A store in the memory of the process: for tests, and for lessons, since it shows the ACLs that it was given.

Use: known_stores = cloud.glance.store.memory.Store and default_store = memory
Real: none; glance 2014.1 glance/store/swift.py Store.set_acls keeps the ACLs, as headers of containers
"""

import hashlib
import io
import threading

from cloud.glance.common import exception
from cloud.glance.store import base, location
from cloud.oslo.utils.units import CHUNK


class StoreLocation(location.StoreLocation):
    """memory://IMAGE_ID"""

    @classmethod
    def parse_uri(cls, uri):
        scheme, _, image_id = uri.partition('://')
        if scheme != 'memory' or not image_id:
            raise exception.BadStoreUri(f'{uri} is not of the form memory://IMAGE_ID.')
        return cls(image_id=image_id)

    def get_uri(self):
        return f'memory://{self.image_id}'


class Chunks(io.BytesIO):
    """Bytes that can be sought in, and that are iterated in chunks instead of lines."""

    def __next__(self):
        if chunk := self.read(CHUNK):
            return chunk
        raise StopIteration


class Store(base.Store):
    """images: bytes by image id; acls: {'public': bool, 'read_tenants': [text]} by URL."""

    schemes = ('memory',)
    location_class = StoreLocation

    def configure(self):
        self.images, self.acls, self.lock = {}, {}, threading.Lock()

    def get(self, location):
        image = self.find(location)
        return Chunks(image), len(image)

    def get_size(self, location):
        return len(self.find(location))

    def add(self, image_id, data, size):
        image = b''.join(base.chunks(data))
        with self.lock:
            if image_id in self.images:
                raise exception.Duplicate(f'There are bytes of image {image_id} already.')
            self.images[image_id] = image
        checksum = hashlib.md5(image, usedforsecurity=False).hexdigest()
        return StoreLocation(image_id=image_id).get_uri(), len(image), checksum, {}

    def delete(self, location):
        self.find(location)
        self.images.pop(location.store_location.image_id, None)
        self.acls.pop(location.get_uri(), None)

    def set_acls(self, location, public=False, read_tenants=()):
        self.acls[location.get_uri()] = {'public': public, 'read_tenants': list(read_tenants)}

    def find(self, location):
        try:
            return self.images[location.store_location.image_id]
        except KeyError:
            raise exception.NotFound('The bytes of the image are not there.') from None
