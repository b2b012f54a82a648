"""Bodies and queries of flavors, their extra specs and who may use them.

Real: nova 2014.2 nova/api/openstack/compute/schemas/v3/flavor_manage.py, flavors_extraspecs.py, flavor_access.py
"""

from cloud.nova.api.validation.parameter_types import (
    MAX_INT,
    a_dict,
    boolean,
    multi_params,
    name,
    name_with_leading_trailing_spaces,
    non_negative_integer,
    page_query,
    positive_integer,
)

positive = {**positive_integer, 'maximum': MAX_INT}
non_negative = {**non_negative_integer, 'maximum': MAX_INT}
flavor_id = {
    'oneOf': [
        {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': '^(?! )[a-zA-Z0-9. _-]+(?<! )$'},
        {'type': ['number', 'null']},
    ]
}
rxtx_factor = {
    'type': ['number', 'string'],
    'pattern': r'^[0-9]+(\.[0-9]+)?$',
    'minimum': 0,
    'exclusiveMinimum': True,
    'maximum': 3.40282e38,
}
description = {
    'type': ['string', 'null'],
    'minLength': 0,
    'maxLength': 65535,
    'pattern': '^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]*$',
}
fields = {
    'name': name,
    'id': flavor_id,
    'ram': positive,
    'vcpus': positive,
    'disk': non_negative,
    'OS-FLV-EXT-DATA:ephemeral': non_negative,
    'swap': non_negative,
    'rxtx_factor': rxtx_factor,
    'os-flavor-access:is_public': boolean,
}
required = ('name', 'ram', 'vcpus', 'disk')


def a_flavor(**more):
    return a_dict({'flavor': a_dict({**fields, **more}, required)}, ['flavor'])


create = a_flavor()
create_v20 = a_flavor(name=name_with_leading_trailing_spaces)
create_v255 = a_flavor(description=description)
update_v255 = a_dict({'flavor': a_dict({'description': description}, ['description'])}, ['flavor'])

index_query = {
    'type': 'object',
    'properties': {
        **page_query,
        'is_public': multi_params({'type': 'string'}),
        'minRam': multi_params({'type': 'string'}),
        'minDisk': multi_params({'type': 'string'}),
        'sort_key': multi_params({
            'type': 'string',
            'enum': ['created_at', 'description', 'disabled', 'ephemeral_gb', 'flavorid', 'id', 'is_public']
            + ['memory_mb', 'name', 'root_gb', 'rxtx_factor', 'swap', 'updated_at', 'vcpu_weight', 'vcpus'],
        }),
        'sort_dir': multi_params({'type': 'string'}),
    },
    'additionalProperties': True,
}  # fmt: skip
index_query_v275 = {**index_query, 'additionalProperties': False}

specs = {
    'type': 'object',
    'patternProperties': {'^[a-zA-Z0-9-_:. ]{1,255}$': {'type': ['string', 'number'], 'maxLength': 255}},
    'additionalProperties': False,
}
create_extra_specs = a_dict({'extra_specs': {**specs, 'minProperties': 1}}, ['extra_specs'])
update_extra_spec = {**specs, 'minProperties': 1, 'maxProperties': 1}

tenant = a_dict({'tenant': {'type': 'string', 'minLength': 1, 'maxLength': 255}}, ['tenant'])
add_tenant_access = a_dict({'addTenantAccess': tenant}, ['addTenantAccess'])
remove_tenant_access = a_dict({'removeTenantAccess': tenant}, ['removeTenantAccess'])
