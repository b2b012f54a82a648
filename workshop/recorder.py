"""A WSGI filter around a whole service: it notes every request, its answer, and the steps between the two.

Use: Recorder(app, 'glance', path_of_the_journal), with STEPS as a handler of the root logger.
Left out: bodies of more than 64 KiB. Their MD5 is noted, their text is not.
"""

import contextvars
import hashlib
import io
import logging
import tempfile
from urllib.parse import parse_qsl

from workshop import journal

MAX_TEXT = 65536  # bytes of a body that are noted as text
_steps = contextvars.ContextVar('steps', default=None)


class Steps(logging.Handler):
    """A log handler: what is logged while a request is under way is a step of it."""

    def emit(self, record):
        steps = _steps.get()
        if steps is not None and record.name != 'wsgi' and 'site-packages' not in record.pathname:
            steps.append(record.getMessage())


STEPS = Steps(logging.DEBUG)


class Body:
    """Gathers a body's MD5, and its text if that is short."""

    def __init__(self):
        self.hash, self.start, self.size = hashlib.md5(usedforsecurity=False), b'', 0

    def add(self, data):
        self.hash.update(data)
        self.size += len(data)
        if self.size <= MAX_TEXT:
            self.start += data

    def text(self):
        try:
            return self.start.decode() if self.size <= MAX_TEXT else None
        except UnicodeDecodeError:
            return None


class Recorder:
    """app: the WSGI application; service: its name in the journal; path: the journal's file."""

    def __init__(self, app, service, path):
        self.app, self.service, self.path = app, service, path

    def __call__(self, environ, start_response):
        _steps.set([])
        noted, head = self.note_request(environ), {}

        def noting(status, headers, exc_info=None):
            head.update(status=int(status.split()[0]), answer_headers=lower(headers))
            return start_response(status, headers, exc_info)

        answer = Answer(self.app(environ, noting), lambda body: self.note(noted, head, body))
        # A short answer is noted before it is sent, so that whoever has it finds it in the journal.
        return answer.gather() if is_short(head) else answer

    def note_request(self, environ):
        body = Body()
        environ['wsgi.input'] = copy_input(environ, body)
        return {
            'service': self.service,
            'method': environ['REQUEST_METHOD'],
            'path': environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', ''),
            'query': dict(parse_qsl(environ.get('QUERY_STRING', ''), keep_blank_values=True)),
            'headers': headers_of(environ),
            'body': body.text(),
            'body_md5': body.hash.hexdigest(),
        }

    def note(self, noted, head, body):
        answer = {'answer': body.text(), 'answer_md5': body.hash.hexdigest()}
        journal.append(self.path, journal.Exchange(**noted, **head, **answer, steps=_steps.get() or []))
        _steps.set(None)


class Answer:
    """The answer's body on its way to the client; `note` is called with it once, when all of it is known."""

    def __init__(self, parts, note):
        self.parts, self.note, self.body = parts, note, Body()

    def gather(self):
        """All its parts, as a list."""
        try:
            return list(self)
        finally:
            self.close()

    def __iter__(self):
        for part in self.parts:
            self.body.add(part)
            yield part

    def close(self):
        if hasattr(self.parts, 'close'):
            self.parts.close()
        if self.note:
            self.note(self.body)
        self.note = None


def is_short(head):
    length = head.get('answer_headers', {}).get('content-length', '')  # a student's filter may say anything here
    return head.get('status') == 204 or (length.isdecimal() and int(length) <= MAX_TEXT)


def copy_input(environ, body):
    """The request's body as a file to read from its start, gathered in `body` on the way."""
    copy = tempfile.SpooledTemporaryFile(max_size=1 << 20)
    left = int(environ.get('CONTENT_LENGTH') or 0)
    if not left:
        return io.BytesIO()
    while left and (data := environ['wsgi.input'].read(min(left, MAX_TEXT))):
        copy.write(data)
        body.add(data)
        left -= len(data)
    copy.seek(0)
    return copy


def headers_of(environ):
    sent = {name[5:].replace('_', '-').lower(): value for name, value in environ.items() if name.startswith('HTTP_')}
    if environ.get('CONTENT_TYPE'):
        sent['content-type'] = environ['CONTENT_TYPE']
    return sent


def lower(headers):
    return {name.lower(): value for name, value in headers}
