"""A client that calls a WSGI application directly, as a server would, and counts processor time."""

import contextlib
import io
import logging
import os
import time

from bench.answers import Answer
from cloud.oslo.log.formatters import LogFormatter
from cloud.oslo.log.log import skip_what_no_line_shows

SERVER_SIDE = {
    'SERVER_NAME': '127.0.0.1',
    'SERVER_PORT': '80',
    'SERVER_PROTOCOL': 'HTTP/1.1',
    'REMOTE_ADDR': '127.0.0.1',
    'SCRIPT_NAME': '',
    'wsgi.version': (1, 0),
    'wsgi.url_scheme': 'http',
    'wsgi.errors': io.StringIO(),
    'wsgi.multithread': True,
    'wsgi.multiprocess': False,
    'wsgi.run_once': False,
}


class InProcess:
    """ask(request) gives one Answer; timed(request, count) the seconds that `count` of them take, and the Answers.

    Timed is the application's call until its body is joined and closed, in the thread's own processor time: a wait
    for the processor, which somebody else may be using, does not count. Building the environs does not either.
    """

    def __init__(self, app):
        self.app = app

    def ask(self, request):
        return self.timed(request, 1)[1][0]

    def timed(self, request, count):
        environs = [environ_of(request) for _ in range(count)]
        start = time.thread_time()
        calls = [call(self.app, environ) for environ in environs]
        return time.thread_time() - start, [answer_of(*result) for result in calls]


def environ_of(request):
    path, _, query = request.target.partition('?')
    environ = {**SERVER_SIDE, 'REQUEST_METHOD': request.method, 'PATH_INFO': path, 'QUERY_STRING': query}
    for name, value in request.headers():
        key = name.upper().replace('-', '_')
        environ[key if key.startswith('CONTENT_') else f'HTTP_{key}'] = value
    environ['wsgi.input'] = io.BytesIO(request.body)
    return environ


def call(app, environ):
    heads = []
    chunks = app(environ, lambda *head: heads.append(head))
    body = b''.join(chunks)
    if hasattr(chunks, 'close'):
        chunks.close()
    return heads[-1], body


def answer_of(head, body):
    status, headers = head[:2]
    return Answer(int(status[:3]), {name.lower(): value for name, value in headers}, body)


@contextlib.contextmanager
def logged_nowhere():
    """Lines of the log are put together as server.py does it, and written to the null device."""
    skip_what_no_line_shows()
    log = logging.getLogger()
    level = log.level
    with open(os.devnull, 'w') as nowhere:
        handler = logging.StreamHandler(nowhere)
        handler.setFormatter(LogFormatter(verbose=False))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        try:
            yield
        finally:
            log.setLevel(level)
            log.removeHandler(handler)
