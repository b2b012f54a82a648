"""Jobs that outlive their request."""

import threading

import pytest

from cloud.glance.api.v1.background import Pool, Retries
from cloud.glance.common import exception
from tests.cloud.glance.api.v1.conftest import within_seconds


def test_a_place_is_free_again_after_its_job_even_a_failing_one(caplog):
    pool, done = Pool(1), threading.Event()

    def fail():
        done.set()
        raise ValueError('broken')

    with pool.place() as start:
        start(fail)
    assert done.wait(10)
    within_seconds(lambda: pool.places.acquire(blocking=False))
    assert 'background: a job failed' in caplog.text


def test_a_place_without_a_job_is_free_again():
    pool = Pool(1)
    for _ in range(2):
        with pool.place(), pytest.raises(exception.ServiceUnavailable), pool.place():
            pass


def test_a_job_is_tried_until_it_succeeds_and_the_next_one_in_between():
    retries, done = Retries(KeyError, pause=0), []
    over = threading.Event()

    def stubborn():
        done.append('stubborn')
        if done.count('stubborn') < 3:
            raise KeyError
        over.set()

    retries.add(stubborn)
    assert over.wait(10)
    within_seconds(lambda: retries.thread is None)
    assert done == ['stubborn'] * 3
    over.clear()
    retries.add(over.set)
    assert over.wait(10)


def test_what_fails_otherwise_is_given_up_and_the_next_job_is_done(caplog):
    retries, over = Retries(KeyError), threading.Event()

    def fail():
        raise ValueError('broken')

    retries.add(fail)
    retries.add(over.set)
    assert over.wait(10)
    assert 'background: gives up' in caplog.text


def test_an_owner_has_half_of_the_places_at_most():
    pool, over = Pool(4), threading.Event()
    for _ in range(2):
        with pool.place('alpha') as start:
            start(lambda: over.wait(10))
    with pytest.raises(exception.ServiceUnavailable, match='of yours'), pool.place('alpha'):
        pass
    with pool.place('beta'), pool.place('gamma'):
        pass
    over.set()
    within_seconds(lambda: not pool.taken)
    with pool.place('alpha'):
        pass
