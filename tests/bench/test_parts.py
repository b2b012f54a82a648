"""What a run leaves: nothing that was measured is lost to what fails after it."""

import pytest

from bench import parts
from bench.measure import Ratio
from bench.table import Row, rates

ROWS = [
    Row('a', 'b', Ratio(0.8, 0.9, 1.0), at_most=1, here='9 : 10 us'),
    Row('memory', here='29 MB'),
    rates('c', 'd', [100.0, 120.0, 130.0], [50.0, 60.0, 65.0], at_least=1.3),
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, 'FOLDER', tmp_path / 'parts')


def test_what_a_part_finds_is_kept():
    parts.save('ground floor, HTTP', ROWS)
    assert parts.load('ground floor, HTTP') == ROWS


def test_a_part_that_was_never_measured_says_so():
    assert parts.load('nova, lists') == [Row('nova, lists', here='not measured')]


def test_a_part_that_fails_is_a_row_that_says_why():
    def part():
        raise RuntimeError('no\nserver')

    said = []
    assert parts.measure('nova, lists', part, said.append) == [
        Row('nova, lists', here='failed: RuntimeError: no server')
    ]
    assert 'nova, lists failed: RuntimeError: no server' in said
