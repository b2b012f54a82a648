"""The filter that shows every step: one word in front of an ini's pipeline.

Use, in the ini:   [pipeline:xray]
                   pipeline = xray auth instance

                   [filter:xray]
                   paste.filter_factory = xray.filter:filter_factory
                   xray_store = %(here)s/data/xray
The page is at /xray/, for this machine only. Every other request is handed on as it came, and its answer as it is, but
for a header Link on a refusal: it leads to what refused.
Real: osprofiler osprofiler/web.py WsgiMiddleware, which stands in pipelines under the name osprofiler
Left out: what the server itself refuses, which never reaches a pipeline.
"""

import logging
import os

from xray import files, sql, threads
from xray.form import Exchange
from xray.landmarks import ROOT
from xray.recorder import Recording
from xray.store import Store
from xray.web import Pages, is_ours

MAX_KEPT = 65536  # bytes of a body that are kept until it is shown


class XRay:
    """WSGI filter: records what comes, serves /xray/. service: its name in the recordings."""

    def __init__(self, app, service, store, pages=None):
        self.app, self.service, self.store = app, service, store
        self.pages = pages or Pages(store, self)

    def __call__(self, environ, start_response):
        if is_ours(environ['PATH_INFO']):
            return self.pages(environ, start_response)
        request_id = environ.get('openstack.request_id') or 'req-unknown'
        recording = Recording(self.service, f'{environ["REQUEST_METHOD"]} {environ.get("PATH_INFO", "")}')
        exchange = Exchange(request_id, environ, recording)
        exchange.body = peek(environ)
        recording.went_on = lambda: self.store.put(exchange)
        self.store.begin(exchange)

        def noting(status, headers, exc_info=None):
            exchange.status, exchange.headers = int(status[:3]), headers
            recording.heads.is_complete = True
            if exchange.status >= 400:
                headers = [*headers, ('Link', link(environ, request_id))]
            return start_response(status, headers, exc_info)

        try:
            with recording.watched():
                answer = self.app(environ, noting)
        except BaseException as error:
            self.end(exchange, error)
            raise
        return self.hand_on(exchange, answer, environ)

    def hand_on(self, exchange, answer, environ):
        """The answer as it is, if nothing more is called for it; else one that is watched while it is sent."""
        kind = type(answer)
        if kind in (list, tuple) or isinstance(answer, environ.get('wsgi.file_wrapper') or ()):
            exchange.keep(answer if kind in (list, tuple) else ())
            self.end(exchange)
            return answer
        return Sized(self, exchange, answer) if hasattr(answer, '__len__') else Streamed(self, exchange, answer)

    def end(self, exchange, error=None):
        exchange.finish(error)
        self.store.put(exchange)


class Streamed:
    """An answer's body on its way to the client. What is called to make each piece is recorded, too."""

    def __init__(self, xray, exchange, answer):
        self.xray, self.exchange, self.answer = xray, exchange, answer
        self.pieces = None

    def __iter__(self):
        return self

    def __next__(self):
        try:
            with self.exchange.recording.watched():
                if self.pieces is None:
                    self.pieces = iter(self.answer)
                piece = next(self.pieces)
        except StopIteration:
            raise
        except BaseException as error:
            self.exchange.error = error
            raise
        self.exchange.keep([piece])
        return piece

    def close(self):
        try:
            if hasattr(self.answer, 'close'):
                with self.exchange.recording.watched():
                    self.answer.close()
        finally:
            self.xray.end(self.exchange, self.exchange.error)


class Sized(Streamed):
    def __len__(self):
        return len(self.answer)


def peek(environ):
    """The request's body, if it is short, text and can be read again; else a note; None for none."""
    length = environ.get('CONTENT_LENGTH') or ''
    if not length.isdecimal() or length == '0':
        return None
    stream = environ['wsgi.input']
    if int(length) > MAX_KEPT or not hasattr(stream, 'tell'):
        return f'<{length} bytes of {environ.get("CONTENT_TYPE") or "no Content-Type"}>'
    try:
        place = stream.tell()
        body = stream.read(int(length))
        stream.seek(place)
    except (OSError, ValueError):
        return None
    return body


def link(environ, request_id):
    host = environ.get('HTTP_HOST') or f'{environ["SERVER_NAME"]}:{environ["SERVER_PORT"]}'
    return f'<{environ["wsgi.url_scheme"]}://{host}/xray/requests/{request_id}>; rel="explain"'


def filter_factory(global_config, **local_config):
    """Paste Deploy calls this; returns a function that wraps an application."""
    folder = local_config.get('xray_store') or global_config.get('xray_store') or os.path.join(ROOT, 'data', 'xray')
    service = local_config.get('service') or os.path.splitext(os.path.basename(global_config.get('__file__', 'ini')))[0]
    logging.getLogger('wsgi').addFilter(is_no_page)
    store = Store(os.path.abspath(folder))

    def wrap(app):
        for part in (threads, sql, files):  # now that the application has imported what it needs
            part.install()
        return XRay(app, service, store)

    return wrap


def is_no_page(record):
    """For the access log: a page that looks for news each second would fill it."""
    return '"GET /xray/' not in record.getMessage()
