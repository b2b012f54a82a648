"""The location layer: where an image's bytes are, and in which order bytes and database change.

Innermost skin, between the quotas and the database. Each location is {'url', 'metadata', 'status'}.

    set_data              bytes into the default store, then locations, size, checksum, hash and status of the image
    stage_data            bytes into the staging area, from where an import takes them: the image has its size, no data
    get_data              from the first location that opens
    locations             one that is added is looked at first, and may tell the image's size; with one that is
                          removed its bytes go (the status is the controller's to change)
    repo.add, repo.save   tell the stores who may read (ACLs), of members joining and leaving too
    repo.remove           the bytes go too, except with delayed_delete

Order: rows first, bytes second. Bytes that nothing in the database points to yet go when the save fails; bytes that
something points to go only after the save, or the removal, that lets go of them. So a refused request changes nothing,
and no image loses its bytes. A store may say of a deleted image's bytes that they are in use: then the row comes back.
Bytes that a killed process could not delete any more go at the next start (StoreAPI.delete_leftovers).

Real: glance 2014.2 glance/location.py. It deletes the bytes first, so a database that fails then leaves an active image
    without any; and it keeps the bytes of an upload whose save failed
Left out: the factory's check of locations (in v2 no image is created with any).
"""

import functools
import logging

from cloud.glance.common import exception
from cloud.glance.common.utils import HashingReader, LimitingReader, no_more_than, stretch
from cloud.glance.domain import FOR_ALL, proxy
from cloud.glance.store.location import without_password

LOG = logging.getLogger(__name__)


class ImageFactoryProxy(proxy.ImageFactory):
    """Overrides nothing, but its images wear this layer's skin."""

    def __init__(self, base, context, store_api, size_cap, hashing_algorithm='sha512'):
        super().__init__(base, ImageProxy, skin(context, store_api, size_cap, hashing_algorithm))


class ImageRepoProxy(proxy.Repo):
    """store_api: the stores; size_cap: bytes that an image may have; hashing_algorithm: of its os_hash_value."""

    def __init__(self, base, context, store_api, size_cap, hashing_algorithm='sha512'):
        super().__init__(base, ImageProxy, skin(context, store_api, size_cap, hashing_algorithm))

    def add(self, image):
        result = super().add(image)
        image.set_acls()
        return result

    def save(self, image):
        try:
            result = super().save(image)
        except Exception:
            image.discard_unsaved()
            raise
        image.settle()
        image.set_acls()
        return result

    def remove(self, image):
        """InUseByStore, and then the image is there as before."""
        may_be_staged = image.stored_status in ('uploading', 'importing')
        result = super().remove(image)
        if may_be_staged:
            image.store_api.unstage(image.image_id)
        try:
            image.delete_all_data()
        except exception.InUseByStore:
            self.base.restore(image.base)
            raise
        return result


def skin(context, store_api, size_cap, hashing_algorithm):
    return {
        'context': context,
        'store_api': store_api,
        'size_cap': size_cap,
        'hashing_algorithm': hashing_algorithm,
    }


class ImageProxy(proxy.Image):
    def __init__(self, base, context, store_api, size_cap, hashing_algorithm):
        super().__init__(base)
        self.context = context
        self.store_api = store_api
        self.size_cap = size_cap
        self.hashing_algorithm = hashing_algorithm
        self.unsaved = []  # locations with bytes that the database does not know of yet
        self.removed = []  # locations with bytes that the database still knows of

    @functools.cached_property
    def guarded_locations(self):
        return StoreLocations(self)

    @property
    def locations(self):
        return self.guarded_locations

    @locations.setter
    def locations(self, value):
        """A list for an image without locations, or an empty one for any. Invalid, BadStoreUri, DuplicateLocation."""
        if value is self.guarded_locations:  # what `image.locations += [...]` ends with
            return
        if value and self.base.locations:
            raise exception.Invalid('The image has locations: remove them before you set others.')
        self.guarded_locations.clear()
        self.guarded_locations.extend(value)

    def set_data(self, data, size=None):
        """StorageFull, StorageWriteDenied, StoreAddDisabled, ImageSizeLimitExceeded; Invalid if size is not true."""
        self.check_cap(size)
        reader = LimitingReader(data, self.size_cap, exception.ImageSizeLimitExceeded)
        reader = HashingReader(reader, self.hashing_algorithm)
        store = self.store_api.default_store
        url, stored, checksum, metadata = self.store_api.add_to_backend(
            self.context, store, self.image_id, reader, size
        )
        LOG.debug('location: %s bytes stored at %s', stored, without_password(url))
        location = {'url': url, 'metadata': metadata, 'status': 'active'}
        try:
            if size is not None and stored != size:
                raise exception.Invalid(f'{size} bytes were announced and {stored} came: send the data again.')
            self.base.status = 'active'
        except Exception:
            self._delete_data(location)
            raise
        self.base.locations = [location]
        self.base.size = stored
        self.base.checksum = checksum
        self.base.os_hash_algo, self.base.os_hash_value = self.hashing_algorithm, reader.hexdigest()
        self.unsaved = [location]

    def start_import(self, uri=None):
        """BadStoreUri for a URL that no client may name, or that no store is in charge of."""
        if uri:
            self.store_api.check_location_scheme(uri)
        super().start_import(uri)

    def stage_data(self, data, size=None):
        """StorageFull, StorageWriteDenied, ImageSizeLimitExceeded; Invalid if size is not true."""
        self.check_cap(size)
        reader = LimitingReader(data, self.size_cap, exception.ImageSizeLimitExceeded)
        stored = self.store_api.stage(self.image_id, reader, size)
        if size not in (None, stored):
            self.store_api.unstage(self.image_id)
            raise exception.Invalid(f'{size} bytes were announced and {stored} came: send the data again.')
        self.base.size = stored

    def check_cap(self, size):
        if size is not None and size > self.size_cap:
            raise exception.ImageSizeLimitExceeded(f'The data has {size} bytes: send at most {self.size_cap}.')

    def get_data(self, offset=0, length=None):
        """NotFound if there is no data; what the last store raised if no location can be opened."""
        locations = [each for each in self.base.locations if each.get('status', 'active') == 'active']
        error = exception.NotFound(f'Image {self.image_id} has no data.')
        for location in self.store_api.in_order(locations):
            try:
                data, _size = self.store_api.get_from_backend(
                    self.context, location['url'], offset=offset, image_id=self.image_id
                )
            except (exception.GlanceException, OSError) as refusal:
                LOG.warning('location: image %s cannot be read at one of its places: %s', self.image_id, refusal)
                error = refusal
            else:
                LOG.debug('location: reads %s', without_password(location['url']))
                return no_more_than(data, self.size - offset) if length is None else stretch(data, length)
        raise error

    def delete(self):
        super().delete()
        if self.status == 'pending_delete':
            for location in self.base.locations:
                location['status'] = 'pending_delete'  # the scrubber's mark

    def delete_all_data(self):
        """After the row has gone. InUseByStore; anything else that a store has against it is only logged."""
        if self.status != 'pending_delete':
            for location in self.base.locations:
                self._delete_data(location, passes_on=exception.InUseByStore)

    def get_member_repo(self):
        return ImageMemberRepoProxy(super().get_member_repo(), self)

    def set_acls(self):
        """Tell the stores of all locations who may read: everybody, or the owner and these members."""
        if not self.base.locations:
            return
        public = self.visibility in FOR_ALL
        members = [] if public else [member.member_id for member in self.base.get_member_repo().list()]
        for location in self.base.locations:
            self.store_api.set_acls(self.context, location['url'], public=public, read_tenants=members)
        LOG.debug('location: set_acls public=%s read_tenants=%s', public, members)

    def look_at(self, location):
        """The location as it is kept, and how many bytes it has; BadStoreUri, DuplicateLocation,
        ImageSizeLimitExceeded.
        """
        if not is_location(location):
            raise exception.BadStoreUri('A location is an object with url (text) and metadata (an object).')
        kept = {'url': location['url'], 'metadata': location.get('metadata', {}), 'status': 'active'}
        if any(each['url'] == kept['url'] and each['metadata'] == kept['metadata'] for each in self.base.locations):
            raise exception.DuplicateLocation(f'The image has the location {without_password(kept["url"])} already.')
        self.store_api.check_location_scheme(kept['url'])
        try:
            size = self.store_api.get_size_from_backend(self.context, kept['url'])
        except exception.RemoteServiceBusy:
            raise
        except (exception.GlanceException, OSError):
            size = 0
        if not size:
            raise exception.BadStoreUri(f'Invalid location {without_password(kept["url"])}: there is no data.')
        if size > self.size_cap:
            message = f'The location has {size} bytes: an image may have {self.size_cap}.'
            raise exception.ImageSizeLimitExceeded(message)
        return kept, size

    def check_may_change(self):
        """Forbidden where others rely on the bytes: whoever swapped them would swap what others boot from.

        Real: CVE-2016-0757; 2014.2 lets the owner do it.
        """
        if self.status == 'active' and not self.context.is_admin and self.is_seen_by_others():
            raise exception.Forbidden('Others can see this image: only an admin may change where its data is.')

    def is_seen_by_others(self):
        return self.visibility in FOR_ALL or bool(self.base.get_member_repo().list())

    def has_gone(self, location):
        """A location was taken off the list: see to its bytes."""
        if location in self.unsaved:
            self.unsaved.remove(location)
            self._delete_data(location)
        else:
            self.removed.append(location)
        if not self.base.locations:
            self.base.checksum = self.base.os_hash_algo = self.base.os_hash_value = None

    def discard_unsaved(self):
        """The save failed: delete the bytes that it was to make known."""
        for location in list(self.unsaved):
            self.guarded_locations.remove(location)

    def settle(self):
        """The save succeeded: delete the bytes that it has let go of."""
        self.unsaved = []
        while self.removed:
            self._delete_data(self.removed.pop())

    def _delete_data(self, location, passes_on=()):
        """Tidy up. It comes after the fact (a save, an error that is on its way), which a store cannot change."""
        LOG.debug('location: deletes the data at %s', without_password(location['url']))
        try:
            self.store_api.safe_delete_from_backend(self.context, location['url'], self.image_id)
        except passes_on:
            raise
        except (exception.GlanceException, OSError) as error:
            LOG.warning('location: data of image %s stays behind: %s', self.image_id, error)


def is_location(value):
    if not isinstance(value, dict) or not isinstance(value.get('url'), str):
        return False
    return isinstance(value.get('metadata', {}), dict)


class StoreLocations(proxy.Locations):
    """The list of locations as clients change it. owner: the ImageProxy that it belongs to."""

    def __init__(self, owner):
        super().__init__(owner.base)
        self.owner = owner

    def insert(self, index, location):
        self.owner.check_may_change()
        kept, size = self.owner.look_at(location)
        if self.image.size is None:
            self.image.size = size
        super().insert(index, kept)

    def __setitem__(self, index, location):
        raise exception.Invalid('A location cannot be replaced: remove it, and add another.')

    def __delitem__(self, index):
        self.owner.check_may_change()
        gone = self[index] if isinstance(index, slice) else [self[index]]
        super().__delitem__(index)
        for location in gone:
            self.owner.has_gone(location)


class ImageMemberRepoProxy(proxy.Repo):
    """Members come and go: the stores hear of it at once, not at the image's next save."""

    def __init__(self, base, image):
        super().__init__(base)
        self.image = image

    def add(self, member):
        result = super().add(member)
        self.image.set_acls()
        return result

    def remove(self, member):
        result = super().remove(member)
        self.image.set_acls()
        return result
