"""Streams with a rule: one that stops, one that is a part of another, and one that says how far it came.

Use: store.add(image_id, LimitingReader(data, cap, ImageSizeLimitExceeded), size)
     reader = HashingReader(data, 'sha512'); ...; reader.hexdigest() of all that came out of it
     stretch(file, 1000): the next 1000 bytes
     no_more_than(data, 1000): the same of a stream; a file is sent as it is
     SentData(data, done): done(bytes sent) is called in the end
Real: glance 2014.2 glance/common/utils.py LimitingReader; glance/notifier.py ImageProxy._get_chunk_data_iterator
Left out: the rest of that module.
"""

import hashlib
import io
import time

from cloud.oslo.utils.units import CHUNK


class LimitingReader:
    """A file-like that raises `error` (an exception class) as soon as more than `limit` bytes came out of `data`."""

    def __init__(self, data, limit, error):
        self.data = data
        self.limit = limit
        self.error = error
        self.bytes_read = 0

    def read(self, size=-1):
        chunk = self.data.read(size)
        self.bytes_read += len(chunk)
        if self.bytes_read > self.limit:
            raise self.error(f'The data has more than the {self.limit} bytes that are allowed.')
        return chunk


class HashingReader:
    """A file-like that computes a second checksum while the store reads it and computes the first.

    algorithm: one of hashlib's.
    """

    def __init__(self, data, algorithm):
        self.data = data
        self.hash = hashlib.new(algorithm, usedforsecurity=False)

    def read(self, size=-1):
        chunk = self.data.read(size)
        self.hash.update(chunk)
        return chunk

    def hexdigest(self):
        return self.hash.hexdigest()


class WantedReader:
    """A file-like that calls check() every `pause` seconds while it is read; what that raises ends the reading."""

    def __init__(self, data, check, pause=2):
        self.data, self.check, self.pause = data, check, pause
        self.next = time.monotonic() + pause

    def read(self, size=-1):
        if time.monotonic() >= self.next:
            self.check()
            self.next = time.monotonic() + self.pause
        return self.data.read(size)


def stretch(data, length):
    """The next `length` bytes of data: an iterable of bytes, and where data is a file, a file. close() closes data.

    A file, so that the server can send it as fast as the client reads, and no thread waits for that.
    """
    return FileStretch(data, length) if hasattr(data, 'seek') else Stretch(data, length)


def no_more_than(data, length):
    """The data of an image of `length` bytes: what comes from another server ends there, whatever it sends.

    A file of our own has its size, and stays the file that the server can take over.
    """
    return data if hasattr(data, 'seek') else Stretch(data, length)


class Stretch:
    """The first `length` bytes of an iterable of bytes."""

    def __init__(self, data, length):
        self.data = data
        self.length = length

    def __iter__(self):
        left = self.length
        for chunk in self.data:
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                return

    def close(self):
        if hasattr(self.data, 'close'):
            self.data.close()


class FileStretch(io.RawIOBase):
    """The next `length` bytes of a file, or what there is, as a file: without a fileno, which would know no end."""

    def __init__(self, file, length):
        self.file = file
        self.start = file.tell()
        self.length = min(length, file.seek(0, io.SEEK_END) - self.start)
        file.seek(self.start)

    def seekable(self):
        return True

    def tell(self):
        return self.file.tell() - self.start

    def seek(self, offset, whence=io.SEEK_SET):
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self.length}[whence]
        return self.file.seek(self.start + origin + offset) - self.start

    def read(self, size=-1):
        left = max(self.length - self.tell(), 0)
        return self.file.read(left if size < 0 else min(size, left))

    def __next__(self):
        if chunk := self.read(CHUNK):
            return chunk
        raise StopIteration

    def close(self):
        self.file.close()
        super().close()


class SentData:
    """An image's data on its way out. done(bytes sent) is called once: after the last chunk, or at close() before it.

    Iterate, or use it as the file that it is if the store gave one (read, seek, tell, fileno): a server that takes
    the file over (wsgi.file_wrapper) never iterates, and then the file's position says how far it came.
    """

    def __init__(self, data, done):
        self.data = data
        self.done = done
        self.sent = 0
        self.start = self._position()

    def __iter__(self):
        self.start = None  # from here on we count
        for chunk in self.data:
            self.sent += len(chunk)
            yield chunk
        self._finish()

    def __getattr__(self, name):
        if name == 'data':  # not set yet: nothing to look in
            raise AttributeError(name)
        return getattr(self.data, name)

    def close(self):
        if self.done and self.start is not None:  # never iterated, and not closed before: servers may do so twice
            self.sent = self._position() - self.start
        self._finish()
        if hasattr(self.data, 'close'):
            self.data.close()

    def _position(self):
        return self.data.tell() if hasattr(self.data, 'seekable') and self.data.seekable() else None

    def _finish(self):
        done, self.done = self.done, None
        if done:
            done(self.sent)
