"""Only where there are processors for it (cpu_allocation_ratio). Not among the filters unless the ini says so.

Real: nova 2014.2 nova/scheduler/filters/core_filter.py CoreFilter
"""

from cloud.nova.scheduler import filters


class CoreFilter(filters.BaseHostFilter):
    def host_passes(self, host_state, filter_properties):
        limit = host_state.vcpus_total * self.options.cpu_allocation_ratio
        host_state.limits['vcpu'] = limit
        return host_state.vcpus_used + filter_properties['flavor'].get('vcpus', 1) <= limit
