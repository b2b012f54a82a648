"""The stores: which of them there are, and which one is in charge of a URL.

This folder need not be read to follow a request.
Use: store_api = create_stores(options); verify_default_store(store_api)
     store_api.add_to_backend(context, store_api.default_store, image_id, file, size)
Real: glance 2014.1 glance/store/__init__.py. Its REGISTERED_STORES and location.py's SCHEME_TO_CLS_MAP are module
    globals, and the map holds classes: each call makes a new store. Here both are attributes of StoreApi, and a store
    is made once, as in glance_store since.
Left out: schedule_delayed_delete_from_backend, which hands the bytes over to a scrubber.
"""

import importlib
import itertools
import logging

from cloud.glance.common import exception
from cloud.glance.store import base
from cloud.glance.store.location import Location
from cloud.glance.store.staging import Staging
from cloud.oslo.utils.units import CHUNK

LOG = logging.getLogger(__name__)
BATCH = 500  # ids in one question to the database


def create_stores(options):
    """The StoreApi with each store of options.known_stores; one with bad options is left out, with a warning.

    ValueError, in one line, if an entry of known_stores is not the class of a store, or the store has no schemes.
    """
    by_type = options.location_strategy == 'store_type'
    preference = options.store_type_preference if by_type else []
    store_api = StoreApi(options.default_store, preference, Staging(options))
    for path in options.known_stores:
        try:
            store_api.register(import_store(path)(options))
        except exception.BadStoreConfiguration as error:
            LOG.warning('The store %s is left out: %s', path, error.msg)
    return store_api


def import_store(path):
    module, _, name = path.rpartition('.')
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        found = None
    if not (isinstance(found, type) and issubclass(found, base.Store)):
        raise ValueError(f'known_stores = {path}: there is no such class of a store')
    return found


def verify_default_store(store_api):
    """ValueError, in one line, unless default_store is the scheme, or the name, of a store that there is."""
    try:
        store_api.store_of(store_api.default_store)
    except exception.UnknownScheme:
        known = ', '.join(sorted(store_api.scheme_map)) or 'none'
        raise ValueError(f'default_store = {store_api.default_store}: there is no such store, only {known}') from None


class StoreApi:
    """registered_stores: the stores by name, such as filesystem; scheme_map: the same by scheme, such as file.

    uri is text; context is the caller's, for stores that act for them. Where a method takes a uri it raises
    UnknownScheme if no store is in charge of it, and BadStoreUri if that store cannot read it.
    preference: names of stores whose locations are tried first, the most wanted first. staging: a Staging, if any.
    """

    def __init__(self, default_store, preference=(), staging=None):
        self.default_store = default_store
        self.staging = staging
        self.preference = list(preference)
        self.registered_stores, self.scheme_map = {}, {}

    def register(self, store):
        """Put a store in charge of its schemes, except those that another is in charge of already."""
        name = name_of(store)
        if not store.get_schemes():
            raise ValueError(f'known_stores: the store {name} is in charge of no scheme')
        self.registered_stores.setdefault(name, store)
        for scheme in store.get_schemes():
            self.scheme_map.setdefault(scheme, store)

    def in_order(self, locations):
        """The locations (dicts with a url) as they are to be tried: the preferred stores' first, else as they come.

        Real: glance 2014.2 glance/common/location_strategy/__init__.py get_ordered_locations
        """
        return sorted(locations, key=self.rank)

    def rank(self, location):
        store = self.scheme_map.get(location['url'].partition(':')[0])
        name = store and name_of(store)
        return self.preference.index(name) if name in self.preference else len(self.preference)

    def store_of(self, scheme_or_name):
        store = self.scheme_map.get(scheme_or_name) or self.registered_stores.get(scheme_or_name)
        if store is None:
            raise exception.UnknownScheme(f'No store is in charge of {scheme_or_name}.')
        return store

    def find(self, uri):
        """(the store in charge of the URL, the URL as its Location)"""
        scheme = uri.partition(':')[0]
        store = self.scheme_map.get(scheme)
        if store is None:
            raise exception.UnknownScheme(f'No store is in charge of {scheme}.')
        return store, Location(name_of(store), store.location_class, uri)

    def check_location_scheme(self, uri):
        """BadStoreUri unless a client may name this URL. A file:// of a client's would open any file of the service."""
        store = self.scheme_map.get(uri.partition(':')[0])
        if store is None or not store.for_clients:
            schemes = ', '.join(sorted(scheme for scheme, store in self.scheme_map.items() if store.for_clients))
            raise exception.BadStoreUri(f'The location is not one that you may set: use one of {schemes or "none"}.')
        self.find(uri)

    def get_from_backend(self, context, uri, offset=0, background=False, image_id=None):
        """(bytes, size): an iterable of chunks, with read and close, from the offset on; and the size of the whole.

        size is None if the store does not know it. A store that can seek does, of another the first bytes are read
        and dropped. background: whether this is in a thread of its own, so that no worker may have to wait.
        image_id: the image that has this location; a store of our own opens nothing that belongs to another one.
        NotFound, StoreGetNotSupported, RemoteServiceUnavailable, RemoteServiceBusy.
        """
        store, location = self.find(uri)
        check_owner(store, location, image_id)
        try:
            data, size = (store.get if background else store.get_for_client)(location)
        except NotImplementedError:
            raise exception.StoreGetNotSupported(f'The store {location.store_name} cannot be read.') from None
        if offset:
            go_to(data, offset)
        return data, size

    def get_size_from_backend(self, context, uri):
        """The bytes at the URL; 0 if unknown. NotFound, StoreGetNotSupported, RemoteServiceBusy."""
        store, location = self.find(uri)
        try:
            return store.get_size(location)
        except NotImplementedError:
            raise exception.StoreGetNotSupported(f'The store {location.store_name} cannot be read.') from None

    def add_to_backend(self, context, scheme_or_store, image_id, data, size):
        """Keep what data.read(n) gives; size: the bytes expected, 0 or None if unknown.

        Returns (URL, bytes, MD5 in hex, metadata: a dict of dicts, lists and text).
        Duplicate, StorageFull, StorageWriteDenied, StoreAddDisabled, StoreAddNotSupported, UnknownScheme.
        """
        store = self.store_of(scheme_or_store)
        try:
            uri, written, checksum, metadata = store.add(image_id, data, size)
        except NotImplementedError:
            raise exception.StoreAddNotSupported(f'No image can be uploaded to the store {name_of(store)}.') from None
        LOG.debug('store %s: keeps %d bytes of image %s', name_of(store), written, image_id)
        if not isinstance(metadata, dict) or not is_metadata(metadata):
            self.safe_delete_from_backend(context, uri, image_id)
            raise exception.GlanceException(f'The store {name_of(store)} answers metadata of the wrong type.')
        return uri, written, checksum, metadata

    def delete_from_backend(self, context, uri, image_id=None):
        """Remove the bytes at the URL. NotFound, Forbidden, InUseByStore, StoreDeleteNotSupported.

        image_id: as in get_from_backend.
        """
        store, location = self.find(uri)
        check_owner(store, location, image_id)
        try:
            store.delete(location)
        except NotImplementedError:
            raise exception.StoreDeleteNotSupported(f'The store {location.store_name} cannot delete.') from None
        LOG.debug('store %s: deletes', location.store_name)

    def safe_delete_from_backend(self, context, uri, image_id):
        """The same, but if there is nothing to delete, or no way to do it, that is only logged."""
        try:
            self.delete_from_backend(context, uri, image_id)
        except (exception.NotFound, exception.StoreDeleteNotSupported, exception.UnknownScheme) as error:
            LOG.warning('The bytes of image %s are not deleted: %s', image_id, error.msg)

    def stage(self, image_id, data, size):
        """Keep bytes that wait for their import, and return how many they are. Errors as in add_to_backend."""
        return self.staging.add(image_id, data, size)[1]

    def open_staged(self, image_id):
        """(bytes, size) of what is staged; NotFound."""
        return self.staging.get(self.staging.location_of(image_id))

    def unstage(self, image_id):
        """Forget what is staged, if there is anything. What cannot be removed stays until the next start."""
        self.staging.delete_leftovers(image_id)

    def set_acls(self, context, uri, public=False, read_tenants=()):
        """Tell the store who may read what is at the URL; a store that keeps no such lists is passed over."""
        try:
            store, location = self.find(uri)
            store.set_acls(location, public, read_tenants)
        except (NotImplementedError, exception.UnknownScheme):  # the latter: a store that is no longer configured
            LOG.debug('store: no ACLs are kept for %s://', uri.partition(':')[0])

    def delete_leftovers(self, without_location, not_staged=None):
        """At start: remove the bytes that a dead process has stored and not made known, or let go of.

        without_location: from a list of ids to those that are images and point to no bytes
        (Database.without_location); not_staged: to those that are images and wait for no import. What belongs to no
        image at all stays: it is not ours.
        """
        for store in self.registered_stores.values():
            delete_leftovers(store, without_location)
        if self.staging and not_staged:
            delete_leftovers(self.staging, not_staged)


def delete_leftovers(store, unwanted):
    ids = iter(store.stored_ids())
    while batch := list(itertools.islice(ids, BATCH)):
        for image_id in unwanted(batch):
            LOG.info('store %s: removes what is left of image %s', name_of(store), image_id)
            store.delete_leftovers(image_id)


def check_owner(store, location, image_id):
    if image_id is not None and not store.belongs_to(location, image_id):
        LOG.warning('Image %s has a location that belongs to another image: it is not touched.', image_id)
        raise exception.NotFound(f'Image {image_id} has no data there.')


def name_of(store):
    return type(store).__module__.rpartition('.')[2]


def is_metadata(value):
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_metadata(item) for key, item in value.items())
    return all(is_metadata(item) for item in value) if isinstance(value, list) else isinstance(value, str)


def go_to(data, offset):
    if hasattr(data, 'seek'):
        data.seek(offset)
        return
    while offset and (dropped := data.read(min(offset, CHUNK))):
        offset -= len(dropped)
