"""Both ways to make load, against a real server."""

import shutil

import pytest

from bench import load
from bench.answers import WrongAnswer
from bench.exchanges import CREATE_JSON, LIST, Request

WAYS = [load.with_python, *([load.with_wrk] if shutil.which('wrk') else [])]


@pytest.mark.parametrize('way', WAYS)
@pytest.mark.parametrize('request_', [LIST, CREATE_JSON])
def test_it_counts_the_answers_of_a_second(start, way, request_):
    assert 10 < way(start().url, request_, 8, 1) < 100_000


@pytest.mark.parametrize('way', WAYS)
def test_a_refusal_is_not_counted_as_an_answer(start, way):
    with pytest.raises(WrongAnswer):
        way(start().url, Request('GET', '/instances', 200, token='wrong'), 2, 1)
