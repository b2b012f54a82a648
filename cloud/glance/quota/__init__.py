"""The quota layer: how much of everything an image, and an owner, may have.

This folder need not be read to follow a request.

    image_property_quota   at repo.add, and at repo.save if the save brings new names
    image_properties_size_cap   the same, and if it brings new values
    image_tag_quota        at creation, and with each tag
    image_location_quota   with each location
    image_member_quota     when a member is made
    user_storage_quota     bytes over all images of one owner

The last is asked three times in an upload: of the announced size before a byte is read; of the stream, which may not
give more than what was left; and of the real size, in set_data and again when the image is saved. Only the last answer
counts: before, two uploads can both have seen the same room. The save asks and stores under one lock per owner, so
the second upload sees the first. The bytes of the one that is refused are deleted.

Properties, tags and members are counted twice: here, before anything is done, and by the database in the transaction
that adds them (db/sqlalchemy/limits.py). The first count refuses early; the second one holds when many come at once.

The numbers, and the counting, are in api/common.py: API v1, which has no layers, asks them there.
Real: glance 2014.2 glance/quota/__init__.py. There the third question is asked before the save and without a lock, so
    that two can still pass it together; and what is counted is always the caller's, even if the image is another's.
"""

import functools

from cloud.glance.common import exception
from cloud.glance.common.utils import LimitingReader
from cloud.glance.domain import proxy


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
        self.quotas.check_property_size(image.extra_properties)
        return super().add(image)

    def save(self, image):
        image.check_new_properties()
        image.at_most = image.limits_of_the_save()
        if image.has_grown():
            with self.quotas.storage_lock(image.owner):
                image.check_storage()
                result = super().save(image)
        else:
            result = super().save(image)
        return result


class ImageProxy(proxy.Image):
    def __init__(self, base, context, quotas):
        super().__init__(base)
        self.context = context
        self.quotas = quotas
        self.guarded_tags = QuotaTags(base, quotas)
        self.uploaded = False

    @functools.cached_property
    def guarded_locations(self):
        return QuotaLocations(self.base, self.quotas)

    def check_new_properties(self):
        # An image may have more than a quota that was lowered later: it can still be saved, and made smaller.
        names = set(self.base.extra_properties)
        if names - set(self.stored['properties']):
            self.quotas.check_properties(len(names))

    def limits_of_the_save(self):
        """What the database holds while it stores what is new: others may be adding to the image at the same time."""
        properties, known = self.base.extra_properties, self.stored['properties']
        new = {'properties': set(properties) - set(known),
               'characters of properties': dict(properties) != known,
               'tags': set(self.base.tags) - self.stored['add_tags']}  # fmt: skip
        return self.quotas.limits(*(part for part, names in new.items() if names))

    def bytes_taken(self):
        """The bytes of the image, one copy for each location."""
        return (self.base.size or 0) * len(self.base.locations)

    def has_grown(self):
        return self.bytes_taken() > (self.stored['size'] or 0) * len(self.stored['locations'])

    def check_storage(self):
        """Whether the bytes that are really there fit; if not, what was uploaded goes."""
        try:
            self.quotas.check_storage(self.context, self, self.bytes_taken())
        except exception.StorageQuotaFull:
            if self.uploaded:
                self.base.locations = []
            raise

    def limited(self, data, size):
        left = self.quotas.check_storage(self.context, self, size)
        return data if left is None else LimitingReader(data, left, exception.StorageQuotaFull)

    def stage_data(self, data, size=None):
        super().stage_data(self.limited(data, size), size)

    def set_data(self, data, size=None):
        super().set_data(self.limited(data, size), size)
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
        member = super().new_image_member(image, member_id)
        member.at_most = self.quotas.limits('members')
        return member
