"""What bounds a download, with the real client against servers that send too much, too slowly or for ever."""

import itertools
import threading
import time

import pytest

from cloud.nova import exception
from cloud.nova.image import glance, transfer
from cloud.nova.image.transfer import Transfer, seconds_for
from tests.cloud.nova.glances import IMAGE

MORE = b'x' * 1024
ENDED = exception.NovaException('nobody wants it any more')


@pytest.fixture
def service(options, glances):
    return glance.GlanceImageService(options)


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'disk'


def drips(handler):
    """A byte now and then, and never all of them."""
    handler.write(200, {}, b'', 1024**2)
    for _ in range(1000):
        try:
            handler.wfile.write(b'x')
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.02)


def floods(handler):
    """Chunks for a long time; no length says how many bytes come. server.sent: how many went out."""
    handler.protocol_version = 'HTTP/1.1'
    handler.send_response(200)
    handler.send_header('Content-Type', 'application/octet-stream')
    handler.send_header('Transfer-Encoding', 'chunked')
    handler.end_headers()
    for number in range(1200):
        handler.server.sent = number * 1024**2
        try:
            handler.wfile.write(b'100000\r\n' + b'x' * 1024**2 + b'\r\n')
        except OSError:
            return handler.server.cut_off.set()


def test_who_sends_1200_mib_instead_of_4_bytes_is_cut_off(service, glances, context, path):
    glances[0].cut_off = threading.Event()
    glances[0].has_data(IMAGE, floods)
    with pytest.raises(exception.ImageUnacceptable, match='more than the 4 bytes'):
        service.download(context, IMAGE, dst_path=str(path), transfer=Transfer(IMAGE, size=4))
    assert glances[0].cut_off.wait(30)
    assert glances[0].sent < 100 * 1024**2
    assert path.stat().st_size <= 4


def test_no_more_is_written_than_the_image_has(service, glances, context, path):
    glances[0].has_data(IMAGE, (200, {}, MORE * 1024))
    with pytest.raises(exception.ImageUnacceptable, match=f'Image {IMAGE} .* more than the 4 bytes'):
        service.download(context, IMAGE, dst_path=str(path), transfer=Transfer(IMAGE, size=4))
    assert path.stat().st_size <= 4
    assert glances[1].requests == []


@pytest.mark.parametrize('size', [len(MORE), len(MORE) + 1, None])
def test_what_is_within_the_bounds_passes_whole(service, glances, context, path, size):
    glances[0].has_data(IMAGE, (200, {}, MORE))
    service.download(context, IMAGE, dst_path=str(path), transfer=Transfer(IMAGE, size, seconds=30))
    assert path.read_bytes() == MORE


def test_a_byte_now_and_then_ends_at_the_deadline_and_no_other_server_is_asked(service, glances, context, path):
    glances[0].has_data(IMAGE, drips)
    with pytest.raises(exception.ImageDownloadTooSlow, match='did not arrive within 0 seconds'):
        service.download(context, IMAGE, dst_path=str(path), transfer=Transfer(IMAGE, seconds=0.2))
    assert glances[1].requests == []


def test_the_deadline_is_one_for_all_attempts(service, glances, context, path):
    def breaks_off(handler):
        time.sleep(0.15)
        handler.write(200, {}, b'x', 1024)

    glances[0].has_data(IMAGE, breaks_off)
    glances[1].has_data(IMAGE, drips)
    begun = time.monotonic()
    with pytest.raises(exception.ImageDownloadTooSlow):
        service.download(context, IMAGE, dst_path=str(path), transfer=Transfer(IMAGE, seconds=0.3))
    assert time.monotonic() - begun < 5


def test_another_thread_can_end_it_at_any_moment(service, glances, context, path):
    transfer, reading = Transfer(IMAGE), threading.Event()

    def drip(handler):
        reading.set()
        drips(handler)

    glances[0].has_data(IMAGE, drip)

    def end():
        assert reading.wait(30)
        transfer.end(ENDED)

    ender = threading.Thread(target=end)
    ender.start()
    with pytest.raises(exception.NovaException, match='nobody wants it'):
        service.download(context, IMAGE, dst_path=str(path), transfer=transfer)
    ender.join()


def test_what_has_ended_before_it_begins_asks_nobody(service, glances, context, path):
    transfer = Transfer(IMAGE)
    transfer.end(ENDED)
    with pytest.raises(exception.NovaException, match='nobody wants it'):
        service.download(context, IMAGE, dst_path=str(path), transfer=transfer)
    assert glances[0].requests == []


def test_the_first_error_counts():
    transfer = Transfer(IMAGE)
    transfer.end(ENDED)
    transfer.end(exception.ImageDownloadTooSlow(image_id=IMAGE, seconds=1))
    with pytest.raises(exception.NovaException, match='nobody wants it'):
        transfer.check()


def test_no_clock_runs_on_after_a_transfer(service, glances, context, path):
    glances[0].has_data(IMAGE, (200, {}, MORE))
    transfer = Transfer(IMAGE, seconds=30)
    service.download(context, IMAGE, dst_path=str(path), transfer=transfer)
    transfer.timer.join(30)
    assert not transfer.timer.is_alive()
    transfer.check()


def test_a_server_that_is_named_by_a_url_is_bounded_too(options, service, glances, context, path):
    glances[0].has_data(IMAGE, drips)
    named, image_id = glance.get_remote_image_service(
        context, f'http://{glances[0].address}/v1/images/{IMAGE}', service
    )
    with pytest.raises(exception.ImageDownloadTooSlow):
        named.download(context, image_id, dst_path=str(path), transfer=Transfer(IMAGE, seconds=0.2))


@pytest.mark.parametrize(('size', 'min_rate', 'seconds'), [
    (None, 100, 3600), (0, 100, 30), (1000, 100, 40), (10**9, 100, 3600), (10**9, 0, 3600),
])  # fmt: skip
def test_an_image_has_the_time_that_its_size_needs_at_the_least_rate(size, min_rate, seconds):
    assert seconds_for(size, 3600, min_rate) == seconds


class TestRate:
    @pytest.fixture
    def clock(self):
        return Clock()

    def test_fewer_bytes_per_second_than_the_floor_end_it_though_the_image_says_it_is_large(
        self, service, glances, context, path, monkeypatch
    ):
        monkeypatch.setattr(transfer, 'PERIOD', 0.2)
        hung_up = threading.Event()

        def drip(handler):
            drips(handler)
            hung_up.set()

        glances[0].has_data(IMAGE, drip)
        limits = Transfer(IMAGE, size=1024**3, seconds=3600, min_rate=1000)
        with pytest.raises(exception.ImageDownloadTooSlow, match='too slowly, with fewer than 1000 bytes per second'):
            service.download(context, IMAGE, dst_path=str(path), transfer=limits)
        assert hung_up.wait(30)
        assert glances[1].requests == []

    @pytest.mark.parametrize(('min_rate', 'ends'), [(0, False), (99, False), (100, False), (101, True)])
    def test_the_floor_is_an_average(self, clock, min_rate, ends):
        chunks = clock.waits(itertools.repeat(b'x' * 100, 100), 1)
        watched = Transfer(IMAGE, min_rate=min_rate, now=clock).watched(chunks)
        if ends:
            with pytest.raises(exception.ImageDownloadTooSlow):
                list(watched)
            assert clock.time == transfer.PERIOD
        else:
            assert len(list(watched)) == 100

    def test_a_fast_beginning_does_not_pay_for_a_slow_end(self, clock):
        chunks = itertools.chain([b'x' * 10**6], clock.waits(itertools.repeat(b'x', 100), 1))
        with pytest.raises(exception.ImageDownloadTooSlow):
            list(Transfer(IMAGE, min_rate=100, now=clock).watched(chunks))
        assert clock.time <= 2 * transfer.PERIOD

    def test_the_time_that_writing_takes_does_not_count(self, clock):
        chunks = clock.waits(itertools.repeat(b'x' * 100, 50), 0.01)
        for _ in Transfer(IMAGE, min_rate=100, now=clock).watched(chunks):
            clock.time += 10  # a slow disk


class Clock:
    """Seconds that pass when somebody waits for chunks."""

    def __init__(self):
        self.time = 0

    def __call__(self):
        return self.time

    def waits(self, chunks, seconds):
        for chunk in chunks:
            self.time += seconds
            yield chunk
