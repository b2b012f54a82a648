"""The innermost repositories: where the chain ends and an image becomes rows.

This folder need not be read to follow a request.
A save writes what was changed on the image since it was read, and nothing else: two clients that change different
properties of one image at the same time both succeed, and an upload does not undo a rename made meanwhile.
Use: ImageRepo(context, db_api).get(image_id)
Real: glance 2014.2 glance/db/__init__.py ImageRepo, ImageMemberRepo; its save replaces everything, last one wins
Left out: encrypted locations (metadata_encryption_key), glance.db.registry.
"""

import functools
import logging

from cloud.glance import domain
from cloud.glance.common import exception

LOG = logging.getLogger(__name__)

# The image's attributes that are columns of the same name.
SAME = ('name', 'status', 'owner', 'disk_format', 'container_format', 'size', 'virtual_size', 'checksum',
        'min_disk', 'min_ram', 'protected', 'os_hidden', 'os_hash_algo', 'os_hash_value')  # fmt: skip


class ImageRepo:
    """The images that a caller may see, as domain.Image. Deleted, invisible and missing are all ImageNotFound.

    context: the caller's; db_api: a Database; delayed_delete: as the option of that name.
    """

    def __init__(self, context, db_api, delayed_delete=False):
        self.context, self.db_api, self.delayed_delete = context, db_api, delayed_delete

    def get(self, image_id):
        row = self.db_api.image_get(self.context, image_id)
        if row['deleted']:  # the database shows those to admins
            raise no_image(image_id)
        LOG.debug('db: image %s is %s', image_id, row['status'])
        return self.image_of(row)

    def list(self, marker=None, limit=None, sort_key='created_at', sort_dir='desc', filters=None,
             member_status='accepted', at_most=None):  # fmt: skip
        """A page of images; filters as Database.image_get_all takes them, visibility, os_hidden. Errors as there."""
        filters = dict(filters or {})
        visibility, os_hidden = filters.pop('visibility', None), filters.pop('os_hidden', None)
        if 'changes-since' in filters:
            raise exception.InvalidParameterValue('changes-since is not a filter of this version of the API.')
        rows = self.db_api.image_get_all(self.context, filters, marker, limit, sort_key, sort_dir, member_status,
                                         visibility=visibility, os_hidden=os_hidden, at_most=at_most)  # fmt: skip
        LOG.debug('db: lists %d images', len(rows))
        return [self.image_of(row) for row in rows]

    def add(self, image):
        """Store a new image; Duplicate if its id is taken."""
        row = self.db_api.image_create(self.context, {'id': image.image_id, **values_of(image)})
        self.remember(image, row)
        LOG.debug('db: adds image %s', image.image_id)

    def save(self, image):
        """Store what was changed. Conflict if someone else has changed the image's status since it was read, or if
        both have changed its locations.
        """
        check_stored(image)
        changes = changes_between(image.stored, values_of(image))
        urls = [location['url'] for location in image.stored['locations']] if 'locations' in changes else None
        row = self.db_api.image_update(
            self.context,
            image.image_id,
            changes,
            from_state=image.stored_status,
            from_locations=urls,
            at_most=image.at_most,
        )
        self.remember(image, row)
        LOG.debug('db: saves image %s: %s', image.image_id, ', '.join(changes) or 'nothing new')

    def remove(self, image):
        """Mark the image as deleted, in the status that it has (deleted or pending_delete); Conflict as in save."""
        check_stored(image)
        row = self.db_api.image_destroy(self.context, image.image_id, image.status, from_state=image.stored_status)
        image.status_before_removal = image.stored_status
        self.remember(image, row)
        LOG.debug('db: removes image %s', image.image_id)

    def restore(self, image):
        """Take remove back: the image becomes what it was before."""
        row = self.db_api.image_restore(self.context, image.image_id, image.status_before_removal)
        self.remember(image, row)
        LOG.debug('db: restores image %s', image.image_id)

    def image_of(self, row):
        image = domain.Image(
            image_id=row['id'],
            created_at=row['created_at'],
            updated_at=row['updated_at'],
            visibility=domain.visibility_of(row),
            extra_properties=properties_in(row),
            tags=row['tags'],
            locations=locations_in(row),
            delayed_delete=self.delayed_delete,
            **{name: row[name] for name in SAME},
        )
        self.mark(image, row)
        image.stored = functools.partial(stored_in, row)
        return image

    def remember(self, image, row):
        """Mark on the image what the database holds now: what save and remove go by."""
        self.mark(image, row)
        # Of the image, and not of the row: what others have changed meanwhile, this image has not.
        image.stored = values_of(image)

    def mark(self, image, row):
        image.created_at, image.updated_at, image.stored_status = row['created_at'], row['updated_at'], row['status']
        image.get_member_repo = functools.partial(ImageMemberRepo, self.context, self.db_api, image.image_id)


def check_stored(image):
    if image.stored_status is None:
        raise no_image(image.image_id)


def no_image(image_id):
    return exception.ImageNotFound(f'There is no image {image_id}.')


def values_of(image):
    """What of an image is stored, as image_create takes it: a copy, so that it does not change with the image."""
    return {
        **{name: getattr(image, name) for name in SAME},
        'is_public': image.visibility == 'public',
        'visibility': image.visibility if image.visibility in ('shared', 'community') else None,
        'properties': dict(image.extra_properties.items()),
        'add_tags': set(image.tags),
        'locations': [dict(location) for location in image.locations],
    }


def stored_in(row):
    """The same of an image that has just been read."""
    return {
        **{name: row[name] for name in SAME},
        'is_public': row['is_public'],
        'visibility': None if row['is_public'] else row['visibility'],
        'properties': properties_in(row),
        'add_tags': set(row['tags']),
        'locations': locations_in(row),
    }


def properties_in(row):
    return {each['name']: each['value'] for each in row['properties'] if not each['deleted']}


def locations_in(row):
    return [{name: each[name] for name in ('url', 'metadata', 'status')} for each in row['locations']]


def changes_between(old, new):
    """What image_update must be told for an image to go from the old values to the new ones."""
    changes = {name: new[name] for name in new if new[name] != old[name] and name not in ('properties', 'add_tags')}
    before, after = old['properties'], new['properties']
    parts = {
        'properties': {name: after[name] for name in after if name not in before or before[name] != after[name]},
        'drop_properties': [name for name in before if name not in after],
        'add_tags': sorted(new['add_tags'] - old['add_tags']),
        'drop_tags': sorted(old['add_tags'] - new['add_tags']),
    }
    return changes | {name: value for name, value in parts.items() if value}


class ImageMemberRepo:
    """The members of one image, as domain.ImageMembership."""

    def __init__(self, context, db_api, image_id):
        self.context, self.db_api, self.image_id = context, db_api, image_id

    def get(self, member_id):
        """The membership of that tenant; NotFound."""
        found = self.db_api.image_member_find(self.context, self.image_id, member_id)
        if not found:
            raise exception.NotFound(f'{member_id} is not a member of image {self.image_id}.')
        return membership_of(found[0])

    def list(self):
        return [membership_of(row) for row in self.db_api.image_member_find(self.context, self.image_id)]

    def add(self, member):
        """Store a new membership; Duplicate if there is one, ImageNotFound if the image is gone by now."""
        values = {'image_id': member.image_id, 'member': member.member_id, 'status': member.status}
        remember_member(member, self.db_api.image_member_create(self.context, values, member.at_most))

    def save(self, member):
        """Store the membership's status; NotFound if it is gone by now."""
        remember_member(member, self.db_api.image_member_update(self.context, member.id, {'status': member.status}))

    def remove(self, member):
        """Forget the membership; NotFound if it is gone by now."""
        self.db_api.image_member_delete(self.context, member.id)


def membership_of(row):
    names = ('image_id', 'created_at', 'updated_at', 'id', 'status')
    return domain.ImageMembership(member_id=row['member'], **{name: row[name] for name in names})


def remember_member(member, row):
    member.id, member.created_at, member.updated_at = row['id'], row['created_at'], row['updated_at']
