"""The scheduler as others see it: one question.

Use: SchedulerManager(driver).select_destinations(context, request_spec, filter_properties)
Real: nova 2014.2 nova/scheduler/manager.py SchedulerManager
"""


class SchedulerManager:
    """driver: a scheduler.driver.Scheduler."""

    def __init__(self, driver):
        self.driver = driver

    def select_destinations(self, context, request_spec, filter_properties):
        """[{'host', 'nodename', 'limits'}], one for each of request_spec['num_instances']; NoValidHost.

        request_spec: {'flavor': ..., 'num_instances': 1, 'instance_properties': ..., 'image': ...}.
        filter_properties: {'retry': ..., 'scheduler_hints': ..., 'force_hosts': [...]}, all of them optional.
        """
        return self.driver.select_destinations(context, request_spec, filter_properties)
