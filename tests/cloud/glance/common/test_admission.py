"""Who may send a large body: asked of the real pipeline, before the body is read."""

import re
import socket

import pytest

from tests.cloud.glance.api.conftest import write_ini
from tests.servers import read_all

SIZE = 90_000_000
MIB = 1 << 20


@pytest.fixture
def serve(start, tmp_path):
    return lambda *flavour, **options: start(str(write_ini(tmp_path, **options)), *flavour)


@pytest.fixture
def running(serve):
    return serve()


def head(*lines, method='PUT', path='/v2/images/b7f2a4d2-0f6a-4c2a-8b5e-0a2f5cf6b001/file'):
    common = f'{method} {path} HTTP/1.1', 'Host: x', 'Content-Type: application/octet-stream'
    return '\r\n'.join((*common, *lines, '', '')).encode()


def answer_to(running, data):
    """All that comes back, until the server closes the connection, while the client says no more."""
    with running.connect() as connection:
        connection.sendall(data)
        return read_all(connection)


FRAMINGS = {
    'announced': (f'Content-Length: {SIZE}', b''),
    'with an expectation': (f'Content-Length: {SIZE}\r\nExpect: 100-continue', b''),
    'in chunks': ('Transfer-Encoding: chunked', b'%x\r\n%b' % (SIZE, bytes(MIB + 1000))),
}


@pytest.mark.parametrize('token', ['X-Auth-Token: nobodys', 'X-Other: 1', 'X-Identity-Status: Confirmed'])
@pytest.mark.parametrize('framing', FRAMINGS)
@pytest.mark.parametrize(
    ('method', 'path'), [('PUT', '/v2/images/x/file'), ('POST', '/v1/images'), ('POST', '/images')]
)
def test_without_a_good_token_a_large_body_is_401_before_it_is_read(running, token, framing, method, path):
    line, body = FRAMINGS[framing]
    accept = 'Accept: application/vnd.openstack.images-v1'
    said = answer_to(
        running, head(line, token, accept if path == '/images' else 'A: b', method=method, path=path) + body
    )
    assert re.findall(rb'HTTP/1\.1 (\d+)', said) == [b'401']
    assert b'X-Openstack-Request-Id: req-' in said
    assert b'"unauthorized"' in said


@pytest.mark.parametrize('framing', ['announced', 'in chunks'])
def test_with_a_good_token_it_is_waited_for(running, framing):
    line, body = FRAMINGS[framing]
    with running.connect(timeout=1) as connection:
        connection.sendall(head(line, 'X-Auth-Token: alice-token') + body)
        with pytest.raises(socket.timeout):
            connection.recv(1)
        connection.sendall(bytes(MIB))


def test_with_a_good_token_an_expectation_is_answered_once(running):
    with running.connect() as connection:
        connection.sendall(head(f'Content-Length: {2 * MIB}', 'Expect: 100-continue', 'X-Auth-Token: alice-token'))
        assert connection.recv(100) == b'HTTP/1.1 100 Continue\r\n\r\n'
        connection.sendall(bytes(2 * MIB))
        assert connection.recv(100).startswith(b'HTTP/1.1 404 ')
    questions = [line for line in running.log().splitlines() if '"OPTIONS /v2/images/' in line]
    assert len(questions) == 1
    assert '" 100 ' in questions[0]


def test_an_expectation_behind_another_request_is_answered_in_its_turn(running):
    first = b'GET /v2/images HTTP/1.1\r\nHost: x\r\nX-Auth-Token: alice-token\r\n\r\n'
    with running.connect() as connection:
        connection.sendall(first + head(f'Content-Length: {SIZE}', 'Expect: 100-continue', 'X-Auth-Token: alice-token'))
        received = b''
        while b'100 Continue' not in received:
            received += connection.recv(65536)
        assert re.findall(rb'HTTP/1\.1 (\d+)', received) == [b'200', b'100']


def test_a_small_body_is_not_asked_about(running):
    with running.connect() as connection:
        connection.sendall(head('Content-Length: 3', 'X-Auth-Token: alice-token', 'Connection: close') + b'abc')
        assert read_all(connection).startswith(b'HTTP/1.1 404 ')
    assert 'OPTIONS' not in running.log()


def test_the_flavour_decides_who_is_let_in(serve):
    running = serve('glance-api')  # everyone is admin
    with running.connect() as connection:
        connection.sendall(head(f'Content-Length: {SIZE}', 'Expect: 100-continue'))
        assert connection.recv(100) == b'HTTP/1.1 100 Continue\r\n\r\n'
