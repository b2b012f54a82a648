"""Messages through a real RabbitMQ, which the module starts for itself."""

import threading
import time

import pytest

from cloud.oslo import messaging
from cloud.oslo.messaging import Target
from cloud.oslo.messaging.pool import Pool
from soak.broker import running_broker
from tests.waiting import wait_until


@pytest.fixture(scope='module')
def broker():
    with running_broker() as broker:
        yield broker


class Endpoint:
    def __init__(self):
        self.seen, self.go = [], threading.Event()
        self.go.set()

    def echo(self, ctxt, value):
        return [ctxt, value]

    def note(self, ctxt, value):
        self.seen.append(value)
        assert self.go.wait(30)

    def missing(self, ctxt):
        raise LookupError('not there')

    def secret(self, ctxt):
        raise ArithmeticError('inside')


@pytest.fixture
def connect(broker):
    """connect(): a transport of its own, as another process would have; closed after the test."""
    opened = []

    def connect(timeout=30):
        opened.append(messaging.get_rpc_transport(broker.url, ['builtins'], timeout))
        return opened[-1]

    yield connect
    for transport in opened:
        transport.close()


@pytest.fixture
def serve(connect):
    """serve(endpoint, topic): a server on a transport of its own; stopped after the test."""
    servers = []

    def serve(endpoint, topic, size=4):
        servers.append(messaging.get_rpc_server(connect(), Target(topic, 'host'), [endpoint], Pool(size)))
        servers[-1].start()
        return servers[-1]

    yield serve
    for server in servers:
        server.stop()


def test_a_call_brings_the_answer_and_allowed_errors_travel(serve, connect):
    serve(Endpoint(), 'calls')
    client = messaging.RPCClient(connect(), Target('calls'))
    assert client.call({'user': 'жанна'}, 'echo', value=[1, None]) == [{'user': 'жанна'}, [1, None]]
    with pytest.raises(LookupError, match='not there'):
        client.call({}, 'missing')


def test_other_errors_are_told_by_name(serve, broker):
    serve(Endpoint(), 'errors')
    transport = messaging.get_rpc_transport(broker.url, ['json'], 30)
    with pytest.raises(messaging.RemoteError, match='The other side failed with ArithmeticError: inside'):
        messaging.RPCClient(transport, Target('errors')).call({}, 'secret')
    transport.close()


def test_a_call_that_nobody_answers_ends_and_says_who_was_asked(connect):
    client = messaging.RPCClient(connect(), Target('nobody'), timeout=0.3)
    with pytest.raises(messaging.MessagingTimeout, match='^nobody has not answered echo within 0.3 seconds'):
        client.call({}, 'echo', value=1)


def test_what_is_cast_before_anybody_listens_waits(serve, connect):
    messaging.RPCClient(connect(), Target('later')).cast({}, 'note', value=1)
    endpoint = Endpoint()
    serve(endpoint, 'later')
    assert wait_until(lambda: endpoint.seen == [1])


def test_what_a_server_has_not_done_when_it_dies_comes_to_the_next(serve, connect):
    """Stopping it here lets go of nothing that is under way, as a kill would."""
    dying, client = Endpoint(), messaging.RPCClient(connect(), Target('tasks'))
    dying.go.clear()
    first = serve(dying, 'tasks', size=2)
    for number in range(5):
        client.cast({}, 'note', value=number)
    assert wait_until(lambda: len(dying.seen) > 0)
    first.stop()
    second = Endpoint()
    serve(second, 'tasks')
    assert wait_until(lambda: sorted(set(second.seen)) == [0, 1, 2, 3, 4])
    dying.go.set()


def test_what_was_done_does_not_come_again(serve, connect):
    first, client = Endpoint(), messaging.RPCClient(connect(), Target('done'))
    server = serve(first, 'done')
    client.cast({}, 'note', value=1)
    assert wait_until(lambda: first.seen == [1])
    time.sleep(0.3)
    server.stop()
    second = Endpoint()
    serve(second, 'done')
    client.cast({}, 'note', value=2)
    assert wait_until(lambda: second.seen)
    assert second.seen == [2]


def test_a_message_that_is_none_is_thrown_away_and_the_next_is_done(serve, connect, caplog):
    endpoint, transport = Endpoint(), connect()
    serve(endpoint, 'noise')
    transport.driver.publish({'no': 'method'}, 'noise')
    messaging.RPCClient(transport, Target('noise')).cast({}, 'note', value=1)
    assert wait_until(lambda: endpoint.seen == [1])
    assert 'a message that cannot be read is thrown away' in caplog.text


def test_without_a_broker_a_cast_is_refused_in_one_line():
    transport = messaging.get_rpc_transport('rabbit://guest:guest@127.0.0.1:1/')
    with pytest.raises(messaging.MessageDeliveryFailure, match=r'^The message broker cannot be reached \(.*\)\.$'):
        messaging.RPCClient(transport, Target('x')).cast({}, 'note', value=1)
    transport.close()
