"""Bodies and queries of server groups.

Real: nova 2014.2 nova/api/openstack/compute/contrib/server_groups.py _validate_input_body; a schema since 2015
"""

from cloud.nova.api.validation.parameter_types import (
    a_dict,
    multi_params,
    name,
    non_negative_integer_of_a_query,
    positive_integer,
)

HARD = ['anti-affinity', 'affinity']
SOFT = ['soft-anti-affinity', 'soft-affinity']


def with_policies(policies):
    one = {'type': 'array', 'items': [{'enum': policies}], 'uniqueItems': True, 'additionalItems': False}
    return a_dict({'server_group': a_dict({'name': name, 'policies': one}, ['name', 'policies'])}, ['server_group'])


create = with_policies(HARD)
create_v215 = with_policies(HARD + SOFT)
create_v264 = a_dict(
    {
        'server_group': a_dict(
            {
                'name': name,
                'policy': {'type': 'string', 'enum': HARD + SOFT},
                'rules': a_dict({'max_server_per_host': positive_integer}),
            },
            ['name', 'policy'],
        )
    },
    ['server_group'],
)
index_query = {
    'type': 'object',
    'properties': {
        'all_projects': multi_params({'type': 'string'}),
        'limit': multi_params(non_negative_integer_of_a_query),
        'offset': multi_params(non_negative_integer_of_a_query),
    },
    'additionalProperties': True,
}
index_query_v275 = {**index_query, 'additionalProperties': False}
