"""The workers: so many jobs at a time, each tenant's in order, and no tenant has more than half of the workers.

So the slow images of one tenant never keep all others waiting. Tenants take turns: a thousand jobs of one do not stand
before the first job of another.
Use: pool = Pool(4); pool.submit(function, 'demo')
Real: none. Nova's max_concurrent_builds (from 2015.1 on) is for all tenants together.
"""

import contextvars
import logging
import threading
from collections import Counter, deque
from functools import partial

LOG = logging.getLogger(__name__)


class Pool:
    """Runs jobs (functions) in `size` threads at most; a thread ends when there is nothing that it may do.

    A job that must wait because its owner has a full share is taken up by the thread that ends one of that owner's.
    """

    def __init__(self, size):
        self.size, self.share = size, max(1, size // 2)
        self.running = 0
        self.busy = Counter()  # owner -> how many threads work for it
        self.jobs = {}  # owner -> its jobs (deque), the owner whose turn it is first
        self.lock = threading.Lock()

    def submit(self, job, owner=None):
        """Run job() soon. owner: on whose account, any value that can be a key."""
        # With the context, log lines keep the id of the request that all this is for.
        with self.lock:
            self.jobs.setdefault(owner, deque()).append(partial(contextvars.copy_context().run, job))
            if self.running < self.size:
                threading.Thread(target=self._work, daemon=True).start()
                self.running += 1

    def forget(self):
        """Drop the jobs that have not begun."""
        with self.lock:
            self.jobs.clear()

    def _work(self):
        work = self._next()
        while work:
            owner, job = work
            try:
                job()
            except Exception:
                LOG.exception('a job failed')
            work = self._next(owner)

    def _next(self, *done_for):
        """(owner, job) for this thread, or None if it is to end. done_for: the owner whose job it has done."""
        with self.lock:
            self.busy.subtract(done_for)
            self.busy += Counter()  # who has none is forgotten
            for owner in self.jobs:
                if self.busy[owner] < self.share:
                    self.busy[owner] += 1
                    return owner, self._take(owner)
            self.running -= 1
            return None

    def _take(self, owner):
        """The owner's next job. The rest of them wait behind all other owners."""
        jobs = self.jobs.pop(owner)
        job = jobs.popleft()
        if jobs:
            self.jobs[owner] = jobs
        return job
