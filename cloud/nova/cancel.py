"""Work that nobody wants any more: the build of an instance that is deleted meanwhile stops at its next step.

A worker names what may be cancelled. What it calls, however deep, looks here between two steps: before a chunk, while
it waits for a lock. What blocks for longer leaves a function behind that wakes it up. The layers in between need not
know, since it is a context variable, and the image handlers of others need not either.

Use: build = Cancellation(); with build.watched(): ...          a worker
     check(); sleep(1); on_cancel(response.raw.shutdown)        what it calls
     build.cancel()                                             any other thread
Real: none. The compute manager of nova 2014.2 notices a delete between its steps (UnexpectedDeletingTaskStateError),
    and a download that has begun goes on to its end.
"""

import contextlib
import logging
import threading
from contextvars import ContextVar

from cloud.nova import exception
from cloud.oslo.utils import timeutils

LOG = logging.getLogger(__name__)

CURRENT = ContextVar('cancel', default=None)


class Cancellation:
    """One piece of work, for any number of threads."""

    def __init__(self):
        self.event, self.lock, self.actions = threading.Event(), threading.Lock(), []

    @contextlib.contextmanager
    def watched(self):
        """Context manager: what happens inside, in this thread, can be cancelled."""
        token = CURRENT.set(self)
        try:
            yield
        finally:
            CURRENT.reset(token)
            with self.lock:
                self.actions = []

    def cancel(self):
        """Have the work stop soon. Once is enough; more often changes nothing."""
        with self.lock:
            self.event.set()
            actions, self.actions = self.actions, []
        for action in actions:
            attempt(action)

    def on_cancel(self, action):
        """Have action() called, in the thread of whoever cancels; at once if that has happened."""
        with self.lock:
            if not self.event.is_set():
                return self.actions.append(action)
        return attempt(action)


def attempt(action):
    try:
        action()
    except Exception as error:  # most often the work was over already
        LOG.debug('cancel: %s', error)


def check():
    """BuildCancelled if the work that this thread does is cancelled."""
    current = CURRENT.get()
    if current is not None and current.event.is_set():
        raise exception.BuildCancelled


def sleep(seconds):
    """Wait so long, by the clock that tests may stop; BuildCancelled as soon as the work is cancelled."""
    current = CURRENT.get() or Cancellation()
    current.on_cancel(timeutils.CLOCK.wake)
    timeutils.CLOCK.sleep(seconds, current.event.is_set)
    check()


def on_cancel(action):
    """Have action() called when the work that this thread does is cancelled, if it can be."""
    current = CURRENT.get()
    if current is not None:
        current.on_cancel(action)
