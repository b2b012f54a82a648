"""Keystone as its ini makes it, in this process: what a user, an admin and a stranger may ask of it."""

import configparser
import pathlib

import pytest
import webtest

import cloud.keystone
import server
from cloud.keystone import service
from cloud.keystone.common import password_hashing
from cloud.keystone.common.sql import Database

INI = pathlib.Path(cloud.keystone.__file__).parent / 'keystone.ini'
TOKENS = INI.parent.parent / 'tokens.ini'
ADDRESS = {'REMOTE_ADDR': '127.0.0.1'}


def write_ini(folder, **options):
    """A copy of the ini in the folder, with these options; returns its path."""
    ini = configparser.ConfigParser(interpolation=None, delimiters='=')
    ini.optionxform = str
    ini.read(INI)
    here = {'sql_connection': f'sqlite:///{folder}/keystone.sqlite', 'key_repository': f'{folder}/keys'}
    ini['DEFAULT'].update({**here, 'token_file': str(TOKENS), **options})
    path = folder / 'keystone.ini'
    with path.open('w') as file:
        ini.write(file)
    return path


class Client(webtest.TestApp):
    """WebTest's client (its lint validates our WSGI), with the commonest requests by name."""

    def ask(self, method, path, body=None, token=None, status=200, **headers):
        """The answer's document (None without one) of a request; the status must be the one expected."""
        if token is not None:
            headers['X-Auth-Token'] = token
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        extra = {} if body is None else {'params': body}
        call = (
            self.head
            if method == 'HEAD'
            else getattr(self, f'{method.lower()}_json' if body is not None else method.lower())
        )
        answer = call('/v3' + path, headers=headers, status=status, **extra)
        assert answer.headers['Vary'] == 'X-Auth-Token'
        return answer.json if answer.content_type == 'application/json' and answer.body else None

    def token(self, name, project=None, password='secret', status=201, address='127.0.0.1', **scope):
        """The text of a token for that user; of the project of that name (or another scope), or unscoped."""
        scope = scope or (project and {'project': {'name': project, 'domain': {'id': 'default'}}})
        body = password_body(name, password, scope)
        answer = self.post_json('/v3/auth/tokens', body, status=status, extra_environ={'REMOTE_ADDR': address})
        return answer.headers['X-Subject-Token'] if status == 201 else answer


def password_body(name, password, scope=None):
    user = {'name': name, 'domain': {'id': 'default'}, 'password': password}
    auth = {'identity': {'methods': ['password'], 'password': {'user': user}}}
    return {'auth': {**auth, 'scope': scope} if scope else auth}


@pytest.fixture(scope='package')
def quick_hashes():
    """Passwords that cost little: how strong a hash is, each hash says for itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(password_hashing, 'ROUNDS', 16)
        yield


@pytest.fixture(scope='module')
def load(tmp_path_factory, quick_hashes):
    """load(folder=None, **options): a Client of a Keystone; of the same folder, the same Keystone started again."""
    opened = []

    def open_database(sql_connection):
        opened.append(Database(sql_connection))
        return opened[-1]

    def load(folder=None, **options):
        folder = folder or tmp_path_factory.mktemp('keystone')
        client = Client(server.load_app(write_ini(folder, **options)), extra_environ=ADDRESS)
        client.folder, client.database = folder, opened[-1]
        return client

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, 'Database', open_database)
        yield load
    for database in opened:
        database.close()


@pytest.fixture(scope='module')
def keystone(load):
    """One Keystone for the tests of a module."""
    return load()


@pytest.fixture(scope='module')
def admin(keystone):
    return keystone.token('admin', 'admin')


@pytest.fixture(scope='module')
def demo(keystone):
    return keystone.token('demo', 'demo')
