"""Run the console blocks of the documentation, and compare what they print with what they say.

A block is what a reader would see in a terminal: lines that begin with `$ ` are typed (`> ` goes on), the
rest is their output. All blocks of a document share one shell, in an empty folder. A command that serves
(`make run`) is started on a free port, with data of its own; wherever the document or an ini names the port that
it would have, that one is meant. Before the comparison, dates become DATE, and ids become ID-1, ID-2, ... in the
order in which the document, or this run, mentions them: the same id in two places must be the same in this run.
As in a doctest, `...` stands for any text.

A pytest plug-in: `-p tests.console_blocks` in pyproject.toml.
"""

import contextlib
import doctest
import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser

from tests.servers import ROOT, RunningServer

# What a reader types to serve -> the ini, and the port that it and the document name.
SERVING = {
    'make run': ('configure.ini', '8080'),
    'make glance': ('cloud/glance/glance-api.ini', '9292'),
    'make glance PORT=9293': ('cloud/glance/glance-api.ini', '9293'),
    'make registry': ('cloud/glance/glance-registry.ini', '9191'),
    'make nova': ('cloud/nova/nova-api.ini', '8774'),
    '.venv/bin/python server.py cloud/nova/two-glances.ini': ('cloud/nova/two-glances.ini', '8774'),
}
UUID = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')
DATE = re.compile(r'\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|\.\d{6})')
END = '--end-of-the-output--'


class Shell:
    """A bash that stays, and the servers that it was told to start."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        home = Path(self.folder.name)
        # In a terminal, curl shows no progress; told to write into a pipe, it would.
        (home / '.curlrc').write_text('silent\nshow-error\n')
        environ = {name: value for name, value in os.environ.items() if not name.startswith('OS_')}
        path = f'{Path(sys.executable).parent}:{os.environ["PATH"]}'
        self.bash = subprocess.Popen(
            ['bash', '--norc'], cwd=home, env={**environ, 'HOME': str(home), 'PATH': path}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.servers = []
        self.ports = free_ports({port for _, port in SERVING.values()})
        for ini in {ini for ini, _ in SERVING.values()}:
            self.copy(ini, home / ini)

    def run(self, command):
        """What the command prints, with the document's addresses instead of the real ones."""
        if command in SERVING:
            output = self.serve(command)
        else:
            self.bash.stdin.write(f'{self.to_real(command)}\necho; echo {END}\n')
            self.bash.stdin.flush()
            output = ''.join(iter(self.bash.stdout.readline, END + '\n'))
        return replace_words(output, {real: port for port, real in self.ports.items()})

    def to_real(self, text):
        return replace_words(text, self.ports)

    def copy(self, ini, copy):
        """The ini where a reader would find it from the shell's folder, naming this run's ports and folders."""
        text = self.to_real((ROOT / ini).read_text()).replace('%(here)s/../../data', f'{self.folder.name}/data')
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text.replace('%(here)s', str((ROOT / ini).parent)))

    def serve(self, command):
        ini, port = SERVING[command]
        home = Path(self.folder.name)
        running = RunningServer([str(home / ini), '--port', self.ports[port]], home / f'{port}.log')
        self.servers.append(running)
        return running.banner[0].replace(f'{home}/', '') + running.process.stdout.readline()

    def close(self):
        self.bash.stdin.close()
        self.bash.wait(10)
        self.bash.stdout.close()
        for running in self.servers:
            running.end()
        self.folder.cleanup()


def free_ports(names):
    """{name: a port that nobody uses, as text}"""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(('127.0.0.1', 0))) for _ in names]
        return {name: str(each.getsockname()[1]) for name, each in zip(names, sockets)}


def replace_words(text, words):
    return re.sub(r'\b(' + '|'.join(words) + r')\b', lambda found: words[found[0]], text)


class Ids:
    """Turns each id that it meets into ID-n, n counting the different ones."""

    def __init__(self):
        self.names = {}

    def name(self, match):
        return self.names.setdefault(match[0], f'ID-{len(self.names) + 1}')

    def normalise(self, text):
        lines = [line.rstrip() for line in UUID.sub(self.name, DATE.sub('DATE', text)).splitlines()]
        return '\n'.join(lines).strip() + '\n'


def evaluate(example):
    checker = doctest.OutputChecker()
    for command, expected in sessions(example.parsed):
        shell = example.namespace['shell']
        actual = example.namespace['ran'].normalise(shell.run(command))
        expected = example.namespace['written'].normalise(expected)
        if not checker.check_output(expected, actual, doctest.ELLIPSIS):
            return f'$ {command}\nthe document says:\n{expected}\nit printed:\n{actual}'
    return None


def sessions(block):
    """(command, expected output) of each `$ ` in the block."""
    command, expected = None, []
    for line in block.splitlines():
        if line.startswith('$ '):
            if command is not None:
                yield command, '\n'.join(expected)
            command, expected = line[2:], []
        elif line.startswith('> ') and not expected:
            command += '\n' + line[2:]
        else:
            expected.append(line)
    yield command, '\n'.join(expected)


def setup(namespace):
    namespace.update(shell=Shell(), ran=Ids(), written=Ids())


def teardown(namespace):
    namespace['shell'].close()


pytest_collect_file = Sybil(
    parsers=[CodeBlockParser(language='console', evaluator=evaluate)],
    path=str(ROOT),
    pattern='*.md',
    setup=setup,
    teardown=teardown,
).pytest()
