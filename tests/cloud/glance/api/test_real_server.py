"""The service as it is started, over real connections: what an in-process client cannot send or see."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cloud.glance.api.conftest import ALICE, DATA, FORMATS, V2_1, as_json, write_ini
from tests.waiting import line_with, wait_until

ROOT = Path(__file__).parents[4]
DATA_WORDS = {name.replace('-', '_'): value for name, value in DATA.items()}


@contextlib.contextmanager
def running(folder, flavour='main', **options):
    """A service in a process of its own; its address, its process, and the file with its log."""
    log = folder / 'log'
    command = [sys.executable, 'server.py', str(write_ini(folder, **options)), flavour, '--port', '0', '-v']
    options = {'cwd': ROOT, 'stdout': subprocess.PIPE, 'text': True}
    with log.open('w') as stderr, subprocess.Popen(command, stderr=stderr, **options) as process:
        try:
            yield Service(int(line_with(process, r'127\.0\.0\.1:(\d+)')[1]), process, log)
        finally:
            process.terminate()


class Service:
    def __init__(self, port, process, log):
        self.port = port
        self.process = process
        self.log = log

    def ask(self, method, path, body=None, chunked=False, **headers):
        """(status, headers, body)"""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        with contextlib.closing(connection):
            headers = {**ALICE, **{name.replace('_', '-'): value for name, value in headers.items()}}
            connection.request(method, path, body, headers, encode_chunked=chunked)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def ask_json(self, method, path, document=None, **headers):
        body = None if document is None else as_json(document)
        status, _, answer = self.ask(method, path, body, **headers)
        return status, json.loads(answer) if answer else None

    def create(self):
        return self.ask_json('POST', '/v2/images', FORMATS)[1]

    def show(self, image):
        return self.ask_json('GET', image['self'])[1]

    def send(self, request):
        """All that is answered to these bytes, until the connection is closed."""
        with socket.create_connection(('127.0.0.1', self.port), timeout=10) as connection:
            connection.sendall(request)
            return connection.makefile('rb').read()


@pytest.fixture(scope='module')
def service(tmp_path_factory):
    with running(tmp_path_factory.mktemp('real')) as started:
        yield started


def head(line, *lines):
    return '\r\n'.join((line, 'Host: x', 'X-Auth-Token: alice-token', 'Connection: close', *lines, '', '')).encode()


@pytest.mark.parametrize('method', ['BREW', 'OPTIONS', 'TRACE', 'PROPFIND', 'LINK'])
def test_a_method_that_no_resource_knows_is_501(service, method):
    for path in ('/v2/images', '/v2/images/x', '/v2/images/x/file'):
        said = service.send(head(f'{method} {path} HTTP/1.1'))
        assert said.startswith(b'HTTP/1.1 501 ')
        assert b'"notImplemented"' in said


def test_a_chunked_upload_is_stored_whole(service):
    image = service.create()
    parts = [b'x' * 100000, b'y' * 50000]
    status, _, _ = service.ask(
        'PUT', image['file'], iter(parts), chunked=True, Transfer_Encoding='chunked', **DATA_WORDS
    )
    assert status == 204
    assert service.show(image)['size'] == 150000
    assert service.ask('GET', image['file'])[2] == b''.join(parts)


def test_ranges_and_whole_downloads_over_one_connection(service):
    image = service.create()
    data = os.urandom(1000000)
    assert service.ask('PUT', image['file'], data, **DATA_WORDS)[0] == 204
    connection = http.client.HTTPConnection('127.0.0.1', service.port, timeout=30)
    with contextlib.closing(connection):
        for asked, status, expected in (
            (None, 200, data),
            ('bytes=10-19', 206, data[10:20]),
            ('bytes=-5', 206, data[-5:]),
            ('bytes=999990-', 206, data[999990:]),
            ('bytes=1000000-', 416, None),
            (None, 200, data),
        ):
            connection.request('GET', image['file'], headers={**ALICE, **({'Range': asked} if asked else {})})
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == status
            assert expected in (None, body)
    # The server closes a file, and so reports it as sent, only after the client has all of it.
    assert wait_until(lambda: service.log.read_text().count("'bytes_sent': 1000000") == 2, 5)


def test_an_upload_that_stops_half_way_leaves_the_image_queued_and_no_bytes(service):
    image = service.create()
    for framing, body in (('Content-Length: 1000', b'half'), ('Transfer-Encoding: chunked', b'4\r\nhalf\r\n4\r\nha')):
        request = head(f'PUT {image["file"]} HTTP/1.1', 'Content-Type: application/octet-stream', framing)
        with socket.create_connection(('127.0.0.1', service.port)) as connection:
            connection.sendall(request + body)
    time.sleep(0.2)
    assert service.show(image)['status'] == 'queued'
    assert not [path for path in (service.log.parent / 'images').iterdir() if image['id'] in path.name]


def test_content_length_with_transfer_encoding_is_refused_and_nothing_is_smuggled(service):
    image = service.create()
    smuggled = head(f'DELETE {image["self"]} HTTP/1.1')
    said = service.send(
        head('POST /v2/images HTTP/1.1', 'Content-Length: 5', 'Transfer-Encoding: chunked') + b'0\r\n\r\n' + smuggled
    )
    assert said.startswith(b'HTTP/1.1 400 ')
    assert said.count(b'HTTP/1.1 ') == 1
    assert service.show(image) == image


@pytest.mark.parametrize(
    'path',
    ['/v2/images/../../etc/passwd', '/v2/images/%2e%2e%2fx', '//etc/passwd', '/v2/images/..%00', '/v2/images/\xff'],
)
def test_odd_paths_are_4xx_or_the_versions(service, path):
    said = service.send(head(f'GET {path} HTTP/1.1').decode().encode('latin-1'))
    assert said.split()[1] in (b'300', b'400', b'404')


def test_text_of_any_script_goes_in_and_out(service):
    status, image = service.ask_json('POST', '/v2/images', {'name': '\u540d\u524d', 'schl\u00fcssel': '\U0001f600'})
    assert status == 201
    assert service.show(image) == image
    path = f'{image["self"]}/tags/%C3%BC'
    assert service.ask('PUT', path)[0] == 204
    assert service.show(image)['tags'] == ['\u00fc']
    changes = [{'op': 'add', 'path': '/\u00fc', 'value': '\u00e9'}]
    assert service.ask_json('PATCH', image['self'], changes, Content_Type=V2_1)[1]['\u00fc'] == '\u00e9'


def test_the_log_shows_each_layer_under_the_requests_id(service):
    request_id = service.ask('GET', '/v2/images')[1]['X-Openstack-Request-Id']
    lines = [line for line in service.log.read_text().splitlines() if request_id in line]
    steps = [
        'versionnegotiation:',
        'authtoken:',
        'context:',
        'matches the route',
        'RequestDeserializer.index',
        'ImagesController.index',
        'authorization:',
        'policy: get_images? yes',
        'db: lists',
        'ResponseSerializer.index',
    ]
    places = [next(number for number, line in enumerate(lines) if step in line) for step in steps]
    assert places == sorted(places)


def test_nothing_was_a_500(service):
    assert ' 500 ' not in service.log.read_text()
    assert 'Traceback' not in service.log.read_text()


def test_kill_9_leaves_no_active_image_without_its_bytes_and_a_restart_is_clean(tmp_path):
    with running(tmp_path) as service:
        image, kept = service.create(), service.create()
        service.ask('PUT', kept['file'], b'kept', **DATA_WORDS)
        request = head(f'PUT {image["file"]} HTTP/1.1', 'Content-Type: application/octet-stream', 'Content-Length: 9')
        with socket.create_connection(('127.0.0.1', service.port)) as connection:
            connection.sendall(request + b'half')
            service.process.send_signal(signal.SIGKILL)
            service.process.wait(60)
    with running(tmp_path) as service:
        assert service.show(image)['status'] == 'queued'
        assert service.ask('PUT', image['file'], b'whole', **DATA_WORDS)[0] == 204
        assert service.ask('GET', image['file'])[2] == b'whole'
        assert service.ask('GET', kept['file'])[2] == b'kept'


def test_trusted_auth_says_at_the_start_that_it_is_for_loopback_only(tmp_path):
    with running(tmp_path, 'glance-api-trusted-auth') as service:
        who = {'X_Identity_Status': 'Confirmed', 'X_Tenant_Id': 'third', 'X_Roles': 'member'}
        assert service.ask_json('POST', '/v2/images', {}, **who)[1]['owner'] == 'third'
        assert 'loopback only' in service.log.read_text()


@pytest.mark.parametrize(('option', 'value'), [('default_store', 'nowhere'), ('image_property_quota', 'abc')])
def test_a_bad_option_is_one_clear_line_at_the_start(tmp_path, option, value):
    command = [sys.executable, 'server.py', str(write_ini(tmp_path, **{option: value})), '--port', '0']
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert f'{option} = {value}' in line
