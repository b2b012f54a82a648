import pytest

from cloud.nova.common import config
from cloud.nova.context import RequestContext
from cloud.nova.image import api_servers, client
from tests.cloud.nova import entry_points
from tests.cloud.nova.glances import FakeGlances, Glance


@pytest.fixture
def context():
    return RequestContext('alice', 'demo', auth_token='alice-token')


@pytest.fixture
def options(monkeypatch):
    """Two servers, in the order of the ini instead of one by chance, and one more attempt."""
    monkeypatch.setattr(api_servers.random, 'shuffle', lambda servers: None)
    return config.parse(
        {'glance_api_servers': '127.0.0.1:1, 127.0.0.1:2', 'glance_num_retries': '1', 'glance_retry_interval': '0'}
    )


@pytest.fixture
def fake(monkeypatch):
    """fake(*answers): a FakeGlances in the place of the real clients."""

    def put(*answers):
        glances = FakeGlances(*answers)
        monkeypatch.setattr(client, '_create_glance_client', glances)
        return glances

    return put


@pytest.fixture
def glances(options):
    """Two real servers, asked in this order."""
    servers = [Glance(), Glance()]
    options.glance_api_servers = [server.address for server in servers]
    yield servers
    for server in servers:
        server.end()


@pytest.fixture
def plug_in(tmp_path, monkeypatch):
    """plug_in(**namespaces): these entry points, beside what is installed."""
    return lambda **namespaces: entry_points.plug_in(monkeypatch, tmp_path / 'plugged', **namespaces)
