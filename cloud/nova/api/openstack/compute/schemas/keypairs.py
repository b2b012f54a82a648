"""Bodies and queries of keypairs.

Real: nova 2014.2 nova/api/openstack/compute/schemas/v3/keypairs.py
"""

from cloud.nova.api.validation.parameter_types import a_dict, multi_params, page_query

NAME = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': r'^[_\- a-zA-Z0-9]+$'}
NAME_V292 = {**NAME, 'pattern': r'^[@._\- a-zA-Z0-9]+$'}
KIND = {'type': {'type': 'string', 'enum': ['ssh', 'x509']}}
OWNER = {'user_id': {'type': 'string', 'minLength': 1, 'maxLength': 255}}


def keypair(name, *more, required=('name',)):
    properties = {'name': name, 'public_key': {'type': 'string'}}
    for each in more:
        properties.update(each)
    return a_dict({'keypair': a_dict(properties, required)}, ['keypair'])


create = keypair(NAME)
create_v22 = keypair(NAME, KIND)
create_v210 = keypair(NAME, KIND, OWNER)
create_v292 = keypair(NAME_V292, KIND, OWNER, required=('public_key', 'name'))

open_query = {'type': 'object', 'properties': {}, 'additionalProperties': True}
query_v210 = {
    'type': 'object',
    'properties': {'user_id': multi_params({'type': 'string'})},
    'additionalProperties': True,
}
index_query_v235 = {**query_v210, 'properties': {**query_v210['properties'], **page_query}}
query_v275 = {**query_v210, 'additionalProperties': False}
index_query_v275 = {**index_query_v235, 'additionalProperties': False}
