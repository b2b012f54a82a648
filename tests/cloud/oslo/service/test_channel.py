"""A full server, for real: 256 open files, as on macOS, and 400 clients who stay connected."""

import contextlib
import resource
import time

import psutil
import pytest

from tests.servers import read_answer

GET = b'GET /instances HTTP/1.1\r\nHost: cloud\r\nX-Auth-Token: open-sesame\r\n\r\n'
FILES = 256


@pytest.fixture
def few_files(start):
    """A server that may open 256 files, and no more however it asks."""
    return start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES)))


def ask(connection):
    connection.sendall(GET)
    return read_answer(connection)


def test_a_new_request_is_answered_beside_400_idle_connections(few_files):
    with contextlib.ExitStack() as stack:
        for number in range(400):
            connection = stack.enter_context(few_files.connect())
            if number % 2:
                assert ask(connection).startswith(b'HTTP/1.1 200 OK')
        for _ in range(3):
            with few_files.connect(timeout=5) as connection:
                assert ask(connection).startswith(b'HTTP/1.1 200 OK')
        assert processor_seconds(few_files.process.pid, 1) < 0.5
    assert 'takes 80 connections at a time' in few_files.log()


def test_connections_that_are_busy_stay_and_the_first_that_becomes_idle_makes_room(few_files):
    with contextlib.ExitStack() as stack:
        busy = [stack.enter_context(few_files.connect()) for _ in range(78)]
        for connection in busy:
            connection.sendall(GET[:40])
        time.sleep(0.5)
        waiting = stack.enter_context(few_files.connect(timeout=5))
        waiting.sendall(GET)
        time.sleep(0.5)
        for connection in busy:
            connection.sendall(GET[40:])
            assert read_answer(connection).startswith(b'HTTP/1.1 200 OK')
        assert read_answer(waiting).startswith(b'HTTP/1.1 200 OK')


def processor_seconds(pid, seconds):
    """What the process uses of the processor within so many seconds."""
    process = psutil.Process(pid)
    before = process.cpu_times()
    time.sleep(seconds)
    after = process.cpu_times()
    return after.user + after.system - before.user - before.system
