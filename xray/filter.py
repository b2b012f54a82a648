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
import time

from xray import files, instrument, messages, sql
from xray.admittance import is_loopback
from xray.again import Memory
from xray.form import Exchange
from xray.house import controllers_behind, ini_of, names_of, plan
from xray.landmarks import ROOT
from xray.recorder import Recording
from xray.store import Store
from xray.web import Pages, is_ours

MOST_A_SECOND = 200  # requests that are recorded: as many as are kept in all. What comes beyond is only handed on
MOST_INSTANCES = 1000  # that a scratch copy is given
MAX_KEPT = 65536  # bytes of a body that are kept until it is shown


class XRay:
    """WSGI filter: records what comes, serves /xray/. service: its name in the recordings."""

    def __init__(self, app, service, store, ini=None, playground=False, most=MOST_A_SECOND):
        self.app, self.service, self.store, self.ini = app, service, store, ini
        self.pages = Pages(self)
        self.house = plan(ini, service, app)
        self.names = names_of(self.house)
        self.address = None  # (host, port), as soon as a request has come
        self.memory = Memory()
        self.playground, self.last = playground, None
        self.most, self.second, self.count = most, 0, 0
        if not playground:
            store.keep_house(self.house)

    def __call__(self, environ, start_response):
        if self.address is None:
            self.learn_address(environ)
        if is_ours(environ['PATH_INFO']):
            return self.pages(environ, start_response)
        if self.is_too_busy():
            return self.app(environ, start_response)
        instrument.look_again()
        request_id = environ.get('openstack.request_id') or 'req-unknown'
        recording = Recording(self.service, f'{environ["REQUEST_METHOD"]} {environ.get("PATH_INFO", "")}')
        exchange = Exchange(request_id, environ, recording, self.names)
        exchange.body = peek(environ)
        exchange.playground = self.playground
        self.memory.keep(request_id, environ, exchange.body)
        recording.went_on = lambda: self.store.put(exchange)
        self.store.begin(exchange)
        self.last = recording

        def noting(status, headers, exc_info=None):
            exchange.status, exchange.headers = int(status[:3]), headers
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

    def is_too_busy(self):
        """Whether so many requests have come in this second that there are newer ones for all that are kept."""
        second = int(time.monotonic())
        if second != self.second:
            self.second, self.count = second, 0
        self.count += 1
        return self.count > self.most

    def learn_address(self, environ):
        """Where this service listens: for what is to be sent again, from the page of another service, too."""
        self.address = environ['SERVER_NAME'], int(environ['SERVER_PORT'])
        host = self.address[0] if is_loopback(self.address[0]) else '127.0.0.1'
        self.address = host, self.address[1]
        self.house['url'] = f'http://{host}:{self.address[1]}'
        if not self.playground:
            self.store.keep_house(self.house)

    def controllers(self):
        return controllers_behind(self.app)

    def instances(self):
        """Those that the ground floor has in memory; None for a service that has none there."""
        for controller in self.controllers():
            if isinstance(getattr(controller, 'instances', None), dict):
                return [dict(instance) for instance in list(controller.instances.values())[:MOST_INSTANCES]]
        return None

    def has_open_jobs(self):
        return any(not step.end for step in self.last.steps) if self.last else False

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
        messages.install()
        instrument.find()  # now that the application has imported what it needs
        sql.install()
        files.install()
        most = int(local_config.get('most_a_second', MOST_A_SECOND))
        return XRay(app, service, store, ini_of(global_config), local_config.get('playground') == 'true', most)

    return wrap


def is_no_page(record):
    """For the access log: a page that looks for news each second would fill it."""
    return '"GET /xray/' not in record.msg
