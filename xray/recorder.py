"""Records a request: each call of the project's own code, as Python reports them to sys.setprofile.

    recording = Recording('glance-api', 'GET /v2/images')
    with recording.watched():
        answer = app(environ, start_response)

What a step was given and what it returned is told in short texts at once: nothing is kept alive for it. A pool's
thread that works in the request's context goes on with the same recording (threads.py).
A request of very many calls is cut short: the recording says how many it left out.
Real: none; cProfile counts the same events, and keeps no order
"""

import contextlib
import contextvars
import sys
import threading
import time

from xray.errors import Raised
from xray.heads import Heads
from xray.landmarks import KNOWN, code_info, info_of_application
from xray.safe import brief

MOST_STEPS = 4000  # of a request
MANY, MOST_ALIKE = 500, 50  # with so many steps, only so many more of one kind below one step
ACTIVE = threading.local()  # walk: the Walk whose steps the present thread is making, if any
CURRENT = contextvars.ContextVar('xray', default=None)  # the Recording of the request that the context belongs to


class Step:
    """One call, or an event: SQL, HTTP, a file. start, end: nanoseconds of perf_counter; end is None while it lasts."""

    __slots__ = ('parent', 'info', 'landmark', 'label', 'start', 'end', 'arguments', 'result', 'error', 'raised',
                 'frame', 'changed', 'sql', 'http', 'alike')  # fmt: skip

    def __init__(self, parent, info, landmark, label):
        self.parent, self.info, self.landmark, self.label = parent, info, landmark, label
        self.start, self.end = time.perf_counter_ns(), None
        self.arguments = self.result = self.error = self.frame = self.changed = self.sql = self.http = None
        self.alike, self.raised = None, False


class Recording:
    """One request: its steps in the order in which they began, whichever thread they ran in."""

    def __init__(self, service, label):
        self.service = service
        self.root = Step(None, None, 'server', label)
        self.steps = [self.root]
        self.left_out = 0
        self.heads = Heads()
        self.asked = {}  # id of an HTTPConnection -> the Step of what was asked on it
        self.walk = None  # the Walk of the thread that serves the request
        self.submitter = self.root  # the step that handed on the latest job
        self.went_on = None  # to be called when a job has ended

    @contextlib.contextmanager
    def watched(self):
        """The calls of this thread are recorded while the block runs."""
        if self.walk is None:
            self.walk = Walk(self, self.root)
        before, token, ACTIVE.walk = sys.getprofile(), CURRENT.set(self), self.walk
        sys.setprofile(self.walk.profile)
        try:
            yield
        finally:
            sys.setprofile(before)
            ACTIVE.walk = None
            CURRENT.reset(token)

    def add(self, parent, info, landmark, label):
        """A new Step, or None if there are too many of its kind."""
        if len(self.steps) > MANY and self.is_too_many(parent, info or label):
            self.left_out += 1
            return None
        step = Step(parent, info, landmark, label)
        self.steps.append(step)
        return step

    def is_too_many(self, parent, kind):
        if len(self.steps) >= MOST_STEPS:
            return True
        alike = parent.alike = parent.alike or {}
        alike[kind] = alike.get(kind, 0) + 1
        return alike[kind] > MOST_ALIKE


class Walk:
    """One thread's way through a recording. stack: the steps that are open in it, the innermost last."""

    def __init__(self, recording, root, landmark=None):
        self.recording = recording
        self.landmark = landmark  # of the first step, if it is another than the call's own
        self.stack, self.frames = [root], [None]
        self.raised = Raised()
        self.enters = {
            'step': self.begin,
            'wsgi': self.enter_application,
            'either': self.enter_either,
            'head': self.pass_head,
            'ask': self.ask,
            'answered': self.begin_answer,
        }
        self.profile = self.make_profile()

    def make_profile(self):
        """The function for sys.setprofile: a closure, for it is called for every call that Python makes."""
        frames, enters, leave, raised, known = self.frames, self.enters, self.leave, self.raised.steps, KNOWN
        see = self.raised.see

        def profile(frame, event, arg):
            if event == 'call':
                try:
                    info = known[frame.f_code]
                except KeyError:
                    info = code_info(frame)
                if raised:
                    see()
                if info is not None:
                    enters[info.kind](frame, info)
            elif event == 'return':
                if frames[-1] is frame:
                    leave(frame, arg)
            elif raised:
                see()

        return profile

    def begin(self, frame, info):
        if info.is_generator and frame.f_lasti > info.begins_at:  # it goes on where it was
            return None
        step = self.recording.add(self.stack[-1], info, *info.landmark(frame))
        if step is not None:
            if self.landmark and len(self.stack) == 1:
                step.landmark, step.label = self.landmark, f'{self.landmark}: {info.name}'
            if info.arguments:
                values = frame.f_locals
                step.arguments = [(name, brief(values[name])) for name in info.arguments if name in values]
            self.stack.append(step)
            self.frames.append(frame)
            if info.submits:
                self.recording.submitter = step
        return step

    def leave(self, frame, result):
        self.frames.pop()
        step = self.stack.pop()
        step.end = time.perf_counter_ns()
        info = step.info
        if result is not None:
            if info.kind == 'answered':
                return answered(step, result)
            step.result = brief(result)
        elif frame.f_lasti not in info.returns:
            self.raised.add(step, frame)
        if info.kind in ('wsgi', 'either'):
            if step.landmark == 'router':
                step.label = route_of(step.label, frame.f_locals.get('environ'))
            self.recording.heads.leave(step, frame, result)
        return None

    def enter_application(self, frame, info):
        environ = frame.f_locals['environ']
        if type(environ) is dict and self.begin(frame, info):
            self.recording.heads.enter(self.stack, environ)

    def enter_either(self, frame, info):
        info = info_of_application(frame.f_locals['self'])
        if info is not None:
            self.enter_application(frame, info)

    def pass_head(self, frame, info):
        self.recording.heads.pass_on(self.stack, frame)

    def ask(self, frame, info):
        """http.client sends a request's head: a Step that ends when the head of the answer is there."""
        connection, values = frame.f_locals['self'], frame.f_locals
        step = self.recording.add(self.stack[-1], None, 'http', f'{values["method"]} {values["url"]}')
        if step is not None:
            host = f'{connection.host}:{connection.port}'
            step.http = {'method': values['method'], 'url': f'http://{host}{values["url"]}', 'status': None}
            self.recording.asked[id(connection)] = step

    def begin_answer(self, frame, info):
        step = self.recording.asked.pop(id(frame.f_locals['self']), None)
        if step is not None:
            step.info = info
            self.stack.append(step)
            self.frames.append(frame)


def note(landmark, label):
    """A Step for what is no call of the project's, below the one that this thread is at; None if nobody watches."""
    walk = getattr(ACTIVE, 'walk', None)
    return walk and walk.recording.add(walk.stack[-1], None, landmark, label)


def route_of(label, environ):
    """The router's label, with the row of its table that matches."""
    route = environ.get('routes.route') if type(environ) is dict else None
    return f'{label.partition(":")[0]}: {route.routepath}' if hasattr(route, 'routepath') else label


def answered(step, response):
    step.http = {**step.http, 'status': response.status, 'request_id': response.getheader('X-Openstack-Request-Id')}
    step.result = f'{response.status} {response.reason}'
