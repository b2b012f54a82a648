"""The whole service over its paste pipeline: a copy of the ini with folders of its own."""

import pytest
import webtest

import server
from cloud.glance.api import parts
from tests.cloud.glance.service import closed_databases, copy_ini

ADMIN = {'X-Auth-Token': 'open-sesame'}
ALICE = {'X-Auth-Token': 'alice-token'}
BOB = {'X-Auth-Token': 'bob-token'}
DATA = {'Content-Type': 'application/octet-stream'}
FORMATS = {'disk_format': 'raw', 'container_format': 'bare'}
V2_1 = 'application/openstack-images-v2.1-json-patch'
V2_0 = 'application/openstack-images-v2.0-json-patch'


def write_ini(folder, **options):
    """A copy of the ini in the folder, with these options; returns its path."""
    return copy_ini('glance-api.ini', folder, **{'filesystem_store_datadir': f'{folder}/images', **options})


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """A function from options, and perhaps a flavour's name, to a client of a service of that kind."""

    def start(flavour='main', **options):
        app = server.load_app(write_ini(tmp_path, **options), flavour)
        return Client(app, extra_environ={'REMOTE_ADDR': '127.0.0.1'})

    with closed_databases(monkeypatch, parts):
        yield start


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
