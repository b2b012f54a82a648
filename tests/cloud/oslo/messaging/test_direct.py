"""Messages in one process: what the names of oslo.messaging promise, without a broker."""

import threading

import pytest

from cloud.oslo import messaging
from cloud.oslo.messaging import Target
from cloud.oslo.messaging.pool import Pool
from cloud.oslo.middleware.request_id import REQUEST_ID
from cloud.oslo.utils.timeutils import utcnow
from tests.waiting import wait_until


class Endpoint:
    def __init__(self):
        self.done, self.seen = threading.Event(), []

    def echo(self, ctxt, **values):
        return values

    def request_id(self, ctxt):
        self.seen.append((ctxt, REQUEST_ID.get()))
        self.done.set()
        return REQUEST_ID.get()

    def fail(self, ctxt):
        self.done.set()
        raise KeyError('inside')

    def _hidden(self, ctxt):
        return 'nobody may see this'


@pytest.fixture
def transport():
    return messaging.get_rpc_transport('')


@pytest.fixture
def endpoint():
    return Endpoint()


@pytest.fixture
def client(transport, endpoint):
    server = messaging.get_rpc_server(transport, Target('topic', 'host'), [endpoint], Pool(2))
    server.start()
    yield messaging.RPCClient(transport, Target('topic'))
    server.stop()


def test_a_call_brings_what_the_method_answers(client):
    assert client.call({}, 'echo', number=1, names=['a']) == {'number': 1, 'names': ['a']}


def test_moments_travel(client):
    moment = utcnow()
    assert client.call({}, 'echo', moment=moment) == {'moment': moment}


def test_what_cannot_travel_is_found_here_too(client):
    with pytest.raises(TypeError, match='Lock|lock'):
        client.cast({}, 'echo', lock=threading.Lock())


def test_a_cast_is_done_later_by_another_thread(client, endpoint):
    assert client.cast({'project_id': 'demo'}, 'request_id') is None
    assert endpoint.done.wait(30)


def test_the_log_has_the_id_of_the_request_that_all_this_is_for(client):
    before = REQUEST_ID.get()
    assert client.call({'request_id': 'req-7'}, 'request_id') == 'req-7'
    assert REQUEST_ID.get() == before


def test_an_error_of_a_call_is_the_callers_and_one_of_a_cast_is_logged(client, endpoint, caplog):
    with pytest.raises(KeyError, match='inside'):
        client.call({}, 'fail')
    endpoint.done.clear()
    client.cast({}, 'fail')
    assert endpoint.done.wait(30)
    assert wait_until(lambda: 'fail failed' in caplog.text)


@pytest.mark.parametrize('method', ['nothing', '_hidden', 'seen'])
def test_only_an_endpoints_own_methods_can_be_called(client, method):
    with pytest.raises(messaging.NoSuchMethod, match=method):
        client.call({}, method)


def test_one_server_of_a_topic_is_meant_by_its_name(client, endpoint):
    assert client.prepare(server='host').call({}, 'echo') == {}
    with pytest.raises(messaging.MessageDeliveryFailure, match='Nobody listens at topic.other'):
        client.prepare(server='other').cast({}, 'echo')


def test_whoever_has_stopped_gets_nothing(transport, endpoint):
    server = messaging.get_rpc_server(transport, Target('topic', 'host'), [endpoint], Pool(1))
    server.start()
    server.stop()
    with pytest.raises(messaging.MessageDeliveryFailure):
        messaging.RPCClient(transport, Target('topic')).call({}, 'echo')


def test_quick_methods_may_have_workers_of_their_own(transport, endpoint):
    busy, slow, quick = threading.Event(), Pool(1), Pool(1)
    slow.submit(lambda: busy.wait(30))
    pools = {'fail': slow}.get
    server = messaging.get_rpc_server(transport, Target('t', 'h'), [endpoint], lambda method: pools(method, quick))
    server.start()
    client = messaging.RPCClient(transport, Target('t'))
    client.cast({}, 'fail')
    client.cast({}, 'request_id')
    assert endpoint.done.wait(30)
    assert len(endpoint.seen) == 1
    busy.set()


@pytest.mark.parametrize('url', ['redis://127.0.0.1', 'nonsense'])
def test_a_url_of_no_broker_of_ours_is_refused_in_one_line(url):
    with pytest.raises(ValueError, match='^transport_url = .*: give rabbit://USER:PASSWORD@HOST:PORT/, or nothing$'):
        messaging.get_rpc_transport(url)
