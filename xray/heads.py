"""What each application on the way changed: the environ on the way in, the answer's head and body on the way out.

    filter A       environ as it came    ->  filter B  environ as A made it   ->  controller
    A's answer    <-  B's start_response(status, headers) as it is there      <-  controller

Whatever differs from what was seen last was changed by the application that ran in between.
Real: none
"""

from xray.safe import MASK, brief, is_secret

MOST_BODY = 2000  # bytes of a body that are compared


class Heads:
    """The environ and the answer's head, as they were seen last."""

    def __init__(self):
        self.environ, self.head, self.body = None, None, None
        self.is_complete = False  # what comes after that is not the application's

    def enter(self, stack, environ):
        """An application is called, from the one that is the next on the stack."""
        self.compare(application_on(stack[:-1]), environ)

    def leave(self, step, frame, result):
        environ = frame.f_locals.get('environ')
        if type(environ) is dict:
            self.compare(step, environ)
        if type(result) in (list, tuple) and all(type(part) is bytes for part in result):
            body = b''.join(result) if sum(map(len, result)) <= MOST_BODY else None
            if self.body is not None and body is not None and body != self.body:
                note(step)['body'] = [as_text(self.body), as_text(body)]
            self.body = body
        if result is not None:
            step.result = None

    def compare(self, step, environ):
        before = self.environ
        if before is not None and before != environ and step is not None:
            changes = note(step).setdefault('environ', {})
            for name in sorted({*before, *environ}):
                if before.get(name, self) is not environ.get(name, self) and before.get(name) != environ.get(name):
                    first = changes[name][0] if name in changes else shown(name, before)
                    changes[name] = [first, shown(name, environ)]
        if before != environ:
            self.environ = dict(environ)

    def pass_on(self, stack, frame):
        """Somebody calls a start_response with a head: who has changed it since it was seen last?"""
        status, headers = frame.f_locals.get('status'), frame.f_locals.get('headers')
        if self.is_complete or type(status) is not str or type(headers) is not list:
            return
        step = owner_of(stack, frame.f_code)
        head = {'status': status, **{str(name): str(value) for name, value in headers}}
        before, self.head = self.head, (head, step)
        if before is None or before[0] == head:
            return
        owner = before[1] or application_on(stack)
        if owner is not None:
            old = before[0]
            changes = note(owner).setdefault('headers', {})
            for name in {**old, **head}:
                if old.get(name) != head.get(name):
                    changes[name] = [masked(name, old.get(name)), masked(name, head.get(name))]


def application_on(stack):
    return next((step for step in reversed(stack) if step.info and step.info.kind in ('wsgi', 'either')), None)


def owner_of(stack, code):
    """The application on the stack that has defined this start_response, or None."""
    return next((step for step in reversed(stack) if step.info and code in step.info.code.co_consts), None)


def note(step):
    step.changed = step.changed or {}
    return step.changed


def shown(name, environ):
    if name not in environ:
        return None
    return MASK if is_secret(name) else brief(environ[name])


def masked(name, value):
    return MASK if value is not None and is_secret(name) else value


def as_text(body):
    return body.decode('utf-8', 'replace') if body.isascii() else f'<{len(body)} bytes>'
