import pytest
import webtest

from cloud.keystoneclient.middleware.auth_token import AuthProtocol, TokenTable, filter_factory
from wsgi import answer

TABLE = """
[open-sesame]
user = admin
tenant = admin
roles = admin, Member
[schl\u00fcssel]
user = j\u00fcrgen
tenant = demo
roles = member
"""
SECTION = {'delay_auth_decision': 'true'}


def show_identity(environ, start_response):
    identity = {name: value for name, value in environ.items() if name.startswith('HTTP_X')}
    return answer(identity)(environ, start_response)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / 'tokens.ini'
    path.write_text(TABLE, encoding='utf-8')
    return path


@pytest.fixture
def client(table):
    return webtest.TestApp(filter_factory({}, token_file=str(table), **SECTION)(show_identity))


def test_a_known_token_becomes_an_identity(client):
    assert client.get('/', headers={'X-Auth-Token': 'open-sesame'}).json == {
        'HTTP_X_AUTH_TOKEN': 'open-sesame',
        'HTTP_X_IDENTITY_STATUS': 'Confirmed',
        'HTTP_X_USER_ID': 'admin',
        'HTTP_X_TENANT_ID': 'admin',
        'HTTP_X_ROLES': 'admin,Member',
    }


@pytest.mark.parametrize('headers', [{}, {'X-Auth-Token': ''}, {'X-Auth-Token': 'open'}, {'X-Auth-Token': '\xff'}])
def test_without_a_known_token_the_request_goes_on_as_invalid(client, headers):
    identity = client.get('/', headers=headers).json
    assert identity['HTTP_X_IDENTITY_STATUS'] == 'Invalid'
    assert 'HTTP_X_USER_ID' not in identity


@pytest.mark.parametrize(
    'name',
    ['Identity-Status', 'User-Id', 'User', 'Tenant-Id', 'Tenant', 'Project-Id', 'Roles', 'Role', 'Service-Catalog'],
)
def test_identity_headers_of_the_client_are_taken_away(client, name):
    identity = client.get('/', headers={f'X-{name}': 'Confirmed', 'X-Auth-Token': 'wrong'}).json
    assert identity == {'HTTP_X_AUTH_TOKEN': 'wrong', 'HTTP_X_IDENTITY_STATUS': 'Invalid'}


def test_without_delay_an_unknown_token_is_401(table):
    client = webtest.TestApp(filter_factory({}, token_file=str(table))(show_identity))
    refusal = client.get('/', headers={'X-Auth-Token': 'wrong'}, status=401)
    assert refusal.json['unauthorized']['code'] == 401
    assert 'WWW-Authenticate' in refusal.headers
    assert client.get('/', headers={'X-Auth-Token': 'open-sesame'}, status=200)


def test_names_and_tokens_may_be_any_text(client):
    token = 'schl\u00fcssel'.encode().decode('latin-1')
    identity = client.get('/', headers={'X-Auth-Token': token}).json
    assert identity['HTTP_X_USER_ID'].encode('latin-1').decode() == 'j\u00fcrgen'


def test_another_look_up_can_take_the_tables_place():
    identities = {'t': {'user': 'u', 'tenant': 'p', 'roles': ['r']}}
    client = webtest.TestApp(AuthProtocol(show_identity, {}, identities.get))
    assert client.get('/', headers={'X-Auth-Token': 't'}).json['HTTP_X_TENANT_ID'] == 'p'


@pytest.mark.parametrize(
    ('text', 'complaint'),
    [
        ('[t]\nuser = a\ntenant = b\n', 'a token has no roles'),
        ('user = a\n', 'no section headers'),
        ('[t]\nuser = a\n[t]\n', 'already exists'),
        ('[t]\nuser = \udcff\n', 'decode'),
    ],
)
def test_a_broken_table_stops_the_start_and_is_named(tmp_path, text, complaint):
    path = tmp_path / 'tokens.ini'
    path.write_bytes(text.encode('utf-8', 'surrogateescape'))
    with pytest.raises(ValueError, match=complaint) as caught:
        TokenTable(path)
    assert str(path) in str(caught.value)


def test_a_missing_table_stops_the_start(tmp_path):
    with pytest.raises(ValueError, match='No such file'):
        filter_factory({}, token_file=str(tmp_path / 'none'))
    with pytest.raises(ValueError, match='has no token_file'):
        filter_factory({})


@pytest.mark.parametrize(('text', 'delays'), [('true', True), (' Yes ', True), ('0', False), ('off', False)])
def test_delay_auth_decision_is_a_boolean(text, delays):
    assert AuthProtocol(None, {'delay_auth_decision': text}, None).delays is delays


def test_a_misspelt_delay_auth_decision_stops_the_start():
    with pytest.raises(ValueError, match='delay_auth_decision = ture: give true or false'):
        AuthProtocol(None, {'delay_auth_decision': 'ture'}, None)


def test_a_service_token_becomes_an_identity_of_its_own(client, table):
    headers = {'X-Auth-Token': 'open-sesame', 'X-Service-Token': 'schlüssel'.encode().decode('latin-1')}
    identity = client.get('/', headers=headers).json
    assert identity['HTTP_X_USER_ID'] == 'admin'
    assert identity['HTTP_X_SERVICE_IDENTITY_STATUS'] == 'Confirmed'
    assert identity['HTTP_X_SERVICE_ROLES'] == 'member'
    wrong = client.get('/', headers={**headers, 'X-Service-Token': 'wrong'}).json
    assert wrong['HTTP_X_SERVICE_IDENTITY_STATUS'] == 'Invalid'
    assert 'HTTP_X_SERVICE_ROLES' not in wrong
    strict = webtest.TestApp(filter_factory({}, token_file=str(table))(show_identity))
    assert 'X-Service-Token' in strict.get('/', headers={**headers, 'X-Service-Token': 'wrong'}, status=401).text
