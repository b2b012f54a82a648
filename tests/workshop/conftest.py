import pytest

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
