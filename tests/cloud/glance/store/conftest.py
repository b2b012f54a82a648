import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cloud.glance import store
from cloud.glance.common import config
from tests.waiting import join


@pytest.fixture
def options(tmp_path):
    options = config.parse({'filesystem_store_datadir': str(tmp_path / 'images'), 'http_store_timeout': '2'})
    options.known_stores = [*options.known_stores, 'cloud.glance.store.memory.Store']
    return options


@pytest.fixture
def store_api(options):
    return store.create_stores(options)


class Handler(BaseHTTPRequestHandler):
    """Answers as its server's `answers` say: by path (with query), (status, headers, body); notes each request."""

    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        self.server.requests.append((self.command, self.path, self.headers))
        status, headers, body = self.server.answers.get(self.path, (404, {}, b''))
        self.send_response(status)
        for name, value in {'Content-Length': str(len(body)), **headers}.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        if self.command == 'GET':
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *args):
        """Nothing: the tests look at `requests`."""


@pytest.fixture
def web():
    """A web server: web.answers['/x'] = (status, headers, body), web.url('/x'), web.requests."""
    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    server.answers, server.requests = {}, []
    server.url = lambda path, user='': f'http://{user}127.0.0.1:{server.server_port}{path}'
    thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.01})
    thread.start()
    yield server
    server.shutdown()
    join(thread)
    server.server_close()
