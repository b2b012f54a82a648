"""What make says to a machine that lacks something."""

import os
import subprocess
import sys

import pexpect
import pytest

from tests.servers import ROOT


@pytest.fixture
def make(tmp_path):
    def make(*arguments, python=sys.executable):
        command = ['make', '--no-print-directory', f'PYTHON={python}', f'VENV={tmp_path}/venv', *arguments]
        # Under `make test`, the make above would speak through these.
        environ = {name: value for name, value in os.environ.items() if not name.startswith('MAKE')}
        return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)

    return make


@pytest.fixture
def fake_python(tmp_path):
    """A Python whose `-c` program fails if this text is in it, and else does nothing."""

    def fake_python(failing):
        script = tmp_path / 'python3'
        script.write_text(f'#!/bin/sh\ncase "$*" in *"{failing}"*) exit 1;; *-V*) echo Python 3.9.2;; esac\n')
        script.chmod(0o755)
        return script

    return fake_python


def told(ended):
    """The one line that is not make's own report of the failure."""
    assert ended.returncode != 0
    (line,) = [line for line in ended.stderr.splitlines() if not line.startswith('make: ***')]
    return line


def test_make_alone_lists_the_commands(make):
    listed = make().stdout
    commands = [
        'run',
        'learn',
        'grade',
        'walkthrough',
        'glance',
        'registry',
        'nova',
        'cloud',
        'audit',
        'soak',
        'test',
        'lint',
        'bench',
        'install',
        'format',
        'reset',
        'clean',
    ]
    for command in [*commands, 'wheels']:
        assert f'make {command} ' in listed


@pytest.mark.parametrize('command', ['run', 'test'])
def test_without_python_one_line_says_what_to_install(make, command):
    assert told(make(command, python='/nowhere/python3')) == (
        'toycloud: /nowhere/python3 is not there: install Python 3.10 or newer'
    )


def test_with_an_old_python_one_line_says_what_to_install(make, fake_python):
    assert 'Python 3.9.2 is too old: install Python 3.10 or newer' in told(
        make('run', python=fake_python('version_info'))
    )


def test_without_venv_one_line_says_what_to_install(make, fake_python):
    assert 'sudo apt install python3-venv' in told(make('run', python=fake_python('ensurepip')))


def test_make_test_runs_all_and_asks_for_coverage_or_runs_only_the_part_that_is_named(make):
    def runs(*arguments):
        return make('--dry-run', 'test', *arguments).stdout.splitlines()[-1].partition(' -m pytest ')[2]

    assert '--cov-fail-under=100' in runs()
    assert runs('TESTS=tests/test_auth.py -k token') == 'tests/test_auth.py -k token'


def test_python_may_lie_in_a_folder_with_a_space_in_its_name(make, tmp_path):
    folder = tmp_path / 'my python'
    folder.mkdir()
    (folder / 'python3').symlink_to(sys.executable)
    ended = make('--dry-run', 'test', python=folder / 'python3')
    assert (ended.returncode, ended.stderr) == (0, '')
    assert '.installed-' in ended.stdout
    assert ' -m pytest ' in ended.stdout.splitlines()[-1]


@pytest.fixture
def venv(tmp_path):
    """venv(script): a .venv whose Python does for pip what the lines of shell say; for make, it is there already."""

    def venv(script):
        python = tmp_path / 'venv' / 'bin' / 'python'
        python.parent.mkdir(parents=True)
        asked = f'case "$*" in *sys.version*) exec {sys.executable} "$@";; *"pip "*) ;; *) exit 0;; esac'
        python.write_text(f'#!/bin/sh\n{asked}\n{script}\n')
        python.chmod(0o755)

    return venv


INSTALLS = """
echo 'Collecting WebOb==1.8.9 (from toycloud)'
echo 'Collecting Routes==2.5.1 (from toycloud)'
echo 'Installing collected packages: WebOb, Routes'
sleep 0.2
"""


def test_a_terminal_shows_how_far_the_first_install_is(venv, tmp_path):
    venv(INSTALLS)
    command = f'make -s PYTHON={sys.executable} VENV={tmp_path}/venv learn'
    environ = {name: value for name, value in os.environ.items() if not name.startswith('MAKE')}
    said = pexpect.run(command, cwd=ROOT, env=environ, timeout=60, encoding='utf-8')
    assert f'setting up {tmp_path}/venv for ' in said
    assert '1 packages found: WebOb==1.8.9' in said
    assert '2 packages found: Routes==2.5.1' in said
    assert 'installing 2 packages, which takes a while ...' in said


def test_where_there_is_no_terminal_an_install_says_nothing_on_the_way(make, venv):
    venv(INSTALLS)
    ended = make('learn')
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.splitlines()[1:] == []


def test_an_install_that_fails_says_all_that_pip_said(make, venv):
    venv("echo 'Collecting WebOb==1.8.9'; echo 'ERROR: there is no network' >&2; exit 1")
    ended = make('learn')
    assert ended.returncode != 0
    assert 'Collecting WebOb==1.8.9\nERROR: there is no network\n' in ended.stderr
    assert 'status' not in ended.stderr


def test_the_second_make_learn_installs_nothing_and_starts_at_once(make, venv):
    venv(INSTALLS)
    assert 'setting up' in make('learn').stderr
    second = make('--dry-run', 'learn')
    assert second.stdout.count('\n') == 1
    assert second.stdout.endswith('-m workshop learn\n')
