"""What an image is, and the rules that hold for it, no matter who asks: the core of the onion.

    queued <-> saving -> active -> pending_delete -> deleted      (a failed upload: back to queued, or killed)
    queued <-> active   with the first location that is set, and the last that is removed
    queued -> [uploading ->] importing -> active        (a failed import: back to what it was before)
    active <-> deactivated
    whatever it is, but for pending_delete -> deleted

It knows of no database, store, caller or quota: those are the layers around it (see gateway.py).

Use: image = ImageFactory().new_image(name='cirros'); image.status = 'saving'
Real: glance 2014.2 glance/domain/__init__.py Image, ImageFactory, ImageMembership, ImageMemberFactory
Left out: tasks. Added: stored_status and stored (there the controller passes from_state by hand).
"""

from cloud.glance.common import exception
from cloud.oslo.utils.timeutils import utcnow
from cloud.oslo.utils.uuidutils import generate_uuid

# From each status, the ones it may change to.
TRANSITIONS = {
    'queued': ('saving', 'uploading', 'importing', 'active', 'deleted'),
    'saving': ('active', 'killed', 'deleted', 'queued'),
    'uploading': ('queued', 'importing', 'deleted'),
    'importing': ('queued', 'uploading', 'active', 'deleted'),
    'active': ('queued', 'deactivated', 'pending_delete', 'deleted'),
    'deactivated': ('active', 'pending_delete', 'deleted'),
    'killed': ('deleted',),
    'pending_delete': ('deleted',),
    'deleted': (),
}
VISIBILITIES = ('public', 'private', 'shared', 'community')  # who may see it: the database layer's rules
UNSAID = object()  # and not None, which nobody may say
FOR_ALL = ('public', 'community')  # everybody may use these; in everybody's lists only the first are
SHAREABLE = ('private', 'shared')  # these may have members
MEMBER_STATUSES = ('pending', 'accepted', 'rejected')
LARGEST = 2**31 - 1  # what min_disk and min_ram may be, in GiB and MiB: the database keeps them as INTEGER

# Names that only the service writes, and names with a meaning of their own, which no property may have.
READONLY = ('created_at', 'updated_at', 'status', 'checksum', 'size', 'virtual_size', 'os_hash_algo', 'os_hash_value')
RESERVED = ('owner', 'is_public', 'locations', 'deleted', 'deleted_at', 'direct_url', 'self', 'file', 'schema')
RESERVED_PREFIX = 'os_glance_'  # of the properties that the service keeps for itself


class Image:
    """One image. Times are naive UTC datetimes; sizes are bytes, or None as long as there is no data.

    os_hidden: whether lists leave it out, None if nobody has said; os_hash_algo, os_hash_value: a second checksum.
    extra_properties: dict of text to text; tags: set of text; locations: list of {'url', 'metadata', 'status'}.
    stored_status: the status of the row it was read from, None before it is added (the database layer's mark,
    so that a save can tell that someone else was faster). stored: all of that row, as db.values_of words it, None or
    a function that gives it.
    """

    def __init__(self, image_id, status='queued', created_at=None, updated_at=None, *, name=None, visibility='private',
                 min_disk=0, min_ram=0, protected=False, owner=None, disk_format=None, container_format=None,
                 size=None, virtual_size=None, checksum=None, locations=(), extra_properties=None, tags=(),
                 delayed_delete=False, stored_status=None, os_hidden=None, os_hash_algo=None,
                 os_hash_value=None):  # fmt: skip
        self.image_id = image_id
        self.created_at = created_at or utcnow()
        self.updated_at = updated_at or self.created_at
        self.name = name
        self.visibility = visibility
        self.min_disk = min_disk
        self.min_ram = min_ram
        self.protected = protected
        self.owner = owner
        self.size = size
        self.virtual_size = virtual_size
        self.checksum = checksum
        self.os_hidden = os_hidden
        self.os_hash_algo = os_hash_algo
        self.os_hash_value = os_hash_value
        self.locations = locations
        self.extra_properties = extra_properties or {}
        self.tags = tags
        self.delayed_delete = delayed_delete
        self.stored_status = stored_status
        self._stored = None
        self.at_most = {}  # how many properties and tags the next save may leave, by their name: the quota layer's
        # Not through the setters: these hold for changes, and this image may come from anywhere in its life.
        self._status = status
        self._disk_format = disk_format
        self._container_format = container_format

    def fields(self, names):
        return {name: getattr(self, name) for name in names}

    @property
    def stored(self):
        if callable(self._stored):  # most images are only looked at, and never saved
            self._stored = self._stored()
        return self._stored

    @stored.setter
    def stored(self, value):
        self._stored = value

    @property
    def status(self):
        return self._status

    @status.setter
    def status(self, status):
        """InvalidImageStatusTransition where TRANSITIONS has no such step; Invalid where a format is missing."""
        if status not in TRANSITIONS[self._status]:
            message = f'The image is {self._status}: it cannot become {status}.'
            raise exception.InvalidImageStatusTransition(message)
        if self._status in ('queued', 'uploading') and status in ('saving', 'importing', 'active'):
            self._check_formats()
        if status == 'queued':
            self.size = self.virtual_size = None
        self._status = status

    def _check_formats(self):
        missing = [name for name in ('disk_format', 'container_format') if getattr(self, name) is None]
        if missing:
            message = f'The image has no {" and no ".join(missing)}: set it before there can be data.'
            raise exception.Invalid(message)

    @property
    def disk_format(self):
        return self._disk_format

    @disk_format.setter
    def disk_format(self, value):
        self._check_queued('disk_format')
        self._disk_format = value

    @property
    def container_format(self):
        return self._container_format

    @container_format.setter
    def container_format(self, value):
        self._check_queued('container_format')
        self._container_format = value

    def _check_queued(self, name):
        if self._status != 'queued':
            message = f'The image is {self._status}: {name} can only be changed while it is queued.'
            raise exception.Forbidden(message)

    @property
    def visibility(self):
        return self._visibility

    @visibility.setter
    def visibility(self, value):
        if value not in VISIBILITIES:
            raise exception.Invalid(f'visibility cannot be {value}: use one of {", ".join(VISIBILITIES)}.')
        self._visibility = value

    @property
    def min_disk(self):
        return self._min_disk

    @min_disk.setter
    def min_disk(self, value):
        self._min_disk = _checked_size('min_disk', value)

    @property
    def min_ram(self):
        return self._min_ram

    @min_ram.setter
    def min_ram(self, value):
        self._min_ram = _checked_size('min_ram', value)

    @property
    def tags(self):
        return self._tags

    @tags.setter
    def tags(self, value):
        self._tags = set(value)

    @property
    def extra_properties(self):
        return self._extra_properties

    @extra_properties.setter
    def extra_properties(self, value):
        self._extra_properties = dict(value)

    @property
    def locations(self):
        return self._locations

    @locations.setter
    def locations(self, value):
        self._locations = list(value)

    def delete(self):
        """Become deleted, or with delayed_delete and data pending_delete; ProtectedImageDelete if protected."""
        if self.protected:
            message = f'Image {self.image_id} is protected: set protected to false before you delete it.'
            raise exception.ProtectedImageDelete(message)
        self.status = 'pending_delete' if self.delayed_delete and self.locations else 'deleted'

    def deactivate(self):
        """Let nobody but admins have the data; Forbidden unless there is some. Once more changes nothing."""
        self._switch('active', 'deactivated')

    def reactivate(self):
        """Take deactivate back."""
        self._switch('deactivated', 'active')

    def _switch(self, before, after):
        if self._status not in (before, after):
            raise exception.Forbidden(f'The image is {self._status}: it cannot become {after}.')
        self._status = after

    def start_import(self, uri=None):
        """Take in what is at a URL, or without one what is staged. Conflict if the image is not in a state for it."""
        needed = 'queued' if uri else 'uploading'
        if self._status != needed:
            raise exception.Conflict(f'The image is {self._status}: it can be imported so while it is {needed}.')
        self.status = 'importing'

    def stage_data(self, data, size=None):
        raise NotImplementedError  # the location layer's

    def get_data(self, offset=0, length=None):
        raise NotImplementedError  # the location layer's

    def set_data(self, data, size=None):
        raise NotImplementedError  # the location layer's

    def get_member_repo(self):
        raise NotImplementedError  # the database layer's: only an image that is stored can have members


def visibility_of(values):
    """The visibility of what is stored: is_public, and for what is not, visibility or None for private."""
    return 'public' if values['is_public'] else values['visibility'] or 'private'


def _checked_size(name, value):
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise exception.InvalidParameterValue(f'{name} cannot be {value}: use a whole number from 0 to {LARGEST}.')
    return value


class ImageFactory:
    """Makes images that are not stored yet. delayed_delete, default_visibility: as the options of these names."""

    def __init__(self, delayed_delete=False, default_visibility='private'):
        self.delayed_delete = delayed_delete
        self.default_visibility = default_visibility

    def new_image(self, image_id=None, name=None, visibility=UNSAID, min_disk=0, min_ram=0, protected=False,
                  owner=None, disk_format=None, container_format=None, extra_properties=None, tags=None, os_hidden=None,
                  **other_args):  # fmt: skip
        """A queued Image. ReadonlyProperty, ReservedProperty (both 403), InvalidObject for a name it does not know."""
        extra_properties = extra_properties or {}
        _check_names([*other_args, *extra_properties])
        if other_args:
            raise exception.InvalidObject(f'An image has no {", ".join(other_args)}.')
        return Image(
            image_id or generate_uuid(),
            name=name,
            visibility=self.default_visibility if visibility is UNSAID else visibility,
            min_disk=min_disk,
            min_ram=min_ram,
            protected=protected,
            owner=owner,
            disk_format=disk_format,
            container_format=container_format,
            extra_properties=extra_properties,
            tags=tags or (),
            os_hidden=os_hidden,
            delayed_delete=self.delayed_delete,
        )


def _check_names(names):
    for name in names:
        if name in READONLY:
            raise exception.ReadonlyProperty(f'The property {name} is read-only: the service sets it.')
        if name in RESERVED or name.startswith(RESERVED_PREFIX):
            raise exception.ReservedProperty(f'The property {name} is reserved.')


class ImageMembership:
    """That a tenant (member_id) may see an image: pending until they accept or reject it.

    id: the row's, None before it is added. Times are naive UTC datetimes.
    """

    def __init__(self, image_id, member_id, created_at=None, updated_at=None, id=None, status='pending'):
        self.id = id
        self.image_id = image_id
        self.member_id = member_id
        self.created_at = created_at or utcnow()
        self.updated_at = updated_at or self.created_at
        self.status = status
        self.at_most = {}  # how many members the image may have with this one: the quota layer's

    @property
    def status(self):
        return self._status

    @status.setter
    def status(self, value):
        if value not in MEMBER_STATUSES:
            raise exception.Invalid(f'status cannot be {value}: use one of {", ".join(MEMBER_STATUSES)}.')
        self._status = value


class ImageMemberFactory:
    """Makes memberships that are not stored yet."""

    def new_image_member(self, image, member_id):
        """A pending ImageMembership; Invalid if the id is empty or not text."""
        if not isinstance(member_id, str) or not member_id.strip():
            raise exception.Invalid('The member has no id: send that of a tenant.')
        return ImageMembership(image.image_id, member_id)
