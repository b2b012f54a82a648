import threading

import pytest

from cloud.oslo.messaging.pool import Pool


def test_a_pool_survives_a_job_that_fails_and_has_no_threads_when_there_is_nothing_to_do(caplog):
    pool, done = Pool(1), threading.Event()
    pool.submit(lambda: 1 / 0)
    pool.submit(done.set)
    assert done.wait(30)
    assert 'a job failed' in caplog.text
    for thread in threading.enumerate():
        if getattr(thread, '_target', None) == pool._work:
            thread.join(30)
    assert pool.running == 0


def test_a_thread_that_cannot_be_started_is_not_counted(monkeypatch):
    pool = Pool(1)

    def fail(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, 'start', fail)
        with pytest.raises(RuntimeError):
            pool.submit(lambda: None)
    assert pool.running == 0


class Jobs:
    """Jobs that write down their names as they begin, and wait until they are let go."""

    def __init__(self, pool):
        self.pool, self.begun = pool, []
        self.reached, self.go = threading.Semaphore(0), threading.Semaphore(0)

    def submit(self, name):
        """NAME is the owner and a number."""
        self.pool.submit(lambda: self.run(name), name[0])

    def run(self, name):
        self.begun.append(name)
        self.reached.release()
        assert self.go.acquire(timeout=30)

    def wait_for(self, count):
        assert all(self.reached.acquire(timeout=30) for _ in range(count))

    def end(self, count):
        self.go.release(count)
        for thread in threading.enumerate():
            if getattr(thread, '_target', None) == self.pool._work:
                thread.join(30)
        assert (self.pool.running, self.pool.jobs, self.pool.busy) == (0, {}, {})


@pytest.mark.parametrize(('size', 'share'), [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (1000, 500)])
def test_an_owner_has_half_of_the_workers_and_at_least_one(size, share):
    jobs = Jobs(Pool(size))
    for number in range(share + 3):
        jobs.submit(f'a{number}')
    jobs.wait_for(share)
    assert not jobs.reached.acquire(timeout=0.05)
    jobs.end(share + 3)
    assert len(jobs.begun) == share + 3


def test_each_owners_jobs_are_in_order_and_owners_take_turns():
    jobs = Jobs(Pool(1))
    jobs.submit('a1')
    jobs.wait_for(1)
    for name in ('a2', 'a3', 'b1', 'b2', 'c1'):
        jobs.submit(name)
    jobs.end(6)
    assert jobs.begun == ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']


def test_a_thousand_jobs_of_one_do_not_stand_before_anothers():
    jobs = Jobs(Pool(2))
    for number in range(1000):
        jobs.submit(f'a{number}')
    jobs.submit('b')
    jobs.wait_for(2)
    assert sorted(jobs.begun) == ['a0', 'b']
    jobs.end(1001)
    assert len(jobs.begun) == 1001
