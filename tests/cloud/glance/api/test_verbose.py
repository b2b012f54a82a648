"""What -v tells of a request to the image service, and to its registry: each step on the way in, and on the way out."""

import http.client

import pytest

from tests.cloud.glance.api import conftest as api
from tests.cloud.glance.registry import conftest as registry
from tests.servers import RunningServer

AROUND = ['RequestId', 'TransLogger', 'FaultWrapper']  # what server.py puts around every pipeline
API = [*AROUND, 'VersionNegotiationFilter', 'AuthProtocol', 'ContextMiddleware', 'URLMap']
REGISTRY = [*AROUND, 'AuthProtocol', 'ContextMiddleware', 'API']


class Services:
    def __init__(self, folder):
        self.registry = RunningServer([str(registry.write_ini(folder)), '-v'], folder / 'registry.log')
        ini = api.write_ini(folder, registry_port=str(self.registry.port))
        self.api = RunningServer([str(ini), '-v'], folder / 'api.log')

    def ask(self, method, path, body=None, token='alice-token', service=None):
        """(status, the lines that the service logs of the request, without its id)"""
        service = service or self.api
        connection = http.client.HTTPConnection('127.0.0.1', service.port, timeout=30)
        connection.request(method, path, body, {'X-Auth-Token': token})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, lines_of(service, answer.headers['X-Openstack-Request-Id'] + ' ')


def lines_of(service, request_id):
    lines = service.log().splitlines()
    return [line.removeprefix(request_id) for line in lines if line.startswith(request_id)]


@pytest.fixture(scope='module')
def services(tmp_path_factory):
    services = Services(tmp_path_factory.mktemp('verbose'))
    yield services
    services.api.end()
    services.registry.end()


def steps(lines, word):
    """The names of the steps that are reached, or left."""
    return [line.split()[1].rstrip(':') for line in lines if line.startswith(word)]


def in_order(lines, *beginnings):
    """Whether there is a line for each of these beginnings, in their order."""
    rest = iter(lines)
    return all(any(line.startswith(beginning) for line in rest) for beginning in beginnings)


def test_a_request_goes_in_through_each_step_and_out_again(services):
    status, lines = services.ask('GET', '/v2/images')
    assert status == 200
    assert steps(lines, 'reaches ') == API
    assert steps(lines, 'leaves ') == API[::-1]
    assert all(line.endswith(': 200 OK') for line in lines if line.startswith('leaves '))


def test_each_step_says_what_it_found(services):
    status, lines = services.ask('POST', '/v2/images', '{"name": "cirros"}')
    assert status == 201
    assert in_order(
        lines,
        'reaches VersionNegotiationFilter',
        "versionnegotiation: 'v2' is version 2 of the API",
        'reaches AuthProtocol',
        'authtoken: user alice of demo',
        'reaches ContextMiddleware',
        'context: user alice of demo, no admin',
        'reaches URLMap',
        'matches the route /images',
        'calls RequestDeserializer.create',
        'calls ImagesController.create',
        *(f'{layer}: new_image' for layer in ('authorization', 'notifier', 'policy', 'quota', 'location')),
        'authorization: add ',
        'notifier: add ',
        'policy: add_image? yes',
        'quota: add ',
        'location: add ',
        'db: adds image ',
        'calls ResponseSerializer.create',
        'leaves URLMap: 201 Created',
    )


def test_a_request_of_v1_calls_its_controller_which_asks_the_registry(services):
    status, lines = services.ask('GET', '/v1/images/detail')
    assert status == 200
    assert steps(lines, 'reaches ') == steps(lines, 'leaves ')[::-1] == API
    assert in_order(
        lines,
        "versionnegotiation: 'v1' is version 1 of the API",
        'matches the route /images/detail',
        'calls RequestDeserializer.index',
        'calls Controller.detail',
        'policy: get_images? yes',
        'registry: GET /images/detail answers 200',
        'calls ResponseSerializer.index',
    )


def test_the_registry_tells_both_ways_too(services):
    status, lines = services.ask('GET', '/images', service=services.registry)
    assert status == 200
    assert steps(lines, 'reaches ') == steps(lines, 'leaves ')[::-1] == REGISTRY
    assert in_order(
        lines, 'authtoken: user alice', 'context: user alice', 'matches the route /images', 'calls Controller.'
    )


@pytest.mark.parametrize(
    ('token', 'path', 'last', 'reason'),
    [
        ('wrong', '/v2/images', 'ContextMiddleware', 'context refuses: This needs a token'),
        ('alice-token', '/v2/nothing', 'URLMap', 'API refuses: There is nothing at this path'),
        ('alice-token', '/v2/images/none', 'URLMap', 'ImagesController.show refuses: There is no image none.'),
        ('alice-token', '/', 'VersionNegotiationFilter', 'versions: answers with the list of 14'),
    ],
)
def test_whoever_answers_is_the_last_to_be_reached_and_says_why(services, token, path, last, reason):
    _status, lines = services.ask('GET', path, token=token)
    assert steps(lines, 'reaches ') == steps(lines, 'leaves ')[::-1] == API[: API.index(last) + 1]
    assert in_order(lines, f'reaches {last}', reason, f'leaves {last}: ')


def test_the_registrys_authtoken_refuses_by_itself(services):
    status, lines = services.ask('GET', '/images', token='wrong', service=services.registry)
    assert status == 401
    assert steps(lines, 'reaches ')[-1] == 'AuthProtocol'
    assert in_order(lines, 'authtoken: an unknown caller', 'authtoken refuses: The token in X-Auth-Token is missing')


def test_the_dispatch_itself_is_never_named(services):
    for method, path in (('GET', '/v2/images'), ('GET', '/v1/images'), ('DELETE', '/v2/images/none')):
        services.ask(method, path)
    for service in (services.api, services.registry):
        assert 'Resource' not in service.log()
        assert 'perform' not in service.log()
