"""The property protection layer: only those who may see and change a property of an image (by its name).

Stands between authorization and the notifier, if property_protection_file names a file (common/property_utils.py).
To change without the right is 403 (ReservedProperty). What one may not read is not there: replacing or removing it
finds nothing, creating over it asks for the right to create, and a list filtered by it is empty.

Hidden is not gone. A save writes all properties of the image, so a layer that handed out a smaller copy would delete
the hidden ones with the next PATCH, as the real one does. Here the mapping is a view: the image keeps everything.

Real: glance 2014.2 glance/api/property_protections.py
"""

import logging
from collections.abc import MutableMapping

from cloud.glance.common import exception
from cloud.glance.db.sqlalchemy.query import is_property
from cloud.glance.domain import proxy

LOG = logging.getLogger(__name__)


class ProtectedImageFactoryProxy(proxy.ImageFactory):
    def __init__(self, base, context, property_rules):
        self.context = context
        self.property_rules = property_rules
        super().__init__(base, ProtectedImageProxy, {'context': context, 'property_rules': property_rules})

    def new_image(self, **kwargs):
        for name in kwargs.get('extra_properties') or {}:
            check(self.property_rules, name, 'create', self.context)
        return super().new_image(**kwargs)


class ProtectedImageRepoProxy(proxy.Repo):
    def __init__(self, base, context, property_rules):
        self.context = context
        self.property_rules = property_rules
        super().__init__(base, ProtectedImageProxy, {'context': context, 'property_rules': property_rules})

    def list(self, *args, filters=None, **kwargs):
        filters = dict(filters or {})
        for name in [name for name in filters if is_property(name) and not self._may_read(name)]:
            LOG.debug('property protection: no image has a %s for this caller', name)
            del filters[name]
            kwargs['limit'] = 0  # and not an empty list at once: the layers below have a say, too
        return super().list(*args, filters=filters, **kwargs)

    def _may_read(self, name):
        return name == 'visibility' or self.property_rules.check_property_rules(name, 'read', self.context)


class ProtectedImageProxy(proxy.Image):
    def __init__(self, base, context, property_rules):
        super().__init__(base)
        self.guarded_properties = ExtraPropertiesProxy(base, context, property_rules)

    @property
    def extra_properties(self):
        return self.guarded_properties

    @extra_properties.setter
    def extra_properties(self, value):
        if value is not self.guarded_properties:  # as it is after `image.extra_properties |= {...}`
            self.guarded_properties.replace(value)


def check(property_rules, name, action, context):
    if not property_rules.check_property_rules(name, action, context):
        LOG.debug('property protection refuses: %s %s', action, name)
        raise exception.ReservedProperty(f'The property {name} is protected: you may not {action} it.')


class ExtraPropertiesProxy(MutableMapping):
    """The properties of `image` (the next layer's) that the caller may read, changed only with the right to.

    MutableMapping brings the rest (pop, update, setdefault, clear, ...) down to the five methods here.
    """

    def __init__(self, image, context, property_rules):
        self.image = image
        self.context = context
        self.property_rules = property_rules

    def _may_read(self, name):
        return self.property_rules.check_property_rules(name, 'read', self.context)

    def _check(self, name, action):
        check(self.property_rules, name, action, self.context)

    def __getitem__(self, name):
        if not self._may_read(name):
            LOG.debug('property protection hides %s', name)
            raise KeyError(name)
        return self.image.extra_properties[name]

    def __iter__(self):
        return iter([name for name in self.image.extra_properties if self._may_read(name)])

    def __len__(self):
        return len(list(iter(self)))

    def __setitem__(self, name, value):
        self._check(name, 'update' if name in self else 'create')
        self.image.extra_properties[name] = value

    def __delitem__(self, name):
        if name not in self:
            raise KeyError(name)
        self._check(name, 'delete')
        del self.image.extra_properties[name]

    def __ior__(self, other):
        self.update(other)
        return self

    def __repr__(self):
        return repr(dict(self))

    def replace(self, properties):
        """Make these the readable ones. All rights are asked before anything changes; what stays equal needs none."""
        gone = [name for name in self if name not in properties]
        changed = {name: value for name, value in properties.items() if self.get(name) != value}
        for name in gone:
            self._check(name, 'delete')
        for name in changed:
            self._check(name, 'update' if name in self else 'create')
        for name in gone:
            del self.image.extra_properties[name]
        self.image.extra_properties.update(changed)
