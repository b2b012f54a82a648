"""python -m soak with real services, for a moment: what it starts, it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import ROOT
from tests.waiting import line_with, wait_until


@pytest.fixture
def soak(tmp_path):
    """soak(...): the command, running; ended when the test ends."""
    processes = []

    def soak(*arguments):
        command = [sys.executable, '-u', '-m', 'soak', *arguments]
        environ = {**os.environ, 'TMPDIR': str(tmp_path)}  # what it keeps to be looked at, pytest throws away
        processes.append(subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True))
        return processes[-1]

    yield soak
    for process in processes:
        process.kill()
        process.wait(60)
        process.stdout.close()


def folder_of(process):
    return line_with(process, 'data in (.+)')[1]


def processes_of(folder):
    """The ids of the processes that have the folder in their command lines."""
    found = subprocess.run(['ps', '-wweo', 'pid=,args='], capture_output=True, text=True).stdout.splitlines()
    return [int(line.split()[0]) for line in found if f' {folder}/' in line]


def test_it_serves_kills_audits_and_compares(soak):
    process = soak('--seconds', '3', '--seed', '4', '--threads', '4')
    folder = folder_of(process)
    output = process.communicate(timeout=240)[0]
    assert 'compared: ' in output
    assert 'audit: ' in output
    assert re.search(r'answers: [1-9]', output)
    assert processes_of(folder) == []
    assert os.path.exists(folder) == (process.returncode == 1) == ('FOUND' in output)


@pytest.mark.parametrize('signum', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_all_that_it_has_started(soak, signum):
    process = soak('--seconds', '600')
    folder = folder_of(process)
    assert wait_until(lambda: len(processes_of(folder)) == 3)
    time.sleep(1)
    process.send_signal(signum)
    assert process.wait(60) == 130
    assert processes_of(folder) == []
    assert not Path(folder).exists()
