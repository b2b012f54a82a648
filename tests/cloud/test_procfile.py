"""The whole cloud, started by one command as a user starts it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cloud.glance.api import conftest as api
from tests.cloud.glance.registry import conftest as registry
from tests.cloud.keystone import conftest as keystone
from tests.cloud.neutron import test_networks as neutron
from tests.cloud.nova.api.openstack import conftest as nova
from tests.servers import ROOT
from tests.waiting import line_with

SERVICES = {
    'glance-api': 'cloud/glance/glance-api.ini',
    'glance-registry': 'cloud/glance/glance-registry.ini',
    'nova': 'cloud/nova/nova-api.ini',
    'keystone': 'cloud/keystone/keystone.ini',
    'neutron': 'cloud/neutron/neutron.ini',
}


class Cloud:
    """A running honcho; lines: what it has said up to its services' addresses; ports: of each service."""

    def __init__(self, **environ):
        path = f'{Path(sys.executable).parent}:{os.environ["PATH"]}'
        command = [sys.executable, '-m', 'honcho', '-f', 'cloud/Procfile', 'start']
        environ = {**os.environ, 'PATH': path, **environ}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.lines, self.ports = [], {}

    def wait_for_services(self):
        while len(self.ports) < len(SERVICES):
            self.lines.append(line_with(self.process, '').string)
            found = re.search(r'(\S+)\.1 +\| .* listens on http://127\.0\.0\.1:(\d+)', self.lines[-1])
            if found:
                self.ports[found[1]] = int(found[2])

    def wait(self):
        """All that it says until it ends; its status is then in process.returncode."""
        self.lines += self.process.communicate(timeout=60)[0].splitlines(keepends=True)
        return ''.join(self.lines)

    def pids(self):
        return [int(pid) for pid in re.findall(r'started \(pid=(\d+)\)', ''.join(self.lines))]

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.wait()


@pytest.fixture
def begin(tmp_path):
    """begin(**environ): a Cloud whose services keep their data in a folder of their own, on free ports."""
    port = free_port()
    arguments = {
        'GLANCE_API': f'{api.write_ini(tmp_path, registry_port=str(port))} --port 0',
        'GLANCE_REGISTRY': f'{registry.write_ini(tmp_path)} --port {port}',
        'NOVA': f'{nova.write_ini(tmp_path)} --port 0',
        'NEUTRON': f'{neutron.write_ini(tmp_path)} --port 0',
        'KEYSTONE': f'{keystone.write_ini(tmp_path)} --port 0',
    }
    begun = []

    def begin(**environ):
        begun.append(Cloud(**{**arguments, **environ}))
        return begun[-1]

    yield begin
    for cloud in begun:
        cloud.end()


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        return listener.getsockname()[1]


def is_alive(pid):
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def status_of(port, path):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=10)
    connection.request('GET', path, headers=api.ALICE)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize('signum', [signal.SIGINT, signal.SIGTERM])
def test_it_starts_every_service_with_its_name_in_front_and_a_signal_stops_all(begin, signum):
    cloud = begin()
    cloud.wait_for_services()
    assert sorted(cloud.ports) == sorted(SERVICES)
    assert status_of(cloud.ports['glance-api'], '/v2/images') == 200
    assert status_of(cloud.ports['glance-api'], '/v1/images') == 200
    assert status_of(cloud.ports['nova'], '/instances') == 200
    cloud.process.send_signal(signum)
    said = cloud.wait()
    assert re.search(r'glance-api\.1 +\| .*"GET /v2/images HTTP/1.1" 200', said)
    assert re.search(r'glance-registry\.1 +\| .*"GET /images\??\S* HTTP/1.1" 200', said)
    assert len(cloud.pids()) == len(SERVICES)
    assert not any(is_alive(pid) for pid in cloud.pids())


def test_a_service_that_cannot_start_says_why_and_takes_the_others_along(begin):
    cloud = begin(GLANCE_REGISTRY='nowhere.ini')
    said = cloud.wait()
    assert re.search(r'glance-registry\.1 +\| server.py: .*nowhere.ini', said)
    assert cloud.process.returncode == 1
    assert not any(is_alive(pid) for pid in cloud.pids())


def test_without_variables_each_service_has_its_own_ini():
    procfile = (ROOT / 'cloud' / 'Procfile').read_text()
    inis = dict(re.findall(r'^([\w-]+): .*:-(.*)}$', procfile, re.MULTILINE))
    assert inis == SERVICES
    assert all((ROOT / ini).exists() for ini in inis.values())


@pytest.mark.parametrize('ini', SERVICES.values())
def test_each_service_may_have_the_xray_in_front(ini):
    assert '\n[pipeline:xray]\n' in (ROOT / ini).read_text()
