"""A service of nova: its manager, the messages that are for it, its heartbeat and its periodic tasks.

    nova-conductor -> ComputeTaskManager      nova-scheduler -> SchedulerManager      nova-compute -> ComputeManager

All in one process (start_all), or each in one of its own (cmd/): what they say to each other is the same.
Use: service = create_compute(options, parts, 'compute1'); service.start(); service.stop()
Real: nova 2014.2 nova/service.py Service.start, report_state, periodic_tasks
"""

import fcntl
import logging

from cloud.nova import rpc
from cloud.nova.compute.manager import ComputeManager
from cloud.nova.compute.rpcapi import ComputeAPI
from cloud.nova.conductor.api import ComputeTaskAPI
from cloud.nova.conductor.manager import ComputeTaskManager
from cloud.nova.scheduler.filter_scheduler import FilterScheduler
from cloud.nova.scheduler.host_manager import HostManager
from cloud.nova.scheduler.manager import SchedulerManager
from cloud.nova.scheduler.rpcapi import SchedulerAPI
from cloud.nova.virt.machines import read_machines
from cloud.oslo.concurrency import lockutils
from cloud.oslo.messaging import Target
from cloud.oslo.messaging.pool import Pool
from cloud.oslo.service.loopingcall import FixedIntervalLoopingCall

LOG = logging.getLogger(__name__)
QUICK_WORKERS = 4  # threads for what does not take long
# What takes as long as an image takes to come or go: these have workers of their own.
LONG = ('build_and_run_instance', 'rebuild_instance', 'snapshot_instance', 'rescue_instance', 'shelve_instance',
        'unshelve_instance', 'resize_instance')  # fmt: skip


class Service:
    """host: its name; binary: such as nova-compute. manager: the endpoint; its pool, if any, does what is LONG."""

    def __init__(self, host, topic, manager, options, db_api, transport, zone=None):
        self.host, self.topic, self.binary, self.manager = host, topic, f'nova-{topic}', manager
        self.options, self.db_api, self.transport, self.zone = options, db_api, transport, zone
        self.quick = Pool(QUICK_WORKERS)
        self.server = rpc.get_server(transport, Target(topic, host), [manager], self.pool_of)
        self.loops = []

    def pool_of(self, method):
        return getattr(self.manager, 'pool', self.quick) if method in LONG else self.quick

    @property
    def pools(self):
        return {self.quick, getattr(self.manager, 'pool', self.quick)}

    def start(self):
        """Mend what the last process left, say that it is there, and take messages. DBError."""
        if hasattr(self.manager, 'init_host'):
            self.manager.init_host()
        self.report_state()
        self.server.start()
        self._repeat(self.options.report_interval, self.report_state)
        for interval, task in getattr(self.manager, 'periodic_tasks', tuple)():
            self._repeat(interval, task)
        LOG.info('%s on %s is there', self.binary, self.host)

    def report_state(self):
        zone = {'availability_zone': self.zone} if self.zone else {}
        self.db_api.service_report(self.host, self.binary, {'topic': self.topic, **zone})

    def _repeat(self, interval, task):
        if interval:
            loop = FixedIntervalLoopingCall(task)
            loop.start(interval)
            self.loops.append(loop)

    def stop(self):
        for loop in self.loops:
            loop.stop()
        self.server.stop()


def lock_data(options, db_api):
    """The lock of the data: for one process, or, where a broker is between them, for any number. ValueError."""
    if options.transport_url:
        return share(db_api.session.file)
    return lockutils.own(db_api.session.file, 'nova')


def share(file):
    if file is None:
        return None
    lock = lockutils.lock_of(file)
    if not lock.take(fcntl.LOCK_SH):
        raise ValueError(f'{file}: another nova keeps these data for itself: end it first')
    return lock


def create_conductor(options, db_api, transport, host):
    manager = ComputeTaskManager(options, db_api, SchedulerAPI(transport), ComputeAPI(transport))
    return create(host, rpc.CONDUCTOR, manager, options, db_api, transport)


def create_scheduler(options, db_api, transport, host):
    """ValueError for a filter that there is not."""
    manager = SchedulerManager(FilterScheduler(options, HostManager(options, db_api)))
    return create(host, rpc.SCHEDULER, manager, options, db_api, transport)


def create(host, topic, manager, options, db_api, transport):
    return Service(host, topic, manager, options, db_api, transport)


def create_compute(options, db_api, transport, host, image_service, driver):
    conductor_api = ComputeTaskAPI(transport)
    manager = ComputeManager(host, options, db_api, image_service, driver, conductor_api, transport.is_local)
    manager.pool = Pool(options.workers)
    zone = read_machines(options.compute_hosts)[host].zone
    return Service(host, rpc.COMPUTE, manager, options, db_api, transport, zone)


def start_all(options, db_api, transport, image_service, driver):
    """Every service in this process, each host of the ini included; a list of them, compute hosts last."""
    hosts = list(read_machines(options.compute_hosts))
    services = [create(options, db_api, transport, hosts[0]) for create in (create_conductor, create_scheduler)]
    services += [create_compute(options, db_api, transport, host, image_service, driver) for host in hosts]
    for service in services:
        service.start()
    return services
