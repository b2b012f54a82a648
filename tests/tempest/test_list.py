"""The list of Tempest's tests that must pass."""

import re
from pathlib import Path

LINES = (Path(__file__).parent / 'must_pass.txt').read_text().splitlines()


def test_it_names_each_test_once_and_in_order():
    assert sorted(set(LINES)) == LINES


def test_each_line_means_one_test_of_identity_or_compute():
    for line in LINES:
        assert re.fullmatch(r'\^tempest\\\.api\\\.(identity|compute)\\\.[\w\\.]+\\b', line), line
