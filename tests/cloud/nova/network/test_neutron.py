"""What nova asks of the network service, and what it does where there is none."""

import http.server
import json
import threading

import pytest

from cloud.nova import exception
from cloud.nova.network import neutron
from tests.cloud.nova.fakes import ALICE

NET, OTHER = '11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'
THERE = {
    '/v2.0/networks': {'networks': [{'id': NET, 'name': 'private'}]},
    '/v2.0/security-groups': {'security_groups': [{'id': OTHER, 'name': 'web'}]},
    '/v2.0/security-groups?tenant_id=demo': {'security_groups': [{'id': OTHER, 'name': 'web'}, {'name': 'default'}]},
}


@pytest.fixture(scope='module')
def service():
    """A network service that lists what is there; asked: (path, token) of each request."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append((self.path, self.headers['X-Auth-Token']))
            body = json.dumps(THERE[self.path]).encode() if server.body is None else server.body
            self.send_response(200)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(('127.0.0.1', 0), Handler) as server:
        server.asked, server.body = [], None
        thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join(30)


@pytest.fixture
def network_api(service):
    service.asked.clear()
    yield neutron.API(f'http://127.0.0.1:{service.server_port}/')
    service.body = None


@pytest.mark.parametrize(('requested', 'found'), [('none', 'none'), (None, None), ('auto', None), ([], None)])
def test_who_names_no_network_needs_no_service(service, network_api, requested, found):
    assert network_api.validate_networks(ALICE, requested) == found
    assert service.asked == []


def test_a_network_that_is_named_is_asked_for_in_the_callers_name(service, network_api):
    assert network_api.validate_networks(ALICE, [{'uuid': NET}]) == [{'uuid': NET, 'label': 'private'}]
    assert service.asked == [('/v2.0/networks', 'alice-token')]


@pytest.mark.parametrize(('requested', 'error', 'message'), [
    ({'uuid': OTHER}, exception.NetworkNotFound, f'Network {OTHER} could not be found.'),
    ({'uuid': 'x'}, exception.InvalidRequest, r'network uuid is not in proper format \(x\)'),
    ({'port': OTHER}, exception.InvalidRequest, f'Port {OTHER} could not be found.'),
])  # fmt: skip
def test_a_network_that_is_not_there_is_refused(network_api, requested, error, message):
    with pytest.raises(error, match=message):
        network_api.validate_networks(ALICE, [requested])


def test_security_groups_are_named_by_name_or_id_and_each_project_has_default(service, network_api):
    assert network_api.security_groups(ALICE, ['default']) == ['default']
    assert service.asked == []
    assert network_api.security_groups(ALICE, ['web', OTHER, 'default']) == ['web', 'default']
    with pytest.raises(exception.SecurityGroupNotFound, match="with name or id 'db'"):
        network_api.security_groups(ALICE, ['db'])
    assert network_api.get_security_groups(ALICE, ['default'], 'demo') == [{'name': 'default'}]


@pytest.mark.parametrize('body', [b'', b'no JSON', b'[]', b'{"networks": '])
def test_an_answer_that_makes_no_sense_is_as_none(service, network_api, body):
    service.body = body
    assert network_api.networks(ALICE) == []


@pytest.mark.parametrize('url', ['', 'http://127.0.0.1:1'])
def test_without_a_service_there_are_no_networks(url):
    assert neutron.API(url).networks(ALICE) == []
    with pytest.raises(exception.NetworkNotFound):
        neutron.API(url).validate_networks(ALICE, [{'uuid': NET}])
