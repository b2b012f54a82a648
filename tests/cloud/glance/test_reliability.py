"""What the service keeps to whatever happens: real processes, killed, overrun, and kept waiting."""

import contextlib
import http.client
import http.server
import json
import random
import resource
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cloud.glance.api.conftest import ALICE, DATA, FORMATS, V2_1, path_of, write_ini
from tests.cloud.glance.fragile_store import MOMENTS
from tests.servers import WarmServer, read_all
from tests.waiting import wait_until

MIB = 1048576
FRAGILE = {'known_stores': 'tests.cloud.glance.fragile_store.Store'}


class Service(WarmServer):
    """An image service in a folder of its own, and what the tests ask it, as alice. Images go by their ids.

    Who starts another one in the same folder finds there what this one has left.
    """

    def __init__(self, folder, **options):
        self.folder = folder
        super().__init__([str(write_ini(folder, **options))], folder / 'log')

    def ask(self, method, path, body=None, headers=None, timeout=30):
        """(status, body); a body that is an iterator goes chunked, unless the headers say how long it is."""
        with contextlib.closing(http.client.HTTPConnection(self.host, self.port, timeout=timeout)) as connection:
            connection.request(method, path, body, {**ALICE, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def create(self):
        return json.loads(self.ask('POST', '/v2/images', json.dumps(FORMATS))[1])['id']

    def upload(self, image, data, **headers):
        """The status that is answered. data: bytes, or an iterator of them."""
        return self.ask('PUT', f'{path_of(image)}/file', data, {**DATA, **headers})[0]

    def active(self, data):
        """A new image with data."""
        image = self.create()
        assert self.upload(image, data) == 204
        return image

    def delete(self, image):
        """The status that is answered."""
        return self.ask('DELETE', path_of(image))[0]

    def patch(self, image, properties):
        """The status that is answered to adding these properties, or putting them in the place of others."""
        changes = [{'op': 'add', 'path': f'/{name}', 'value': value} for name, value in properties.items()]
        return self.ask('PATCH', path_of(image), json.dumps(changes), {'Content-Type': V2_1})[0]

    def show(self, image):
        return json.loads(self.ask('GET', path_of(image))[1])

    def status(self, image):
        return self.show(image)['status']

    def data(self, image):
        return self.ask('GET', f'{path_of(image)}/file')[1]

    def files(self):
        """The names in the store's folder, hidden ones too: of the images that have bytes, if all is well."""
        return {path.name for path in (self.folder / 'images').iterdir()}

    def send(self, line, *lines):
        """A new connection, on which the head of a request has been sent."""
        connection = self.connect()
        head = (f'{line} HTTP/1.1', 'Host: x', 'X-Auth-Token: alice-token', 'Connection: close', *lines, '', '')
        connection.sendall('\r\n'.join(head).encode())
        return connection

    def start_upload(self, image, framing):
        """The same, of an upload; framing: the header that says how long it is."""
        return self.send(f'PUT {path_of(image)}/file', 'Content-Type: application/octet-stream', framing)

    def start_download(self, image, *lines):
        return self.send(f'GET {path_of(image)}/file', *lines)

    def most_memory(self):
        """The most bytes of memory that the process has ever had."""
        status = Path(f'/proc/{self.process.pid}/status').read_text()
        return int(status.partition('VmHWM:')[2].split()[0]) * 1024

    def bodies(self):
        """How many temporary files the process has open: those of bodies that are on their way."""
        found = 0
        for descriptor in Path(f'/proc/{self.process.pid}/fd').iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                found += '(deleted)' in str(descriptor.readlink())
        return found

    def kill(self):
        self.send_signal(signal.SIGKILL)
        return self.wait()


@pytest.fixture
def serve(tmp_path):
    """serve(option=...): a Service in the test's folder, ended when the test ends."""
    with contextlib.ExitStack() as stack:

        def serve(folder=tmp_path, **options):
            service = Service(folder, **options)
            stack.callback(service.end)
            return service

        yield serve


@pytest.fixture(scope='module')
def service(tmp_path_factory):
    """One service for the tests that leave it as it was."""
    service = Service(tmp_path_factory.mktemp('service'))
    yield service
    service.end()


def at_once(*calls):
    """What calls (function, arguments...) return, each made in a thread of its own, all at the same moment."""
    barrier = threading.Barrier(len(calls), timeout=60)

    def make(call):
        function, *arguments = call
        barrier.wait()
        return function(*arguments)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(make, calls))


# -- memory


def block(number):
    """The number-th MiB of a large image."""
    return number.to_bytes(8, 'big') * (MIB // 8)


@pytest.mark.parametrize('framing', [{'Content-Length': str(1024 * MIB)}, {}], ids=['sized', 'chunked'])
def test_a_gibibyte_goes_in_and_out_while_memory_grows_by_less_than_64_mib(serve, framing):
    service = serve()
    service.data(service.active(b'a first one'))
    before = service.most_memory()
    image = service.create()
    assert service.upload(image, map(block, range(1024)), **framing) == 204
    with contextlib.closing(http.client.HTTPConnection(service.host, service.port, timeout=30)) as connection:
        connection.request('GET', f'{path_of(image)}/file', headers=ALICE)
        answer = connection.getresponse()
        assert all(answer.read(MIB) == block(number) for number in range(1024))
        assert answer.read() == b''
    assert service.most_memory() - before < 64 * MIB
    assert service.delete(image) == 204  # pytest keeps the folders of its last runs
    assert image not in service.files()


# -- clients that leave


@pytest.mark.parametrize(
    ('framing', 'first'), [(f'Content-Length: {8 * MIB}', b''), ('Transfer-Encoding: chunked', b'800000\r\n')]
)
def test_a_client_that_leaves_half_way_leaves_the_image_queued_and_no_bytes(service, framing, first):
    image, files = service.create(), service.files()
    with service.start_upload(image, framing) as connection:
        connection.sendall(first + bytes(4 * MIB))
        assert wait_until(lambda: service.bodies() == 1, 10)
    assert wait_until(lambda: service.bodies() == 0, 10)
    assert service.status(image) == 'queued'
    assert service.files() == files
    assert service.upload(image, b'whole') == 204
    assert service.data(image) == b'whole'


# -- kill -9


def check(service, sent):
    """Each image is whole, with the data that was sent for it, or queued without any, and nothing else is there.

    Returns those that are queued.
    """
    status = {image: service.status(image) for image in sent}
    queued = [image for image in sent if status[image] == 'queued']
    active = [image for image in sent if status[image] == 'active']
    assert sorted(queued + active) == sorted(sent)
    assert all(service.data(image) == sent[image] for image in active)
    assert not any({'size', 'checksum'} & service.show(image).keys() for image in queued)
    assert service.files() == set(active)
    return queued


def check_again(service, sent):
    """After a restart, the same; and each queued image takes its data now."""
    for image in check(service, sent):
        assert service.upload(image, sent[image]) == 204
    assert check(service, sent) == []


def test_kill_9_at_any_moment_of_an_upload_leaves_the_image_whole_or_queued(serve, tmp_path, monkeypatch):
    sent, expected = {}, {}
    for moment, status in MOMENTS.items():
        monkeypatch.setenv('STORE_DIES', moment)
        service = serve(**FRAGILE)
        assert {image: service.status(image) for image in sent} == expected
        check(service, sent)
        image = service.create()
        sent[image], expected[image] = moment.encode() * MIB, status
        with pytest.raises((OSError, http.client.HTTPException)):
            service.upload(image, sent[image])
        assert service.wait() == -signal.SIGKILL
    monkeypatch.delenv('STORE_DIES')
    check_again(serve(**FRAGILE), sent)


def test_kill_9_while_many_upload_leaves_each_image_whole_or_queued_and_no_stray_file(serve, tmp_path, monkeypatch):
    temporary = tmp_path / 'tmp'
    temporary.mkdir()
    monkeypatch.setenv('TMPDIR', str(temporary))
    chance = random.Random(0)
    sent = {}
    for _ in range(4):
        service = serve()
        check_again(service, sent)
        images = {service.create(): chance.randbytes(4 * MIB) for _ in range(8)}
        sent.update(images)
        killer = threading.Timer(chance.uniform(0, 0.25), service.kill)
        killer.start()
        with ThreadPoolExecutor(4) as threads:
            for uploading in [threads.submit(service.upload, *each) for each in images.items()]:
                with contextlib.suppress(OSError, http.client.HTTPException):
                    uploading.result()
        killer.join()
    check_again(serve(), sent)
    assert list(temporary.iterdir()) == []
    assert {path.name.partition('-')[0] for path in tmp_path.iterdir()} == {
        'glance', 'glance.sqlite', 'glance.sqlite.lock', 'images', 'log', 'tmp'
    }  # fmt: skip


# -- at once


@pytest.mark.parametrize('size', [1, 4 * MIB])
def test_of_two_uploads_to_one_image_at_once_one_is_204_the_other_409_and_the_bytes_are_the_winners(service, size):
    for _ in range(5):
        image = service.create()
        both = [letter * size for letter in (b'a', b'b')]
        statuses = at_once(*[(service.upload, image, data) for data in both])
        assert sorted(statuses) == [204, 409]
        assert service.data(image) == both[statuses.index(204)]
        assert service.show(image)['size'] == size


@pytest.mark.parametrize('framing', ['sized', 'chunked'])
def test_uploads_at_once_fill_the_storage_quota_and_never_end_over_it(serve, framing):
    service = serve(user_storage_quota='1000000B')
    images = [service.create() for _ in range(12)]
    data = bytes(300000)
    send = {'sized': bytes, 'chunked': lambda data: iter([data])}[framing]
    statuses = at_once(*[(service.upload, image, send(data)) for image in images])
    assert sorted(statuses) == [204] * 3 + [413] * 9
    stored = {image for image, status in zip(images, statuses) if status == 204}
    assert {image for image in images if service.status(image) == 'active'} == stored
    assert {image for image in images if service.status(image) == 'queued'} == set(images) - stored
    assert service.files() == stored


def test_of_changes_of_one_image_at_once_each_lasts_that_was_not_refused(service):
    for _ in range(10):
        image = service.create()
        changes = [{'left': 'l', 'name': 'left'}, {'right': 'r', 'name': 'right'}, {'name': 'middle'}]
        statuses = at_once(*[(service.patch, image, change) for change in changes])
        assert set(statuses) <= {200, 409}
        assert 200 in statuses
        lasting = [change for change, status in zip(changes, statuses) if status == 200]
        shown = service.show(image)
        assert shown['name'] in [change['name'] for change in lasting]
        for name in ('left', 'right'):
            assert (name in shown) == any(name in change for change in lasting)


def test_a_change_during_an_upload_lasts_or_is_refused_and_the_upload_is_whole(service):
    for _ in range(10):
        image, data = service.create(), bytes(MIB)
        uploaded, changed = at_once((service.upload, image, data), (service.patch, image, {'os': 'linux'}))
        assert uploaded == 204
        assert changed in (200, 409)
        shown = service.show(image)
        assert (shown['status'], shown.get('os')) == ('active', 'linux' if changed == 200 else None)
        assert service.data(image) == data


def test_of_an_upload_and_a_delete_at_once_the_delete_lasts_or_is_refused_and_no_bytes_stay_behind(service):
    for _ in range(10):
        image, data = service.create(), bytes(MIB)
        uploaded, deleted = at_once((service.upload, image, data), (service.delete, image))
        assert (uploaded, deleted) in [(204, 204), (204, 409), (410, 204), (404, 204)]
        assert service.ask('GET', path_of(image))[0] == (404 if deleted == 204 else 200)
        assert (image in service.files()) == (deleted != 204)


def test_two_services_side_by_side_know_nothing_of_each_other(serve, tmp_path):
    folders = [tmp_path / name for name in ('one', 'other')]
    for folder in folders:
        folder.mkdir()
    one, other = map(serve, folders)
    mine, yours = at_once((one.active, b'one' * MIB), (other.active, b'other' * MIB))
    assert (one.data(mine), other.data(yours)) == (b'one' * MIB, b'other' * MIB)
    assert (one.files(), other.files()) == ({mine}, {yours})
    assert one.ask('GET', path_of(yours))[0] == other.ask('GET', path_of(mine))[0] == 404
    one.send_signal()
    assert one.wait() == 0
    assert other.data(yours) == b'other' * MIB


# -- slow clients

DRIPPING = {
    'idle': [],
    'dripping headers': ['GET /v2/images HTTP/1.1'],
    'dripping a body': [
        'PUT /v2/images/{image}/file HTTP/1.1', 'X-Auth-Token: alice-token',
        'Content-Type: application/octet-stream', 'Content-Length: 1000', '',
    ],
    'dripping a chunk': [
        'PUT /v2/images/{image}/file HTTP/1.1', 'X-Auth-Token: alice-token',
        'Content-Type: application/octet-stream', 'Transfer-Encoding: chunked', '', '3e8',
    ],
}  # fmt: skip


def check_nobody_waits(service, act):
    """Others are answered at once, again and again, while the slow ones go on: act() lets each do a little."""
    for _ in range(10):
        act()
        begun = time.monotonic()
        assert service.ask('GET', '/v2/images', timeout=5)[0] == 200
        assert time.monotonic() - begun < 2


@contextlib.contextmanager
def many(connect, count=50):
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(connect()) for _ in range(count)]


@pytest.mark.parametrize('kind', DRIPPING)
def test_50_clients_that_send_slowly_keep_nobody_waiting(service, kind):
    beginning = ''.join(f'{line}\r\n' for line in DRIPPING[kind]).format(image=service.create()).encode()
    with many(service.connect) as connections:
        for connection in connections:
            connection.sendall(beginning)

        def drip():
            for connection in connections if beginning else []:
                connection.sendall(b'x')

        check_nobody_waits(service, drip)


@pytest.mark.parametrize('lines', [[], ['Range: bytes=1-']], ids=['all bytes', 'a range'])
def test_50_clients_that_read_slowly_keep_nobody_waiting(service, lines):
    image = service.active(bytes(32 * MIB))
    with many(lambda: service.start_download(image, *lines)) as connections:

        def sip():
            for connection in connections:
                assert connection.recv(1)

        check_nobody_waits(service, sip)


class WebServer(http.server.BaseHTTPRequestHandler):
    """Has 24 MiB at every path."""

    def do_HEAD(self):
        self.send_response(200)
        self.send_header('Content-Length', str(24 * MIB))
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        self.wfile.write(bytes(24 * MIB))

    def log_message(self, *arguments):
        pass


def test_more_slow_readers_than_workers_of_an_image_on_another_web_server_keep_nobody_waiting(serve):
    service = serve(show_multiple_locations='True')
    image = service.create()
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), WebServer) as web:
        threading.Thread(target=web.serve_forever).start()
        location = {'url': f'http://127.0.0.1:{web.server_port}/image', 'metadata': {}}
        assert service.patch(image, {'locations/-': location}) == 200
        with many(lambda: service.start_download(image), 12) as connections:
            check_nobody_waits(service, lambda: [connection.recv(1) for connection in connections])
        web.shutdown()


def test_as_many_slow_uploads_as_there_may_be_connections_keep_nobody_waiting_with_1024_open_files(serve):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
    try:
        service = serve()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    image = service.create()
    with many(lambda: service.start_upload(image, f'Content-Length: {MIB}'), 390) as connections:
        for connection in connections:
            connection.sendall(bytes(MIB // 2))  # so much that it goes to a file
        assert wait_until(lambda: service.bodies() == 390, 10)

        def drip():
            for connection in connections:
                connection.sendall(b'x')

        check_nobody_waits(service, drip)


def test_clients_that_ask_for_more_and_more_and_never_read_keep_nobody_waiting(service):
    image = service.active(bytes(32 * MIB))
    ask = f'GET {path_of(image)}/file HTTP/1.1\r\nHost: x\r\nX-Auth-Token: alice-token\r\n\r\n'.encode()
    with many(service.connect) as connections:
        for connection in connections:
            connection.sendall(ask * 3)
        check_nobody_waits(service, lambda: None)


# -- stopping


def test_it_finishes_an_upload_before_it_stops(serve):
    service = serve()
    image, data = service.create(), random.Random(0).randbytes(4 * MIB)
    with service.start_upload(image, f'Content-Length: {len(data)}') as connection:
        connection.sendall(data[: 2 * MIB])
        assert wait_until(lambda: service.bodies() == 1, 10)
        service.send_signal()
        assert wait_until(lambda: 'finishing the requests under way' in service.log(), 10)
        connection.sendall(data[2 * MIB :])
        assert read_all(connection).startswith(b'HTTP/1.1 204 ')
    assert service.wait() == 0
    service = serve()
    assert service.status(image) == 'active'
    assert service.data(image) == data


def test_it_finishes_a_download_before_it_stops(serve):
    service = serve()
    data = random.Random(0).randbytes(32 * MIB)
    image = service.active(data)
    with service.start_download(image) as connection:
        received = connection.recv(MIB)
        service.send_signal()
        assert wait_until(lambda: 'finishing the requests under way' in service.log(), 10)
        received += read_all(connection)
    assert received.partition(b'\r\n\r\n')[2] == data
    assert service.wait() == 0


# -- a full disk


def test_a_full_disk_is_413_and_the_image_stays_queued(serve, monkeypatch):
    monkeypatch.setenv('STORE_HOLDS', str(MIB))
    service = serve(**FRAGILE)
    image = service.create()
    for data in (bytes(MIB + 1), iter([bytes(MIB), b'x'])):
        assert service.upload(image, data) == 413
        assert service.status(image) == 'queued'
        assert service.files() == set()
    assert service.upload(image, bytes(MIB)) == 204
    assert service.data(image) == bytes(MIB)
