"""What one transfer of an image may take: so many bytes, and so many seconds; and a way to end it from outside.

A web server can say that its image has 4 bytes, and send 1200 MiB; or send a byte every three seconds, which no
time-out of a single read ever ends. Here both come to an end.

    glanceclient -> as_it_comes -> Transfer.watched -> streams.received -> the file

Use: transfer = Transfer(image_id, size=4, seconds=30, min_rate=16384)
     with transfer: for chunk in transfer.watched(chunks): ...         in the thread that reads
     transfer.end(error)                                               in another one: the first one raises the error
Work that is cancelled (cancel.py) ends its transfer so.
Real: none: in nova 2014.2 a boot that hangs ends when an operator looks (instance_build_timeout marks its row, and the
    worker goes on), and a download is as large as it is sent
Left out: the time that glance takes for the headers of its answer, which glance_client_timeout bounds read by read.
"""

import contextlib
import threading
import time

import requests
import urllib3

from cloud.nova import cancel, exception

GRACE = 30  # seconds that a transfer may take, however small its image
PERIOD = 30  # seconds of waiting over which its rate is measured
TOO_FEW = 'Image {} came too slowly, with fewer than {} bytes per second: use an image that is stored elsewhere.'


class Transfer:
    """image_id: for messages. size: bytes at most, or None for any number. seconds: at most, or None. min_rate:
    bytes per second, or 0 for any. now: a function to the seconds since some moment.

    The clock runs from the first time that it is entered, and through all attempts.
    """

    def __init__(self, image_id=None, size=None, seconds=None, min_rate=0, now=time.monotonic):
        self.image_id, self.size, self.seconds = image_id, size, seconds
        self.min_rate, self.now = min_rate, now
        self.error = None  # why it has ended
        self.lock, self.timer, self.response = threading.Lock(), None, None

    def __enter__(self):
        cancel.on_cancel(self.cancelled)
        if self.timer is None and self.seconds is not None:
            slow = exception.ImageDownloadTooSlow(image_id=self.image_id, seconds=f'{self.seconds:.0f}')
            self.timer = threading.Timer(self.seconds, self.end, [slow])
            self.timer.daemon = True
            self.timer.start()
        return self

    def __exit__(self, *exc_info):
        if self.timer is not None:
            self.timer.cancel()
        with self.lock:
            if exc_info[0] is not None:
                cut(self.response)  # what is still to come is of no use
            self.response = None

    def cancelled(self):
        """End it because nobody wants the instance any more."""
        self.end(exception.BuildCancelled())

    def end(self, error):
        """Cut the connection, so that the thread that reads raises the error at once. The first error counts."""
        with self.lock:
            self.error = self.error or error
            cut(self.response)

    def check(self):
        """Raise the error that it was ended with, if it was."""
        if self.error is not None:
            raise self.error

    def check_size(self, size):
        """ImageUnacceptable if so many bytes are more than there may be."""
        if self.size is not None and size > self.size:
            reason = f'it sends more than the {self.size} bytes that it should have'
            raise exception.ImageUnacceptable(image_id=self.image_id, reason=reason)

    def follow(self, response, *args, **kwargs):
        """A hook of requests: the answer (a requests.Response) whose connection is to be cut at the end."""
        with self.lock:
            self.response = response
            if self.error is not None:
                cut(response)

    def watched(self, chunks):
        """The chunks (bytes) as they come.

        ImageUnacceptable before one too many, ImageDownloadTooSlow, or the error of end().
        """
        size, rate = 0, Rate()
        try:
            for chunk, seconds in timed(chunks, self.now):
                self.check()
                size += len(chunk)
                self.check_size(size)
                rate.add(len(chunk), seconds)
                if rate.is_below(self.min_rate):
                    raise exception.ImageDownloadTooSlow(TOO_FEW.format(self.image_id, self.min_rate))
                yield chunk
        except OSError:
            self.check()  # it broke off because end() has cut it
            raise
        self.check()


class Rate:
    """How fast bytes come, over each PERIOD of waiting. The time that we take to write them does not count."""

    def __init__(self):
        self.size, self.seconds = 0, 0
        self.last = None  # bytes per second in the last whole period

    def add(self, size, seconds):
        self.size, self.seconds = self.size + size, self.seconds + seconds
        if self.seconds >= PERIOD:
            self.last = self.size / self.seconds
            self.size, self.seconds = 0, 0

    def is_below(self, least):
        return self.last is not None and self.last < least


def timed(chunks, now):
    """(chunk, seconds that it was waited for) of each chunk."""
    began = now()
    for chunk in chunks:
        yield chunk, now() - began
        began = now()


def as_it_comes(raw, chunk_size=1):
    """For requests' Response.iter_content: each chunk as soon as there is any of it. raw: urllib3's response.

    iter_content waits until a chunk is full. If a byte comes every three seconds, a MiB takes a month, and nobody could
    look at the clock before.
    """
    try:
        while chunk := raw.read1(chunk_size, decode_content=True):
            yield chunk
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from error
    finally:
        raw.close()  # whoever stops early wants none of the rest


def cut(response):
    """Have a read of the response, in whatever thread, end at once."""
    if response is not None:
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # it has come to its end meanwhile
            response.raw.shutdown()


def seconds_for(size, timeout, min_rate):
    """How long an image of so many bytes (None: unknown) may take. timeout: seconds; min_rate: bytes per second."""
    return min(timeout, GRACE + size / min_rate) if size is not None and min_rate else timeout
