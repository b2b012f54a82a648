"""The changes to waitress, over real connections to a small application."""

import contextlib
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import line_with
from wsgi import answer

ROOT = Path(__file__).parents[4]
INI = f"""
[app:main]
paste.app_factory = {__name__}:echo_factory

[server:main]
paste.server_runner = cloud.glance.common.server:serve_paste
host = 127.0.0.1
port = 0
"""
DISK = 1048576  # bytes that a file of the server may have


def echo_factory(global_config):
    """An application that says what arrived: headers, the method, and the body. Its disk is small."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, DISK))

    def echo(environ, start_response):
        seen = {name: value for name, value in environ.items() if isinstance(value, str)}
        seen['body'] = environ['wsgi.input'].read().decode('latin-1')
        return answer(seen)(environ, start_response)

    return echo


@pytest.fixture(scope='module')
def port(tmp_path_factory):
    ini = tmp_path_factory.mktemp('server') / 'echo.ini'
    ini.write_text(INI)
    command = [sys.executable, 'server.py', str(ini), '--port', '0']
    log = ini.with_name('log')
    with (
        log.open('w') as stderr,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        try:
            yield int(line_with(process, r'127\.0\.0\.1:(\d+)')[1])
        finally:
            process.terminate()
    assert 'IndexError' not in log.read_text()  # waitress's own, where a worker's request is taken away from it


def send(port, request):
    """All that the server answers to these bytes, until it closes the connection."""
    with socket.create_connection(('127.0.0.1', port), timeout=10) as connection:
        connection.sendall(request)
        return connection.makefile('rb').read()


def head(*lines, path='/'):
    return '\r\n'.join((f'POST {path} HTTP/1.1', 'Host: x', 'Connection: close', *lines, '', '')).encode()


@pytest.mark.parametrize('name', ['x-image-meta-disk_format', 'X-Image-Meta-Disk_Format', 'x-image-meta-disk-format'])
def test_image_headers_may_have_underscores(port, name):
    assert b'"HTTP_X_IMAGE_META_DISK_FORMAT": "raw"' in send(port, head(f'{name}: raw'))


def test_other_headers_with_underscores_are_dropped(port):
    said = send(
        port, head('X_User_Id: me', 'Transfer_Encoding: chunked', 'X-Other_Header: 1', 'a: x-image-meta-a_b: 1')
    )
    assert b'HTTP_X_USER_ID' not in said
    assert b'HTTP_X_OTHER' not in said
    assert b'"HTTP_A": "x-image-meta-a_b: 1"' in said


def test_a_chunked_body_arrives_whole(port):
    said = send(port, head('Transfer-Encoding: chunked') + b'3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n')
    assert b'"body": "abcde"' in said
    assert b'"CONTENT_LENGTH": "5"' in said


@pytest.mark.parametrize('length', [0, 3, 5])
def test_content_length_with_transfer_encoding_is_refused_and_the_connection_closed(port, length):
    smuggled = b'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
    said = send(port, head(f'Content-Length: {length}', 'Transfer-Encoding: chunked') + b'0\r\n\r\n' + smuggled)
    assert said.startswith(b'HTTP/1.1 400 ')
    assert said.count(b'HTTP/1.1') == 1
    assert b'smuggled' not in said


def test_transfer_encoding_in_http_1_0_is_refused(port):
    request = head('Transfer-Encoding: chunked').replace(b'HTTP/1.1', b'HTTP/1.0')
    assert b' 400 ' in send(port, request + b'0\r\n\r\n').splitlines()[0]


@pytest.mark.parametrize(
    'lines', [['Content-Length: 1', 'Content-Length: 2'], ['Content-Length: -1'], ['Transfer-Encoding: x']]
)
def test_other_doubtful_lengths_are_refused(port, lines):
    assert send(port, head(*lines)).split()[1] in (b'400', b'501')


@pytest.mark.parametrize(
    ('framing', 'size_line'),
    [(f'Content-Length: {2 * DISK}', b''), ('Transfer-Encoding: chunked', b'%x\r\n' % (2 * DISK))],
)
def test_a_body_that_the_servers_disk_has_no_room_for_is_413_and_the_next_one_is_read(port, framing, size_line):
    said = send(port, head(framing, path='/v1/images') + size_line + b'x' * (DISK + 1))
    assert said.startswith(b'HTTP/1.1 413 ')
    assert b'The server cannot keep the body: File too large.' in said
    assert b'"body": "abc"' in send(port, head('Content-Length: 3') + b'abc')


def test_a_request_that_waits_to_continue_without_a_body_is_not_taken_together_with_the_next_one(port):
    said = send(
        port,
        b'GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nX-Auth-Token: mine\r\n\r\n'
        b'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    )
    assert said.count(b'HTTP/1.1 200 OK') == 2
    assert said.count(b'"HTTP_X_AUTH_TOKEN": "mine"') == 1


def test_a_length_of_thousands_of_digits_is_400(port):
    assert send(port, head('Content-Length: ' + '9' * 5000)).startswith(b'HTTP/1.1 400 ')


def test_a_connection_on_which_more_than_a_few_requests_wait_is_closed(port):
    request = b'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
    said = send(port, 3 * request + b'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    assert said.count(b'HTTP/1.1 200 OK') == 4
    try:
        said = send(port, 3000 * request)
    except ConnectionResetError:
        said = b''
    assert said.count(b'HTTP/1.1 200 OK') <= 4
    assert b' 200 OK' in send(port, head())


@pytest.mark.parametrize('path', ['/v2/images', '/v2/images/x', '/v2/images/x/filed', '/', '/v3?/file'])
@pytest.mark.parametrize('lines', [['Content-Length: 1048577'], ['Content-Length: 9000000', 'Expect: 100-continue']])
def test_a_large_body_is_413_by_its_header_where_no_image_data_is_taken(port, path, lines):
    assert send(port, head(*lines, path=path)).startswith(b'HTTP/1.1 413 ')


def test_a_large_body_that_is_not_announced_is_413_too(port):
    with contextlib.suppress(ConnectionError):
        said = send(port, head('Transfer-Encoding: chunked') + b'200000\r\n' + bytes(2**20 + 8))
        assert said.startswith(b'HTTP/1.1 413 ')
    assert b' 200 OK' in send(port, head('Content-Length: 900000') + b'x' * 900000)


@pytest.mark.parametrize(
    'path', ['/v2/images/x/file', '/v1/images', '//v1.1/images/x', '/images', '/images/x', 'http://x/v1/images?a']
)
def test_image_data_is_waited_for(port, path):
    with socket.create_connection(('127.0.0.1', port), timeout=10) as connection:
        connection.sendall(head('Content-Length: 90000000', 'Expect: 100-continue', path=path))
        assert connection.recv(100).startswith(b'HTTP/1.1 100 ')
