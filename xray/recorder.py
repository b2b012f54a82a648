"""Records a request: each call of the project's own functions, with what it was given, returned or raised.

    recording = Recording('glance-api', 'GET /v2/images')
    with recording.watched():
        answer = app(environ, start_response)

Whoever works in the request's context belongs to it: a pool's thread that runs a job by contextvars.copy_context goes
on with the same recording. What a step was given is told in short texts at once: nothing is kept alive for it.
A request of very many calls is cut short: the recording says how many it left out.
Real: none; osprofiler osprofiler/profiler.py trace_cls decorates what is to be seen by hand
"""

import contextvars
import sys
import threading
import time

from xray import safe
from xray.heads import Heads
from xray.safe import kept, message_of

MOST_STEPS = 4000  # of a request
MANY, MOST_ALIKE = 500, 50  # with so many steps, only so many more of one kind below one step


class Active(threading.local):
    """walk: the Walk whose steps the present thread is making, if any."""

    walk = None


ACTIVE = Active()
CURRENT = contextvars.ContextVar('xray', default=None)  # the Recording of the request that the context belongs to
now = time.perf_counter_ns


def remember_secret(value):
    walk = ACTIVE.walk
    if walk is not None and len(walk.recording.secrets) < MANY:
        walk.recording.secrets.add(value)


safe.tell_secret = remember_secret


class Step:
    """One call, or an event: SQL, HTTP, a file. start, end: nanoseconds of perf_counter; end is None while it lasts."""

    __slots__ = ('parent', 'info', 'landmark', 'label', 'start', 'end', 'arguments', 'result', 'error',
                 'changed', 'sql', 'http', 'alike', 'called')  # fmt: skip

    def __init__(self, parent, info, landmark, label, arguments=None):
        self.parent, self.info, self.landmark, self.label, self.arguments = parent, info, landmark, label, arguments
        self.end = self.result = self.error = self.changed = self.sql = self.http = self.alike = self.called = None
        self.start = now()

    @property
    def raised(self):
        return self.error is not None


class Recording:
    """One request: its steps in the order in which they began, whichever thread they ran in."""

    def __init__(self, service, label):
        self.service = service
        self.root = Step(None, None, 'server', label)
        self.steps = [self.root]
        self.left_out = 0
        self.secrets = set()  # what was found under the name of a secret
        self.heads = Heads()
        self.asked = {}  # id of an HTTPConnection -> the Step of what was asked on it
        self.walk = Walk(self, self.root)
        self.submitter = self.root  # the step that handed on the latest job
        self.went_on = None  # to be called when a job has ended

    def watched(self):
        """A context manager: the calls of this thread, and of its context, are recorded while the block runs."""
        return Watched(self)

    def add(self, parent, info, landmark, label, arguments=None):
        """A new Step, or None if there are too many of its kind."""
        steps = self.steps
        if len(steps) > MANY and self.is_too_many(parent, info or label):
            self.left_out += 1
            return None
        step = Step(parent, info, landmark, label, arguments)
        steps.append(step)
        return step

    def is_too_many(self, parent, kind):
        if len(self.steps) >= MOST_STEPS:
            return True
        alike = parent.alike = parent.alike or {}
        alike[kind] = alike.get(kind, 0) + 1
        return alike[kind] > MOST_ALIKE


class Watched:
    __slots__ = ('recording', 'before', 'token')

    def __init__(self, recording):
        self.recording = recording

    def __enter__(self):
        self.before, ACTIVE.walk = ACTIVE.walk, self.recording.walk
        self.token = CURRENT.set(self.recording)

    def __exit__(self, *error):
        ACTIVE.walk = self.before
        CURRENT.reset(self.token)


class Walk:
    """One thread's way through a recording. stack: the steps that are open in it, the innermost last."""

    __slots__ = ('recording', 'stack', 'is_job')

    def __init__(self, recording, root, is_job=False):
        self.recording, self.stack, self.is_job = recording, [root], is_job


def watch(info, original):
    """The function (args, kwargs) that stands for `original`, and makes a step of each call."""

    def call(args, kwargs):
        walk = ACTIVE.walk
        if walk is None:
            recording = CURRENT.get()
            return original(*args, **kwargs) if recording is None else begin_job(recording, call, args, kwargs)
        stack, recording = walk.stack, walk.recording
        parent = stack[-1]
        if len(recording.steps) > MANY and recording.is_too_many(parent, info):  # first, for it may be one of thousands
            recording.left_out += 1
            return original(*args, **kwargs)
        landmark, label = info.landmark(args, parent.info)
        if walk.is_job and len(stack) == 1:
            landmark, label = 'job', f'job: {info.name}'
        values = [kept(value) for value in args[info.skip :]]
        if kwargs:
            values.append({name: kept(value) for name, value in kwargs.items()})
        step = Step(parent, info, landmark, label, values)
        recording.steps.append(step)
        if info.is_special:
            info.mark(walk, step)
        stack.append(step)
        try:
            result = original(*args, **kwargs)
        except BaseException as error:
            step.error = error_of(error)
            raise
        else:
            step.result = None if result is None else kept(result)
            return result
        finally:
            step.end = now()
            stack.pop()

    return call


def begin_job(recording, call, args, kwargs):
    """In a thread that has no part in the recording yet: its first call is a job that somebody has handed on."""
    ACTIVE.walk = walk = Walk(recording, recording.submitter, is_job=True)
    first = len(recording.steps)
    try:
        return call(args, kwargs)
    finally:
        ACTIVE.walk = None
        job = next((step for step in recording.steps[first:] if step.parent is walk.stack[0]), None)
        if job is not None:
            recording.went_on()


def watch_application(info, original):
    """The same for a WSGI application: what it changes of the environ and of the answer's head is noted, too."""

    def call(args, kwargs):
        walk = ACTIVE.walk
        owner, (environ, start_response, *_) = info.arguments_of(args, kwargs)
        if walk is None or start_response is None or type(environ) is not dict:
            return original(*args, **kwargs)
        shown = info.shown_as(owner)
        if shown is None:
            return original(*args, **kwargs)
        recording, stack = walk.recording, walk.stack
        step = recording.add(stack[-1], shown, *shown.landmark(args, stack[-1].info))
        if step is None:
            return original(*args, **kwargs)
        heads = recording.heads
        heads.enter(stack, environ)
        stack.append(step)
        given = (environ, heads.hear(start_response, step))
        try:
            result = original(*(args[:1] if owner is not None else ()), *given)
        except BaseException as error:
            step.error = error_of(error)
            raise
        else:
            heads.leave(step, environ, result)
            if step.landmark == 'router':
                step.label = route_of(step.label, environ)
            return result
        finally:
            step.end = now()
            stack.pop()

    return call


def route_of(label, environ):
    """The router's label, with the row of its table that matches, or the path that leads to the next."""
    if label.startswith('router URLMap'):
        return f'{label}: {environ.get("SCRIPT_NAME") or "/"}'
    route = environ.get('routes.route')
    return f'{label}: {route.routepath}' if hasattr(route, 'routepath') else label


def watch_question(info, original):
    """For http.client's putrequest: a Step that ends when the head of the answer is there."""

    def call(args, kwargs):
        walk = ACTIVE.walk
        if walk is not None:
            connection, method, url = args[0], args[1], args[2] if len(args) > 2 else kwargs.get('url')
            step = walk.recording.add(walk.stack[-1], None, 'http', f'{method} {url}')
            if step is not None:
                step.http = {
                    'method': method,
                    'url': f'http://{connection.host}:{connection.port}{url}',
                    'status': None,
                }
                walk.recording.asked[id(connection)] = step
        return original(*args, **kwargs)

    return call


def watch_answer(info, original):
    """For http.client's getresponse."""

    def call(args, kwargs):
        walk = ACTIVE.walk
        step = walk and walk.recording.asked.pop(id(args[0]), None)
        if not step:
            return original(*args, **kwargs)
        try:
            response = original(*args, **kwargs)
        except BaseException as error:
            step.error = error_of(error)
            raise
        else:
            request_id = response.getheader('X-Openstack-Request-Id')
            step.http = {**step.http, 'status': response.status, 'request_id': request_id}
            step.result = f'{response.status} {response.reason}'
            return response
        finally:
            step.end = now()

    return call


def error_of(error):
    """{"type", "message", "line"}; the line is that of the function itself at which the exception left it."""
    trace = error.__traceback__ and error.__traceback__.tb_next
    return {'type': type(error).__name__, 'message': message_of(error), 'line': trace.tb_lineno if trace else None}


def note(landmark, label):
    """A Step for what is no call of the project's, below the one that this thread is at; None if nobody watches."""
    walk = ACTIVE.walk
    return walk and walk.recording.add(walk.stack[-1], None, landmark, label)


def place_of_call():
    """(path, line) of whoever called the function that is being watched."""
    frame = sys._getframe(4)
    return frame.f_code.co_filename, frame.f_lineno
