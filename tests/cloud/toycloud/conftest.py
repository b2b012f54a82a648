"""Real services with toycloud = True, and whoever asks them."""

import contextlib
import http.client
import json

import pytest

from tests.cloud.nova.api.openstack import conftest as nova_api
from tests.servers import WarmServer

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
