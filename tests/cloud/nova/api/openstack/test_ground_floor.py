"""All that the ground floor promises to a client, asked of nova: its own tests, with nova behind them."""

import inspect

import pytest
from webtest import TestApp, TestRequest, TestResponse

from tests import test_controllers, test_hostile_input, test_routers
from tests.cloud.nova.api.openstack.conftest import write_ini
from tests.servers import TOKEN, WarmServer

path = test_routers.path  # a fixture of those tests
SHARED = ('id', 'name')  # what an instance of the ground floor has


class Response(TestResponse):
    @property
    def json(self):
        return as_on_the_ground_floor(super().json)


class Request(TestRequest):
    ResponseClass = Response


class Client(TestApp):
    RequestClass = Request


def as_on_the_ground_floor(document):
    """The answer without what nova says beyond the ground floor."""
    if 'instance' in document:
        return {'instance': {name: document['instance'][name] for name in SHARED}}
    if 'instances' in document:
        shown = [{name: instance[name] for name in SHARED} for instance in document['instances']]
        return {**document, 'instances': shown}
    return document


@pytest.fixture
def client(app):
    client = Client(app)
    client.extra_environ = {'HTTP_X_AUTH_TOKEN': TOKEN['X-Auth-Token']}
    return client


@pytest.fixture(scope='module')
def shared_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp('nova')
    running = WarmServer([str(write_ini(folder))], folder / 'server.log')
    yield running
    running.end()


@pytest.fixture
def start(tmp_path):
    """As in tests/conftest.py, for one server, which is nova."""
    started = []

    def start():
        started.append(WarmServer([str(write_ini(tmp_path))], tmp_path / 'server.log'))
        return started[-1]

    yield start
    started[0].end()


# A missing token is 401 here, as in the real nova, and 403 on the ground floor, whose guard knows nobody's name.
DIFFERENT = {
    'test_a_token_is_good_for_its_own_request_only',
    'test_another_path_is_404_and_says_which_there_are',  # but for `/`, which lists the versions here
}
ASKS = {'client', 'shared_server', 'start'}


@pytest.mark.parametrize('wrong', ['/instance', '/instances/', '/instances/x/y', '/Instances', '//instances'])
def test_another_path_is_404(client, wrong):
    test_routers.test_another_path_is_404_and_says_which_there_are(client, wrong)


for module in (test_controllers, test_routers, test_hostile_input):
    for name, test in vars(module).items():
        if name.startswith('test_') and name not in DIFFERENT and ASKS & set(inspect.signature(test).parameters):
            assert name not in globals()
            globals()[name] = test
del module, name, test
