"""Not where it was tried already.

Real: nova 2014.2 nova/scheduler/filters/retry_filter.py RetryFilter
"""

from cloud.nova.scheduler import filters


class RetryFilter(filters.BaseHostFilter):
    def host_passes(self, host_state, filter_properties):
        tried = (filter_properties.get('retry') or {}).get('hosts', [])
        return [host_state.host, host_state.nodename] not in [list(each) for each in tried]
