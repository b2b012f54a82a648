"""Run the console blocks of the documentation, and compare what they print with what they say.

A block is what a reader would see in a terminal: lines that begin with `$ ` are typed (`> ` goes on), the
rest is their output. All blocks of a document share one shell, in a copy of the project: its files, `.venv/bin/python`
and `make` are there as a reader finds them, and nothing that is typed changes the checkout.

**Files.** A block of Python or of an ini whose first line is a comment with nothing but a file's name (`# stamp.py`,
`; stamp.ini`) is what the reader saves under that name.

**Servers.** A command that serves (`make run`, `.venv/bin/python server.py stamp.ini -v`, `make cloud`) gets a terminal
of its own, and keeps running. What a server has printed since is shown in one of two ways:

    ```console                                  ```console
    req-9ad2... GET /instances                  $ .venv/bin/python server.py -v
    req-9ad2... reaches Auth                    ...
    ```                                         req-9ad2... reaches Auth
                                                ```

On the left, without a prompt: what the terminal shown last has printed since. On the right, the same command again:
the whole terminal of that server. A line `^C` in either is the Ctrl-C that ends the server; behind it comes what the
server then prints. With nothing before it, anything may have been printed until then. A server may also be killed:
`make registry PORT=9191`, then `pkill -f -- '--port 9191'`.

**What is left over.** A document fails at its end if git would not ignore a file that it has made.

**What differs from run to run.** Ports (of four digits) are free ones: what the document calls 8080 or 9292 is the one
that this run took for it. Dates and curl's version may be any. An id (a UUID) in the document stands for one id of this
run, each for another one. And `...` stands for any text, as in a doctest; as a line, for any lines or none.

A pytest plug-in: `-p tests.console_blocks` in pyproject.toml. Its own tests: tests/test_console_blocks.py.
"""

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

import pytest
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser

from tests.environment import named
from tests.servers import ROOT
from tests.waiting import wait_until

PROJECT = ('*.py', '*.ini', '.gitignore', 'Makefile', 'pyproject.toml', 'constraints.txt', 'cloud', 'workshop')
NOT_COPIED = shutil.ignore_patterns('__pycache__', 'work')  # workshop/work: the student's own
SERVES = re.compile(r'make (run|glance|registry|nova|cloud)\b|\bpython server\.py\b(?!.*(-h\b|--help|[|&>]))')
SERVED = 'Ctrl-C stops it'
UUID = r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
VARYING = (
    r'\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT',
    r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6}|Z)',
    r'\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}',
    r'curl/\d[\d.]*',
)
DOTS = {'...\n': r'(?:[^\n]*\n)*?', '\n...': r'(?:\n.*)?', '...': '.*?'}  # a line, the last line, part of a line
PLACES = re.compile('|'.join([r'(^\.\.\.\n|\n\.\.\.\Z|\.\.\.', UUID, *VARYING]) + ')', re.MULTILINE)
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
        self.bash.wait()
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
        services = 3 if 'make cloud' in command else 1
        wait_until(lambda: self.text().count(SERVED) == services or not self.is_alive(), 60)

    def text(self):
        return self.shell.to_written(self.path.read_text(errors='replace'))

    def differs(self, ids, expected):
        """None if what it has printed since it was last shown is what is expected, or else a report."""

        def is_as_expected():
            nonlocal printed
            printed = self.text()
            return ids.match(expected, printed[self.shown :])

        printed = ''
        # What a server says about a request may come a moment after its answer.
        if not wait_until(is_as_expected, 5):
            return report(self.command, expected, ids.as_written(printed[self.shown :]))
        self.shown = len(printed)
        return None

    def is_alive(self):
        return self.process.poll() is None

    def interrupt(self):
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
    for extra in ('run', 'cloud', 'workshop'):  # make has nothing to install
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


class Ids:
    """Compares texts; the ids of a document, and what they stand for in this run."""

    def __init__(self):
        self.real = {}  # from the document's id to this run's

    def match(self, written, printed):
        """Whether the document's text is what was printed; its new ids then stand for those in their places."""
        groups = {}
        places = PLACES.split(tidy(written))
        pattern = ''.join(
            self.pattern(text, groups) if number % 2 else re.escape(text) for number, text in enumerate(places)
        )
        found = re.fullmatch(pattern, tidy(printed), re.DOTALL)
        new = {text: found[group] for text, group in groups.items()} if found else {}
        known = [*self.real.values(), *new.values()]
        if not found or len(known) != len(set(known)):
            return False
        self.real.update(new)
        return True

    def pattern(self, text, groups):
        if text in DOTS:
            return DOTS[text]
        if not re.fullmatch(UUID, text):
            return next(pattern for pattern in VARYING if re.fullmatch(pattern, text))
        if text in self.real:
            return re.escape(self.real[text])
        if text in groups:
            return f'(?P={groups[text]})'
        groups[text] = f'id{len(groups)}'
        return f'(?P<{groups[text]}>{UUID})'

    def as_written(self, printed):
        """The printed text with the document's ids, as far as they are known."""
        written = {real: text for text, real in self.real.items()}
        return re.sub(UUID, lambda found: written.get(found[0], found[0]), tidy(printed))


def tidy(text):
    return '\n'.join(line.rstrip() for line in text.splitlines()).strip()


def evaluate(example):
    """Run a console block: None, or what is wrong."""
    shell, ids = example.namespace['shell'], example.namespace['ids']
    first = None  # what is behind it is typed nevertheless: later blocks build on it
    for command, expected in sessions(example.parsed):
        if command is None or SERVES.search(command):
            wrong = watch(shell, ids, command, expected)
        else:
            printed = shell.run(command)
            wrong = None if ids.match(expected, printed) else report(command, expected, ids.as_written(printed))
        first = first or wrong
    return first


def watch(shell, ids, command, expected):
    """Compare a server's terminal, now and after each Ctrl-C, with what the block says."""
    terminal = shell.terminals[-1] if command is None else shell.serve(command)
    if command is not None:
        terminal.shown = 0
    before, *after = re.split(r'^\^C(?:\n|$)', expected, flags=re.MULTILINE)
    wrong = None if after and not before.strip() else terminal.differs(ids, before)
    for part in after:
        terminal.interrupt()
        wrong = wrong or terminal.differs(ids, part)
    return wrong


def report(command, expected, printed):
    return f'$ {command}\nthe document says:\n{tidy(expected)}\nit printed:\n{printed}'


def sessions(block):
    """(command, expected output) of each `$ ` in the block; the command is None for what comes before the first."""
    command, expected = None, []
    for line in block.splitlines():
        if line.startswith('$ '):
            if command is not None or expected:
                yield command, '\n'.join(expected)
            command, expected = line[2:], []
        elif not expected and command is not None and (line == '>' or line.startswith('> ')):
            command += '\n' + line[2:]
        else:
            expected.append(line)
    yield command, '\n'.join(expected)


def save(example):
    """Save a file that the reader is told to write."""
    named = re.match(r'[#;] ([\w./-]+\.(?:py|ini))\n', example.parsed)
    if named:
        example.namespace['shell'].save(named[1], example.parsed)


def setup(namespace):
    namespace.update(shell=Shell(), ids=Ids())


def teardown(namespace):
    try:
        strays = namespace['shell'].strays()
    finally:
        namespace['shell'].close()
    if strays:
        pytest.fail(f'The document has its readers write what .gitignore does not name: {", ".join(strays)}', False)


pytest_collect_file = Sybil(
    parsers=[
        CodeBlockParser(language='console', evaluator=evaluate),
        CodeBlockParser(language='python', evaluator=save),
        CodeBlockParser(language='ini', evaluator=save),
    ],
    path=str(ROOT),
    pattern='*.md',
    setup=setup,
    teardown=teardown,
).pytest()
