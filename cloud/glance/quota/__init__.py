"""The quota layer: how much of everything an image, and an owner, may have. A negative number: any amount.

    image_property_quota   at repo.add, and at repo.save if the save brings new names
    image_tag_quota        at creation, and with each tag
    image_location_quota   with each location
    image_member_quota     when a member is made
    user_storage_quota     bytes over all images of one owner, 0: any amount

The last is asked three times in an upload: of the announced size before a byte is read; of the stream, which may not
give more than what was left; and of the real size when the image is saved. Only the third settles it, for two uploads
can both have seen the same room. It asks and saves under one lock per owner, so that the second sees the first.
Who loses has their bytes deleted.

Use: quotas = Quotas(options, db_api), one for the whole service, since it holds the locks.
Real: glance 2014.2 glance/quota/__init__.py, glance/api/common.py check_quota; their third question is asked before
the save and without a lock, so that two can still pass it together
Left out: a lock between processes (the service is one process).
"""

import contextlib
import logging
import threading

from cloud.glance.common import exception
from cloud.glance.common.utils import LimitingReader
from cloud.glance.domain import proxy

LOG = logging.getLogger(__name__)


class Quotas:
    """The numbers (from options) and the questions; every check raises a LimitExceeded with both numbers in it."""

    def __init__(self, options, db_api):
        self.options = options
        self.db_api = db_api
        self.locks = [threading.Lock() for _ in range(64)]

    def check_properties(self, count):
        limit = self.options.image_property_quota
        self._check(count, limit, 'properties', exception.ImagePropertyLimitExceeded)

    def check_tags(self, count):
        self._check(count, self.options.image_tag_quota, 'tags', exception.ImageTagLimitExceeded)

    def check_locations(self, count):
        limit = self.options.image_location_quota
        self._check(count, limit, 'locations', exception.ImageLocationLimitExceeded)

    def check_members(self, context, image):
        if self.options.image_member_quota >= 0:
            self.check_member_count(self.db_api.image_member_count(context, image.image_id) + 1)

    def check_member_count(self, count):
        limit = self.options.image_member_quota
        self._check(count, limit, 'members', exception.ImageMemberLimitExceeded)

    def _check(self, count, limit, what, error):
        if 0 <= limit < count:
            self._refuse(error, f'The image would have {count} {what}: it may have {limit}.')

    def storage_left(self, context, image):
        """Bytes that this image may take, beside what its owner's other images take; None: any number."""
        if not self.options.user_storage_quota:
            return None
        used = self.db_api.user_get_storage_usage(context, image.owner, image_id=image.image_id)
        return max(self.options.user_storage_quota - used, 0)

    def check_storage(self, context, image, size):
        """StorageQuotaFull if `size` bytes (None: not known, so not refused) are more than storage_left, its answer."""
        left = self.storage_left(context, image)
        if left is not None and size is not None and size > left:
            message = f'The data has {size} bytes, and {left} are left of the storage quota of the owner.'
            self._refuse(exception.StorageQuotaFull, message)
        return left

    def _refuse(self, error, message):
        LOG.debug('quota refuses: %s', message)
        raise error(message)

    def storage_lock(self, owner):
        """A context in which no one else's save can use up what is left for this owner."""
        if not self.options.user_storage_quota:
            return contextlib.nullcontext()
        # A fixed number of locks for any number of owners: two that share one only wait for each other.
        return self.locks[hash(owner) % len(self.locks)]


class ImageFactoryProxy(proxy.ImageFactory):
    def __init__(self, base, context, quotas):
        self.quotas = quotas
        super().__init__(base, ImageProxy, {'context': context, 'quotas': quotas})

    def new_image(self, **kwargs):
        self.quotas.check_tags(len(set(kwargs.get('tags') or ())))
        return super().new_image(**kwargs)


class ImageRepoProxy(proxy.Repo):
    def __init__(self, base, context, quotas):
        self.quotas = quotas
        super().__init__(base, ImageProxy, {'context': context, 'quotas': quotas})

    def add(self, image):
        self.quotas.check_properties(len(image.extra_properties))
        return super().add(image)

    def save(self, image):
        image.check_new_properties()
        if not image.has_grown():
            return super().save(image)
        with self.quotas.storage_lock(image.owner):
            image.check_storage()
            result = super().save(image)
        image.remember()
        return result


class ImageProxy(proxy.Image):
    def __init__(self, base, context, quotas):
        super().__init__(base)
        self.context = context
        self.quotas = quotas
        self.guarded_tags = QuotaTags(base, quotas)
        self.guarded_locations = QuotaLocations(base, quotas)
        self.uploaded = False
        self.remember()

    def remember(self):
        """What the image has now, for the save to tell what is new."""
        self.known_properties = set(self.base.extra_properties)
        self.known_locations = len(self.base.locations)

    def check_new_properties(self):
        # An image may have more than a quota that was lowered later: it can still be saved, and made smaller.
        names = set(self.base.extra_properties)
        if names - self.known_properties:
            self.quotas.check_properties(len(names))

    def has_grown(self):
        return len(self.base.locations) > self.known_locations

    def check_storage(self):
        """Whether the bytes that are really there fit, each location counted; if not, what was uploaded goes."""
        try:
            self.quotas.check_storage(self.context, self, (self.size or 0) * len(self.base.locations))
        except exception.StorageQuotaFull:
            if self.uploaded:
                self.base.locations = []
            raise

    def set_data(self, data, size=None):
        left = self.quotas.check_storage(self.context, self, size)
        if left is not None:
            data = LimitingReader(data, left, exception.StorageQuotaFull)
        super().set_data(data, size)
        self.uploaded = True
        self.check_storage()

    @property
    def tags(self):
        return self.guarded_tags

    @tags.setter
    def tags(self, value):
        if value is not self.guarded_tags:  # as it is after `image.tags |= {...}`
            self.quotas.check_tags(len(set(value)))
            self.base.tags = value

    @property
    def locations(self):
        return self.guarded_locations

    @locations.setter
    def locations(self, value):
        if value is not self.guarded_locations:  # as it is after `image.locations += [...]`
            self.quotas.check_locations(len(value))
            self.base.locations = value


class QuotaTags(proxy.Tags):
    def __init__(self, image, quotas):
        super().__init__(image)
        self.quotas = quotas

    def add(self, tag):
        if tag not in self:
            self.quotas.check_tags(len(self) + 1)
        super().add(tag)


class QuotaLocations(proxy.Locations):
    def __init__(self, image, quotas):
        super().__init__(image)
        self.quotas = quotas

    def insert(self, index, location):
        self.quotas.check_locations(len(self) + 1)
        super().insert(index, location)


class ImageMemberFactoryProxy(proxy.ImageMemberFactory):
    def __init__(self, base, context, quotas):
        super().__init__(base)
        self.context = context
        self.quotas = quotas

    def new_image_member(self, image, member_id):
        self.quotas.check_members(self.context, image)
        return super().new_image_member(image, member_id)
