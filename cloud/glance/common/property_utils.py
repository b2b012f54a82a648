"""Property protection rules: who may create, read, update and delete which property of an image.

An INI file, one section per regular expression. The first one that matches in the property's name decides. If none
matches, nobody may touch the property:

    [x_owner_.*]                            [.*]
    create = admin,billing                  create = @     (everybody)
    read = @                                read = @
    update = admin                          update = @
    delete = !     (nobody, not even admin) delete = !

With property_protection_rule_format = policies each operation names one rule of policy.json instead.
The caller's roles are lower-cased and those in this file are not, so write them in lower case.

Names are compared as API v1 shows them, without capitals: X_Owner_Cost and x-owner-cost are x_owner_cost there. The
expressions' capitals count for nothing, either.

Use: rules = PropertyRules(path, 'roles', policy); rules.check_property_rules('x_owner_cost', 'read', context)
Real: glance 2014.2 glance/common/property_utils.py PropertyRules, where X_Owner_Cost
    gets round the rules for x_owner_cost
"""

import configparser
import logging
import re

LOG = logging.getLogger(__name__)

OPERATIONS = ('create', 'read', 'update', 'delete')
FORMATS = ('roles', 'policies')


class PropertyRules:
    """path: the INI file; rule_format: roles or policies; policy: the Enforcer that knows the rules by name.

    ValueError in one line for whatever cannot be understood: the service does not start with a rule it cannot keep.
    """

    def __init__(self, path, rule_format, policy):
        if rule_format not in FORMATS:
            message = f'property_protection_rule_format = {rule_format}: use one of {", ".join(FORMATS)}'
            raise ValueError(message)
        self.policy = policy
        self.read_rule = self._read_roles if rule_format == 'roles' else self._read_policy
        try:
            self.rules = [self._read_section(name, section) for name, section in read_sections(path)]
        except ValueError as error:
            raise ValueError(f'property_protection_file = {path}: {error}') from None

    def check_property_rules(self, property_name, action, context):
        """Whether the caller may do this (one of OPERATIONS) to a property of that name."""
        names = spellings(property_name)
        for expression, permissions in self.rules:
            if any(map(expression.search, names)):
                return action in permissions and permissions[action](context)
        return False

    def _read_section(self, name, section):
        try:
            expression = re.compile(name, re.IGNORECASE)
        except re.error as error:
            raise ValueError(f'[{name}] is not a regular expression: {error}') from None
        permissions = {}
        for operation in OPERATIONS:
            value = section.get(operation, '').strip()
            if not value:
                raise ValueError(f'[{name}] has no line "{operation} = ...": name who may, @ everybody or ! nobody')
            permissions[operation] = self.read_rule(name, operation, value)
        return expression, permissions

    def _read_roles(self, name, operation, value):
        roles = {role.strip() for role in value.split(',')}
        if {'@', '!'} <= roles:
            raise ValueError(f'[{name}] {operation} = {value}: @ is everybody and ! nobody, it cannot be both')
        if '@' in roles:
            return lambda context: True
        if '!' in roles:
            return lambda context: False
        return lambda context: not roles.isdisjoint(context.roles)

    def _read_policy(self, name, operation, value):
        if ',' in value:
            raise ValueError(f'[{name}] {operation} = {value}: name one policy rule')
        # The default rule may allow everybody: a typo in a rule's name must not end there.
        if value not in self.policy.rules:
            raise ValueError(f'[{name}] {operation} = {value}: the policy has no such rule')
        return lambda context: self.policy.check(context, value, {})


def spellings(name):
    """The names that API v1 makes of this one: it shows small letters, and takes a dash for an underscore."""
    shown = name.lower()
    return {shown, shown.replace('-', '_')}


def property_rules(options, policy):
    """The PropertyRules of the file that the options name, None where they name none; ValueError as PropertyRules."""
    if not options.property_protection_file:
        return None
    return PropertyRules(options.property_protection_file, options.property_protection_rule_format, policy)


def read_sections(path):
    """The (name, mapping) pairs of an INI file in its order; ValueError if it is not one."""
    # No DEFAULT section, no %-interpolation: both have meanings of their own in regular expressions and names.
    parser = configparser.ConfigParser(default_section='', delimiters=('=',), interpolation=None)
    try:
        with open(path, encoding='utf-8-sig') as file:
            parser.read_file(file)
    except OSError as error:
        raise ValueError(f'it cannot be read: {error.strerror}') from None
    except configparser.Error as error:
        raise ValueError(' '.join(str(error).split())) from None
    return [(name, parser[name]) for name in parser.sections()]
