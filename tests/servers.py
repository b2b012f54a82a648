"""Real servers for the tests: started as a user starts them, always ended."""

import contextlib
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests import warm
from tests.waiting import line_with

ROOT = Path(__file__).parent.parent
TOKEN = {'X-Auth-Token': 'open-sesame'}


class RunningServer:
    """A `python server.py ...` on a free port; banner: its first line; url, host, port: where; log_path: its stderr."""

    popen = subprocess.Popen

    def __init__(self, arguments, log_path, cwd=ROOT, **popen):
        self.log_path = log_path
        with open(log_path, 'w') as log:
            command = [sys.executable, str(ROOT / 'server.py'), *arguments]
            if '--port' not in command:
                command += ['--port', '0']
            self.process = self.popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=log, text=True, **popen)
        try:
            found = line_with(self.process, r'http://(.+):(\d+)')
        except AssertionError as error:
            self.end()
            raise AssertionError(f'the server did not start: {error} {self.log()}') from None
        self.banner = found.string
        self.url, self.host, self.port = found[0], found[1], int(found[2])

    def log(self):
        return self.log_path.read_text()

    def connect(self, timeout=10):
        return socket.create_connection((self.host, self.port), timeout)

    def exchange(self, data, timeout=10):
        """Send raw bytes, say no more, and return all that comes back."""
        with self.connect(timeout) as connection:
            with contextlib.suppress(OSError):  # it may have answered and closed before it heard everything
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

    def send_signal(self, signum=signal.SIGTERM):
        self.process.send_signal(signum)

    def wait(self, timeout=20):
        return self.process.wait(timeout)

    def end(self):
        for signum in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):  # kindly, at once, by force
            self.process.send_signal(signum)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(3)
                break
        self.process.stdout.close()


class WarmServer(RunningServer):
    """The same, started a third of a second sooner, where the start is not what is tested; coverage does not see it."""

    popen = warm.Process


def read_answer(connection):
    """One answer, head and body, of a connection that stays open."""
    received = b''
    while not (head_and_body := received.partition(b'\r\n\r\n'))[1]:
        received += connection.recv(65536)
    missing = int(re.search(rb'(?i)content-length: (\d+)', head_and_body[0])[1]) - len(head_and_body[2])
    while missing > 0:
        data = connection.recv(missing)
        received, missing = received + data, missing - len(data)
    return received


def read_all(connection):
    received = b''
    with contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65536):
            received += data
    return received


def run_server(*arguments, timeout=20, cwd=ROOT):
    """Run server.py where it is expected to end by itself: a CompletedProcess."""
    command = [sys.executable, str(ROOT / 'server.py'), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout)
