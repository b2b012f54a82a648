"""How answers leave a server: who calls send, with what, and when."""

import socket
import threading
import time

import pytest
from waitress.server import create_server

from cloud.oslo.service.channel import Channel
from tests.servers import read_answer

PATIENCE = 10  # seconds


class Watched(Channel):
    """Notes each call to the socket: the thread's name, and the data."""

    sent = []

    def send(self, data, do_close=True):
        self.sent.append((threading.current_thread().name, bytes(data)))
        return super().send(data, do_close)


class App:
    """What a test's path asks for; `go_on` lets an answer that waits continue."""

    def __init__(self):
        self.go_on = threading.Event()

    def __call__(self, environ, start_response):
        return getattr(self, environ['PATH_INFO'].strip('/'))(start_response)

    def whole(self, start_response):
        start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '4')])
        return [b'body']

    def large(self, start_response):
        start_response('200 OK', [('Content-Type', 'text/plain')])  # waitress adds the length of a single item
        return [b'x' * 20_000_000]

    def empty(self, start_response):
        start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '0')])
        return []

    def head(self, start_response):
        start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '4')])
        return []

    def in_pieces(self, start_response):
        start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '9')])
        yield b'first'
        assert self.go_on.wait(PATIENCE)
        yield b'last'

    def late(self, start_response):
        assert self.go_on.wait(PATIENCE)
        return self.whole(start_response)

    def too_long(self, start_response):
        start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '4')])
        return [b'body and more']


@pytest.fixture
def app():
    return App()


@pytest.fixture
def connection(app):
    """A client's connection to a server whose loop runs in the thread `loop`."""
    listener, connections = socket.create_server(('127.0.0.1', 0)), {}
    server = create_server(app, sockets=[listener], map=connections, threads=2, channel_request_lookahead=2)
    server.channel_class, Watched.sent = Watched, []
    loop = threading.Thread(target=server.run, name='loop')
    loop.start()
    with socket.create_connection(listener.getsockname(), PATIENCE) as connection:
        yield connection
    while len(connections) > 2:  # the listener, and what wakes the loop up
        time.sleep(0.01)
    server.task_dispatcher.shutdown()
    connections.clear()
    server.pull_trigger()
    loop.join(PATIENCE)
    server.close()


def request(path, method='GET'):
    return f'{method} /{path} HTTP/1.1\r\nHost: x\r\n\r\n'.encode()


@pytest.mark.parametrize(('path', 'body'), [('whole', b'body'), ('empty', b'')])
def test_head_and_body_leave_in_one_send_and_not_in_a_worker(connection, path, body):
    for _ in range(3):
        Watched.sent.clear()
        connection.sendall(request(path))
        answer = read_answer(connection)
        assert answer.startswith(b'HTTP/1.1 200 OK\r\n')
        assert answer.endswith(b'\r\n\r\n' + body)
        assert Watched.sent == [('loop', answer)]


def test_a_piece_leaves_when_it_is_there_not_when_the_answer_is_whole(connection, app):
    connection.sendall(request('in_pieces'))
    received = b''
    while not received.endswith(b'first'):
        received += connection.recv(1000)
    app.go_on.set()
    assert connection.recv(1000) == b'last'


def test_an_answer_leaves_while_the_next_request_of_its_connection_still_waits(connection, app):
    connection.sendall(request('whole') + request('late'))
    assert read_answer(connection).endswith(b'body')
    app.go_on.set()
    assert read_answer(connection).endswith(b'body')


def test_a_large_answer_reaches_a_slow_reader_whole(connection):
    connection.sendall(request('large') + request('whole'))
    time.sleep(0.5)
    answer = read_answer(connection)
    assert answer.count(b'x' * 1000) == 20_000
    assert read_answer(connection).endswith(b'body')


def test_the_answer_to_head_has_a_length_and_no_body(connection):
    connection.sendall(request('head', 'HEAD') + request('whole'))
    received = b''
    while not received.endswith(b'body'):
        received += connection.recv(1000)
    first, second = received.split(b'\r\n\r\nHTTP/1.1 200 OK\r\n')
    assert b'Content-Length: 4' in first


def test_no_more_than_the_announced_length_is_sent(connection):
    connection.sendall(request('too_long'))
    assert read_answer(connection).endswith(b'\r\n\r\nbody')


def test_a_client_that_has_gone_does_no_harm(connection, app):
    connection.sendall(request('late') + request('whole'))
    connection.close()
    time.sleep(0.1)
    app.go_on.set()
