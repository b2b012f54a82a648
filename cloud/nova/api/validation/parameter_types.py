"""The kinds of values that several schemas share.

Real: nova 2014.2 nova/api/validation/parameter_types.py; those of queries since 2017
"""

MAX_INT = 0x7FFFFFFF


def multi_params(schema):
    """A query's value that may come several times."""
    return {'type': 'array', 'items': schema}


def a_dict(properties, required=(), **more):
    """The schema of an object with these properties, and no others."""
    required = {'required': list(required)} if required else {}
    return {'type': 'object', 'properties': properties, **more, **required, 'additionalProperties': False}


name = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'format': 'name'}
name_with_leading_trailing_spaces = {**name, 'format': 'name_with_leading_trailing_spaces'}
description = {
    'type': ['string', 'null'],
    'minLength': 0,
    'maxLength': 255,
    'pattern': '^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]*$',
}
boolean = {
    'type': ['boolean', 'string'],
    'enum': [
        *(True, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', 'y', 't'),
        *(False, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no', 'n', 'f'),
    ],
}
none = {'enum': ['None', None, {}]}
positive_integer = {'type': ['integer', 'string'], 'pattern': '^[0-9]*$', 'minimum': 1, 'minLength': 1}
non_negative_integer = {'type': ['integer', 'string'], 'pattern': '^[0-9]*$', 'minimum': 0, 'minLength': 1}
non_negative_integer_of_a_query = {'type': 'string', 'pattern': '^[0-9]*$'}
image_ref = {'oneOf': [{'type': 'string', 'format': 'uuid'}, {'type': 'string', 'maxLength': 0}]}
image_id = {'type': 'string', 'format': 'uuid'}
flavor_ref = {'type': ['string', 'integer'], 'minLength': 1}
server_id = {'type': 'string', 'format': 'uuid'}
metadata = {
    'type': 'object',
    'patternProperties': {'^[a-zA-Z0-9-_:. ]{1,255}$': {'type': 'string', 'maxLength': 255}},
    'additionalProperties': False,
}
access_ip_v4 = {'type': 'string', 'format': 'ipv4'}
access_ip_v6 = {'type': 'string', 'format': 'ipv6'}
ip_address = {'type': 'string', 'oneOf': [{'format': 'ipv4'}, {'format': 'ipv6'}]}
user_data = {'type': 'string', 'format': 'base64', 'maxLength': 65535}
disk_config = {'type': 'string', 'enum': ['AUTO', 'MANUAL']}
admin_password = {'type': 'string'}
tag = {'type': 'string', 'minLength': 1, 'maxLength': 60, 'pattern': '^[^,/]*$'}
hostname = {'type': 'string', 'minLength': 2, 'maxLength': 63, 'pattern': '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$'}
fqdn = {'type': 'string', 'minLength': 2, 'maxLength': 255, 'pattern': '^[a-zA-Z0-9]+[a-zA-Z0-9-.]*[a-zA-Z0-9]+$'}
page_query = {
    'limit': multi_params(non_negative_integer_of_a_query),
    'marker': multi_params({'type': 'string'}),
}
