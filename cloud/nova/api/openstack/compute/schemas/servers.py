"""Bodies and queries of servers, and of what is done to them.

Each version's body is the one before with what it added. Real: nova 2014.2
nova/api/openstack/compute/schemas/v3/servers.py and the files of the extensions beside it
"""

from cloud.nova.api.validation import parameter_types as types
from cloud.nova.api.validation.parameter_types import MAX_INT, a_dict, multi_params

count = types.positive_integer
network = a_dict(
    {
        'fixed_ip': types.ip_address,
        'port': {'oneOf': [{'type': 'string', 'format': 'uuid'}, {'type': 'null'}]},
        'uuid': {'type': 'string'},
    }
)
tagged_network = a_dict({**network['properties'], 'tag': types.tag})
personality = {
    'type': 'array',
    'items': a_dict(
        {'path': {'type': 'string'}, 'contents': {'type': 'string', 'format': 'base64'}}, ['path', 'contents']
    ),
}
security_groups = {
    'type': 'array',
    'items': {'type': 'object', 'properties': {'name': types.name}, 'additionalProperties': False},
}
hints = {
    'type': 'object',
    'properties': {'group': {'type': 'string', 'format': 'uuid'}},
    'additionalProperties': True,
}
base = {
    'name': types.name,
    'imageRef': types.image_ref,
    'flavorRef': types.flavor_ref,
    'adminPass': types.admin_password,
    'metadata': types.metadata,
    'networks': {'type': 'array', 'items': network},
    'OS-DCF:diskConfig': types.disk_config,
    'accessIPv4': types.access_ip_v4,
    'accessIPv6': types.access_ip_v6,
    'personality': personality,
    'availability_zone': types.name,
    'block_device_mapping': {'type': 'array', 'items': {'type': 'object'}},
    'block_device_mapping_v2': {'type': 'array', 'items': {'type': 'object'}},
    'config_drive': types.boolean,
    'key_name': types.name,
    'min_count': count,
    'max_count': count,
    'return_reservation_id': types.boolean,
    'security_groups': security_groups,
    'user_data': types.user_data,
}
HINTS = ('os:scheduler_hints', 'OS-SCH-HNT:scheduler_hints')


def create_of(fields, *more_required):
    server = a_dict(fields, ['name', 'flavorRef', *more_required])
    return a_dict({'server': server, **dict.fromkeys(HINTS, hints)}, ['server'])


def networks_of(item):
    words = {'type': 'string', 'enum': ['none', 'auto']}
    return {'networks': {'oneOf': [{'type': 'array', 'items': item}, words]}}


v219 = {**base, 'description': types.description}
v237 = {**v219, **networks_of(network)}
v242 = {**v237, **networks_of(tagged_network)}
v252 = {**v242, 'tags': {'type': 'array', 'items': types.tag, 'maxItems': 50, 'uniqueItems': True}}
v257 = {name: kind for name, kind in v252.items() if name != 'personality'}
v263 = {**v257, 'trusted_image_certificates': {'type': ['array', 'null'], 'maxItems': 50, 'items': {'type': 'string'}}}
v274 = {**v263, 'host': types.fqdn, 'hypervisor_hostname': types.fqdn}
v290 = {**v274, 'hostname': types.hostname}
v294 = {**v290, 'hostname': types.fqdn}
CREATE = {
    '2.0': create_of({**base, 'name': types.name_with_leading_trailing_spaces}),
    '2.1': create_of(base),
    '2.19': create_of(v219),
    '2.37': create_of(v237, 'networks'),
    '2.42': create_of(v242, 'networks'),
    '2.52': create_of(v252, 'networks'),
    '2.57': create_of(v257, 'networks'),
    '2.63': create_of(v263, 'networks'),
    '2.74': create_of(v274, 'networks'),
    '2.90': create_of(v290, 'networks'),
    '2.94': create_of(v294, 'networks'),
}


def update_of(fields):
    return a_dict({'server': a_dict(fields)}, ['server'])


changeable = {name: base[name] for name in ('name', 'OS-DCF:diskConfig', 'accessIPv4', 'accessIPv6')}
UPDATE = {
    '2.0': update_of({**changeable, 'name': types.name_with_leading_trailing_spaces}),
    '2.1': update_of(changeable),
    '2.19': update_of({**changeable, 'description': types.description}),
    '2.90': update_of({**changeable, 'description': types.description, 'hostname': types.hostname}),
    '2.94': update_of({**changeable, 'description': types.description, 'hostname': types.fqdn}),
}


def an_action(name, value):
    return a_dict({name: value}, [name])


def nothing(name):
    """An action without arguments: whatever stands there is not looked at."""
    return {'2.1': an_action(name, {})}


rebuilt = {
    'name': types.name,
    'imageRef': types.image_id,
    'adminPass': types.admin_password,
    'metadata': types.metadata,
    'preserve_ephemeral': types.boolean,
    **{name: base[name] for name in ('OS-DCF:diskConfig', 'accessIPv4', 'accessIPv6', 'personality')},
}
rebuilt_v219 = {**rebuilt, 'description': types.description}
rebuilt_v254 = {**rebuilt_v219, 'key_name': {'oneOf': [types.name, {'type': 'null'}]}}
user_data_or_null = {'oneOf': [types.user_data, {'type': 'null'}]}
rebuilt_v257 = {**{k: v for k, v in rebuilt_v254.items() if k != 'personality'}, 'user_data': user_data_or_null}
rebuilt_v263 = {**rebuilt_v257, 'trusted_image_certificates': v263['trusted_image_certificates']}
rebuilt_v290 = {**rebuilt_v263, 'hostname': types.hostname}
REBUILD = {
    first: an_action('rebuild', a_dict(fields, ['imageRef']))
    for first, fields in {
        '2.1': rebuilt,
        '2.19': rebuilt_v219,
        '2.54': rebuilt_v254,
        '2.57': rebuilt_v257,
        '2.63': rebuilt_v263,
        '2.90': rebuilt_v290,
    }.items()
}
REBOOT_TYPES = ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']
REBOOT = {'2.1': an_action('reboot', a_dict({'type': {'type': 'string', 'enum': REBOOT_TYPES}}, ['type']))}
resized = {'flavorRef': types.flavor_ref, 'OS-DCF:diskConfig': types.disk_config}
RESIZE = {'2.1': an_action('resize', a_dict(resized, ['flavorRef']))}
imaged = {'name': {**types.name}, 'metadata': types.metadata}
CREATE_IMAGE = {'2.1': an_action('createImage', a_dict(imaged, ['name']))}
CHANGE_PASSWORD = {
    '2.1': an_action('changePassword', a_dict({'adminPass': types.admin_password}, ['adminPass'])),
}
RESCUE = {
    '2.1': an_action(
        'rescue',
        {'type': ['object', 'null'], 'additionalProperties': False}
        | {'properties': {'adminPass': types.admin_password, 'rescue_image_ref': types.image_id}},
    )
}
LOCK = {
    '2.1': an_action('lock', {}),
    '2.73': an_action(
        'lock',
        {'type': ['object', 'null'], 'additionalProperties': False}
        | {'properties': {'locked_reason': {'type': 'string', 'minLength': 1, 'maxLength': 255}}},
    ),
}
length = {'type': ['integer', 'string', 'null'], 'pattern': '^-?[0-9]+$', 'minimum': -1, 'maximum': MAX_INT}
CONSOLE_OUTPUT = {'2.1': an_action('os-getConsoleOutput', a_dict({'length': length}))}
RESET_STATE = {
    '2.1': an_action('os-resetState', a_dict({'state': {'type': 'string', 'enum': ['active', 'error']}}, ['state'])),
}

SORT_KEYS = [
    *('access_ip_v4', 'access_ip_v6', 'auto_disk_config', 'availability_zone', 'config_drive', 'created_at'),
    *('display_description', 'display_name', 'host', 'hostname', 'image_ref', 'instance_type_id', 'kernel_id'),
    *('key_name', 'launch_index', 'launched_at', 'locked_by', 'node', 'power_state', 'progress', 'project_id'),
    *('ramdisk_id', 'root_device_name', 'task_state', 'terminated_at', 'updated_at', 'user_id', 'uuid', 'vm_state'),
]
text = multi_params({'type': 'string'})
pattern = multi_params({'type': 'string', 'format': 'regex'})
moment = multi_params({'type': 'string', 'format': 'date-time'})
PATTERNS = ('name', 'display_name', 'ip', 'ip6')
TEXTS = (
    *(
        'user_id',
        'project_id',
        'tenant_id',
        'launch_index',
        'image_ref',
        'image',
        'kernel_id',
        'ramdisk_id',
        'hostname',
    ),
    *('key_name', 'power_state', 'vm_state', 'task_state', 'host', 'node', 'flavor', 'reservation_id', 'config_drive'),
    *('description', 'access_ip_v4', 'access_ip_v6', 'auto_disk_config', 'availability_zone', 'instance_type_id'),
    *('launched_at', 'created_at', 'terminated_at', 'updated_at', 'locked_by', 'progress', 'root_device_name', 'uuid'),
    *('status', 'sort_dir', 'all_tenants', 'soft_deleted', 'deleted', 'metadata', 'system_metadata', 'changes_since'),
)
query = {
    'type': 'object',
    'properties': {
        **types.page_query,
        **dict.fromkeys(TEXTS, text),
        **dict.fromkeys(PATTERNS, pattern),
        'sort_key': multi_params({'type': 'string', 'enum': SORT_KEYS}),
        'changes-since': moment,
    },
    'patternProperties': {'^_': text},
    'additionalProperties': True,
}


def query_with(before, **more):
    return {**before, 'properties': {**before['properties'], **more}}


query_v226 = query_with(query, **dict.fromkeys(('tags', 'tags-any', 'not-tags', 'not-tags-any'), text))
query_v266 = query_with(query_v226, **{'changes-before': moment})
query_v273 = query_with(
    query_v266, locked=text, sort_key=multi_params({'type': 'string', 'enum': sorted([*SORT_KEYS, 'locked'])})
)
query_v275 = {**query_v273, 'additionalProperties': False}
QUERY = {'2.1': query, '2.26': query_v226, '2.66': query_v266, '2.73': query_v273, '2.75': query_v275}
SHOW_QUERY = {
    '2.1': {'type': 'object', 'additionalProperties': True},
    '2.75': {'type': 'object', 'additionalProperties': False},
}
