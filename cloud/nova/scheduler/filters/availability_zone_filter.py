"""Only in the zone that is asked for, if one is.

Real: nova 2014.2 nova/scheduler/filters/availability_zone_filter.py AvailabilityZoneFilter, where a zone is a property
    of an aggregate
"""

from cloud.nova.scheduler import filters


class AvailabilityZoneFilter(filters.BaseHostFilter):
    def host_passes(self, host_state, filter_properties):
        wanted = (filter_properties.get('instance_properties') or {}).get('availability_zone')
        return not wanted or host_state.availability_zone == wanted
