"""A reader's shell, in a copy of the project, and the terminals of the servers that are started in it."""

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tests.environment import named
from tests.servers import ROOT
from tests.waiting import wait_until

PROJECT = ('*.py', '*.ini', '.gitignore', 'Makefile', 'pyproject.toml', 'constraints.txt', 'cloud', 'workshop', 'xray')
NOT_COPIED = shutil.ignore_patterns('__pycache__', 'work')  # workshop/work: the student's own
SERVES = re.compile(
    r'make (run|xray|keystone|glance|registry|nova|cloud)\b|\bpython server\.py\b(?!.*(-h\b|--help|[|&>]))'
)
SERVED = 'Ctrl-C stops it'
PROCFILE = ROOT / 'cloud' / 'Procfile'
PROCESSES = re.compile(r'^[\w-]+:', re.MULTILINE)
PORT = re.compile(r'(?:PORT=|--port |port = |127\.0\.0\.1:)(\d{4})\b')
END = '--end-of-the-output--'
# What a command writes into a file, or defines as a function, it does not do.
HEREDOC = re.compile(r"""<<-?\s*['"]?(\w+)['"]?(.*)\n(?s:.*?)^\1$""", re.MULTILINE)
FUNCTION = re.compile(r'^[\w-]+ ?\(\) *\{(.*\}$|(?s:.*?)^\})', re.MULTILINE)
KILLS = re.compile(r'(^|[;&|({`]|\b(do|then|else|sudo)\s)\s*p?kill\s', re.MULTILINE)


class Shell:
    """A bash that stays, in a copy of the project, and the terminals of the servers that it was told to start."""

    time_limit = 120  # seconds for a command

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = Path(self.folder.name)
        self.project = self.home / 'toycloud'
        self.ports = {}
        copy_project(self.project)
        self.files = files_in(self.project)
        for ini in self.project.rglob('*.ini'):
            ini.write_text(self.to_real(ini.read_text()))
        # In a terminal, curl shows no progress; told to write into a pipe, it would.
        (self.home / '.curlrc').write_text('silent\nshow-error\n')
        self.environ = environment(self.home)
        self.bash = subprocess.Popen(
            ['bash', '--norc'], cwd=self.project, env=self.environ, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.terminals = []

    def run(self, command):
        """What the command prints, with the document's ports instead of the real ones."""
        alive = self.alive()
        watchdog = threading.Timer(self.time_limit, self.kill)
        watchdog.start()
        self.bash.stdin.write(f'{self.to_real(command)}\necho; echo {END}\n')
        self.bash.stdin.flush()
        lines = []
        while (line := self.bash.stdout.readline()) != END + '\n':
            if not line:
                raise AssertionError(f'the shell ended, or {command!r} took too long: {"".join(lines)}')
            lines.append(line)
        watchdog.cancel()
        if kills(command):  # a reader is not so quick as to type the next command before a server has ended
            wait_until(lambda: self.alive() != alive, 5)
        return self.to_written(''.join(lines))

    def serve(self, command):
        """The terminal in which this command is running, started if it is not."""
        for terminal in reversed(self.terminals):
            if terminal.command == command and terminal.is_alive():
                self.terminals.remove(terminal)
                break
        else:
            terminal = Terminal(self, command)
        self.terminals.append(terminal)
        return terminal

    def save(self, name, text):
        (self.project / name).write_text(self.to_real(text))

    def strays(self):
        """The files that the reader has made, and git would not ignore."""
        if not shutil.which('git'):
            return []
        for command in 'git init --quiet', 'git ls-files -z --others --exclude-standard':
            names = subprocess.check_output(command.split(), cwd=self.project, env=self.environ, text=True)
        return sorted(set(names.split('\0')[:-1]) - self.files)

    def to_real(self, text):
        for port in PORT.findall(text):
            if port not in self.ports:
                self.ports[port] = free_port(self.ports)
        return replace_numbers(text, self.ports)

    def to_written(self, text):
        return replace_numbers(text, {real: port for port, real in self.ports.items()})

    def alive(self):
        return [terminal for terminal in self.terminals if terminal.is_alive()]

    def kill(self):
        end_group(self.bash, signal.SIGKILL)

    def close(self):
        for terminal in self.terminals:
            terminal.end()
        self.kill()
        self.bash.wait(60)
        with contextlib.suppress(BrokenPipeError):
            self.bash.stdin.close()
        self.bash.stdout.close()
        self.folder.cleanup()


class Terminal:
    """What a serving command prints, stdout and stderr as they come. `shown`: how much of it the reader has seen."""

    def __init__(self, shell, command):
        self.shell, self.command = shell, command
        self.shown = 0
        handle, path = tempfile.mkstemp(suffix='.log', dir=shell.project / '.venv')
        self.path = Path(path)
        with open(handle, 'ab') as log:
            self.process = subprocess.Popen(
                ['bash', '-c', shell.to_real(command)], cwd=shell.project, env=shell.environ, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        services = len(PROCESSES.findall(PROCFILE.read_text())) if 'make cloud' in command else 1
        wait_until(lambda: self.text().count(SERVED) == services or not self.is_alive(), 60)

    def text(self):
        return self.shell.to_written(self.path.read_text(errors='replace'))

    def show(self, ids, expected):
        """What it has printed since it was last shown, and whether that is what is expected."""

        def is_as_expected():
            nonlocal printed
            printed = self.text()
            return ids.match(expected, printed[self.shown :])

        printed = ''
        # What a server says about a request may come a moment after its answer.
        fits = wait_until(is_as_expected, 5)
        since, self.shown = self.shown, len(printed)
        return printed[since:], fits

    def is_alive(self):
        return self.process.poll() is None

    def interrupt(self):
        assert self.is_alive(), f'{self.command!r} has ended before its Ctrl-C: {self.text()}'
        self.shown = len(self.text())
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(40)

    def end(self):
        for signum in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):  # kindly, at once, by force
            end_group(self.process, signum)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(3)
                break


def copy_project(project):
    """The project's files, where to keep data, and the commands that `make install` would have put into .venv."""
    project.mkdir()
    for pattern in PROJECT:
        for path in ROOT.glob(pattern):
            if path.is_dir():
                shutil.copytree(path, project / path.name, ignore=NOT_COPIED)
            else:
                shutil.copy2(path, project)
    python = project / '.venv' / 'bin' / 'python'
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for extra in ('run', 'cloud', 'workshop', 'xray'):  # make has nothing to install
        (project / '.venv' / f'.installed-{extra}').touch()


def files_in(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob('*') if not path.is_dir()}


def environment(home):
    """The variables that a reader's terminal has: not those of the `make test`, or of the coverage, around this."""
    path = f'{Path(sys.executable).parent}:{os.environ["PATH"]}'
    # In a terminal, Python writes each line at once; told to write into a pipe, it would not.
    return {**named(os.environ), 'HOME': str(home), 'PATH': path, 'PYTHONUNBUFFERED': '1'}


def free_port(taken):
    """A port, as text, that nobody uses, that is as long as those in the documents and given to no client either."""
    while True:
        port = random.randrange(5001, 8000)
        with contextlib.suppress(OSError), socket.create_server(('127.0.0.1', port)):
            if str(port) not in (*taken, *taken.values()):
                return str(port)


def replace_numbers(text, numbers):
    words = '|'.join(numbers)
    return re.sub(rf'(?<![\w.-])({words})(?![\w-])', lambda found: numbers[found[0]], text) if words else text


def kills(command):
    return KILLS.search(FUNCTION.sub('', HEREDOC.sub(r'\2', command))) is not None


def end_group(process, signum):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signum)
