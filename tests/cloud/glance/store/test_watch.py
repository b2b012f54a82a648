"""Web servers that send a little now and then, so that no timeout of a single read ever ends."""

import contextlib
import socket
import threading
import time
from types import SimpleNamespace

import pytest

from cloud.glance.common import exception
from cloud.glance.store import http
from cloud.glance.store.location import Location
from cloud.glance.store.watch import Watch
from tests.cloud.glance.api.v1.conftest import within_seconds

HEAD = b'HTTP/1.1 200 OK\r\n'
BODY = HEAD + b'Content-Length: 1000\r\n\r\n'
CHUNKED = HEAD + b'Transfer-Encoding: chunked\r\n\r\n'


@pytest.fixture
def make_store():
    made = []

    def make(timeout=0.4, transfer=60.0, rate=0):
        names = ('http_store_timeout', 'http_store_transfer_timeout', 'http_store_min_rate')
        made.append(http.Store(SimpleNamespace(**dict(zip(names, (timeout, transfer, rate), strict=True)))))
        return made[-1]

    yield make
    for store in made:
        store.pool.clear()


@pytest.fixture
def drip():
    """The location of a server that sends `first` at once and then, until nobody listens, `piece` every 50 ms."""

    def serve(first, piece):
        with contextlib.suppress(OSError), listener.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(first)
            while not over.wait(0.05):
                connection.sendall(piece)

    def start(first, piece):
        threads.append(threading.Thread(target=serve, args=[first, piece]))
        threads[-1].start()
        return Location('http', http.StoreLocation, f'http://127.0.0.1:{listener.getsockname()[1]}/')

    threads, over = [], threading.Event()
    with socket.create_server(('127.0.0.1', 0)) as listener:
        yield start
        over.set()
        for thread in threads:
            thread.join()


def read_all(store, location):
    """The seconds until the store gives up."""
    started = time.monotonic()
    with pytest.raises(exception.RemoteServiceUnavailable), contextlib.closing(store.get(location)[0]) as data:
        list(data)
    return time.monotonic() - started


@pytest.mark.parametrize(
    ('first', 'piece'), [(BODY, b'x'), (HEAD + b'\r\n', b'x'), (CHUNKED, b'1'), (CHUNKED, b'1\r\nx\r\n')]
)
@pytest.mark.parametrize('options', [{'transfer': 0.6}, {'rate': 1000}])
def test_a_body_has_a_deadline_and_a_floor(make_store, drip, first, piece, options):
    assert read_all(make_store(**options), drip(first, piece)) < 10


@pytest.mark.parametrize(
    ('first', 'piece'), [(b'', b'H'), (HEAD, b'X-More: y\r\n'), (b'', b'HTTP/1.1 100 Continue\r\n\r\n')]
)
def test_all_headers_together_have_one_timeout(make_store, drip, first, piece):
    store = make_store()
    assert read_all(store, drip(first, piece)) < 10
    assert store.get_size(drip(first, piece)) == 0


def test_a_server_above_the_floor_is_read_to_the_end(make_store, drip):
    data, _size = make_store(rate=10).get(drip(BODY, b'x' * 50))
    assert len(b''.join(data)) == 1000
    data.close()


class TestWatch:
    def test_only_the_waiting_counts(self):
        watch = Watch(window=0.1, deadline=60, min_rate=1000)
        transfer = watch.add(lambda: None)
        time.sleep(0.3)  # of a client that does not read
        assert transfer.verdict is None
        with transfer.waiting():
            within_seconds(lambda: transfer.verdict)
        assert '0 bytes' in transfer.verdict
        watch.discard(transfer)

    def test_each_stretch_must_be_fast_enough(self):
        watch = Watch(window=1, deadline=60, min_rate=10)
        transfer = watch.add(lambda: None)
        transfer.waited, transfer.received = 2, 1000
        assert watch.judge(transfer) is None
        transfer.waited, transfer.received = 4, 1001
        assert '1 bytes in 2 s' in watch.judge(transfer)
        watch.discard(transfer)

    def test_its_thread_ends_with_the_last_transfer_and_begins_again(self):
        watch, cuts = Watch(window=0.01, deadline=0.02, min_rate=0), []
        for _ in range(2):
            transfer = watch.add(lambda: cuts.append('cut'))
            watch.thread.join(0.2)
            assert watch.thread is not None
            thread = watch.thread
            watch.discard(transfer)
            thread.join(10)
            assert watch.thread is None
        assert cuts == ['cut', 'cut']
