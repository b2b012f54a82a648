"""Which host an instance goes to, and what is said when there is none."""

from datetime import timedelta

import pytest

from cloud.nova import exception
from cloud.nova.common import config
from cloud.nova.db.sqlalchemy.api import Database
from cloud.nova.scheduler.filter_scheduler import FilterScheduler
from cloud.nova.scheduler.host_manager import HostManager
from cloud.nova.scheduler.manager import SchedulerManager
from cloud.oslo.utils.timeutils import utcnow
from tests.cloud.nova.fakes import ALICE

FLAVOR = {'memory_mb': 512, 'root_gb': 1, 'vcpus': 1}


class Hosts:
    """A database with hosts, and a scheduler that reads it."""

    def __init__(self, folder, **options):
        self.db_api = Database(f'sqlite:///{folder}/nova.sqlite')
        self.options = config.parse(options)
        self.manager = SchedulerManager(FilterScheduler(self.options, HostManager(self.options, self.db_api)))

    def add(self, host, memory_mb=1000, local_gb=10, vcpus=2, used=0, zone=None, **service):
        self.db_api.service_report(host, 'nova-compute', {'topic': 'compute', 'availability_zone': zone})
        if service:
            found = self.db_api.service_get_by_host_and_binary(host, 'nova-compute')
            self.db_api.service_update(found['id'], service)
        sizes = {'memory_mb': memory_mb, 'local_gb': local_gb, 'vcpus': vcpus, 'memory_mb_used': used}
        self.db_api.compute_node_save(host, host, {**sizes, 'hypervisor_type': 'fake', 'hypervisor_version': 1})

    def select(self, number=1, flavor=FLAVOR, zone=None, **properties):
        spec = {'flavor': flavor, 'num_instances': number, 'instance_properties': {'availability_zone': zone}}
        return [each['host'] for each in self.manager.select_destinations(ALICE, spec, properties)]

    def refusal(self, **asked):
        with pytest.raises(exception.NoValidHost) as refused:
            self.select(**asked)
        assert str(refused.value) == 'No valid host was found. '
        return refused.value.details


@pytest.fixture
def hosts(tmp_path):
    hosts = Hosts(tmp_path)
    yield hosts
    hosts.db_api.close()


def test_the_host_with_the_most_memory_is_the_best(hosts):
    hosts.add('a', used=400)
    hosts.add('b', used=100)
    hosts.add('c', used=200)
    assert hosts.select() == ['b']


def test_with_a_negative_weight_instances_stack(tmp_path):
    hosts = Hosts(tmp_path, ram_weight_multiplier='-1')
    hosts.add('a', used=400)
    hosts.add('b')
    assert hosts.select() == ['a']
    hosts.db_api.close()


def test_the_instances_of_one_request_spread(hosts):
    for host in 'abc':
        hosts.add(host)
    assert sorted(hosts.select(3)) == ['a', 'b', 'c']


def test_what_was_given_away_counts_before_the_host_has_said_so(hosts):
    hosts.add('a')
    hosts.add('b')
    assert sorted([*hosts.select(), *hosts.select()]) == ['a', 'b']


def test_what_was_refused_has_taken_nothing(hosts):
    hosts.add('a')
    for _ in range(3):
        hosts.refusal(number=3)
    assert hosts.select(2) == ['a', 'a']


def test_no_host_at_all(hosts):
    assert hosts.refusal() == '0 hosts'


def test_a_host_promises_more_memory_than_it_has_and_no_more_than_that(hosts):
    hosts.add('a')
    assert hosts.select(flavor={**FLAVOR, 'memory_mb': 1500}) == ['a']
    left = hosts.refusal(flavor={**FLAVOR, 'memory_mb': 1501})
    assert left == '1 hosts; RetryFilter left 1; AvailabilityZoneFilter left 1; RamFilter left 0'


def test_the_limits_that_were_found_go_along_for_the_claim(hosts):
    hosts.add('a')
    (chosen,) = hosts.manager.select_destinations(ALICE, {'flavor': FLAVOR, 'num_instances': 1}, {})
    assert chosen == {'host': 'a', 'nodename': 'a', 'limits': {'memory_mb': 1500.0, 'disk_gb': 10.0}}


def test_a_disk_must_fit(hosts):
    hosts.add('a')
    assert hosts.refusal(flavor={**FLAVOR, 'root_gb': 11}).endswith('RamFilter left 1; DiskFilter left 0')


def test_a_zone_is_a_hosts_own(hosts):
    hosts.add('a', zone='east', used=500)
    hosts.add('b')
    assert (hosts.select(zone='east'), hosts.select(zone='nova')) == (['a'], ['b'])
    assert hosts.refusal(zone='west').endswith('AvailabilityZoneFilter left 0')


@pytest.mark.parametrize('service', [
    {'disabled': True}, {'forced_down': True}, {'last_seen_up': utcnow() - timedelta(seconds=61)},
])  # fmt: skip
def test_a_host_that_is_dead_or_switched_off_gets_nothing(hosts, service):
    hosts.add('a', **service)
    assert hosts.refusal().endswith('ComputeFilter left 0')
    hosts.add('b')
    assert hosts.select() == ['b']


def test_where_it_was_tried_it_is_not_tried_again(hosts):
    hosts.add('a')
    hosts.add('b', used=900)
    assert hosts.select(retry={'num_attempts': 2, 'hosts': [['a', 'a']]}) == ['b']


def test_a_host_may_be_forced(hosts):
    hosts.add('a', memory_mb=20000)
    hosts.add('b', memory_mb=9000)
    assert hosts.select(force_hosts=['b']) == hosts.select(force_hosts='b') == ['b']
    assert hosts.refusal(force_hosts=['c']) == '0 forced hosts'


@pytest.mark.parametrize(('policy', 'expected'), [('affinity', 'b'), ('anti-affinity', 'a')])
def test_the_members_of_a_group_go_together_or_apart(hosts, policy, expected):
    hosts.add('a')
    hosts.add('b')
    assert hosts.select(group={'policy': policy, 'hosts': ['b']}) == [expected]


def test_the_instances_of_one_request_meet_each_other_in_their_group(hosts):
    hosts.add('a', memory_mb=20000)
    hosts.add('b', memory_mb=9000)
    assert sorted(hosts.select(2, group={'policy': 'anti-affinity', 'hosts': []})) == ['a', 'b']
    assert hosts.refusal(number=3, group={'policy': 'anti-affinity', 'hosts': []}).endswith(
        'ServerGroupAntiAffinityFilter left 0'
    )


def test_processors_count_if_the_ini_says_so(tmp_path):
    hosts = Hosts(tmp_path, scheduler_default_filters='CoreFilter', cpu_allocation_ratio='1')
    hosts.add('a')
    assert hosts.refusal(flavor={**FLAVOR, 'vcpus': 3}) == '1 hosts; CoreFilter left 0'
    hosts.db_api.close()


def test_a_filter_that_is_not_there_is_found_at_the_start(tmp_path):
    with pytest.raises(ValueError, match='^scheduler_default_filters: there is no MoonFilter: take some of Retry'):
        Hosts(tmp_path, scheduler_default_filters='MoonFilter')
