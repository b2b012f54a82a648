"""API v1 over its paste pipeline in this process, with a registry that it reaches over real HTTP."""

import contextlib
import pathlib
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import webtest

import server
from cloud.glance.api.v1 import router
from cloud.glance.db.sqlalchemy.api import Database
from cloud.glance.registry.api import v1
from tests.cloud.glance.api import conftest
from tests.cloud.glance.api.conftest import ALICE
from tests.cloud.glance.registry.conftest import write_ini
from tests.waiting import join, wait_until
from wsgi import fault

RAW = {'x-image-meta-disk_format': 'raw', 'x-image-meta-container_format': 'bare'}
BYTES = {'Content-Type': 'application/octet-stream'}


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def get_environ(self):
        return {**super().get_environ(), 'REQUEST_URI': self.path}  # as it came: in PATH_INFO, %2F is a slash

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serving(app, port=0):
    """Serve a WSGI application over HTTP; its port."""
    with make_server('127.0.0.1', port, app, Server, Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield http.server_port
        finally:
            http.shutdown()
            join(thread)


class Registry:
    """The registry, as a WSGI application that can be told to fail. asked: the lines of all requests that came."""

    def __init__(self, app):
        self.app = app
        self.asked = []
        self.failures = []

    def fail(self, method, how, times=1, body=b'', status=500):
        """The next requests with this method, and this in their body, are answered with the status.

        how: 'refuse' (nothing is done) or 'lose' (it is done, but nobody learns of that).
        """
        self.failures += [(method, how, body, status)] * times

    def recover(self):
        self.failures.clear()

    def __call__(self, environ, start_response):
        method = environ['REQUEST_METHOD']
        self.asked.append(f'{method} {environ["PATH_INFO"]}')
        body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
        environ['wsgi.input'] = Body(body)
        for failure in self.failures:
            if failure[0] == method and failure[2] in body:
                self.failures.remove(failure)
                if failure[1] == 'lose':
                    list(self.app(environ, lambda *args: None))
                return fault(failure[3], 'as told')({'REQUEST_METHOD': method}, start_response)
        return self.app(environ, start_response)


class Body:
    """An input that ends, as wsgiref's does not."""

    def __init__(self, data):
        self.data = data

    def read(self, size=-1):
        size = len(self.data) if size is None or size < 0 else size
        chunk, self.data = self.data[:size], self.data[size:]
        return chunk


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """A Registry that is being served; its port is .port."""
    opened = []

    def open_database(*arguments):
        opened.append(Database(*arguments))
        return opened[-1]

    monkeypatch.setattr(v1, 'Database', open_database)
    registry = Registry(server.load_app(write_ini(tmp_path)))
    with serving(registry) as registry.port:
        yield registry
    for database in opened:
        database.close()


@pytest.fixture
def make_client(serve, registry, tmp_path, monkeypatch):
    """A function from options, and perhaps a flavour, to a Client of API v1 (and v2) on that registry."""
    make_tools, made = router.make_tools, []

    def start(flavour='main', **options):
        def keep_tools(parts):
            made.append(make_tools(parts))
            return made[-1]

        monkeypatch.setattr(router, 'make_tools', keep_tools)
        settings = {'registry_port': str(registry.port), 'registry_client_timeout': '5', **options}
        v2 = serve(flavour, **settings)
        client = Client(v2.app, extra_environ={'REMOTE_ADDR': '127.0.0.1'})
        client.v2, client.tools, client.images = v2, made[-1], tmp_path / 'images'
        client.tools.retries.pause = 0.01
        return client

    yield start
    for tools in made:
        tools.registry.connections.close()


@pytest.fixture
def client(make_client):
    return make_client()


class Client(conftest.Client):
    """WebTest's client, with API v1's commonest requests by name. meta: fields and properties, as headers."""

    def add(self, data=b'', headers=ALICE, /, status=201, **meta):
        """POST an image; its document, or whatever was answered if another status is expected."""
        sent = {**headers, **BYTES, **as_headers(meta)}
        answer = self.post('/v1/images', data, headers=sent, status=status)
        return answer.json['image'] if status == 201 else answer

    def active(self, data=b'data', headers=ALICE, /, **meta):
        return self.add(data, {**headers, **RAW}, **meta)

    def chunked(self, body, status, path='/v1/images', method='POST', **meta):
        """Send a file-like body of unknown length, as servers that do not put chunks together hand it on."""
        headers = {**ALICE, **RAW, **BYTES, **as_headers(meta)}
        environ = {'wsgi.input_terminated': True, 'HTTP_TRANSFER_ENCODING': 'chunked', 'REMOTE_ADDR': '127.0.0.1'}
        request = webtest.TestRequest.blank(path, environ, headers=headers)
        request.method, request.environ['wsgi.input'] = method, body
        request.environ.pop('CONTENT_LENGTH', None)
        return self.do_request(request, status=status)

    def put_meta(self, image, data=b'', headers=ALICE, /, status=200, **meta):
        sent = {**headers, **BYTES, **as_headers(meta)}
        answer = self.put(path_of(image), data, headers=sent, status=status)
        return answer.json['image'] if status == 200 else answer

    def meta(self, image, headers=ALICE, status=200):
        """The fields and properties in the headers of the answer to HEAD."""
        answer = self.head(path_of(image), headers=headers, status=status)
        assert answer.body == b''
        return as_meta(answer)

    def data(self, image, headers=ALICE, status=200):
        return self.get(path_of(image), headers=headers, status=status)

    def remove(self, image, headers=ALICE, status=200):
        return self.delete(path_of(image), headers=headers, status=status)

    def detail(self, query='', headers=ALICE, status=200):
        answer = self.get(f'/v1/images/detail{query}', headers=headers, status=status)
        return answer.json['images'] if status == 200 else answer

    def names(self, query='', headers=ALICE):
        return [image['name'] for image in self.detail(query, headers)]

    def stored(self):
        """The names of all files in the store, unfinished ones too."""
        return sorted(path.name for path in pathlib.Path(self.images).iterdir())

    @property
    def events(self):
        return [event['event_type'] for event in self.tools.notifier.sent]

    def wait_for(self, status, image):
        """The image's fields once it has this status."""
        return within_seconds(lambda: (found := self.meta(image))['status'] == status and found)


def path_of(image):
    return f'/v1/images/{image["id"] if isinstance(image, dict) else image}'


def as_headers(meta):
    """Fields by keyword, and `properties`, as the headers that say them; values as UTF-8 in latin-1's disguise."""
    properties = meta.pop('properties', {})
    named = {f'x-image-meta-{name}': value for name, value in meta.items()}
    named |= {f'x-image-meta-property-{name}': value for name, value in properties.items()}
    return {name: str(value).encode().decode('latin-1') for name, value in named.items()}


def as_meta(answer):
    headers = {name.lower(): value.encode('latin-1').decode() for name, value in answer.headers.items()}
    prefix = 'x-image-meta-'
    return {name.removeprefix(prefix): value for name, value in headers.items() if name.startswith(prefix)}


def within_seconds(condition, seconds=10):
    """What the condition gives as soon as that is true."""
    found = wait_until(condition, seconds)
    assert found
    return found


@pytest.fixture
def elsewhere():
    """Somebody else's web server: its .url, the .asked methods, and the .data that it has at every path."""
    web = Elsewhere()
    with serving(web) as port:
        web.url = f'http://127.0.0.1:{port}/image'
        yield web
        web.gate.set()


class Elsewhere:
    def __init__(self):
        self.data, self.status, self.asked = b'from elsewhere', '200 OK', []
        self.targets = []  # the requests' paths and queries, as they came
        self.gate = threading.Event()  # in the middle of its data, a GET waits until it is open
        self.gate.set()

    def __call__(self, environ, start_response):
        self.asked.append(environ['REQUEST_METHOD'])
        self.targets.append(environ['REQUEST_URI'])
        start_response(self.status, [('Content-Length', str(len(self.data)))])
        return [b''] if environ['REQUEST_METHOD'] == 'HEAD' else self.halves()

    def halves(self):
        yield self.data[:5]
        self.gate.wait(20)
        yield self.data[5:]
