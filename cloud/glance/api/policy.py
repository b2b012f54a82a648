"""Policy: which actions the operator of the service allows, to whom, by the rules in policy.json.

    repo.get       get_image           image.visibility = 'public'   publicize_image (also at creation)
                                       = 'community'                 communitize_image
    image.stage_data   upload_image    image.start_import            upload_image, and from another server copy_from
    image.deactivate   deactivate      image.reactivate              reactivate
    repo.list      get_images          image.get_data                download_image
    repo.add       add_image           image.set_data                upload_image
    repo.save      modify_image        image.delete                  delete_image
    image.locations: get_, set_ or delete_image_location, by the list operation (see Locations)
    members: get_member, get_members, add_member, modify_member, delete_member

Every save is a modify_image, so that an upload needs get_image, modify_image and upload_image. Where an image is at
hand the rules may test its fields as they are stored: "tenant:%(owner)s", "'linux':%(os_type)s".

Use: Enforcer(path).enforce(context, 'add_image', {}) raises Forbidden; check(...) answers True or False.
The language of the rules, and why its reader is our own: cloud/glance/openstack/common/policy.py
Real: glance 2014.2 glance/api/policy.py Enforcer, ImageRepoProxy, ImageProxy, ImageLocationsProxy, ImageTarget
Left out: policies for tasks and metadefs.
"""

import functools
import json
import logging
from collections.abc import Mapping, MutableSequence, Sequence

from cloud.glance.common import exception
from cloud.glance.domain import proxy, visibility_of
from cloud.glance.openstack.common.policy import Rules

LOG = logging.getLogger(__name__)


class Enforcer:
    """Asks the rules. ValueError in one line if the file is missing, is not JSON, or has a broken rule."""

    def __init__(self, policy_file, default_rule='default'):
        try:
            with open(policy_file, encoding='utf-8-sig') as file:
                texts = json.load(file)
            if not isinstance(texts, dict):
                raise ValueError('it is not a JSON object of rules')
            self.rules = Rules(texts, default_rule)
        except OSError as error:
            raise ValueError(f'policy_file = {policy_file} cannot be read: {error.strerror}') from None
        except ValueError as error:
            raise ValueError(f'policy_file = {policy_file}: {error}') from None

    def enforce(self, context, action, target):
        """Forbidden unless the rule allows it. target: a mapping, of an image's fields or empty."""
        if not self.check(context, action, target):
            raise exception.Forbidden(f'The policy of this service does not allow you to {action}.')

    def check(self, context, action, target):
        allowed = self.rules.allow(action, target, context.to_dict())
        rule = self.rules.find(action)
        text = self.rules.texts.get(rule)
        LOG.debug('policy: %s? %s, by the rule %s = "%s"', action, 'yes' if allowed else 'no', rule, text)
        return allowed

    def check_is_admin(self, context):
        """Whether context_is_admin says so. Without such a rule nobody is an admin: the default rule may allow all."""
        return 'context_is_admin' in self.rules and self.check(context, 'context_is_admin', {})


# Names with a meaning in one version of the API or the other, or in the registry's records. A rule that tests one must
# not find what a client has called so: the other version may have stored a property of that name.
NO_PROPERTIES = ('deleted', 'deleted_at', 'location', 'location_data', 'locations', 'properties', 'tags')


VISIBILITY_RULES = {'public': 'publicize_image', 'community': 'communitize_image'}


class ImageTarget(Mapping):
    """An image as rules see it: its fields by name, else its extra properties.

    Of a stored image, the values that are stored: a request cannot pass a rule by changing what the rule tests.
    Both versions of the API show rules the same names (see record_target). Real: 2014.2 lets properties fill gaps.
    """

    fields = [
        'id',
        'image_id',
        'name',
        'status',
        'visibility',
        'is_public',
        'owner',
        'protected',
        'min_disk',
        'min_ram',
        'disk_format',
        'container_format',
        'size',
        'virtual_size',
        'checksum',
        'created_at',
        'updated_at',
    ]

    def __init__(self, image):
        self.image = image

    def __getitem__(self, name):
        stored = self.image.stored or {}
        if name == 'visibility' and stored:
            return visibility_of(stored)
        if name == 'is_public':
            return self['visibility'] == 'public'
        if name in self.fields:
            return stored[name] if name in stored else getattr(self.image, 'image_id' if name == 'id' else name)
        return self._properties[name]

    @property
    def _properties(self):
        return properties_of(self.image.stored['properties'] if self.image.stored else self.image.extra_properties)

    def __iter__(self):
        yield from self.fields
        yield from self._properties

    def __len__(self):
        return len(self.fields) + len(self._properties)


def record_target(record):
    """The same of one of the registry's records, as API v1 has them, or of what is to become one: a dict.

    What a new record does not say yet is None; rules find no property in its place.
    """
    return {
        **properties_of(record['properties']),
        **dict.fromkeys(ImageTarget.fields),
        **record,
        'image_id': record.get('id'),
        'visibility': 'public' if record.get('is_public') else 'private',
    }


def properties_of(properties):
    return {name: value for name, value in properties.items() if name not in NO_PROPERTIES}


class ImageFactoryProxy(proxy.ImageFactory):
    def __init__(self, base, context, policy):
        self.context = context
        self.policy = policy
        super().__init__(base, ImageProxy, {'context': context, 'policy': policy})

    def new_image(self, **kwargs):
        if action := VISIBILITY_RULES.get(kwargs.get('visibility')):
            self.policy.enforce(self.context, action, {})
        return super().new_image(**kwargs)


class ImageRepoProxy(proxy.Repo):
    def __init__(self, base, context, policy):
        self.context = context
        self.policy = policy
        super().__init__(base, ImageProxy, {'context': context, 'policy': policy})

    def get(self, image_id):
        try:
            image = super().get(image_id)
        except exception.NotFound:
            # Who may not look at images at all should not learn which ids exist.
            self.policy.enforce(self.context, 'get_image', {})
            raise
        self.policy.enforce(self.context, 'get_image', ImageTarget(image))
        return image

    def list(self, *args, **kwargs):
        self.policy.enforce(self.context, 'get_images', {})
        return super().list(*args, **kwargs)

    def add(self, image):
        self.policy.enforce(self.context, 'add_image', ImageTarget(image))
        return super().add(image)

    def save(self, image):
        self.policy.enforce(self.context, 'modify_image', ImageTarget(image))
        return super().save(image)


class ImageProxy(proxy.Image):
    def __init__(self, base, context, policy):
        super().__init__(base)
        self.context = context
        self.policy = policy

    @functools.cached_property
    def guarded_locations(self):
        return Locations(self.base, self.enforce)

    def enforce(self, action):
        self.policy.enforce(self.context, action, ImageTarget(self.base))

    @property
    def visibility(self):
        return self.base.visibility

    @visibility.setter
    def visibility(self, value):
        if action := VISIBILITY_RULES.get(value):
            self.enforce(action)
        self.base.visibility = value

    @property
    def locations(self):
        return self.guarded_locations

    @locations.setter
    def locations(self, value):
        if value is self.guarded_locations:  # what `image.locations += [...]` ends with: asked about already
            return
        if not isinstance(value, Sequence) or isinstance(value, str):  # the first layer that looks into it
            raise exception.Invalid('The locations are not a list.')
        if value:
            self.enforce('set_image_location')
        if self.base.locations:
            self.enforce('delete_image_location')
        self.base.locations = value

    def delete(self):
        self.enforce('delete_image')
        super().delete()

    def deactivate(self):
        self.enforce('deactivate')
        super().deactivate()

    def reactivate(self):
        self.enforce('reactivate')
        super().reactivate()

    def get_data(self, offset=0, length=None):
        self.enforce('download_image')
        return super().get_data(offset, length)

    def start_import(self, uri=None):
        self.enforce('upload_image')
        if uri:
            self.enforce('copy_from')
        super().start_import(uri)

    def stage_data(self, data, size=None):
        self.enforce('upload_image')
        super().stage_data(data, size)

    def set_data(self, data, size=None):
        self.enforce('upload_image')
        super().set_data(data, size)

    def get_member_repo(self):
        return ImageMemberRepoProxy(super().get_member_repo(), self.context, self.policy)


def _asking(action, operation):
    """The list operation of that name; Forbidden unless the policy allows the action."""

    def ask_first(self, *args):
        self.enforce(action)
        return getattr(self.image.locations, operation)(*args)

    return ask_first


class Locations(MutableSequence):
    """The locations of `image`, each list operation asked for by the one rule that is its own.

    Not through MutableSequence's shortcuts: there append asks for the length first, and who may add a location
    need not be allowed to see them.
    """

    def __init__(self, image, enforce):
        self.image = image
        self.enforce = enforce

    __getitem__ = _asking('get_image_location', '__getitem__')
    __len__ = _asking('get_image_location', '__len__')
    __iter__ = _asking('get_image_location', '__iter__')
    __reversed__ = _asking('get_image_location', '__reversed__')
    __contains__ = _asking('get_image_location', '__contains__')
    __eq__ = _asking('get_image_location', '__eq__')
    __repr__ = _asking('get_image_location', '__repr__')
    count = _asking('get_image_location', 'count')
    index = _asking('get_image_location', 'index')

    insert = _asking('set_image_location', 'insert')
    append = _asking('set_image_location', 'append')
    extend = _asking('set_image_location', 'extend')
    reverse = _asking('set_image_location', 'reverse')

    __delitem__ = _asking('delete_image_location', '__delitem__')
    pop = _asking('delete_image_location', 'pop')
    remove = _asking('delete_image_location', 'remove')
    clear = _asking('delete_image_location', 'clear')

    def __setitem__(self, index, location):  # one comes and one goes
        self.enforce('set_image_location')
        self.enforce('delete_image_location')
        self.image.locations[index] = location

    def __iadd__(self, locations):  # the list below must not take our place, so not by _asking
        self.extend(locations)
        return self


class ImageMemberFactoryProxy(proxy.ImageMemberFactory):
    """Has nothing to ask: add_member is asked for when the member is added. Here to keep the chains alike."""

    def __init__(self, base, context, policy):
        super().__init__(base)


class ImageMemberRepoProxy(proxy.Repo):
    def __init__(self, base, context, policy):
        super().__init__(base)
        self.context = context
        self.policy = policy

    def get(self, member_id):
        self.policy.enforce(self.context, 'get_member', {})
        return super().get(member_id)

    def list(self, *args, **kwargs):
        self.policy.enforce(self.context, 'get_members', {})
        return super().list(*args, **kwargs)

    def add(self, member):
        self.policy.enforce(self.context, 'add_member', {})
        return super().add(member)

    def save(self, member):
        self.policy.enforce(self.context, 'modify_member', {})
        return super().save(member)

    def remove(self, member):
        self.policy.enforce(self.context, 'delete_member', {})
        return super().remove(member)
