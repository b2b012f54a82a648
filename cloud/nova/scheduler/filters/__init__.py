"""The filters: each says of one host whether an instance may go there. The ini says which, and in which order.

    class RamFilter(BaseHostFilter):
        def host_passes(self, host_state, filter_properties): ...

Use: get('RamFilter')(options).host_passes(host_state, filter_properties)
This folder need not be read to follow a request.
Real: nova 2014.2 nova/scheduler/filters/__init__.py BaseHostFilter, HostFilterHandler, which finds every class of its
    package
Left out: the other thirty filters.
"""

import importlib

MODULES = {
    'RetryFilter': 'retry_filter',
    'AvailabilityZoneFilter': 'availability_zone_filter',
    'ComputeFilter': 'compute_filter',
    'RamFilter': 'ram_filter',
    'DiskFilter': 'disk_filter',
    'CoreFilter': 'core_filter',
    'ServerGroupAffinityFilter': 'affinity_filter',
    'ServerGroupAntiAffinityFilter': 'affinity_filter',
}


class BaseHostFilter:
    """options: nova's."""

    def __init__(self, options):
        self.options = options

    def host_passes(self, host_state, filter_properties):
        """Whether it may go there. filter_properties: the request_spec's, and what else is asked for."""
        raise NotImplementedError


def get(name):
    """The class of that name; ValueError."""
    if name not in MODULES:
        raise ValueError(f'scheduler_default_filters: there is no {name}: take some of {", ".join(MODULES)}')
    return getattr(importlib.import_module(f'{__name__}.{MODULES[name]}'), name)
