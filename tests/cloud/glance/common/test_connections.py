"""Connections that are kept: which one is used again, and which one is not."""

import contextlib
import http.client
import socket
import threading
import time

import pytest

from cloud.glance.common import connections
from cloud.glance.common.connections import Connections

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'


class Listener:
    """A service that answers each request with ANSWER, and knows its connections."""

    def __init__(self, answer=ANSWER):
        self.answer = answer
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.accepted = []
        self.thread = threading.Thread(target=self.accept)
        self.thread.start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                self.accepted.append(self.socket.accept()[0])
                threading.Thread(target=self.serve, args=[self.accepted[-1]], daemon=True).start()

    def serve(self, connection):
        with contextlib.suppress(OSError):
            while connection.recv(65536):
                connection.sendall(self.answer)

    def hang_up(self):
        for connection in self.accepted:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def end(self):
        self.hang_up()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(30)
        for each in (self.socket, *self.accepted):
            each.close()


@pytest.fixture
def listener():
    listener = Listener()
    yield listener
    listener.end()


@pytest.fixture
def kept(listener):
    with contextlib.closing(Connections(*listener.socket.getsockname())) as kept:
        yield kept


def ask(kept):
    with kept.one(time.monotonic() + 30) as connection:
        connection.request('GET', '/')
        return connection.getresponse().read()


def test_the_second_request_goes_by_the_connection_of_the_first(kept, listener):
    assert [ask(kept), ask(kept), ask(kept)] == [b'{}'] * 3
    assert len(listener.accepted) == 1


def test_two_at_once_have_a_connection_each_and_both_are_kept(kept, listener):
    with kept.one(time.monotonic() + 30) as connection:
        assert ask(kept) == b'{}'
        connection.request('GET', '/')
        connection.getresponse().read()
    assert len(listener.accepted) == len(kept.idle) == 2


def test_no_more_are_kept_than_the_services_workers_need(kept, monkeypatch):
    monkeypatch.setattr(connections, 'MOST', 0)
    assert ask(kept) == b'{}'
    assert kept.idle == []


def test_a_connection_that_the_service_has_closed_is_not_used_again(kept, listener):
    ask(kept)
    listener.hang_up()
    assert ask(kept) == b'{}'
    assert len(listener.accepted) == 2


def test_a_connection_that_was_idle_for_long_is_not_used_again(kept, listener, monkeypatch):
    ask(kept)
    monkeypatch.setattr(connections, 'IDLE', 0)
    assert ask(kept) == b'{}'
    assert len(listener.accepted) == 2


def test_a_connection_with_an_error_on_it_is_closed(kept):
    with pytest.raises(ZeroDivisionError), kept.one(time.monotonic() + 30) as connection:
        connection.request('GET', '/')
        raise ZeroDivisionError
    assert connection.sock is None
    assert kept.idle == []


def test_a_connection_whose_answer_says_that_it_is_the_last_one_is_not_kept(kept, listener):
    listener.answer = ANSWER.replace(b'\r\n\r\n', b'\r\nConnection: close\r\n\r\n')
    assert ask(kept) == b'{}'
    assert kept.idle == []


def test_after_its_end_nothing_is_asked(kept, listener):
    with pytest.raises(TimeoutError), kept.one(time.monotonic() - 1):
        raise AssertionError('there was no time left')
    assert listener.accepted == []


def test_what_is_closed_meanwhile_is_no_answer(kept, listener):
    listener.answer = ANSWER[:-1]
    with pytest.raises(http.client.IncompleteRead), kept.one(time.monotonic() + 30) as connection:
        connection.request('GET', '/')
        answer = connection.getresponse()
        listener.hang_up()
        answer.read()
