"""Keystone is asked whose a token is: rarely, never for ever, and never about what it cannot have given out."""

import http.server
import json
import threading

import pytest
import webtest

from cloud.keystoneclient.middleware import identity as module
from cloud.keystoneclient.middleware.auth_token import filter_factory
from cloud.keystoneclient.middleware.identity import IdentityServer, ServiceError
from tests.cloud.keystone.conftest import TOKENS
from wsgi import answer

DEFAULT = {'id': 'default', 'name': 'Default'}
TOKEN = {
    'user': {'id': 'u1', 'name': 'demo', 'domain': DEFAULT},
    'project': {'id': 'p1', 'name': 'Prüfung', 'domain': DEFAULT},
    'roles': [{'name': 'member'}, {'name': 'reader'}, {'name': 'x,admin'}],
    'expires_at': '2100-01-01T00:00:00.000000Z',
}


class Keystone(http.server.BaseHTTPRequestHandler):
    """Answers with what the server's `answers` say of the token, and remembers who asked."""

    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        sent = self.headers['X-Subject-Token']
        assert self.headers['X-Auth-Token'] == sent
        self.server.asked.append((self.path, sent))
        status, body = self.server.answers.get(sent, (404, b'{}'))
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def keystone():
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Keystone) as keystone:
        keystone.daemon_threads, keystone.answers, keystone.asked = True, {}, []
        keystone.url = f'http://127.0.0.1:{keystone.server_port}/v3'
        keystone.answers['gAAAAright'] = 200, json.dumps({'token': TOKEN}).encode()
        thread = threading.Thread(target=keystone.serve_forever, args=(0.05,))
        thread.start()
        yield keystone
        keystone.shutdown()
        thread.join(20)


@pytest.fixture
def server(keystone):
    server = IdentityServer(keystone.url)
    yield server
    server.pool.clear()


def show_identity(environ, start_response):
    return answer({name: value for name, value in environ.items() if name.startswith('HTTP_X')})(
        environ, start_response
    )


def test_keystones_answer_becomes_an_identity(server):
    identity = server('gAAAAright')
    assert (identity['user'], identity['tenant'], identity['roles']) == ('u1', 'p1', ['member', 'reader'])
    assert identity['more']['PROJECT_NAME'] == 'Prüfung'


def test_a_token_is_asked_for_once_in_a_while(server, keystone):
    for _ in range(3):
        server('gAAAAright')
    assert keystone.asked == [('/v3/auth/tokens?nocatalog', 'gAAAAright')]
    server.cache.clock = lambda: 10**10
    assert server('gAAAAright')
    assert len(keystone.asked) == 2


def test_what_is_remembered_is_bounded_and_holds_no_token(server, keystone, monkeypatch):
    monkeypatch.setattr(module, 'CACHE_SIZE', 2)
    for number in range(5):
        keystone.answers[f'gAAAA{number}'] = keystone.answers['gAAAAright']
        server(f'gAAAA{number}')
    assert len(server.cache.entries) == 2
    assert 'gAAAA' not in repr(server.cache.entries)


def test_an_unknown_token_is_none_and_asked_for_each_time(server, keystone):
    assert server('gAAAAwrong') is None
    assert server('gAAAAwrong') is None
    assert len(keystone.asked) == 2


def test_a_token_without_a_project_is_nobodys_here(server, keystone):
    keystone.answers['gAAAAnone'] = 200, json.dumps({'token': {**TOKEN, 'project': None}}).encode()
    assert server('gAAAAnone') is None


@pytest.mark.parametrize('token', ['gAAAA' + 'x' * 5000, 'gAAAA\xff', 'gAAAA\r\nX-Evil: 1'])
def test_what_no_token_looks_like_is_not_even_asked_for(server, keystone, token):
    assert server(token) is None
    assert keystone.asked == []


@pytest.mark.parametrize(
    'reply', [(500, b''), (302, b''), (200, b'{'), (200, b'{}'), (200, b'{"token": {}}'), (200, b'{"token": 7}')]
)
def test_an_answer_that_is_none_is_an_error(server, keystone, reply):
    keystone.answers['gAAAAodd'] = reply
    with pytest.raises(ServiceError):
        server('gAAAAodd')


def test_authtoken_asks_only_about_what_may_be_keystones(keystone):
    app = filter_factory({'auth_uri': keystone.url}, token_file=str(TOKENS))(show_identity)
    client = webtest.TestApp(app)
    right = client.get('/', headers={'X-Auth-Token': 'gAAAAright', 'X-User-Name': 'root'}).json
    assert (right['HTTP_X_TENANT_ID'], right['HTTP_X_ROLES'], right['HTTP_X_USER_NAME']) == (
        'p1',
        'member,reader',
        'demo',
    )
    assert client.get('/', headers={'X-Auth-Token': 'alice-token'}).json['HTTP_X_USER_ID'] == 'alice'
    assert 'HTTP_X_USER_NAME' not in client.get('/', headers={'X-Auth-Token': 'alice-token'}).json
    client.get('/', headers={'X-Auth-Token': 'nonsense'}, status=401)
    client.get('/', headers={'X-Auth-Token': 'gAAAAwrong'}, status=401)
    assert [token for _, token in keystone.asked] == ['gAAAAright', 'gAAAAwrong']
    app.find_token.server.pool.clear()


@pytest.mark.parametrize('delays', ['true', 'false'])
def test_without_a_keystone_that_answers_the_answer_is_503_and_the_lessons_go_on(delays):
    conf = {'token_file': str(TOKENS), 'delay_auth_decision': delays}
    client = webtest.TestApp(filter_factory({'auth_uri': 'http://127.0.0.1:1/v3'}, **conf)(show_identity))
    refused = client.get('/', headers={'X-Auth-Token': 'gAAAAright'}, status=503)
    assert 'temporarily unavailable' in refused.json['serviceUnavailable']['message']
    client.get('/', headers={'X-Auth-Token': 'open-sesame', 'X-Service-Token': 'gAAAAright'}, status=503)
    assert client.get('/', headers={'X-Auth-Token': 'open-sesame'}).json['HTTP_X_USER_ID'] == 'admin'


def test_without_an_address_of_keystone_nobody_is_asked():
    client = webtest.TestApp(filter_factory({'auth_uri': ''}, token_file=str(TOKENS))(show_identity))
    client.get('/', headers={'X-Auth-Token': 'gAAAAright'}, status=401)
