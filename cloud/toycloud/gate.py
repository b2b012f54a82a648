"""The requests under way: how many, and a moment in which there is none.

Use: gate = Gate(); with gate.passing(): ... (a request); with gate.alone(seconds=10): ... (all others wait)
Real: none
"""

import contextlib
import threading
import time

from cloud.toycloud.problem import Problem


class Busy(Problem):
    """There was no moment without a request."""

    def __init__(self, running):
        super().__init__(503, f'{running} requests are still under way: nothing was changed, try again later.')


class Gate:
    def __init__(self):
        self.changed = threading.Condition()
        self.closed, self.running, self.delayed = False, 0, 0

    @contextlib.contextmanager
    def passing(self):
        """Context manager: a request, which waits as long as somebody wants to be alone."""
        with self.changed:
            while self.closed:
                self.changed.wait()
            self.running += 1
        try:
            yield
        finally:
            with self.changed:
                self.running -= 1
                self.changed.notify_all()

    @contextlib.contextmanager
    def alone(self, seconds=10):
        """Context manager: no request is under way, and those that come wait. Busy if those before do not end."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while self.closed:
                self._wait(deadline)
            self.closed = True
            try:
                while self.running:
                    self._wait(deadline)
            except Busy:
                self._open()
                raise
        try:
            yield
        finally:
            with self.changed:
                self._open()

    def _wait(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0:
            raise Busy(self.running)
        self.changed.wait(left)

    def _open(self):
        self.closed = False
        self.changed.notify_all()

    @contextlib.contextmanager
    def delaying(self, most):
        """Context manager: whether one more request may be kept waiting, of so many."""
        with self.changed:
            may = self.delayed < most
            self.delayed += may
        try:
            yield may
        finally:
            with self.changed:
                self.delayed -= may
