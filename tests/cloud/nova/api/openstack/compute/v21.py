"""The compute API as clients reach it: the whole pipeline, with stand-ins for the image service and the machines.

Use: with compute_api(folder) as api: api.get('/servers', ALICE, '2.26', status=200)['servers']
"""

import contextlib
import uuid
import warnings

import pytest
from webtest import TestApp

import server
from cloud.nova import exception
from cloud.nova.api import openstack
from cloud.nova.db.sqlalchemy.api import Database
from tests.cloud.nova import fakes
from tests.cloud.nova.api.openstack.conftest import TOKENS, write_ini
from tests.cloud.nova.fakes import IMAGE
from tests.waiting import wait_until

ALICE, BOB, ADMIN, READER = 'alice-token', 'bob-token', 'open-sesame', 'reader-token'
UNKNOWN = '00000000-0000-4000-8000-000000000000'
KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBIj8Qx1bWfD1GhUnyn2rO9bPDtDxV1yFsoDPs7Fq0aQ x'


class ImageService(fakes.FakeImageService):
    """One that images can be made in, too."""

    def create(self, context, meta, data=None):
        image_id = str(uuid.uuid4())
        self.add(image_id, **{**meta, 'status': 'queued', 'id': image_id})
        return self.images[image_id]

    def update(self, context, image_id, meta, data=None, purge_props=True):
        self.images[image_id].update(meta, status='active')
        return self.images[image_id]

    def detail(self, context, **kwargs):
        return [image for image in self.images.values() if not isinstance(image, Exception)]

    def delete(self, context, image_id):
        if self.images.pop(image_id, None) is None:
            raise exception.ImageNotFound(image_id=image_id)


class Driver(fakes.FakeDriver):
    """One whose machines can be made anew, copied, and asked what they print."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None

    def get_console_output(self, instance_uuid, tail_length=None):
        return 'boots\n'


class Api:
    """app: a WSGI application; image_service, driver: what it stands on; db_api: its Database."""

    def __init__(self, app, image_service, driver, db_api):
        self.client = TestApp(app)
        self.image_service, self.driver, self.db_api = image_service, driver, db_api

    def send(self, method, path, token=ALICE, version=None, body=None, status=200, prefix='/v2.1'):
        """A webtest response."""
        headers = {'X-Auth-Token': token} if token else {}
        if version:
            headers['OpenStack-API-Version'] = f'compute {version}'
        send = getattr(self.client, f'{method.lower()}_json' if body is not None else method.lower())
        arguments = [] if body is None else [body]
        with (
            warnings.catch_warnings()
        ):  # nova names the type of what has no content, and clients of it may count on that
            warnings.filterwarnings('ignore', 'Content-Type header found in a 204')
            return send(prefix + path, *arguments, headers=headers, status=status)

    def get(self, path, token=ALICE, version=None, status=200):
        """The answer's JSON."""
        return self.send('GET', path, token, version, None, status).json

    def post(self, path, body, token=ALICE, version=None, status=200):
        response = self.send('POST', path, token, version, body, status)
        return response.json if response.body else None

    def put(self, path, body, token=ALICE, version=None, status=200):
        return self.send('PUT', path, token, version, body, status).json

    def delete(self, path, token=ALICE, version=None, status=204):
        return self.send('DELETE', path, token, version, None, status)

    def refused(self, method, path, status, token=ALICE, version=None, body=None):
        """The message of a refusal."""
        document = self.send(method, path, token, version, body, status).json
        (fault,) = document.values()
        assert fault['code'] == status
        return fault['message']

    # -- servers

    def create(self, token=ALICE, version='2.37', status=202, **fields):
        server = {'name': 'web', 'imageRef': IMAGE, 'flavorRef': '1', 'networks': 'none', **fields}
        return self.post('/servers', {'server': server}, token, version, status)['server']

    def boot(self, token=ALICE, version='2.37', **fields):
        """The id of a server once it is ACTIVE."""
        server_id = self.create(token, version, **fields)['id']
        self.wait(server_id, 'ACTIVE')
        return server_id

    def show(self, server_id, token=ALICE, version=None):
        return self.get(f'/servers/{server_id}', token, version)['server']

    def wait(self, server_id, status):
        def is_there():
            server = self.show(server_id, ADMIN)
            return server['status'] == status and server['OS-EXT-STS:task_state'] is None

        assert wait_until(is_there), f'{server_id} does not become {status}'

    def act(self, server_id, name, arguments=None, token=ALICE, version=None, status=202):
        return self.post(f'/servers/{server_id}/action', {name: arguments}, token, version, status)

    def not_acted(self, server_id, name, arguments=None, status=409, token=ALICE):
        return self.refused('POST', f'/servers/{server_id}/action', status, token, None, {name: arguments})

    def clear(self, *server_ids):
        """Delete these servers, and wait until they are gone."""
        for server_id in server_ids:
            self.delete(f'/servers/{server_id}', ADMIN)
        for server_id in server_ids:
            assert wait_until(
                lambda path=f'/servers/{server_id}': self.send('GET', path, ADMIN, status='*').status_int == 404
            )


@contextlib.contextmanager
def compute_api(folder, **options):
    tokens = folder / 'tokens.ini'
    reader = '[reader-token]\nuser = reader\ntenant = demo\nroles = reader\n'
    tokens.write_text(TOKENS.read_text() + reader)
    image_service, driver, opened, services = ImageService(), Driver(), [], []
    start_all = openstack.service.start_all

    def open_database(sql_connection):
        opened.append(Database(sql_connection))
        return opened[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openstack.glance, 'get_default_image_service', lambda options: image_service)
        patch.setattr(openstack, 'LessonDriver', lambda *parts: driver)
        patch.setattr(openstack, 'Database', open_database)
        patch.setattr(openstack.service, 'start_all', lambda *parts: services.extend(start_all(*parts)))
        path = write_ini(folder, **{'quota_instances': '10', 'auth_uri': '', **options})
        path.write_text(path.read_text().replace(f'token_file = {TOKENS}', f'token_file = {tokens}'))
        app = server.load_app(path)
    yield Api(app, image_service, driver, opened[0])
    for each in services:
        each.stop()
    opened[0].close()
