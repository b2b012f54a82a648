import os

import pytest

from tests import warm
from workshop import check
from workshop import exercise as exercises
from workshop.work import Work


@pytest.fixture(scope='session')
def all_exercises():
    return exercises.load_all()


@pytest.fixture
def named(all_exercises):
    """named('token'): that exercise."""
    return lambda name: exercises.find(all_exercises, name)


@pytest.fixture
def work(tmp_path):
    """A student's folder that is not there yet."""
    return Work(tmp_path / 'work')


@pytest.fixture(autouse=True)
def uncovered(monkeypatch):
    """What the tests start in here is not measured, which takes a third longer: coverage is asked of other files."""
    for name in [name for name in os.environ if name.startswith('COV')]:
        monkeypatch.delenv(name)


@pytest.fixture
def warm_checks(monkeypatch):
    """What check.run starts, and the clouds of what it starts, start warm: see tests/warm.py."""
    monkeypatch.setattr(check, 'subprocess', warm.SUBPROCESS)
