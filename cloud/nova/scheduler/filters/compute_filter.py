"""Only where a service lives, and was not switched off.

Real: nova 2014.2 nova/scheduler/filters/compute_filter.py ComputeFilter
"""

from cloud.nova.scheduler import filters


class ComputeFilter(filters.BaseHostFilter):
    def host_passes(self, host_state, filter_properties):
        return host_state.is_up and not host_state.service['disabled']
