"""The machine of an instance: whether it runs, and what its console says."""

import os

import pytest

from cloud.nova.compute import power_state
from cloud.nova.virt.power import Power


@pytest.fixture
def power(tmp_path):
    return Power(str(tmp_path))


def test_without_a_folder_there_is_no_machine(tmp_path):
    power = Power(str(tmp_path / 'nobody'))
    assert (power.get(), power.tail()) == (power_state.NOSTATE, '')


def test_a_disk_of_before_there_were_machines_runs(power, tmp_path):
    (tmp_path / 'disk').touch()
    assert power.get() == power_state.RUNNING


@pytest.mark.parametrize('state', [*power_state.STATE_MAP])
def test_a_state_outlives_the_process(power, tmp_path, state):
    power.set(state, 'something happens')
    assert Power(str(tmp_path)).get() == state
    assert sorted(os.listdir(tmp_path)) == ['console.log', 'power']


def test_whoever_writes_into_the_file_pulls_the_plug(power, tmp_path):
    power.set(power_state.RUNNING, 'boots')
    (tmp_path / 'power').write_text('shutdown')
    assert power.get() == power_state.SHUTDOWN
    (tmp_path / 'power').write_text('broken')
    assert power.get() == power_state.NOSTATE


def test_a_console_tells_what_happened_and_ends_with_the_last(power):
    for what in ('boots', 'is paused', 'goes on'):
        power.set(power_state.RUNNING, what)
    lines = power.tail().splitlines()
    assert [line.split('] ')[1] for line in lines] == ['boots', 'is paused', 'goes on']
    assert power.tail(2).splitlines() == lines[1:]
    assert power.tail(99).splitlines() == lines
    assert power.tail(0) == ''
