"""Which exception ended a step? Python's profiler says that a call ended without a result, and no more.

It is found as soon as somebody handles it: then its traceback leads through the frames of the steps that it ended.

Use: raised = Raised(); raised.add(step, frame); raised.see() at the next call, whoever makes it
Real: none
"""

import sys

from xray.safe import message_of

MOST = 50  # steps that wait for their exception's name


class Raised:
    """steps: those that an exception has ended, as long as it is not known which."""

    def __init__(self):
        self.steps = []

    def add(self, step, frame):
        step.raised, step.frame = True, frame
        self.steps.append(step)
        if len(self.steps) > MOST:
            self.forget(self.steps.pop(0))

    def see(self):
        error = sys.exc_info()[1]
        if error is not None:
            self.tell(error)

    def tell(self, error):
        """The exception is being handled. One that it replaces, or was raised from, ended steps further in."""
        seen = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = frames_of(error)
            for step in [step for step in self.steps if step.frame in frames]:
                self.steps.remove(step)
                step.error = {'type': type(error).__name__, 'message': message_of(error)}
                step.frame = None
            error = error.__cause__ or error.__context__

    def end(self):
        """Nobody told: the exception was handled by a library without a call."""
        for step in self.steps:
            self.forget(step)
        self.steps.clear()

    def forget(self, step):
        step.error, step.frame = {'type': 'Exception', 'message': ''}, None


def frames_of(error):
    frames, trace = set(), error.__traceback__
    while trace is not None:
        frames.add(trace.tb_frame)
        trace = trace.tb_next
    return frames
