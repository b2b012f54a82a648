"""A client for a server process over loopback, and the server processes."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from bench.answers import Answer, WrongAnswer

ROOT = Path(__file__).parent.parent
PATIENCE = 30  # seconds for a server to start, to stop, or to answer: after that it counts as broken


class OverHttp:
    """ask(request) gives one Answer; timed(request, count) the seconds that `count` of them take, and the Answers.

    Keep-alive connections of one thread: a request goes out on each of them, then the answers are read, so
    `connections` requests are under way at a time. Plain sockets, since http.client takes longer than the servers do.
    buffer: a bytearray for bodies of just its size (see Connection).
    """

    def __init__(self, url, connections=1, buffer=None):
        self.address = re.fullmatch(r'http://([\d.]+):(\d+)', url).groups()
        self.connections = [Connection(*self.address, buffer) for _ in range(connections)]

    def ask(self, request):
        return self.timed(request, 1)[1][0]

    def timed(self, request, count):
        text, answers = text_of(request), []
        start = time.perf_counter()
        while len(answers) < count:
            turn = self.connections[: count - len(answers)]
            for connection in turn:
                connection.send(text)
            answers += [connection.receive() for connection in turn]
        return time.perf_counter() - start, answers

    def close(self):
        for connection in self.connections:
            connection.close()


class Connection:
    """One keep-alive connection, opened anew if an answer says that the server closes it (waitress after a 204).

    buffer: where a body goes that just fills it, so that getting fresh memory is not part of what is measured.
    """

    def __init__(self, host, port, buffer=None):
        self.address, self.buffer = (host, port), buffer
        self.open()

    def open(self):
        self.socket = socket.create_connection(self.address, PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile('rb')

    def send(self, text):
        self.socket.sendall(text)

    def receive(self):
        status = int(self.file.readline().split()[1])
        headers = {}
        while (line := self.file.readline()) not in (b'\r\n', b''):
            name, _, value = line.decode('latin-1').partition(':')
            headers[name.lower()] = value.strip()
        answer = Answer(status, headers, self.read(int(headers.get('content-length', 0))))
        if headers.get('connection') == 'close':
            self.close()
            self.open()
        return answer

    def read(self, length):
        if self.buffer is None or length != len(self.buffer):
            return self.file.read(length)
        if self.file.readinto(self.buffer) < length:
            raise WrongAnswer(f'the server hung up in the middle of a body of {length} bytes')
        return self.buffer

    def close(self):
        self.file.close()
        self.socket.close()


def text_of(request):
    lines = [f'{request.method} {request.target} HTTP/1.1', *(f'{name}: {value}' for name, value in request.headers())]
    return '\r\n'.join([*lines, '', '']).encode() + request.body


@contextlib.contextmanager
def serving(*arguments, temporary=None, started=lambda pid: None):
    """Start `python ARGUMENTS` at the top of the repository; give the URL that it prints; end it afterwards.

    temporary: the folder for its temporary files, instead of the system's. started: called with the process's id.
    """
    command = [sys.executable, *arguments]
    env = {**os.environ, 'TMPDIR': str(temporary)} if temporary else None
    pipes = {'stdout': subprocess.PIPE, 'stderr': subprocess.DEVNULL, 'text': True}
    with subprocess.Popen(command, cwd=ROOT, env=env, **pipes) as process:
        started(process.pid)
        try:
            yield url_from(process)
        finally:
            end(process)


def url_from(process):
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    line = process.stdout.readline()
    watchdog.cancel()
    found = re.search(r'http://[\d.]+:\d+', line)
    if not found:
        raise RuntimeError(f'{process.args} printed no URL: run it by hand to see why')
    return found[0]


def end(process):
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
