"""Bodies and queries of quotas.

Real: nova 2014.2 nova/api/openstack/compute/schemas/v3/quota_sets.py
"""

from cloud.nova.api.validation.parameter_types import MAX_INT, a_dict, boolean, multi_params
from cloud.nova.quota import DEFAULTS

NETWORKS = ('fixed_ips', 'floating_ips', 'security_group_rules', 'security_groups')
FILES = ('injected_files', 'injected_file_content_bytes', 'injected_file_path_bytes')
limit = {'type': ['integer', 'string'], 'pattern': '^-?[0-9]+$', 'minimum': -1, 'maximum': MAX_INT}


def without(*names):
    fields = {name: limit for name in DEFAULTS if name not in names}
    return a_dict({'quota_set': a_dict({**fields, 'force': boolean})}, ['quota_set'])


update = without()
update_v236 = without(*NETWORKS)
update_v257 = without(*NETWORKS, *FILES)
query = {'type': 'object', 'properties': {'user_id': multi_params({'type': 'string'})}, 'additionalProperties': True}
query_v275 = {**query, 'additionalProperties': False}
limits_query = {**query, 'properties': {'tenant_id': multi_params({'type': 'string'})}}
limits_query_v275 = {**limits_query, 'additionalProperties': False}
