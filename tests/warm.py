"""Python processes that start at once: forked from a warm one, which has imported what takes long.

Use: Process([sys.executable, '-m', MODULE, ...]) or Process([sys.executable, 'file.py', ...]), as subprocess.Popen.

A third of a second of a service's start goes into the imports of libraries; tests/warm_parent.py does them once. The
product's own modules are imported anew in each process, and nothing that a test or a student wrote runs in the warm
one: but for the libraries, each process is as if it was started alone. It is not measured by coverage.
Whoever tests how a process starts, or that it ends with the one that started it, starts a real one.
Real: none
"""

import atexit
import contextlib
import functools
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parent.parent
# What takes long to import, and does not look at where it is while it is imported (as stevedore does). Of the product,
# workshop.check is imported there and nothing else: a check imports that before it has a student's folder on sys.path.
LIBRARIES = (
    'glanceclient',
    'jsonschema',
    'paste.translogger',
    'routes.middleware',
    'simplejson',
    'sqlalchemy',
    'sqlalchemy.dialects.sqlite',
    'sqlalchemy.orm',
    'urllib3',
    'waitress.server',
)


@functools.cache
def requests():
    """The socket on which the common warm process takes a request for each new one; the first who asks starts it."""
    return atexit_stack().enter_context(warm_parent(LIBRARIES))


@functools.cache
def atexit_stack():
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack


@contextlib.contextmanager
def warm_parent(libraries):
    """The socket of a warm process with these libraries (names of modules), while the `with` lasts."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(('COV', 'PYTHON'))}
    handed_on = [its.fileno(), ours.fileno()]  # its children are among those who ask
    command = [sys.executable, '-m', 'tests.warm_parent', *map(str, handed_on), *libraries]
    with ours, subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, pass_fds=handed_on) as parent:
        its.close()
        yield ours
        parent.communicate()


class Process:
    """What of subprocess.Popen the tests and the workshop use. Its parent is a process that ends when this object does,
    or whoever has it. asks: the socket of its warm process, if that is not the common one."""

    def __init__(
        self, command, cwd=None, env=None, stdin=None, stdout=None, stderr=None, start_new_session=False, text=False,
        asks=None,
    ):  # fmt: skip
        assert command[0] == sys.executable
        self.stdin = self.stdout = self.returncode = None
        asked = {
            'arguments': [str(argument) for argument in command[1:]],
            'cwd': str(cwd or os.getcwd()),
            'environ': dict(os.environ if env is None else env),
            'start_new_session': start_new_session,
            'open_files': resource.getrlimit(resource.RLIMIT_NOFILE),
        }
        self.keeper, keepers = socket.socketpair()
        with contextlib.ExitStack() as stack:
            stack.callback(keepers.close)
            streams = [self.open(stack, each, text) for each in enumerate((stdin, stdout, stderr))]
            socket.send_fds(asks or requests(), [json.dumps(asked).encode()], [keepers.fileno(), *streams])
        self.pid = self.told()

    def open(self, stack, numbered, text):
        """The descriptor that it gets as its standard input (0), output (1) or error (2)."""
        number, stream = numbered
        if stream is None:
            return number
        if stream == subprocess.DEVNULL:
            return stack.enter_context(open(os.devnull, 'r+b')).fileno()
        if stream != subprocess.PIPE:
            return stream.fileno()
        reads, writes = os.pipe()
        if number == 0:
            its, self.stdin = reads, os.fdopen(writes, 'wb')
        else:
            assert number == 1
            its, self.stdout = writes, os.fdopen(reads, 'r' if text else 'rb')
        stack.callback(os.close, its)
        return its

    def told(self):
        """The next of the two numbers that are told: the process id, and the exit status."""
        said = self.keeper.recv(4)
        assert said, 'the warm process is gone'
        return int.from_bytes(said, 'big', signed=True)

    def wait(self, timeout=None):
        if self.returncode is None:
            if not is_readable(self.keeper, timeout):
                raise subprocess.TimeoutExpired(f'process {self.pid}', timeout)
            self.returncode = self.told()
            self.keeper.close()
        return self.returncode

    def poll(self):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, signum):
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


# To be put in the place of a module's `subprocess`.
SUBPROCESS = SimpleNamespace(**{**vars(subprocess), 'Popen': Process})


def run(command, timeout, **options):
    """As subprocess.run: a CompletedProcess, with stdout and stderr as text."""
    with tempfile.TemporaryFile('w+') as stdout, tempfile.TemporaryFile('w+') as stderr:
        process = Process(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, **options)
        try:
            process.wait(timeout)
        finally:
            process.kill()
            process.wait()
        stdout.seek(0)
        stderr.seek(0)
        return subprocess.CompletedProcess(command, process.returncode, stdout.read(), stderr.read())


def is_readable(sock, timeout):
    """Whether there is something to read within so many seconds (None: as long as it takes).

    select() would take no file descriptor above 1023, and a process that runs thousands of tests may come to that.
    """
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(None if timeout is None else timeout * 1000))
