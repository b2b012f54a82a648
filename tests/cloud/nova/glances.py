"""Glances to talk to: one in the place of the client, and a real server whose answers a test writes down."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

from glanceclient.v1.images import Image

from tests.waiting import join

IMAGE = '11111111-1111-4111-8111-111111111111'
TIME = '2014-03-05T10:11:12.000000'


def v1_image(**attributes):
    """An image as glanceclient's v1 has it."""
    return Image(None, {'id': IMAGE, 'status': 'active', 'is_public': False, 'properties': {}, **attributes}, True)


class FakeGlances:
    """In the place of client._create_glance_client.

    answers: what is answered, or raised, one after the other; a function is asked with the call's arguments.
    made: (context, host, port, use_ssl, version) of each client; calls: (method, args, kwargs).
    """

    def __init__(self, *answers):
        self.answers, self.made, self.calls = list(answers), [], []

    def __call__(self, options, context, host, port, use_ssl, version=1):
        self.made.append((context, host, port, use_ssl, version))
        return SimpleNamespace(images=self)

    def __getattr__(self, method):
        def call(*args, **kwargs):
            self.calls.append((method, args, kwargs))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer(*args, **kwargs) if callable(answer) else answer

        return call

    @property
    def servers(self):
        """The ports that were asked, one after the other."""
        return [made[2] for made in self.made]


class Handler(BaseHTTPRequestHandler):
    """Answers each request with the next of its server's `answers` for its method and path, the last one for ever.

    An answer is (status, headers, body), or a function of the handler that writes to its wfile what it likes.
    """

    def answer(self):
        length = self.headers.get('Content-Length')
        body = self.rfile.read(int(length)) if length else self.read_chunks()
        self.server.requests.append((self.command, self.path, self.headers, body))
        answers = self.server.answers.get((self.command, self.path), [(404, {}, b'')])
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(found):
            found(self)
        else:
            self.write(*found)
        self.close_connection = True

    do_HEAD = do_GET = do_POST = do_PUT = do_DELETE = answer

    def read_chunks(self):
        body = b''
        if self.headers.get('Transfer-Encoding') == 'chunked':
            while length := int(self.rfile.readline(), 16):
                body += self.rfile.read(length)
                self.rfile.readline()
        return body

    def write(self, status, headers, body, length=None):
        self.send_response(status)
        kind = {
            'Content-Type': 'application/octet-stream',
            'Content-Length': str(len(body) if length is None else length),
        }
        for name, value in {**kind, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def log_message(self, *args):
        """Nothing: the tests look at `requests`."""


class Glance(ThreadingHTTPServer):
    """answers[method, path] = [...], as Handler takes them; requests: (method, path, headers, body)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(('127.0.0.1', 0), Handler)
        self.answers, self.requests = {}, []
        self.address = f'127.0.0.1:{self.server_port}'
        self.thread = threading.Thread(target=self.serve_forever, kwargs={'poll_interval': 0.01})
        self.thread.start()

    def says(self, method, path, *answers):
        self.answers[method, path] = list(answers)

    def has_data(self, image_id, *answers):
        self.says('GET', f'/v1/images/{image_id}', *answers)

    def end(self):
        self.shutdown()
        join(self.thread)
        self.server_close()
