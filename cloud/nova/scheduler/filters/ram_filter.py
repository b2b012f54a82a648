"""Only where there is memory for it; a host may promise more than it has (ram_allocation_ratio).

Real: nova 2014.2 nova/scheduler/filters/ram_filter.py RamFilter
"""

from cloud.nova.scheduler import filters


class RamFilter(filters.BaseHostFilter):
    def host_passes(self, host_state, filter_properties):
        limit = host_state.total_ram_mb * self.options.ram_allocation_ratio
        used = host_state.total_ram_mb - host_state.free_ram_mb
        host_state.limits['memory_mb'] = limit
        return used + filter_properties['flavor']['memory_mb'] <= limit
