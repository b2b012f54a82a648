"""What a store is: a place that keeps the bytes of images, each at a URL of its own.

Use: subclass Store; a method that it does not override is something that it cannot do.
Real: glance 2014.1 glance/store/base.py Store; since 2014.2 glance_store/driver.py, in a library of its own
Left out: reading in ranges (StoreApi seeks or skips).
"""

import logging

from cloud.glance.common import exception
from cloud.oslo.utils.units import CHUNK

LOG = logging.getLogger(__name__)


class Store:
    """A store. options: the service's. BadStoreConfiguration from configure means: not without better options.

    schemes: of the URLs that it is in charge of; location_class: takes them apart.
    for_clients: whether a client may name such a URL: never where that would open what belongs to someone else.
    """

    schemes = ()
    location_class = None
    for_clients = False

    def __init__(self, options):
        self.options = options
        self.configure()
        try:
            self.configure_add()
        except exception.BadStoreConfiguration as error:
            LOG.warning('The store of %s is read-only: %s', '://, '.join(self.schemes) + '://', error.msg)
            self.add = self.refuse_to_add

    def configure(self):
        """Read the options that every use needs; BadStoreConfiguration."""

    def configure_add(self):
        """Read the options that only writing needs; BadStoreConfiguration makes the store read-only."""

    def get_schemes(self):
        return self.schemes

    def refuse_to_add(self, image_id, data, size):
        raise exception.StoreAddDisabled('This store is read-only: no image can be uploaded to it.')

    def get(self, location):
        """(bytes, size) of what is at a Location: an iterable of chunks with read and close, and an int or None.

        NotFound, BadStoreUri, RemoteServiceUnavailable.
        """
        raise NotImplementedError

    def get_for_client(self, location):
        """The same for a client, who keeps one of the few workers busy: a store that may be slow can refuse some.

        RemoteServiceBusy.
        """
        return self.get(location)

    def get_size(self, location):
        """How many bytes are at a Location; 0 if unknown. NotFound."""
        raise NotImplementedError

    def add(self, image_id, data, size):
        """Keep what data.read(n) gives until it gives nothing; size: the bytes expected, 0 or None if unknown.

        Returns (URL, bytes, MD5 in hex, metadata: a dict of dicts, lists and text).
        Duplicate, StorageFull, StorageWriteDenied, and whatever data.read raises; nothing is kept then.
        """
        raise NotImplementedError

    def delete(self, location):
        """Remove what is at a Location. NotFound, Forbidden, InUseByStore."""
        raise NotImplementedError

    def set_acls(self, location, public=False, read_tenants=()):
        """Remember who may read what is at a Location: everyone, or the tenants named."""
        raise NotImplementedError

    def belongs_to(self, location, image_id):
        """Whether the bytes at a Location are this image's, as far as the store can tell."""
        return True

    def stored_ids(self):
        """The ids of the images that this store keeps bytes of, as an iterable, as far as it can tell."""
        return ()

    def delete_leftovers(self, image_id):
        """Remove the bytes of an image that knows nothing of them."""


def chunks(data):
    """What data.read gives, in pieces, until it gives nothing."""
    while chunk := data.read(CHUNK):
        yield chunk
