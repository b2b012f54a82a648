"""Real services with toycloud = True, and whoever asks them."""

import contextlib
import http.client
import io
import json

import pytest

from cloud.audit.__main__ import main as audit
from tests.cloud.nova.api.openstack import conftest as nova_api
from tests.cloud.nova.entry_points import declare_all
from tests.cloud.nova.processes import Cloud, Images
from tests.servers import WarmServer
from tests.waiting import wait_until

ADMIN, ALICE, BOB = 'open-sesame', 'alice-token', 'bob-token'


class Answer:
    """status, headers and document of an answer."""

    def __init__(self, answer):
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    @property
    def document(self):
        return json.loads(self.body)


class Service:
    """A running service; ask(method, path, document, token) -> an Answer."""

    def __init__(self, running):
        self.running = running

    def ask(self, method, path, document=None, token=ADMIN, **headers):
        """OSError or HTTPException if no answer comes."""
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        if token:
            headers['X-Auth-Token'] = token
        body = None
        if document is not None:
            body = json.dumps(document).encode()
            headers.setdefault('Content-Type', 'application/json')
        connection = http.client.HTTPConnection(self.running.host, self.running.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            return Answer(connection.getresponse())

    def rule(self, **document):
        """A new rule's id."""
        answer = self.ask('POST', '/toycloud/faults', document)
        assert answer.status == 201, answer.body
        return answer.document['fault']['id']

    def counts(self, rule_id):
        rule = self.ask('GET', f'/toycloud/faults/{rule_id}').document['fault']
        return rule['seen'], rule['hits']

    def clear(self):
        assert self.ask('DELETE', '/toycloud/faults').status == 204


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp('toycloud')


@pytest.fixture(scope='module')
def running_nova(folder):
    ini = nova_api.write_ini(folder, toycloud='True', auth_uri='', neutron_url='')
    running = WarmServer([str(ini)], folder / 'nova.log')
    yield Service(running)
    running.end()


@pytest.fixture
def nova(running_nova):
    yield running_nova
    running_nova.clear()


class ComputeService(Service):
    """Nova with images to boot from; folder: where all of them keep what they have."""

    def __init__(self, cloud):
        super().__init__(cloud.nova)
        self.cloud, self.image = cloud, cloud.upload(b'a disk' * 1000)

    def boot(self, name='web', token=ALICE):
        """A new instance's id; it is being made."""
        server = {'name': name, 'imageRef': self.image, 'flavorRef': '1', 'networks': 'none'}
        answer = self.ask('POST', '/v2.1/servers', {'server': server}, token, OpenStack_API_Version='compute 2.37')
        assert answer.status == 202, answer.body
        return answer.document['server']['id']

    def status(self, server_id):
        answer = self.ask('GET', f'/v2.1/servers/{server_id}')
        return answer.document['server']['status'] if answer.status == 200 else answer.status

    def becomes(self, server_id, status):
        return wait_until(lambda: self.status(server_id) == status, 30)

    def act(self, server_id, **action):
        return self.ask('POST', f'/v2.1/servers/{server_id}/action', action, ALICE).status

    def names(self):
        found = self.ask('GET', '/v2.1/servers?all_tenants=1').document['servers']
        return sorted(each['name'] for each in found)

    def audit(self):
        """What the audit finds wrong, as text; nothing if all is whole."""
        ini = str(self.cloud.folder / 'nova-api.ini')
        with contextlib.redirect_stdout(io.StringIO()) as said:
            found = audit([ini])
        return said.getvalue() if found else ''

    def reset(self):
        answer = self.ask('POST', '/toycloud/reset')
        assert answer.status == 200, answer.body


@pytest.fixture(scope='module')
def running_cloud(tmp_path_factory):
    folder = tmp_path_factory.mktemp('cloud')
    with pytest.MonkeyPatch.context() as patch, Images(tmp_path_factory.mktemp('images')) as images:
        patch.setenv('PYTHONPATH', declare_all(folder / 'plugged'))
        with Cloud(folder, images) as cloud:
            cloud.start_nova(toycloud='True', auth_uri='', neutron_url='')
            yield ComputeService(cloud)


@pytest.fixture
def compute(running_cloud):
    yield running_cloud
    running_cloud.ask('PUT', '/toycloud/seed', {'seed': None})
    running_cloud.reset()
