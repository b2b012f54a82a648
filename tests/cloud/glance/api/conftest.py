"""The whole service over its paste pipeline: a copy of the ini with folders of its own."""

import configparser
import pathlib

import pytest
import webtest

import cloud.glance
import server
from cloud.glance.api.v2 import router
from cloud.glance.db.sqlalchemy.api import Database

INI = pathlib.Path(cloud.glance.__file__).parent / 'glance-api.ini'
TOKENS = INI.parent.parent / 'tokens.ini'
POLICY = INI.parent / 'policy.json'

ADMIN = {'X-Auth-Token': 'open-sesame'}
ALICE = {'X-Auth-Token': 'alice-token'}
BOB = {'X-Auth-Token': 'bob-token'}
DATA = {'Content-Type': 'application/octet-stream'}
FORMATS = {'disk_format': 'raw', 'container_format': 'bare'}
V2_1 = 'application/openstack-images-v2.1-json-patch'
V2_0 = 'application/openstack-images-v2.0-json-patch'


def write_ini(folder, **options):
    """A copy of the ini in the folder, with these options; returns its path."""
    ini = configparser.ConfigParser(interpolation=None, delimiters='=')
    ini.optionxform = str
    ini.read(INI)
    here = {'sql_connection': f'sqlite:///{folder}/glance.sqlite', 'filesystem_store_datadir': f'{folder}/images'}
    ini['DEFAULT'].update({**here, 'policy_file': str(POLICY), **options})
    ini['filter:authtoken']['token_file'] = str(TOKENS)
    path = folder / 'glance-api.ini'
    with path.open('w') as file:
        ini.write(file)
    return path


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """A function from options, and perhaps a flavour's name, to a client of a service of that kind."""
    opened = []

    def open_database(sql_connection):
        opened.append(Database(sql_connection))
        return opened[-1]

    monkeypatch.setattr(router, 'Database', open_database)

    def start(flavour='main', **options):
        app = server.load_app(write_ini(tmp_path, **options), flavour)
        return Client(app, extra_environ={'REMOTE_ADDR': '127.0.0.1'})

    yield start
    for database in opened:
        database.close()


@pytest.fixture
def client(serve):
    return serve()


class Client(webtest.TestApp):
    """WebTest's client (its lint validates our WSGI), with the image API's commonest requests by name."""

    def create(self, headers=ALICE, /, status=201, **document):
        """POST an image; its document, or whatever was answered if another status is expected."""
        answer = self.post_json('/v2/images', document, headers=headers, status=status)
        return answer.json if status == 201 else answer

    def show(self, image, headers=ALICE, status=200):
        return self.get(path_of(image), headers=headers, status=status).json

    def list(self, query='', headers=ALICE, status=200):
        return self.get(f'/v2/images{query}', headers=headers, status=status).json

    def patch_image(self, image, changes, headers=ALICE, status=200, dialect=V2_1):
        return self.request(
            path_of(image), method='PATCH', headers=headers, content_type=dialect, status=status, body=as_json(changes)
        )

    def upload(self, image, data=b'data', headers=ALICE, status=204):
        return self.put(f'{path_of(image)}/file', data, headers={**headers, **DATA}, status=status)

    def download(self, image, headers=ALICE, status=200):
        return self.get(f'{path_of(image)}/file', headers=headers, status=status)

    def active(self, data=b'data', headers=ALICE, **document):
        """A new image with data."""
        image = self.create(headers, **FORMATS, **document)
        self.upload(image, data, headers)
        return self.show(image, headers)

    def share(self, image, tenant, headers=ALICE, status=200):
        return self.post_json(f'{path_of(image)}/members', {'member': tenant}, headers=headers, status=status)


def path_of(image):
    return f'/v2/images/{image["id"] if isinstance(image, dict) else image}'


def as_json(document):
    return document if isinstance(document, bytes) else webtest.app.json.dumps(document).encode()
