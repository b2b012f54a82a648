"""A registry that is down, slow, or hangs: always an error in time, and no write is made twice."""

import signal

import pytest

from cloud.glance.common import exception
from cloud.glance.common.connections import Connections
from cloud.glance.registry.client.v1.client import RegistryClient
from tests.cloud.glance.registry.conftest import write_ini

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"image": {}}'
LIMIT = 0.3  # seconds


def hang(connection, over):
    """Accept, and say nothing."""
    over.wait(10)
    connection.sendall(ANSWER)


def drip(connection, over):
    """Answer as it should be, but a byte at a time: no single wait is long."""
    for byte in ANSWER:
        over.wait(0.1)
        connection.sendall(bytes([byte]))


def stop_half_way(connection, over):
    connection.sendall(ANSWER[:-5])
    over.wait(10)
    connection.sendall(ANSWER[-5:])


@pytest.mark.parametrize('behave', [hang, drip, stop_half_way])
def test_whoever_takes_too_long_is_given_up_on(pretend, behave):
    client = pretend(behave, timeout=LIMIT)
    with pytest.raises(exception.ClientConnectionError) as caught:
        client.get_image('x')
    assert caught.value.msg == (
        f'The registry at 127.0.0.1:{client.connections.port} does not answer within 0.3 s: '
        'start it with "python server.py cloud/glance/glance-registry.ini".'
    )


def test_whoever_does_not_read_what_is_sent_is_given_up_on(pretend):
    with pytest.raises(exception.ClientConnectionError, match='within 0.3 s'):
        pretend(hang, timeout=LIMIT).add_image({'properties': {'a': 'x' * 10**8}})


def test_an_answer_that_is_cut_off_in_its_head_is_no_success(pretend):
    def begin(connection, over):
        connection.sendall(b'HTTP/1.1 200 OK\r\nServer: x\r\n')
        over.wait(10)

    with pytest.raises(exception.ClientConnectionError, match='within 0.3 s'):
        pretend(begin, timeout=LIMIT).replace_members('x', [])


def test_who_answers_in_time_is_not_cut_off(pretend):
    assert pretend(lambda connection, over: connection.sendall(ANSWER), timeout=LIMIT).get_image('x') == {}


@pytest.mark.parametrize('said', [b'', b'SSH-2.0-x\r\n', ANSWER[:-5], b'HTTP/1.1 200 OK\r\n'])
def test_whoever_hangs_up_is_asked_once(pretend, said):
    heard = []

    def hang_up(connection, over):
        heard.append(connection.recv(65536))
        connection.sendall(said)

    with pytest.raises(exception.ClientConnectionError, match='cannot be reached'):
        pretend(hang_up).update_image('x', {'name': 'y'})
    assert len(heard) == 1


def test_where_nobody_listens_the_message_names_the_address_and_the_command(pretend):
    client = pretend(hang)
    client.connections.port = 1
    with pytest.raises(exception.ClientConnectionError) as caught:
        client.get_images()
    assert caught.value.msg == (
        'The registry at 127.0.0.1:1 cannot be reached: '
        'start it with "python server.py cloud/glance/glance-registry.ini".'
    )


@pytest.mark.parametrize('host', ['a..b', 'x' * 100])
def test_a_host_that_is_none_cannot_be_reached(host):
    with pytest.raises(exception.ClientConnectionError, match='cannot be reached'):
        RegistryClient(Connections(host, 9191)).get_images()


def test_a_real_registry_that_stops_and_comes_back(start, tmp_path):
    ini = str(write_ini(tmp_path))
    registry = start(ini)
    connections = Connections(registry.host, registry.port)
    client = RegistryClient(connections, LIMIT, auth_token='alice-token')
    patient = RegistryClient(connections, auth_token='alice-token')
    image = patient.add_image({'name': 'kept'})

    registry.send_signal(signal.SIGSTOP)
    with pytest.raises(exception.ClientConnectionError, match='within 0.3 s'):
        client.get_image(image['id'])
    registry.send_signal(signal.SIGCONT)
    assert patient.get_image(image['id']) == image

    registry.send_signal(signal.SIGKILL)
    registry.wait()
    with pytest.raises(exception.ClientConnectionError, match='cannot be reached'):
        patient.get_image(image['id'])

    start(ini, '--port', str(registry.port))
    assert patient.get_image(image['id']) == image
    connections.close()
