"""Only where there is room for its disk (disk_allocation_ratio).

Real: nova 2014.2 nova/scheduler/filters/disk_filter.py DiskFilter
"""

from cloud.nova.scheduler import filters


class DiskFilter(filters.BaseHostFilter):
    def host_passes(self, host_state, filter_properties):
        flavor = filter_properties['flavor']
        limit = host_state.total_disk_gb * self.options.disk_allocation_ratio
        used = host_state.total_disk_gb - host_state.free_disk_gb
        host_state.limits['disk_gb'] = limit
        return used + flavor['root_gb'] + flavor.get('ephemeral_gb', 0) <= limit
