"""What bounds a download, with the real client against servers that send too much, too slowly or for ever."""

import threading
import time

import pytest

from cloud.nova import exception
from cloud.nova.image import glance
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
