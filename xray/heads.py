"""What each application on the way changed: the environ on the way in, the answer's head and body on the way out.

    filter A       environ as it came    ->  filter B  environ as A made it   ->  controller
    A's answer    <-  what B was given to start it with                       <-  controller

Whatever differs from what was seen last was changed by the application that ran in between.
Real: none
"""

from xray.masking import MASK, is_secret
from xray.safe import brief

MOST_BODY = 2000  # bytes of a body that are compared


class Heads:
    """The environ, the answer's head and its body, as they were seen last."""

    __slots__ = ('environ', 'head', 'body', 'pieces')

    def __init__(self):
        self.environ = self.head = self.body = self.pieces = None

    def enter(self, stack, environ):
        """An application is called, by the one that is the last on the stack."""
        if environ != self.environ:
            self.compare(application_on(stack), environ)

    def leave(self, step, environ, result):
        if environ != self.environ:
            self.compare(step, environ)
        if type(result) is list and result is not self.pieces and all(type(part) is bytes for part in result):
            body = b''.join(result) if sum(map(len, result)) <= MOST_BODY else None
            if self.body is not None and body is not None and body != self.body:
                note(step)['body'] = [as_text(self.body), as_text(body)]
            self.body, self.pieces = body, result

    def compare(self, step, environ):
        before, self.environ = self.environ, dict(environ)
        if before is None or step is None:
            return
        changes, new = note(step).setdefault('environ', {}), 0
        for name, value in environ.items():
            if name not in before:
                new += 1
                changes[name] = [None, shown(name, value)]
            elif before[name] is not value and before[name] != value:
                first = changes[name][0] if name in changes else shown(name, before[name])
                changes[name] = [first, shown(name, value)]
        if len(before) + new > len(environ):
            for name in before.keys() - environ.keys():
                changes[name] = [shown(name, before[name]), None]

    def hear(self, start_response, step):
        """A start_response in the place of the one that an application was given."""

        def hearing(status, headers, *rest, **named):
            if type(headers) is list and type(status) is str:
                self.pass_on(step, status, headers)
            return start_response(status, headers, *rest, **named)

        return hearing

    def pass_on(self, step, status, headers):
        """The application of this step says how its answer begins: has it changed what those inside of it said?"""
        before, self.head = self.head, (status, list(headers))
        if before is None or before == self.head:
            return
        changes = note(step).setdefault('headers', {})
        old, new = ({'status': head[0], **{str(n): str(v) for n, v in head[1]}} for head in (before, self.head))
        for name in {**old, **new}:
            if old.get(name) != new.get(name):
                changes[name] = [masked(name, old.get(name)), masked(name, new.get(name))]


def application_on(stack):
    return next((step for step in reversed(stack) if step.info and step.info.is_application), None)


def note(step):
    if step.changed is None:
        step.changed = {}
    return step.changed


def shown(name, value):
    return MASK if is_secret(name) else brief(value)


def masked(name, value):
    return MASK if value is not None and is_secret(name) else value


def as_text(body):
    return body.decode('utf-8', 'replace') if body.isascii() else f'<{len(body)} bytes>'
