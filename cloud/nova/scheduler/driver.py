"""What every scheduler has.

Use: class FilterScheduler(driver.Scheduler): def select_destinations(self, ...): ...
Real: nova 2014.2 nova/scheduler/driver.py Scheduler; which one it is, is an option there
"""


class Scheduler:
    """options: nova's; host_manager: a HostManager."""

    def __init__(self, options, host_manager):
        self.options = options
        self.host_manager = host_manager

    def select_destinations(self, context, request_spec, filter_properties):
        """As SchedulerManager."""
        raise NotImplementedError
