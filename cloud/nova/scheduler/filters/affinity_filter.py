"""The members of a server group: all on one host, or each on one of its own.

    filter_properties['group'] = {'policy': 'anti-affinity', 'hosts': ['compute1']}

Real: nova 2014.2 nova/scheduler/filters/affinity_filter.py ServerGroupAffinityFilter, ServerGroupAntiAffinityFilter
"""

from cloud.nova.scheduler import filters


class ServerGroupAffinityFilter(filters.BaseHostFilter):
    def host_passes(self, host_state, filter_properties):
        group = filter_properties.get('group') or {}
        return group.get('policy') != 'affinity' or not group['hosts'] or host_state.host in group['hosts']


class ServerGroupAntiAffinityFilter(filters.BaseHostFilter):
    def host_passes(self, host_state, filter_properties):
        group = filter_properties.get('group') or {}
        return group.get('policy') != 'anti-affinity' or host_state.host not in group['hosts']
