"""Bodies and queries of a server's metadata, tags and actions, and of what admins ask for.

Real: nova 2014.2 nova/api/openstack/compute/schemas/v3/server_metadata.py; server_tags.py, instance_actions.py later
"""

from cloud.nova.api.validation import parameter_types as types
from cloud.nova.api.validation.parameter_types import a_dict, multi_params

METADATA = {'2.1': a_dict({'metadata': types.metadata}, ['metadata'])}
one = {**types.metadata, 'minProperties': 1, 'maxProperties': 1}
META = {'2.1': a_dict({'meta': one}, ['meta'])}
TAGS = {'2.1': a_dict({'tags': {'type': 'array', 'items': types.tag, 'maxItems': 50}}, ['tags'])}

moment = multi_params({'type': 'string', 'format': 'date-time'})
actions_v258 = {
    'type': 'object',
    'properties': {**types.page_query, 'changes-since': moment},
    'additionalProperties': False,
}
actions_v266 = {**actions_v258, 'properties': {**actions_v258['properties'], 'changes-before': moment}}
anything = {'type': 'object', 'additionalProperties': True}
ACTIONS = {'2.1': anything, '2.58': actions_v258, '2.66': actions_v266}

DISABLE = a_dict(
    {
        'host': types.fqdn,
        'binary': {'type': 'string', 'minLength': 1, 'maxLength': 255},
        'disabled_reason': {'type': 'string', 'minLength': 1, 'maxLength': 255},
    },
    ['host', 'binary'],
)
FORCE_DOWN = a_dict({**DISABLE['properties'], 'forced_down': types.boolean}, ['host', 'binary', 'forced_down'])
UPDATE_SERVICE = a_dict(
    {
        'status': {'type': 'string', 'enum': ['enabled', 'disabled']},
        'disabled_reason': {'type': 'string', 'minLength': 1, 'maxLength': 255},
        'forced_down': types.boolean,
    }
)
