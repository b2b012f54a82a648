"""The interface below /xray/: for this machine alone, and not for pages from elsewhere."""

import gzip
import json

import pytest

import server
from tests.xray.conftest import HERE, Client, write_ini
from tests.xray.test_explain import ask
from xray.web import HEADERS, ROUTES


@pytest.fixture(scope='module')
def shared(tmp_path_factory):
    """One ground floor for tests that only ask it."""
    return Client(server.load_app(write_ini(tmp_path_factory.mktemp('shared')), 'xray'))


PATHS = ('/xray/requests', '/xray/house', '/xray/source?file=auth.py&line=1', '/xray/export', '/xray/', '/xray')


@pytest.mark.parametrize('path', PATHS)
@pytest.mark.parametrize(
    'strange',
    [
        {'REMOTE_ADDR': '192.0.2.1'},
        {'REMOTE_ADDR': ''},
        {'HTTP_X_FORWARDED_FOR': '192.0.2.1'},
        {'HTTP_HOST': 'evil.example'},
        {'HTTP_HOST': '127.0.0.1.evil.example'},
        {'HTTP_HOST': ''},
        {'HTTP_HOST': 'evil.example@127.0.0.1'},
        {'HTTP_HOST': '127.0.0.1#evil.example'},
        {'HTTP_HOST': '127.0.0.1/evil.example'},
        {'HTTP_ORIGIN': 'http://evil.example'},
        {'HTTP_ORIGIN': 'null'},
        {'HTTP_SEC_FETCH_SITE': 'cross-site', 'HTTP_SEC_FETCH_MODE': 'no-cors'},
        {'HTTP_SEC_FETCH_SITE': 'same-site', 'HTTP_SEC_FETCH_MODE': 'cors'},
    ],
    ids=str,
)
def test_strangers_see_nothing(shared, path, strange):
    answer = shared.get(path, extra_environ=strange, status=403)
    assert answer.json['error']['code'] == 403
    assert 'Access-Control-Allow-Origin' not in answer.headers


@pytest.mark.parametrize(
    'name', ['X-Forwarded-For', 'Forwarded', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Real-IP', 'Via']
)
def test_nor_does_whoever_comes_through_a_proxy(cloud, name):
    """The real server takes some of these headers away before a filter sees them."""
    value = 'for=192.0.2.1' if name == 'Forwarded' else '192.0.2.1'
    status, body, _ = ask(cloud, 'glance-api', 'GET', '/xray/requests', **{name.replace('-', '_'): value})
    assert (status, body['error']['code']) == (403, 403)
    assert ask(cloud, 'glance-api', 'GET', '/xray/requests')[0] == 200


@pytest.mark.parametrize('host', ['127.0.0.1', '127.0.0.1:8080', 'localhost:8080', '[::1]:8080'])
def test_every_name_of_this_machine_will_do(shared, host):
    shared.get('/xray/requests', extra_environ={'HTTP_HOST': host})


def test_a_page_from_elsewhere_cannot_send(ground):
    for path in ('/xray/replay', '/xray/import', '/xray/playground'):
        ground.post_json(path, {}, extra_environ={'HTTP_ORIGIN': 'http://evil.example'}, status=403)
        ground.post(path, '{"a": 1}', content_type='text/plain', status=415)
        ground.post_json(path, {}, extra_environ={'HTTP_SEC_FETCH_SITE': 'cross-site'}, status=403)


def test_its_own_page_can(ground):
    origin = {'HTTP_ORIGIN': 'http://127.0.0.1', 'HTTP_SEC_FETCH_SITE': 'same-origin'}
    assert 'no file of the X-ray' in ground.post_json('/xray/import', {}, extra_environ=origin, status=400).text


def test_every_answer_allows_its_own_files_only(ground):
    for path in ('/xray/requests', '/xray/nowhere'):
        headers = ground.get(path, status='*').headers
        assert headers['Content-Security-Policy'].startswith("default-src 'self'; ")
        assert {name: headers[name] for name in HEADERS} == HEADERS


def test_what_is_wrong_is_said(ground):
    ground.get('/xray/nowhere', status=404)
    ground.get('/xray/page/../filter.py', status=404)
    ground.get('/xray/page/%2e%2e/filter.py', status=404)
    ground.get('/xray/requests/req-nobody', status=404)
    ground.get('/xray/requests?limit=x', status=400)
    ground.get('/xray/requests?before=nobody', status=400)
    ground.delete('/xray/requests', status=405)
    ground.get('/xray/import', status=405)
    ground.get('/xray/diff?left=a&right=b', status=404)
    ground.post('/xray/import', 'nonsense', content_type='application/json', status=400)
    ground.post('/xray/import', '[]', content_type='application/json', status=400)
    ground.post('/xray/import', '[' * 100_000, content_type='application/json', status=400)


def test_what_is_asked_there_is_not_recorded(ground):
    ground.get('/xray/requests')
    assert ground.get('/xray/requests').json == {'requests': []}


def test_a_list_goes_on_before_an_id(ground):
    for path in ('/a', '/b', '/c'):
        ground.get(path, status=404)
    newest, *older = ground.get('/xray/requests').json['requests']
    assert ground.get(f'/xray/requests?before={newest["id"]}').json['requests'] == older
    assert len(ground.get('/xray/requests?limit=2').json['requests']) == 2


def test_lines_of_the_project_are_shown(ground):
    found = ground.get('/xray/source?file=auth.py&line=34').json
    assert found['line'] == 34
    assert '    def __call__(self, environ, start_response):' in found['lines']


@pytest.mark.parametrize(
    'file',
    [
        '../etc/passwd',
        '/etc/passwd',
        'configure.ini',
        'cloud/tokens.ini',
        'data/x.py',
        '.git/config',
        '',
        'cloud',
        'no.py',
        '\0.py',
    ],
)
def test_and_of_nothing_else(shared, file):
    shared.get('/xray/source', {'file': file, 'line': '1'}, status=404)


def test_the_house_is_drawn_from_what_is_configured(serve):
    client = serve('auth instance')
    (house,) = client.get('/xray/house').json['services']
    assert (house['name'], house['pipeline'], house['layers']) == ('ground-floor', ['xray', 'auth', 'instance'], [])
    assert {'name': 'auth', 'factory': 'auth:filter_factory', 'file': 'auth.py'} in house['filters']
    assert ['PUT', '/instances/{instance_id}', 'instances', 'update'] in house['routes']
    assert 'open-sesame' not in json.dumps(house['sections'])


def test_an_export_opens_in_another_copy(ground, serve):
    ground.recorded(ground.get('/instances'))
    exported = ground.get('/xray/export').json
    assert (exported['xray'], len(exported['requests'])) == (1, 1)
    for packed in (json.dumps(exported).encode(), gzip.compress(json.dumps(exported).encode())):
        encoding = {} if packed.startswith(b'{') else {'HTTP_CONTENT_ENCODING': 'gzip'}
        answer = ground.post(
            '/xray/import', packed, content_type='application/json', extra_environ={**HERE, **encoding}
        )
        assert answer.json == {'imported': 1, 'ids': [exported['requests'][0]['id']]}
    (summary,) = ground.get('/xray/requests').json['requests']
    again = ground.get(f'/xray/requests/{summary["id"]}').json
    assert again['steps'] == exported['requests'][0]['steps']


def test_what_is_imported_is_checked(ground):
    good = ground.recorded(ground.get('/instances'))
    for change in (
        {'id': '../x'}, {'status': 'x'}, {'steps': 3}, {'steps': [{}]}, {'steps': good['steps'][::-1]},
        {'started': 'today'}, {'request': None}, {'steps': [{**good['steps'][0], 'parent': 7}]},
        {'steps': [{**good['steps'][0], 'sql': 'x'}]},
    ):  # fmt: skip
        ground.post_json('/xray/import', {'xray': 1, 'requests': [{**good, **change}]}, status=400)
    ground.post_json('/xray/import', {'xray': 1, 'requests': [good] * 201}, status=400)
    ground.post_json('/xray/import', {'xray': 2, 'requests': [good]}, status=400)


def test_traces_open_elsewhere(ground):
    document = ground.recorded(ground.get('/instances'))
    chrome = ground.get(f'/xray/requests/{document["id"]}/trace').json
    spans = [event for event in chrome['traceEvents'] if event['ph'] == 'X']
    assert [span['name'] for span in spans] == [step['label'] for step in document['steps']]
    assert all(isinstance(span['ts'], int) and span['dur'] >= 1 for span in spans)
    otlp = ground.get(f'/xray/requests/{document["id"]}/trace?format=otlp').json
    (resource,) = otlp['resourceSpans']
    spans = resource['scopeSpans'][0]['spans']
    assert {len(span['traceId']) for span in spans} == {32}
    assert spans[1]['parentSpanId'] == spans[0]['spanId']
    ground.get(f'/xray/requests/{document["id"]}/trace?format=x', status=400)


def test_each_route_is_asked_by_a_test():
    assert len(ROUTES) == 12
