"""The commands of nova's services: what keeps them from starting is told in one line."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from cloud.nova.cmd import compute, launch
from tests.cloud.nova.api.openstack.conftest import write_ini
from tests.servers import ROOT

NOBODY = 'rabbit://guest:guest@127.0.0.1:1/'


def start(ini, create=compute.create, host=None):
    return launch.start(SimpleNamespace(config=str(ini), host=host), create)


def test_without_a_broker_in_the_ini_there_is_nothing_to_start(tmp_path):
    with pytest.raises(ValueError, match='^transport_url is empty, so nova-api has everything in its own process'):
        start(write_ini(tmp_path))


def test_a_host_that_the_ini_does_not_have(tmp_path):
    ini = write_ini(tmp_path, transport_url=NOBODY, compute_hosts='a:1:2:3, b:1:2:3')
    with pytest.raises(ValueError, match='^--host c: give one of compute_hosts, a, b$'):
        start(ini, host='c')


def test_a_host_has_one_process(tmp_path):
    ini = write_ini(tmp_path, transport_url=NOBODY, compute_hosts='a:1:2:3, b:1:2:3')
    started = start(ini, host='a')
    second = subprocess.run(
        [sys.executable, '-m', 'cloud.nova.cmd.compute', str(ini), '--host', 'a'],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert second.returncode == 1
    last = second.stderr.splitlines()[-1]
    assert re.fullmatch('nova-compute: .*/locks/a: another nova-compute of a works on these data: end it first.*', last)
    started.stop()
    started.transport.close()
    started.db_api.close()


def test_the_ini_of_several_processes_has_what_the_one_process_has_and_a_broker():
    default = launch.read_default(str(ROOT / 'cloud/nova/nova-rabbit.ini'))
    assert default['transport_url'] == 'rabbit://guest:guest@127.0.0.1:5672/'
    assert default['workers'] == '4'
