"""The scheduler that filters, weighs, and takes the first.

    hosts -> RetryFilter, AvailabilityZoneFilter, RamFilter, ... -> RAMWeigher -> the best; the next instance of
    the same request finds it with so much less room

Use: FilterScheduler(options, HostManager(options, db_api)).select_destinations(context, request_spec, {})
Real: nova 2014.2 nova/scheduler/filter_scheduler.py FilterScheduler.select_destinations, _schedule. There, the message
    of NoValidHost is one sentence for clients, and what each filter did is in the scheduler's log alone.
Left out: the choice by lot among the best few (scheduler_host_subset_size, 1 as there).
"""

import logging
import threading

from cloud.nova import exception
from cloud.nova.scheduler import driver

LOG = logging.getLogger(__name__)


class FilterScheduler(driver.Scheduler):
    def __init__(self, options, host_manager):
        super().__init__(options, host_manager)
        self.lock = threading.Lock()  # two requests at once must not both see the same room

    def select_destinations(self, context, request_spec, filter_properties):
        with self.lock:
            return [
                {'host': chosen.host, 'nodename': chosen.nodename, 'limits': chosen.limits}
                for chosen in self._schedule(context, request_spec, filter_properties)
            ]

    def _schedule(self, context, request_spec, filter_properties):
        """The HostStates chosen, one for each instance; NoValidHost, whose details say what each filter left."""
        properties = {**filter_properties, **request_spec, 'context': context}
        hosts = self.host_manager.get_all_host_states(context)
        chosen = []
        for _number in range(request_spec.get('num_instances', 1)):
            steps = []
            fit = self.host_manager.get_filtered_hosts(hosts, properties, steps)
            LOG.info('scheduler: %s', '; '.join(steps))
            if not fit:
                self.host_manager.forget()  # what this request was given has not been taken
                raise exception.NoValidHost(reason='', details='; '.join(steps))
            weighed = self.host_manager.get_weighed_hosts(fit, properties)
            best, weight = weighed[0]
            LOG.info('scheduler: %s, which weighs %.2f, is the best of %s', best.host, weight, len(weighed))
            best.consume_from_instance(request_spec['flavor'])
            if properties.get('group'):  # the next one of the request meets this one there
                group = properties['group']
                properties['group'] = {**group, 'hosts': [*group['hosts'], best.host]}
            chosen.append(best)
        return chosen
