"""What anybody may ask before there is a token, and which version an answer is in."""

import pytest

from tests.cloud.nova.api.openstack.compute.v21 import compute_api

ANY = {'X-Auth-Token': 'alice-token', 'Accept': '*/*'}
NEW, OLD = 'OpenStack-API-Version', 'X-OpenStack-Nova-API-Version'


@pytest.fixture(scope='module')
def api(tmp_path_factory):
    with compute_api(tmp_path_factory.mktemp('nova')) as api:
        yield api


def test_the_root_lists_the_versions_without_a_token(api):
    versions = api.client.get('/').json['versions']
    assert [(each['id'], each['links'][0]['href']) for each in versions] == [
        ('v2.0', 'http://localhost/v2/'),
        ('v2.1', 'http://localhost/v2.1/'),
    ]


@pytest.mark.parametrize('path', ['/v2.1', '/v2.1/'])
def test_a_version_says_how_far_it_goes_without_a_token(api, path):
    answer = api.client.get(path)
    version = answer.json['version']
    assert (version['min_version'], version['version'], version['status']) == ('2.1', '2.104', 'CURRENT')
    assert version['links'][0]['href'] == 'http://localhost/v2.1/'
    assert answer.headers[NEW] == 'compute 2.1'


def test_another_version_is_a_choice(api):
    choices = api.client.get('/v3/servers', status=300).json['choices']
    assert [each['links'][0]['href'] for each in choices] == [
        'http://localhost/v2/servers',
        'http://localhost/v2.1/servers',
    ]


def test_all_else_needs_a_token_and_says_where_to_get_one(api):
    answer = api.send('GET', '/servers', token=None, status=401)
    assert answer.json == {
        'error': {
            'code': 401,
            'title': 'Unauthorized',
            'message': 'The request you have made requires authentication.',
        }
    }
    assert answer.headers['WWW-Authenticate'].startswith('Keystone uri="http')
    assert NEW not in answer.headers


@pytest.mark.parametrize(('headers', 'version'), [
    ({}, '2.1'),
    ({NEW: 'compute 2.26'}, '2.26'),
    ({OLD: '2.26'}, '2.26'),
    ({NEW: 'compute 2.30', OLD: '2.2'}, '2.30'),
    ({NEW: 'volume 3.0'}, '2.1'),
    ({NEW: 'volume 3.0, compute 2.9'}, '2.9'),
    ({NEW: 'volume 3.0', OLD: '2.5'}, '2.5'),
    ({NEW: 'compute latest'}, '2.104'),
])  # fmt: skip
def test_the_headers_say_which_version_is_meant_and_the_answer_which_it_is(api, headers, version):
    answer = api.client.get('/v2.1/flavors', headers={'X-Auth-Token': 'alice-token', **headers})
    assert (answer.headers[NEW], answer.headers[OLD]) == (f'compute {version}', version)
    assert answer.headers['Vary'] == f'{NEW}, {OLD}'


@pytest.mark.parametrize('version', ['2.0', '2.105', '3.0', '1.1'])
def test_a_version_that_is_not_there_is_406_and_named(api, version):
    answer = api.send('GET', '/flavors', version=version, status=406)
    maximum = 'Minimum is 2.1 and maximum is 2.104.'
    assert answer.json['computeFault']['message'] == f'Version {version} is not supported by the API. {maximum}'
    assert answer.headers[NEW] == f'compute {version}'


@pytest.mark.parametrize('version', ['two', '2', '2.01', '2.1.1', '-2.1', '2.-1', '\u0662.1', '2.' + '9' * 5000])
def test_what_is_no_version_is_400_and_of_no_version(api, version):
    headers = {'X-Auth-Token': 'alice-token', OLD: version.encode().decode('latin-1')}
    answer = api.client.get('/v2.1/flavors', headers=headers, status=400)
    assert answer.json['badRequest']['message'].endswith('is of invalid format. Must be of format MajorNum.MinorNum.')
    assert NEW not in answer.headers


def test_version_2_knows_no_microversions_and_minds_no_superfluous_fields(api):
    answer = api.client.get('/v2/flavors/1', headers={'X-Auth-Token': 'alice-token', NEW: 'compute 2.61'})
    assert NEW not in answer.headers
    assert 'extra_specs' not in answer.json['flavor']
    body = {'server_group': {'name': ' group', 'policies': ['affinity'], 'more': 1}}
    assert api.refused('POST', '/os-server-groups', 400, body=body)
    body['server_group']['name'] = 'group'
    assert api.send('POST', '/os-server-groups', body=body, prefix='/v2').json['server_group']['name'] == 'group'


@pytest.mark.parametrize(('method', 'path'), [
    ('GET', '/nowhere'), ('DELETE', '/servers'), ('PATCH', '/servers'), ('GET', '/servers/'), ('GET', '/servers.json'),
    ('GET', '/servers/x/nowhere'), ('PUT', '/flavors'),
])  # fmt: skip
def test_a_path_or_a_method_that_is_not_there_is_a_page_of_html_without_a_version(api, method, path):
    answer = api.client.request('/v2.1' + path, method=method, headers=ANY, status=404)
    assert (answer.content_type, NEW in answer.headers) == ('text/html', False)


def test_whoever_takes_json_alone_gets_such_a_404_as_json(api):
    headers = {'X-Auth-Token': 'alice-token', 'Accept': 'application/json'}
    assert api.client.get('/v2.1/nowhere', headers=headers, status=404).json['title'] == 'Not Found'


def test_each_answer_has_its_id_under_both_names(api):
    for path, status in (('/', 200), ('/v2.1', 200), ('/v2.1/flavors', 401)):
        headers = api.client.get(path, status=status).headers
        assert headers['X-Compute-Request-Id'] == headers['X-Openstack-Request-Id']


def test_the_project_may_stand_in_the_path_if_it_is_the_callers_own(api):
    message = api.refused('GET', '/abc0/servers', 400)
    assert message == "Malformed request URL: URL's project_id 'abc0' doesn't match Context's project_id 'demo'"


@pytest.mark.parametrize(('sent', 'content_type', 'status', 'message'), [
    (b'{"server"', 'application/json', 400, 'Malformed request body'),
    (b'x', 'text/plain', 400, 'Malformed request body'),
    (b'\xff', 'application/json', 400, 'Malformed request body'),
    (b'[' * 100000, 'application/json', 400, 'Malformed request body'),
    (b'{"a": "\\ud800"}', 'application/json', 400, 'Malformed request body'),
    (b'{"server": NaN}', 'application/json', 400, 'Malformed request body'),
    (b'', 'application/json', 400, "None is not of type 'object'"),
    (b'[]', 'application/json', 400, "[] is not of type 'object'"),
    (b'{}', 'application/json', 400, "'server' is a required property"),
    (b'<a/>', 'application/xml', 415, 'Unsupported Content-Type'),
])  # fmt: skip
def test_a_body_that_is_none_is_refused(api, sent, content_type, status, message):
    headers = {'X-Auth-Token': 'alice-token', 'Content-Type': content_type}
    answer = api.client.post('/v2.1/servers', sent, headers=headers, status=status)
    (fault,) = answer.json.values()
    assert fault['message'] == message


def test_a_body_that_is_too_large_is_not_read(api):
    headers = {'X-Auth-Token': 'alice-token', 'Content-Type': 'application/json'}
    assert b'Request is too large.' in api.client.post('/v2.1/servers', b' ' * 114689, headers=headers, status=413).body


@pytest.mark.parametrize('path', ['/os-cells', '/os-fping', '/os-certificates/root'])
def test_what_is_no_more_is_410(api, path):
    assert api.refused('GET', path, 410).startswith('This resource is no longer available.')


@pytest.mark.parametrize('path', ['/os-networks', '/os-volumes', '/images', '/images/x/metadata'])
def test_what_other_services_do_is_404_in_the_versions_that_say_so(api, path):
    assert api.refused('GET', path, 404, version='2.39') == 'The resource could not be found.'
