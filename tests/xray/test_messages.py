"""A boot over RabbitMQ, where each part of nova is a process of its own: still one story."""

import subprocess
import sys

import pytest

from soak.broker import running_broker
from tests.cloud.nova.api.openstack import conftest as nova_api
from tests.cloud.nova.nova_processes import Processes
from tests.cloud.nova.processes import ADMIN, Images, ask
from tests.servers import ROOT, WarmServer
from tests.waiting import wait_until
from xray import story
from xray.store import Store


class WithXRay(Processes):
    """Each process records into the folder's xray."""

    def start_nova(self, **options):
        ours = {'glance_api_servers': ', '.join(f'127.0.0.1:{relay.port}' for relay in self.relays), **options}
        ini = nova_api.write_ini(self.folder, **ours)
        ini.write_text(ini.read_text().replace('%(here)s/../../data/xray', f'{self.folder}/xray'))
        self.nova = WarmServer([str(ini), 'xray'], self.folder / 'nova.log')
        self.stack.callback(self.nova.end)

    def start(self, name, *arguments):
        command = [sys.executable, '-m', 'xray', 'watch', '--store', f'{self.folder}/xray', f'cloud.nova.cmd.{name}']
        key = ' '.join([name, *arguments[1:]])
        with open(self.folder / f'{key}.log', 'ab') as log:
            whole = [*command, str(self.folder / 'nova-api.ini'), *arguments]
            self.running[key] = subprocess.Popen(whole, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


@pytest.fixture(scope='module')
def cloud(tmp_path_factory):
    folder = tmp_path_factory.mktemp('processes')
    images = Images(tmp_path_factory.mktemp('images'))
    with running_broker() as broker, images, WithXRay(folder, images, broker.url) as cloud:
        cloud.start_api()
        cloud.start_all()
        yield cloud


def test_one_boot_is_one_story_over_all_processes(cloud):
    cloud.boot(cloud.upload(b'disk' * 1000))
    store = Store(str(cloud.folder / 'xray'))
    booted = next(each for each in store.summaries() if each['method'] == 'POST')

    def services():
        return {step['service'].removesuffix('-compute1') for step in story.tell(store, booted['id'])['steps']}

    expected = {'nova-api', 'nova-conductor', 'nova-scheduler', 'nova-compute'}
    assert wait_until(lambda: {each.replace('-compute2', '') for each in services()} == expected)
    steps = story.tell(store, booted['id'])['steps']
    for step in steps:
        if step['landmark'] == 'server' and step['parent'] is not None:
            asked_by = steps[step['parent']]
            assert asked_by['landmark'] == 'rpc'
            assert asked_by['label'].endswith(step['label'].removeprefix('RPC '))
    compute = {step['label'] for step in steps if step['service'].startswith('nova-compute')}
    assert 'write disk' in compute
    listed = ask(cloud.nova, 'GET', '/xray/requests', token=ADMIN)['requests']
    assert {each['method'] for each in listed} >= {'POST', 'RPC'}
