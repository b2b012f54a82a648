"""Whatever machine the tests run on, and whoever starts them, they see the same; and one that hangs ends."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests import environment
from tests.servers import ROOT

# What another project, a company or a CI may have set.
STRANGE = {
    'http_proxy': 'http://127.0.0.1:1', 'OS_CLOUD': 'theirs', 'PYTHONPATH': '/nowhere', 'PYTHONUNBUFFERED': '1',
    'TZ': 'Pacific/Kiritimati', 'VIRTUAL_ENV': '/nowhere', 'LC_ALL': 'POSIX', 'HOME': '/nowhere', 'CI': 'true',
}  # fmt: skip

INSIDE = """
import json, os, subprocess

def test_it():
    print('seen', json.dumps([dict(os.environ), subprocess.check_output(['sh', '-c', 'umask'], text=True)]))
"""
HANGS = """
import subprocess

def test_that_hangs():
    with subprocess.Popen(['sleep', '600'], stdout=subprocess.PIPE) as process:
        try:
            process.stdout.readline()
        finally:
            process.kill()

def test_that_passes():
    pass
"""


@pytest.fixture
def run(tmp_path):
    """run(code, 'arguments', ...): what pytest prints of a file with this code, in an environment full of strangers."""

    def run(code, *arguments):
        file = tmp_path / 'test_inside.py'
        file.write_text(code)
        command = [sys.executable, '-E', '-m', 'pytest', '-c', 'pyproject.toml', '-p', 'no:cacheprovider', *arguments]
        environ = {'PATH': os.environ['PATH'], **STRANGE}
        ended = subprocess.run(
            [*command, str(file)], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, umask=0o077
        )
        return ended.stdout + ended.stderr

    return run


@pytest.mark.parametrize('processes', [[], ['-n', '1']])
def test_only_named_variables_reach_the_tests(run, processes):
    said = run(INSIDE, '-rP', *processes)
    environ, umask = json.loads(next(line for line in said.splitlines() if line.startswith('seen '))[5:])
    pytests = {name for name in environ if name.startswith(('PYTEST_', 'COV'))}
    assert set(environ) - pytests - {'COLUMNS', 'LINES'} == {'PATH', 'HOME', 'LC_ALL'}  # the two: the module readline's
    assert environ['LC_ALL'] == 'C.UTF-8'
    assert environ['HOME'] not in ('/nowhere', os.environ['HOME'])
    assert not os.path.exists(environ['HOME'])  # any more
    assert umask.strip() == '0022'


def test_a_test_that_hangs_fails_by_itself_and_the_others_go_on(run):
    said = run(HANGS, '-o', 'timeout=2', '-n', '1')
    assert 'Timeout (>2.0s)' in said
    assert 'process.stdout.readline()' in said
    assert '1 failed, 1 passed' in said


BACKGROUND = """
import subprocess

def test_it():
    assert subprocess.run(['sh', '-c', 'kill -INT $$; sleep 60'], timeout=60).returncode == -2
"""


@pytest.mark.parametrize('processes', [[], ['-n', '1']])
def test_in_the_background_what_the_tests_start_heeds_ctrl_c(run, processes):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert '1 passed' in run(BACKGROUND, *processes)
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_is_not_installed_is_one_line():
    assert environment.missing() == ''
    said = environment.missing('/nowhere')
    assert said.startswith('the tests need bash, make, curl, ')
    assert said.endswith(': on Debian and Ubuntu, sudo apt install bash curl make procps')


def test_too_few_open_files_are_one_line(monkeypatch):
    assert environment.too_few_files() == ''
    monkeypatch.setattr(environment.resource, 'getrlimit', lambda which: (256, 256))
    assert environment.too_few_files() == 'the tests need 4096 open files, and only 256 are allowed here (ulimit -Hn)'


def test_without_what_is_needed_pytest_says_that_line_and_no_more(run, monkeypatch):
    monkeypatch.setenv('PATH', '/nowhere')
    assert run(INSIDE).strip() == f'ERROR: {environment.missing("/nowhere")}'


@pytest.mark.parametrize('signum', [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_is_ignored_here_is_not_ignored_by_what_is_started(signum):
    before = signal.signal(signum, signal.SIG_IGN)
    try:
        environment.heed_signals()
        os.kill(os.getpid(), signum)  # which we survive
        assert subprocess.run(['sh', '-c', f'kill -{signum} $$; sleep 60']).returncode == -signum
    finally:
        signal.signal(signum, before)
