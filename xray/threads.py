"""Jobs: what a request sets going in other threads, which work in its context (contextvars.copy_context).

    pool.submit(job)  ->  thread: context.run(job)  ->  its steps stand below pool.submit, the first one a landmark

Every new thread of the project's is watched from its start, for a pool's thread works for one request after another;
but it makes steps only while the context is a recorded request's. A server's own threads are let go at once.
Use: install(), once
Real: none
"""

import contextvars
import sys
import threading

from xray.recorder import ACTIVE, CURRENT, Walk

LET_GO = ('waitress', 'xray', 'threading', 'paste', 'kombu', 'amqp')


def install():
    threading.setprofile(begin)


def begin(frame, event, arg):
    """The first event of a thread."""
    thread = threading.current_thread()
    target = getattr(thread, '_target', None)
    if isinstance(getattr(target, '__self__', None), contextvars.Context):
        module = ''
    else:
        module = getattr(target, '__module__', None) or type(thread).__module__
    sys.setprofile(None if module.partition('.')[0] in LET_GO else Jobs().profile)


class Jobs:
    """The jobs of one thread, one after the other."""

    def __init__(self):
        self.walk = None

    def profile(self, frame, event, arg):
        walk = self.walk
        if walk is None:
            if event != 'call':
                return
            recording = CURRENT.get()
            if recording is None:
                return
            walk = Walk(recording, recording.submitter, 'job')
            ACTIVE.walk = walk
            walk.profile(frame, event, arg)
            if len(walk.stack) > 1:  # a call of the project's own: here the job begins
                self.walk = walk
            else:
                ACTIVE.walk = None
            return
        walk.profile(frame, event, arg)
        if len(walk.stack) == 1:
            walk.raised.end()
            self.walk = ACTIVE.walk = None
            walk.recording.went_on()
