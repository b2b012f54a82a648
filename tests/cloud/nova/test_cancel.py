import threading
import time

import pytest

from cloud.nova import cancel, exception
from cloud.nova.cancel import Cancellation


def test_work_that_is_not_cancelled_or_not_watched_goes_on():
    work = Cancellation()
    with work.watched():
        cancel.check()
        cancel.sleep(0)
    work.cancel()
    cancel.check()
    cancel.on_cancel(pytest.fail)


def test_work_that_is_cancelled_stops_at_its_next_step():
    work = Cancellation()
    with work.watched():
        work.cancel()
        work.cancel()
        for step in (cancel.check, lambda: cancel.sleep(30)):
            with pytest.raises(exception.BuildCancelled):
                step()


def test_another_threads_work_goes_on():
    work, done = Cancellation(), []

    def other():
        cancel.check()
        done.append(True)

    with work.watched():
        work.cancel()
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert done == [True]


def test_a_sleep_ends_when_the_work_is_cancelled():
    work, began = Cancellation(), time.monotonic()
    threading.Timer(0.05, work.cancel).start()
    with work.watched(), pytest.raises(exception.BuildCancelled):
        cancel.sleep(30)
    assert time.monotonic() - began < 10


def test_what_blocks_is_woken_up_once_even_if_it_comes_too_late_or_fails():
    work, woken = Cancellation(), []
    with work.watched():
        cancel.on_cancel(lambda: 1 / 0)
        cancel.on_cancel(lambda: woken.append('before'))
        work.cancel()
        cancel.on_cancel(lambda: woken.append('after'))
        work.cancel()
    assert woken == ['before', 'after']


def test_work_that_is_over_wakes_nobody():
    work = Cancellation()
    with work.watched():
        cancel.on_cancel(pytest.fail)
    work.cancel()
