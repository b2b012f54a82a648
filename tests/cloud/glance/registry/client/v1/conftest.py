"""A real registry, and services that are none."""

import contextlib
import socket
import threading

import pytest

from cloud.glance.common.connections import Connections
from cloud.glance.registry.client.v1.client import RegistryClient
from tests.cloud.glance.registry.conftest import SERVICE, write_ini
from tests.servers import WarmServer


@pytest.fixture(scope='module')
def registry(tmp_path_factory):
    """A glance-registry in a process of its own."""
    folder = tmp_path_factory.mktemp('registry')
    running = WarmServer([str(write_ini(folder)), '-v'], folder / 'log')
    yield running
    running.end()


@pytest.fixture(scope='module')
def connect(registry):
    """connect('alice-token'): a client of it."""
    service_token = SERVICE['X-Service-Token']
    with contextlib.closing(Connections(registry.host, registry.port)) as connections:
        yield lambda token, **options: RegistryClient(
            connections, auth_token=token, service_token=service_token, **options
        )


@pytest.fixture
def pretend():
    """pretend(behave): the client of a service that calls behave(connection, over), one connection after the other."""
    over = threading.Event()
    with contextlib.ExitStack() as stack:

        def pretend(behave, timeout=10):
            listener = stack.enter_context(socket.create_server(('127.0.0.1', 0)))

            def serve():
                with contextlib.suppress(OSError):  # the listener is shut down, or the client is gone
                    while True:
                        connection, _ = listener.accept()
                        with connection:
                            behave(connection, over)

            thread = threading.Thread(target=serve)
            thread.start()
            stack.callback(thread.join)
            stack.callback(lambda: listener.shutdown(socket.SHUT_RDWR))
            stack.callback(over.set)
            connections = Connections('127.0.0.1', listener.getsockname()[1])
            stack.callback(connections.close)
            return RegistryClient(connections, timeout)

        yield pretend
