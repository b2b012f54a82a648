import io

import pytest

from cloud.nova import cancel, exception
from cloud.nova.image import glance, streams
from tests.cloud.nova.glances import IMAGE


class Pipe:
    """Bytes can be written to it, or read from it, once."""

    def __init__(self, data=b''):
        self.data = data

    def read(self, size):
        data, self.data = self.data[:size], self.data[size:]
        return data

    def write(self, data):
        self.data += data


def broken(*chunks):
    yield from chunks
    raise OSError('the connection is gone')


def test_chunks_that_break_off_are_a_broken_download():
    chunks = streams.received(broken(b'a', b'b'))
    assert [next(chunks), next(chunks)] == [b'a', b'b']
    with pytest.raises(streams.BrokenDownload, match='the connection is gone'):
        next(chunks)


def test_who_is_cancelled_gets_no_further_chunk_and_no_broken_download_to_try_again():
    for chunks in (broken(b'a', b'b'), broken(b'a')):
        work = cancel.Cancellation()
        with work.watched():
            received = streams.received(chunks)
            assert next(received) == b'a'
            work.cancel()
            with pytest.raises(exception.BuildCancelled):
                next(received)


def test_an_error_of_who_takes_the_chunks_is_not():
    with pytest.raises(OSError, match='full') as caught:
        for _ in streams.received(iter([b'a'])):
            raise OSError('the disk is full')
    assert not isinstance(caught.value, streams.BrokenDownload)


class TestStream:
    def test_a_file_goes_back_to_where_it_stood(self):
        file = io.BytesIO(b'header|data')
        file.seek(7)
        stream = streams.Stream(file)
        assert (stream.read(2), stream.rewind(), stream.read()) == (b'da', True, b'data')
        assert (stream.rewind(), file.tell()) == (True, 7)

    def test_a_pipe_can_begin_again_until_something_was_read(self):
        stream = streams.Stream(Pipe(b'data'))
        assert (stream.rewind(), stream.read(2), stream.rewind(), stream.rewind()) == (True, b'da', False, False)

    def test_a_pipe_can_begin_again_until_something_was_written(self):
        stream = streams.Stream(Pipe())
        stream.write(iter([]))
        assert stream.rewind()
        stream.write(iter([b'a']))
        assert not stream.rewind()

    def test_a_file_that_says_it_cannot_seek_is_a_pipe(self):
        file = io.BytesIO(b'data')
        file.seekable = lambda: False
        stream = streams.Stream(file)
        assert (stream.read(1), stream.rewind()) == (b'd', False)


def test_a_pipe_that_got_some_bytes_of_a_download_gets_none_twice(options, context, fake):
    glances, pipe = fake(broken(b'some')), Pipe()
    with pytest.raises(exception.GlanceConnectionFailed, match='broke off'):
        glance.GlanceImageService(options).download(context, IMAGE, pipe)
    assert (pipe.data, glances.servers) == (b'some', [1])
