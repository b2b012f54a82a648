"""What make says to a machine that lacks something."""

import os
import subprocess
import sys

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
