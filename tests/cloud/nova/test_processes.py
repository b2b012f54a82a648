"""Nova's services, each a process, over a RabbitMQ of their own: whoever is killed, an instance is made, once."""

import signal
import time

import pytest

from cloud.audit.__main__ import main as audit
from soak.broker import running_broker
from tests.cloud.nova.nova_processes import Processes
from tests.cloud.nova.processes import ADMIN, ALICE, Images, ask, wait_for

DATA = b'\xeb\x63\x90disk' * 1000


@pytest.fixture(scope='module')
def broker():
    with running_broker() as broker:
        yield broker


@pytest.fixture(scope='module')
def cloud(broker, tmp_path_factory):
    """All of nova runs; a boot takes half a second. image: the id of one."""
    folder = tmp_path_factory.mktemp('processes')
    with Images(tmp_path_factory.mktemp('images')) as images, Processes(folder, images, broker.url) as cloud:
        cloud.start_api(spawn_delay='0.5')
        cloud.start_all()
        cloud.image = cloud.upload(DATA)
        yield cloud


@pytest.fixture(autouse=True)
def nothing_is_lost(cloud, capsys):
    """After each test all runs again, what it made is deleted, and the audit finds nothing."""
    yield
    cloud.start_all()
    for instance in cloud.instances():
        cloud.built(instance)
        cloud.delete(instance)
    wait_for(lambda: cloud.folders() == [], 60)
    assert audit([str(cloud.folder / 'nova-api.ini')]) == 0, capsys.readouterr().out


def is_built_once(cloud, instance):
    """It is ACTIVE, with its disk, and there is no other."""
    built = cloud.built(instance)
    assert (built['status'], built.get('fault')) == ('ACTIVE', None)
    assert cloud.disk(instance).read_bytes() == DATA
    assert [each['id'] for each in cloud.instances()] == [instance['id']]
    wait_for(lambda: cloud.folders() == [instance['id']])


def server(cloud, instance):
    return ask(cloud.nova, 'GET', f'/v2.1/servers/{instance["id"]}', token=ALICE)['server']


def act(cloud, instance, action, status=202):
    ask(cloud.nova, 'POST', f'/v2.1/servers/{instance["id"]}/action', action, ALICE, status)


def test_a_boot_and_a_stop_go_through_all_of_them(cloud):
    instance = cloud.create(cloud.image)
    is_built_once(cloud, instance)
    act(cloud, instance, {'os-stop': None})
    wait_for(lambda: server(cloud, instance)['status'] == 'SHUTOFF')
    assert server(cloud, instance)['OS-EXT-STS:power_state'] == 4


def test_what_was_asked_for_while_nobody_was_there_is_done_when_somebody_is(cloud):
    for name in ('conductor', 'scheduler'):
        cloud.kill(name)
    instance = cloud.create(cloud.image)
    assert cloud.show(instance)['status'] == 'BUILD'
    cloud.start_all()
    is_built_once(cloud, instance)


def test_a_conductor_that_dies_while_it_waits_for_the_scheduler_leaves_the_task_to_the_next(cloud):
    cloud.running['scheduler'].send_signal(signal.SIGSTOP)
    instance = cloud.create(cloud.image)
    cloud.kill('conductor')
    cloud.running['scheduler'].send_signal(signal.SIGCONT)
    cloud.start_all()
    is_built_once(cloud, instance)


def test_a_host_that_dies_while_it_spawns_does_it_again_when_it_is_back(cloud):
    instance = cloud.create(cloud.image)
    wait_for(lambda: server(cloud, instance)['OS-EXT-STS:task_state'] == 'spawning')
    for key in ('compute compute1', 'compute compute2'):
        cloud.kill(key)
    cloud.start_all()
    is_built_once(cloud, instance)


def test_a_broker_that_dies_and_comes_back_has_lost_nothing(cloud, broker):
    before = cloud.built(cloud.create(cloud.image))
    instance = cloud.create(cloud.image)
    try:
        broker.stop()
        refused = cloud.create(cloud.image, status=503)
        act(cloud, before, {'os-stop': None}, 503)
    finally:
        broker.start()
    assert server(cloud, before)['OS-EXT-STS:task_state'] is None
    cloud.delete(before)
    assert 'message broker cannot be reached' in refused['serviceUnavailable']['message']
    is_built_once(cloud, instance)


def test_an_instance_that_is_deleted_while_it_is_built_leaves_nothing(cloud):
    instance = cloud.create(cloud.image)
    wait_for(lambda: server(cloud, instance)['OS-EXT-STS:task_state'] == 'spawning')
    ask(cloud.nova, 'DELETE', f'/v2.1/servers/{instance["id"]}', None, ALICE, 204)
    wait_for(lambda: cloud.instances() == [])
    wait_for(lambda: cloud.folders() == [])


def test_where_no_host_lives_a_fault_says_so_and_its_details_which_filter_it_was(cloud):
    for key in ('compute compute1', 'compute compute2', 'scheduler'):
        cloud.kill(key)
    ini = cloud.folder / 'nova-api.ini'
    before = ini.read_text()
    ini.write_text(before.replace('service_down_time = 60', 'service_down_time = 1'))
    try:
        cloud.start('scheduler')
        cloud.wait_until_up()
        time.sleep(2)  # the heartbeats of before are too old then
        failed = cloud.built(cloud.create(cloud.image))
        seen = ask(cloud.nova, 'GET', f'/v2.1/servers/{failed["id"]}', token=ADMIN)['server']['fault']
    finally:
        ini.write_text(before)
        cloud.kill('scheduler')
    assert failed['fault']['message'] == 'No valid host was found. '
    assert (
        seen['details'] == '2 hosts; RetryFilter left 2; AvailabilityZoneFilter left 2; RamFilter left 2; '
        'DiskFilter left 2; ComputeFilter left 0'
    )
