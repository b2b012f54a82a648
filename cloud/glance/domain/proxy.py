"""Passing on: what every layer of the onion does unless it says otherwise.

A layer's class derives from one here and overrides only what it cares about; all the rest goes to `base`, the next
layer inwards. A repo unwraps what is given to it and wraps what comes back, each layer exactly one skin:

    Repo.add(image):   image.base -> self.base.add(...)      Repo.get(id):   self.base.get(id) -> ImageProxy(...)

So an image is always wrapped once per layer, outermost first, and every repo finds its own skin on top. That is why
the factory's and the repo's chain must hold the same layers in the same order (gateway.py sees to it).

A layer that has nothing to say about the image itself, its attributes and its data, needs no skin. Give Repo no class:
then images pass through as they are, and the layer is one class, in the repo's chain alone:

    class ImageRepoProxy(proxy.Repo):
        def save(self, image):
            super().save(image)
            LOG.info('audit: image %s is saved', image.image_id)

Use: class ImageProxy(proxy.Image): ...   class ImageRepoProxy(proxy.Repo): ...
Real: glance 2014.2 glance/domain/proxy.py
Left out: tasks, metadefs. Added: get_data's offset and length, for ranges; guarded collections (Locations, Tags).
"""

import logging
import operator
from collections.abc import MutableSequence, MutableSet, Sequence

LOG = logging.getLogger(__name__)


def _log(proxy, action, subject=''):
    """For -v: `quota: get 71c6...`, so that the log shows a request's way inwards, skin by skin."""
    if LOG.isEnabledFor(logging.DEBUG):
        LOG.debug('%s: %s %s', type(proxy).__module__.rpartition('.')[2], action, subject)


def _proxy(target, attribute):
    """A property that is another object's attribute: of self's attribute `target`."""

    def set_attribute(self, value):
        setattr(getattr(self, target), attribute, value)

    return property(operator.attrgetter(f'{target}.{attribute}'), set_attribute)


def _passing_on(action):
    """The method of that name, with nothing to say."""

    def pass_on(self, *args):
        _log(self, action, self.image_id)
        getattr(self.base, action)(*args)

    return pass_on


class Helper:
    """Puts a layer's skin on, and takes it off. Without a class it does neither."""

    def __init__(self, proxy_class=None, proxy_kwargs=None):
        self.proxy_class = proxy_class
        self.proxy_kwargs = proxy_kwargs or {}

    def proxy(self, obj):
        if obj is None or self.proxy_class is None:
            return obj
        return self.proxy_class(obj, **self.proxy_kwargs)

    def unproxy(self, obj):
        if obj is None or self.proxy_class is None:
            return obj
        return obj.base


class Repo:
    """A repo of images or of members. item_proxy_class(item, **item_proxy_kwargs) is this layer's skin, or none."""

    def __init__(self, base, item_proxy_class=None, item_proxy_kwargs=None):
        self.base = base
        self.helper = Helper(item_proxy_class, item_proxy_kwargs)

    def get(self, item_id):
        _log(self, 'get', item_id)
        return self.helper.proxy(self.base.get(item_id))

    def list(self, *args, **kwargs):
        _log(self, 'list', kwargs)
        return [self.helper.proxy(item) for item in self.base.list(*args, **kwargs)]

    def add(self, item):
        return self._pass_on('add', item)

    def save(self, item):
        return self._pass_on('save', item)

    def remove(self, item):
        return self._pass_on('remove', item)

    def _pass_on(self, action, item):
        _log(self, action, item.image_id)
        result = getattr(self.base, action)(self.helper.unproxy(item))
        return self.helper.proxy(result)


class ImageFactory:
    """proxy_class(image, **proxy_kwargs) is this layer's skin."""

    def __init__(self, base, proxy_class=None, proxy_kwargs=None):
        self.base = base
        self.helper = Helper(proxy_class, proxy_kwargs)

    def new_image(self, **kwargs):
        _log(self, 'new_image')
        return self.helper.proxy(self.base.new_image(**kwargs))


class ImageMemberFactory:
    """Members wear no skins: no layer has anything to say about one once it is made (but see authorization)."""

    def __init__(self, base):
        self.base = base

    def new_image_member(self, image, member_id):
        _log(self, 'new_image_member', member_id)
        return self.base.new_image_member(image, member_id)


class Image:
    def __init__(self, base):
        self.base = base

    image_id = _proxy('base', 'image_id')
    status = _proxy('base', 'status')
    stored_status = _proxy('base', 'stored_status')
    stored = _proxy('base', 'stored')
    at_most = _proxy('base', 'at_most')
    created_at = _proxy('base', 'created_at')
    updated_at = _proxy('base', 'updated_at')
    name = _proxy('base', 'name')
    visibility = _proxy('base', 'visibility')
    min_disk = _proxy('base', 'min_disk')
    min_ram = _proxy('base', 'min_ram')
    protected = _proxy('base', 'protected')
    owner = _proxy('base', 'owner')
    disk_format = _proxy('base', 'disk_format')
    container_format = _proxy('base', 'container_format')
    size = _proxy('base', 'size')
    virtual_size = _proxy('base', 'virtual_size')
    checksum = _proxy('base', 'checksum')
    os_hidden = _proxy('base', 'os_hidden')
    os_hash_algo = _proxy('base', 'os_hash_algo')
    os_hash_value = _proxy('base', 'os_hash_value')
    locations = _proxy('base', 'locations')
    extra_properties = _proxy('base', 'extra_properties')
    tags = _proxy('base', 'tags')

    said = ()  # the names of the attributes that a layer has a word to say on

    def __init_subclass__(cls):
        cls.said = cls.said + tuple(name for name, value in vars(cls).items() if isinstance(value, property))

    def fields(self, names):
        """{name: value} of many attributes at once: for long lists, where each step inwards costs."""
        found = self.base.fields(names)
        return found | {name: getattr(self, name) for name in self.said if name in found}

    delete, deactivate, reactivate, start_import = map(
        _passing_on, ('delete', 'deactivate', 'reactivate', 'start_import')
    )

    def stage_data(self, data, size=None):
        """Keep the bytes, as set_data does, but for an import that is to come: they are not the image's data yet."""
        _log(self, 'stage_data', self.image_id)
        self.base.stage_data(data, size)

    def set_data(self, data, size=None):
        """data: a file-like; size: its bytes, None if not known."""
        _log(self, 'set_data', self.image_id)
        self.base.set_data(data, size)

    def get_data(self, offset=0, length=None):
        """The bytes from offset on, `length` of them or all: an iterable of bytes with a close()."""
        _log(self, 'get_data', self.image_id)
        return self.base.get_data(offset, length)

    def get_member_repo(self):
        return self.base.get_member_repo()


class Locations(MutableSequence):
    """The locations of `image` (the next layer's), for a layer that wants to see each one come or go.

    All list operations come down to the five below (collections.abc does that), so a layer that overrides
    insert has seen append, extend and += too.
    """

    def __init__(self, image):
        self.image = image

    def __getitem__(self, index):
        return self.image.locations[index]

    def __setitem__(self, index, location):
        self.image.locations[index] = location

    def __delitem__(self, index):
        del self.image.locations[index]

    def __len__(self):
        return len(self.image.locations)

    def insert(self, index, location):
        self.image.locations.insert(index, location)

    def __eq__(self, other):
        return isinstance(other, Sequence) and list(self) == list(other)

    def __repr__(self):
        return repr(list(self))


class Tags(MutableSet):
    """The tags of `image` (the next layer's), for a layer that wants to see each one come or go."""

    def __init__(self, image):
        self.image = image

    @classmethod
    def _from_iterable(cls, tags):
        return set(tags)  # what &, | and - answer with

    def __contains__(self, tag):
        return tag in self.image.tags

    def __iter__(self):
        return iter(self.image.tags)

    def __len__(self):
        return len(self.image.tags)

    def add(self, tag):
        self.image.tags.add(tag)

    def discard(self, tag):
        self.image.tags.discard(tag)

    def update(self, *others):
        for tags in others:
            self |= set(tags)

    def __repr__(self):
        return repr(set(self))
