"""Streams that stop: a part of a file, as a file. (LimitingReader and Stretch: tests/cloud/glance/quota.)"""

import io

import pytest

from cloud.glance.common.utils import FileStretch, SentData, Stretch, stretch


@pytest.fixture
def file():
    """Ten bytes of which two have been read."""
    file = io.BytesIO(b'0123456789')
    file.seek(2)
    return file


def test_a_part_of_a_file_begins_where_the_file_is_and_ends_after_its_length(file):
    part = stretch(file, 5)
    assert part.read(3) + part.read(3) + part.read(3) == b'23456'
    assert part.seek(0) == 0
    assert part.read() == b'23456'


def test_it_can_be_sought_in_like_any_file(file):
    part = stretch(file, 5)
    assert part.seekable()
    assert part.seek(0, io.SEEK_END) == part.tell() == 5
    assert part.seek(-2, io.SEEK_CUR) == 3
    assert part.read() == b'56'


def test_it_ends_where_the_file_ends(file):
    part = stretch(file, 100)
    assert part.seek(0, io.SEEK_END) == 8
    part.seek(0)
    assert part.read() == b'23456789'


def test_it_is_iterated_in_chunks_instead_of_lines():
    part = stretch(io.BytesIO(b'\n' * 100000), 70000)
    assert [len(chunk) for chunk in part] == [65536, 4464]


def test_it_closes_the_file_and_has_no_fileno(file):
    part = stretch(file, 5)
    with pytest.raises(OSError, match='fileno'):
        part.fileno()
    part.close()
    assert file.closed


def test_what_is_no_file_stays_an_iterable():
    assert isinstance(stretch(io.BytesIO(), 1), FileStretch)
    assert isinstance(stretch([b'12'], 1), Stretch)


def test_sent_data_may_be_closed_twice_and_tells_once_how_much_was_sent(tmp_path):
    (tmp_path / 'x').write_bytes(b'12345')
    told = []
    data = SentData((tmp_path / 'x').open('rb'), told.append)
    data.read(3)
    data.close()
    data.close()
    assert told == [3]
