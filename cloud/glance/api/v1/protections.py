"""Who may see and change which property of an image: property protections as API v1 asks for them.

API v2 has a layer for this, whose mapping asks each time a property is read or changed. Here the controller compares
what an image has with what the client sends. It has to remember: a client cannot send back what it may not see, and
that must not be lost when all properties are replaced.

Use: guard = Guard(property_rules, context); guard.check('create', names); guard.readable(image)
Real: glance 2014.2 glance/api/v1/images.py Controller._enforce_create_protected_props, _enforce_read_protected_props,
    _enforce_update_protected_props, _enforce_delete_protected_props
"""

from cloud.glance.common import exception


class Guard:
    """What a caller may do. property_rules: a PropertyRules, or None where nothing is protected."""

    def __init__(self, property_rules, context):
        self.property_rules = property_rules
        self.context = context

    def may(self, action, name):
        return not self.property_rules or self.property_rules.check_property_rules(name, action, self.context)

    def check(self, action, names):
        """ReservedProperty unless the caller may do this to all of these."""
        for name in names:
            if not self.may(action, name):
                raise exception.ReservedProperty(f'The property {name} is protected: you may not {action} it.')

    def readable(self, image):
        """The record with only those properties that the caller may see."""
        properties = {name: value for name, value in image['properties'].items() if self.may('read', name)}
        return {**image, 'properties': properties}

    def replacement(self, old, new, purge_props):
        """The properties to store in the place of the old ones; ReservedProperty.

        purge_props: what the new ones do not name is to go; what the caller cannot see stays nevertheless.
        """
        hidden = {name: value for name, value in old.items() if not self.may('read', name)}
        self.check('create', [name for name in new if name not in old])
        self.check('update', [name for name in new if name in old and (name in hidden or new[name] != old[name])])
        if purge_props:
            self.check('delete', [name for name in old if name not in new and name not in hidden])
            return {**hidden, **new}
        return new
