"""What goes on after the answer has been sent: copies, and jobs that are tried again until they succeed.

Use: with pool.place() as start: ...; start(job)          Retries().add(job)
Real: glance 2014.2 glance/api/v1/images.py Controller.pool, an eventlet.GreenPool of 1024; it retries nothing
    Nor does it count the copies of a tenant: one that copies from slow servers has all places, for ever.
Left out: waiting for the jobs when the service is told to stop. What is cut off is repaired at the next start.
"""

import contextlib
import contextvars
import logging
import threading
import time
from collections import Counter, deque

from cloud.glance.common import exception

LOG = logging.getLogger(__name__)


class Pool:
    """Runs each job (a function) in its own thread, `size` at a time. One more is refused; it does not wait.

    An owner has half of the places at most, so that the others always find some.
    """

    def __init__(self, size=16):
        self.places = threading.Semaphore(size)
        self.most, self.taken, self.lock = max(size // 2, 1), Counter(), threading.Lock()

    @contextlib.contextmanager
    def place(self, owner=None):
        """Hold a place while the block runs; start(job) hands it to the job. ServiceUnavailable if none is free."""
        self._take(owner)
        started = []

        def start(job):
            started.append(job)
            in_background(lambda: self._run(job, owner))

        try:
            yield start
        finally:
            if not started:
                self._give_back(owner)

    def _take(self, owner):
        with self.lock:
            if self.taken[owner] >= self.most:
                raise exception.ServiceUnavailable(
                    f'{self.most} images of yours are being copied, as many as may be at once: try again later.'
                )
            if not self.places.acquire(blocking=False):
                raise exception.ServiceUnavailable('The service copies as many images as it can: try again later.')
            self.taken[owner] += 1

    def _give_back(self, owner):
        with self.lock:
            self.taken[owner] -= 1
            if not self.taken[owner]:
                del self.taken[owner]
            self.places.release()

    def _run(self, job, owner):
        try:
            job()
        except Exception:
            LOG.exception('background: a job failed')
        finally:
            self._give_back(owner)


class Retries:
    """Runs jobs until each has succeeded, `pause` seconds apart, as long as what they raise is one of `errors`."""

    def __init__(self, errors, pause=1):
        self.errors, self.pause = errors, pause
        self.jobs, self.lock, self.thread = deque(), threading.Lock(), None

    def add(self, job):
        with self.lock:
            self.jobs.append(job)
            if self.thread is None:
                self.thread = in_background(self._run)

    def _run(self):
        while job := self._next():
            try:
                job()
            except self.errors as error:
                LOG.info('background: tries again in %s s: %s', self.pause, error)
                time.sleep(self.pause)
                self.jobs.append(job)
            except Exception:
                LOG.exception('background: gives up')

    def _next(self):
        with self.lock:
            if self.jobs:
                return self.jobs.popleft()
            self.thread = None


def in_background(function):
    # With the context, log lines keep the id of the request that all this is for.
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(function,), daemon=True)
    thread.start()
    return thread
