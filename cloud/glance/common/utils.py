"""Streams that stop: where a reader must not give more than it may.

Use: store.add(image_id, LimitingReader(data, cap, ImageSizeLimitExceeded), size)
Real: glance 2014.2 glance/common/utils.py LimitingReader
Left out: the rest of that module.
"""


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


class Stretch:
    """An iterable over the first `length` bytes of `data` (an iterable of bytes); close() closes it."""

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
