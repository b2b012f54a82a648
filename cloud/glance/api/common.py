"""The quotas: how much there may be, and how much there is. A negative number: any amount; for storage it is 0.

API v2's quota layer asks here (cloud/glance/quota), and API v1's controllers do. Both ask one object: it holds the
locks that keep two uploads at once from taking the same room.

Use: quotas = Quotas(options, db_api), one for the whole service; quotas.check_tags(len(tags))
Real: glance 2014.2 glance/api/common.py get_remaining_quota, check_quota; glance/quota/__init__.py
    _enforce_image_tag_quota and the like. There the storage of the caller is counted (context.owner), here that of the
    image's owner: who uploads to another's image, as an admin may, fills the other's quota. And there a size that is
    not known is refused at once when nothing is left; here the stream is, at its first byte.
Left out: a lock between processes (the service is one process).
"""

import contextlib
import logging
import threading

from cloud.glance.common import exception
from cloud.glance.common.paging import characters

LOG = logging.getLogger(__name__)
QUOTA_OF = {
    'properties': 'image_property_quota',
    'characters of properties': 'image_properties_size_cap',
    'tags': 'image_tag_quota',
    'members': 'image_member_quota',
}


class Quotas:
    """The numbers (from options) and the questions; every check raises a LimitExceeded with both numbers in it."""

    def __init__(self, options, db_api):
        self.options = options
        self.db_api = db_api
        self.locks = [threading.Lock() for _ in range(64)]

    def check_properties(self, count):
        limit = self.options.image_property_quota
        self._check(count, limit, 'properties', exception.ImagePropertyLimitExceeded)

    def check_property_size(self, properties):
        """properties: {name: text or None}, all that an image has."""
        limit = self.options.image_properties_size_cap
        error = exception.ImagePropertyLimitExceeded
        self._check(characters(properties), limit, 'characters of properties', error)

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

    def limits(self, *parts):
        """{part: how many there may be}, for the database to hold; without those of which there may be any number."""
        limits = {part: getattr(self.options, QUOTA_OF[part]) for part in parts}
        return {part: limit for part, limit in limits.items() if limit >= 0}

    def _check(self, count, limit, what, error):
        if 0 <= limit < count:
            self._refuse(error, f'The image would have {count} {what}: it may have {limit}.')

    def storage_left(self, context, image):
        """How many bytes this image may take, after what its owner's other images take; None: any number."""
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
