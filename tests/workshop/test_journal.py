"""The journal: what the student or a full disk put into it is passed over."""

import dataclasses
import json

import pytest

from workshop import journal
from workshop.journal import Exchange

ONE = Exchange('ground', 'GET', '/', {'a': 'b'}, {'host': 'x'}, None, '', 200, {}, '{"b": 1}', '', ['reaches Auth'])


def test_what_was_added_is_read(tmp_path):
    journal.append(tmp_path / 'log', ONE)
    journal.append(tmp_path / 'log', ONE)
    assert journal.read(tmp_path / 'log') == [ONE, ONE]
    assert ONE.json == {'b': 1}
    assert journal.read(tmp_path / 'nothing') == []


WRONG = [{'query': 3}, {'status': '200'}, {'steps': [1]}, {'query': {'a': []}}, {'headers': None}, {'more': 1}]


@pytest.mark.parametrize(
    'line',
    [
        b'',
        b'{',
        b'[1]',
        b'[' * 300_000,
        b'\xff\x00\x1b',
        *(json.dumps({**dataclasses.asdict(ONE), **w}).encode() for w in WRONG),
    ],
    ids=lambda line: line[:8].hex() + str(len(line)),
)
def test_a_line_that_is_none_of_ours_is_passed_over(tmp_path, line):
    (tmp_path / 'log').write_bytes(line + b'\n')
    journal.append(tmp_path / 'log', ONE)
    assert journal.read(tmp_path / 'log') == [ONE]


def test_of_a_long_journal_the_end_can_be_read_alone(tmp_path):
    for _ in range(5):
        journal.append(tmp_path / 'log', ONE)
    line = (tmp_path / 'log').stat().st_size // 5
    assert len(journal.read(tmp_path / 'log', last=2 * line + 10)) == 2


def test_a_journal_that_is_a_folder_is_an_error(tmp_path):
    with pytest.raises(IsADirectoryError):
        journal.read(tmp_path)
