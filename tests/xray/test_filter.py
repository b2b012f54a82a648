"""What the X-ray does to a service: it records, and nothing else is different."""

import io

import pytest
import webtest

import server
from cloud.oslo.middleware.request_id import RequestId
from tests.servers import ROOT, TOKEN
from tests.xray.conftest import HERE, Client, landmarks, write_ini
from xray.filter import XRay
from xray.store import Store

DIFFERENT = ('X-Openstack-Request-Id', 'Date')
STUDENTS = """
class Knock:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        environ['knock.said'] = self.listen(environ)

        def louder(status, headers, exc_info=None):
            return start_response(status, [*headers, ('X-Knock', 'heard')], exc_info)

        return self.app(environ, louder)

    def listen(self, environ):
        return 'come in'


def filter_factory(global_config, **local_config):
    return Knock
"""
CLOSURE = """
def filter_factory(global_config, **local_config):
    def wrap(app):
        def knocking(environ, start_response):
            return app(environ, start_response)
        return knocking
    return wrap
"""
BROKEN = """
class Broken:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        return self.look_up({})

    def look_up(self, table):
        return table['nobody']

def filter_factory(global_config, **local_config):
    return Broken
"""


def test_the_ini_names_it_in_one_word():
    assert '[pipeline:xray]\npipeline = xray auth instance\n' in (ROOT / 'configure.ini').read_text()


@pytest.mark.parametrize('ini', ['glance/glance-api.ini', 'glance/glance-registry.ini', 'nova/nova-api.ini'])
def test_so_does_that_of_each_service(ini):
    text = (ROOT / 'cloud' / ini).read_text()
    pipelines = [line.partition('= ')[2] for line in text.splitlines() if line.startswith('pipeline = ')]
    with_xray = [pipeline.removeprefix('xray ') for pipeline in pipelines if pipeline.startswith('xray ')]
    assert len(with_xray) == 1
    served = {with_xray[0], f'toycloud {with_xray[0]}'}  # what the ini serves without it, with the switches or not
    assert served & set(pipelines) or f'use = {with_xray[0]}\n' in text


REQUESTS = (
    ('GET', '/instances', {}, b''),
    ('HEAD', '/instances', {}, b''),
    ('GET', '/instances?limit=2', {}, b''),
    ('GET', '/instances?limit=0', {}, b''),
    ('GET', '/nowhere', {}, b''),
    ('PUT', '/instances', {}, b''),
    ('GET', '/instances', {'X-Auth-Token': 'wrong'}, b''),
    ('POST', '/instances', {'Content-Type': 'application/json'}, b'{"name": "x"'),
    ('POST', '/instances', {'Content-Type': 'application/x-www-form-urlencoded'}, b'name=' + b'x' * 300),
)


@pytest.mark.parametrize(('method', 'path', 'headers', 'body'), REQUESTS, ids=lambda value: str(value)[:30])
def test_the_answer_is_the_same_to_the_byte_but_for_link(tmp_path, method, path, headers, body):
    ini = write_ini(tmp_path)
    bare, xrayed = (Client(server.load_app(ini, name)) for name in ('main', 'xray'))
    for client in (bare, xrayed):
        client.delete(f'/instances/{client.get("/instances").json["instances"][0]["id"]}')
    one, other = (
        client.request(path, method=method, headers=headers, body=body, status='*') for client in (bare, xrayed)
    )
    ids = [instance.decode() for instance in __import__('re').findall(rb'[-0-9a-f]{36}', other.body)]
    assert one.status == other.status
    assert len(one.body) == len(other.body)
    if not ids:
        assert one.body == other.body
    same = [name for name in one.headers if name not in DIFFERENT]
    assert [(name, other.headers[name]) for name in same] == [(name, one.headers[name]) for name in same]
    assert set(other.headers) - set(one.headers) == ({'Link'} if one.status_int >= 400 else set())


def test_a_request_is_recorded_with_its_steps(ground):
    document = ground.recorded(ground.get('/instances'))
    assert (document['method'], document['path'], document['status']) == ('GET', '/instances', 200)
    assert landmarks(document) == [
        'GET /instances', 'filter auth', 'router Router: /instances', 'dispatch Controller', 'action Controller.index',
    ]  # fmt: skip
    auth = document['steps'][1]
    assert (auth['name'], auth['file'], auth['real'][:18]) == ('auth.Auth.__call__', 'auth.py', 'keystonemiddleware')
    assert [step['depth'] for step in document['steps'][:3]] == [0, 1, 2]
    assert document['steps_left_out'] == 0


def test_a_refusal_stops_the_walk_and_links_to_its_explanation(ground):
    answer = ground.get('/instances', headers={'X-Auth-Token': 'wrong-token'}, status=403)
    document = ground.recorded(answer)
    assert landmarks(document)[-1] == 'filter auth'
    assert document['refused_by'] == 'auth'
    assert [step['label'] for step in document['steps'] if step['refused']] == ['filter auth']
    assert answer.headers['Link'] == f'<http://127.0.0.1/xray/requests/{document["id"]}>; rel="explain"'


def test_the_newest_request_is_the_first_of_the_list(ground):
    ids = [ground.get(path, status='*').headers['X-Openstack-Request-Id'] for path in ('/instances', '/a', '/b')]
    assert [each['id'] for each in ground.get('/xray/requests').json['requests']] == ids[::-1]


def test_a_students_filter_shows_up_by_itself_with_what_it_changes(serve):
    client = serve('knock auth instance', knock=STUDENTS)
    answer = client.get('/instances')
    document = client.recorded(answer)
    knock = document['steps'][1]
    assert (knock['label'], knock['name'], knock['file']) == ('filter knock', 'knock.Knock.__call__', 'knock.py')
    assert knock['changed']['environ'] == {'knock.said': [None, "'come in'"]}
    assert knock['changed']['headers'] == {'X-Knock': [None, 'heard']}
    assert document['steps'][2]['result'] == "'come in'"
    assert answer.headers['X-Knock'] == 'heard'
    assert 'self.listen(environ)' in str(client.get('/xray/source?file=knock.py&line=6').json['lines'])


def test_so_does_one_that_is_a_function_within_a_function(serve):
    client = serve('knock auth instance', knock=CLOSURE)
    assert 'filter knock' in landmarks(client.recorded(client.get('/instances')))


def test_a_filter_that_raises_is_answered_500_as_ever_and_recorded(serve):
    client = serve('broken auth instance', broken=BROKEN)
    answer = client.get('/instances', status=500)
    assert 'The service failed' in answer.text
    document = client.recorded(answer)
    assert document['status'] == 500
    look_up = document['steps'][2]
    assert (look_up['exception']['type'], look_up['exception']['line']) == ('KeyError', 10)
    assert look_up['refused']


def wrapped(app, tmp_path):
    return RequestId(XRay(app, 'streams', Store(str(tmp_path / 'xray'))))


def test_a_streamed_body_goes_out_piece_by_piece(tmp_path):
    made, closed = [], []

    class Pieces:
        def __iter__(self):
            for number in range(3):
                made.append(number)
                yield b'%d' % number

        def close(self):
            closed.append(True)

    def app(environ, start_response):
        start_response('200 OK', [('Content-Type', 'text/plain')])
        return Pieces()

    client = wrapped(app, tmp_path)
    answer = client(environ_of('GET', '/'), lambda *head: None)
    pieces = iter(answer)
    assert (next(pieces), made) == (b'0', [0])
    assert b''.join(pieces) == b'12'
    answer.close()
    assert closed == [True]
    (summary,) = client.app.store.summaries()
    assert summary['status'] == 200
    assert client.app.store.get(summary['id'])['response']['body'] == '012'


def test_a_client_that_goes_away_ends_its_recording_too(tmp_path):
    def app(environ, start_response):
        start_response('200 OK', [('Content-Type', 'text/plain')])
        return (b'x' * 1000 for _ in range(1000))

    client = wrapped(app, tmp_path)
    answer = client(environ_of('GET', '/'), lambda *head: None)
    next(iter(answer))
    answer.close()
    (summary,) = client.app.store.summaries()
    assert summary['status'] == 200
    assert client.app.store.running == {}


def test_an_upload_of_a_gibibyte_is_neither_kept_nor_read_twice(tmp_path):
    class Zeros(io.RawIOBase):
        left = 1 << 30

        def read(self, size=-1):
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

        def tell(self):
            raise AssertionError('nobody asks')

    def app(environ, start_response):
        while environ['wsgi.input'].read(1 << 24):
            continue
        start_response('204 No Content', [])
        return []

    client, body = wrapped(app, tmp_path), Zeros()
    environ = environ_of('PUT', '/', **{'CONTENT_LENGTH': str(1 << 30), 'CONTENT_TYPE': 'application/octet-stream'})
    assert client({**environ, 'wsgi.input': body}, lambda *head: None) == []
    assert body.left == 0
    (summary,) = client.app.store.summaries()
    document = client.app.store.get(summary['id'])
    assert document['request']['body'] == '<1073741824 bytes of application/octet-stream>'


def environ_of(method, path, **more):
    return {**webtest.TestRequest.blank(path, method=method).environ, **HERE, **more}


def test_who_holds_a_token_is_told_from_it_nowhere(tmp_path):
    client = Client(server.load_app(write_ini(tmp_path), 'xray'))
    client.post_json('/instances', {'name': 'one', 'password': 'hunter22'})
    client.get('/instances', headers={'Cookie': 'session=abcdef'})
    client.get('/instances?password=longer22&X-Auth-Token=mnopqr&Signature=pq/rs%3D&limit=2')
    client.post_json('/instances', {'name': 'two', 'password': ['listed22', {'deep': 'nested22'}]})
    client.post('/instances', '{"password": "broken22"', content_type='application/json', status=400)
    client.post_json('/instances', {'name': f'-----BEGIN RSA PRIVATE KEY----- {"x" * 9}'}, status='*')
    client.get('/xray/requests')
    kept = ''.join(path.read_text() for path in (tmp_path / 'xray').glob('0*.json'))
    assert len(kept) > 1000
    assert '"query": "password=***&X-Auth-Token=***&Signature=***&limit=2"' in kept
    for secret in (
        TOKEN['X-Auth-Token'], 'hunter22', 'abcdef', 'longer22', 'mnopqr', 'pq/rs', 'listed22', 'nested22', 'broken22',
        'PRIVATE KEY',
    ):  # fmt: skip
        assert secret not in kept
