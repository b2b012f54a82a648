"""Streams that stop: where a reader must not give more than it may.

Use: store.add(image_id, LimitingReader(data, cap, ImageSizeLimitExceeded), size)
     stretch(file, 1000): the next 1000 bytes
Real: glance 2014.2 glance/common/utils.py LimitingReader
Left out: the rest of that module.
"""

import io

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


def stretch(data, length):
    """The next `length` bytes of data: an iterable of bytes, and where data is a file, a file. close() closes data.

    A file, so that the server can send it as fast as the client reads, and no thread waits for that.
    """
    return FileStretch(data, length) if hasattr(data, 'seek') else Stretch(data, length)


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
