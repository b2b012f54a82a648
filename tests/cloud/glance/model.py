"""The image service in a few words: what test_stateful.py compares the real one with.

Each method of Model stands for a request by a Caller. It returns what the answer's document has to say (without
its times), or raises Refused with the status of the answer; then nothing may have changed. An image goes by its id.
"""

import copy
import hashlib
from dataclasses import dataclass, field

# The service's options, so small that random requests reach them.
OPTIONS = {
    'image_property_quota': 2,
    'image_tag_quota': 2,
    'image_member_quota': 2,
    'image_size_cap': 50,
    'user_storage_quota': 100,
}

BASE = ('name', 'visibility', 'protected', 'min_disk', 'min_ram', 'disk_format', 'container_format', 'tags')
MEMBER_STATUSES = ('pending', 'accepted', 'rejected')
FORMATS = ('disk_format', 'container_format')


class Refused(Exception):
    @property
    def status(self):
        return self.args[0]


def refuse_if(condition, status):
    if condition:
        raise Refused(status)


@dataclass(frozen=True)
class Caller:
    tenant: str
    token: str
    is_admin: bool = False


@dataclass
class Image:
    id: str
    owner: str
    number: int  # of those created before
    base: dict
    properties: dict
    tags: set
    members: dict = field(default_factory=dict)  # tenant -> status
    data: bytes | None = None  # None while it is queued

    @property
    def status(self):
        return 'queued' if self.data is None else 'active'

    @property
    def is_public(self):
        return self.base['visibility'] == 'public'

    def document(self):
        path = f'/v2/images/{self.id}'
        links = {'self': path, 'file': f'{path}/file', 'schema': '/v2/schemas/image'}
        fixed = {'id': self.id, 'owner': self.owner, 'status': self.status, 'tags': sorted(self.tags)}
        stored = {}
        if self.data is not None:
            stored = {'size': len(self.data), 'checksum': hashlib.md5(self.data, usedforsecurity=False).hexdigest()}
            stored |= {'os_hash_algo': 'sha512', 'os_hash_value': hashlib.sha512(self.data).hexdigest()}
        return {**self.properties, **self.base, **fixed, **stored, **links}

    def member(self, tenant):
        return {
            'member_id': tenant,
            'image_id': self.id,
            'status': self.members[tenant],
            'schema': '/v2/schemas/member',
        }


class Model:
    def __init__(self):
        self.images = {}
        self.deleted = set()

    def refuse(self, caller, image_id, status):
        raise Refused(status)

    def find(self, caller, image_id):
        image = self.images.get(image_id)
        refuse_if(image is None or not is_visible(caller, image), 404)
        return image

    # -- images

    def create(self, caller, document, image_id):
        """image_id: what the client asks for, or what the service has chosen."""
        properties = {name: value for name, value in document.items() if name not in (*BASE, 'id')}
        tags = set(document.get('tags', ()))
        refuse_if(document.get('visibility') == 'public' and not caller.is_admin, 403)
        refuse_if(len(tags) > OPTIONS['image_tag_quota'], 413)
        refuse_if(len(properties) > OPTIONS['image_property_quota'], 413)
        refuse_if(image_id in self.images or image_id in self.deleted, 409)
        base = {'visibility': 'private', 'protected': False, 'min_disk': 0, 'min_ram': 0}
        base.update({name: document[name] for name in BASE if name in document and name != 'tags'})
        number = len(self.images) + len(self.deleted)
        image = self.images[image_id] = Image(image_id, caller.tenant, number, base, properties, tags)
        return image.document()

    def show(self, caller, image_id):
        return self.find(caller, image_id).document()

    def patch_in_the_older_dialect(self, caller, image_id, changes):
        return self.patch(caller, image_id, changes, add_replaces=False)

    def patch(self, caller, image_id, changes, add_replaces=True):
        """changes: (operation, name, value). add_replaces: whether an add may be of what is there."""
        image = copy.deepcopy(self.find(caller, image_id))
        before = set(image.properties)
        for change in changes:
            self.apply(caller, image, change, add_replaces)
        is_more = set(image.properties) - before
        refuse_if(is_more and len(image.properties) > OPTIONS['image_property_quota'], 413)
        self.images[image_id] = image
        return image.document()

    def apply(self, caller, image, change, add_replaces):
        operation, name, value = change
        is_there = name in BASE or name in image.properties
        refuse_if(operation == 'add' and is_there and not add_replaces, 409)
        refuse_if(operation == 'remove' and name in BASE, 403)
        refuse_if(operation != 'add' and not is_there, 409)
        refuse_if(not owns(caller, image), 403)
        refuse_if(name in FORMATS and image.status != 'queued', 403)
        refuse_if(name == 'visibility' and value == 'public' and not caller.is_admin, 403)
        if operation == 'remove':
            del image.properties[name]
        elif name == 'tags':
            refuse_if(len(set(value)) > OPTIONS['image_tag_quota'], 413)
            image.tags = set(value)
        else:
            (image.base if name in BASE else image.properties)[name] = value

    def delete(self, caller, image_id):
        image = self.find(caller, image_id)
        refuse_if(not owns(caller, image) or image.base['protected'], 403)
        del self.images[image_id]
        self.deleted.add(image_id)

    def list(self, caller, query, marker=None):
        """query: filters, sort_key, descending, and perhaps visibility and member_status.

        filters: fields, properties and tags that an image must have; marker: an image that the caller can see,
        whether it would be in the list or not: those behind it are listed.
        """
        query = dict(query)
        key, descending, filters = query.pop('sort_key'), query.pop('descending'), query.pop('filters')
        found = [image for image in self.images.values() if is_listed(caller, image, **query) and has(image, filters)]
        found.sort(key=lambda image: sort_value(image, key), reverse=descending)
        if marker is not None:
            start = self.images.get(marker)
            refuse_if(start is None or not is_visible(caller, start), 400)
            found = [image for image in found if is_behind(image, start, key, descending)]
        return [image.document() for image in found]

    # -- data

    def upload(self, caller, image_id, data):
        image = self.find(caller, image_id)
        refuse_if(not owns(caller, image), 403)
        refuse_if(image.status != 'queued', 409)
        refuse_if(not all(name in image.base for name in FORMATS), 400)
        refuse_if(len(data) > OPTIONS['image_size_cap'], 413)
        others = [each for each in self.images.values() if each.owner == image.owner and each.data]
        refuse_if(sum(len(each.data) for each in others) + len(data) > OPTIONS['user_storage_quota'], 413)
        image.data = data

    def download(self, caller, image_id):
        """The bytes, or None if there are none yet."""
        return self.find(caller, image_id).data

    # -- tags

    def add_tag(self, caller, image_id, tag):
        image = self.find(caller, image_id)
        refuse_if(not owns(caller, image), 403)
        refuse_if(len(image.tags | {tag}) > OPTIONS['image_tag_quota'], 413)
        image.tags.add(tag)

    def delete_tag(self, caller, image_id, tag):
        image = self.find(caller, image_id)
        refuse_if(tag not in image.tags, 404)
        refuse_if(not owns(caller, image), 403)
        image.tags.remove(tag)

    # -- members

    def find_shared(self, caller, image_id):
        image = self.find(caller, image_id)
        refuse_if(image.is_public, 403)
        return image

    def find_member(self, caller, image_id, tenant):
        image = self.find_shared(caller, image_id)
        refuse_if(not owns(caller, image) and tenant != caller.tenant, 404)
        refuse_if(tenant not in image.members, 404)
        return image

    def share(self, caller, image_id, tenant):
        image = self.find_shared(caller, image_id)
        refuse_if(not owns(caller, image), 403)
        refuse_if(len(image.members) >= OPTIONS['image_member_quota'], 413)
        refuse_if(tenant in image.members, 409)
        image.members[tenant] = 'pending'
        return image.member(tenant)

    def list_members(self, caller, image_id):
        image = self.find_shared(caller, image_id)
        shown = image.members if owns(caller, image) else [caller.tenant]
        return {'members': [image.member(tenant) for tenant in shown], 'schema': '/v2/schemas/members'}

    def show_member(self, caller, image_id, tenant):
        return self.find_member(caller, image_id, tenant).member(tenant)

    def accept_or_reject(self, caller, image_id, tenant, status):
        image = self.find_member(caller, image_id, tenant)
        refuse_if(not caller.is_admin and tenant != caller.tenant, 403)
        refuse_if(status not in MEMBER_STATUSES, 400)
        image.members[tenant] = status
        return image.member(tenant)

    def unshare(self, caller, image_id, tenant):
        image = self.find_member(caller, image_id, tenant)
        refuse_if(not owns(caller, image), 403)
        del image.members[tenant]


def owns(caller, image):
    """Whether the caller may change it."""
    return caller.is_admin or image.owner == caller.tenant


def is_visible(caller, image):
    return image.is_public or owns(caller, image) or caller.tenant in image.members


def is_listed(caller, image, visibility=None, member_status='accepted'):
    """Less than is visible: of what is shared with the caller only what is in that status."""
    is_own = image.owner == caller.tenant
    is_shared = image.members.get(caller.tenant) in (MEMBER_STATUSES if member_status == 'all' else [member_status])
    return {
        None: caller.is_admin or image.is_public or is_own or is_shared,
        'public': image.is_public,
        'private': not image.is_public and (caller.is_admin or is_own),
        'shared': not image.is_public and is_shared,
    }[visibility]


def has(image, filters):
    document, filters = image.document(), dict(filters)
    return image.tags.issuperset(filters.pop('tags', ())) and filters.items() <= document.items()


def sort_value(image, key):
    """What is missing comes first; what is equal is in the order of creation."""
    value = None if key == 'created_at' else image.document().get(key)
    return value is not None, '' if value is None else value, image.number


def is_behind(image, start, key, descending):
    here, there = sort_value(image, key), sort_value(start, key)
    return here < there if descending else here > there
