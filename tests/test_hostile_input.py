"""Rubbish, over a real socket: always a 4xx (or a closed connection), never a 5xx, and nothing changes."""

import contextlib
import json
import re
import select

import pytest

from tests.servers import read_all, read_answer
from tests.test_controllers import BAD_BODIES

TOKEN = b'X-Auth-Token: open-sesame\r\n'
POST = b'POST /instances HTTP/1.1\r\n'
MALFORMED = {
    'no request at all': b'\r\n\r\n',
    'a word': b'hello\r\n\r\n',
    'a TLS greeting': b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + bytes(200) + b'\r\n\r\n',
    'no path': b'GET\r\n\r\n',
    'a lower-case method': b'get /instances HTTP/1.1\r\nHost: x\r\n' + TOKEN + b'\r\n',
    'an unknown method': b'BREW /instances HTTP/1.1\r\nHost: x\r\n' + TOKEN + b'\r\n',
    'an unknown method on nothing': b'BREW /pot HTTP/1.1\r\nHost: x\r\n' + TOKEN + b'\r\n',
    'a header without a colon': b'GET /instances HTTP/1.1\r\nHost x\r\n' + TOKEN + b'\r\n',
    'a header that goes on in the next line': b'GET /instances HTTP/1.1\r\nX-Auth-Token: open-\r\n sesame\r\n\r\n',
    'a NUL in a header': b'GET /instances HTTP/1.1\r\nX-Auth-Token: open-sesame\x00\r\n\r\n',
    'a token that is not ASCII': b'GET /instances HTTP/1.1\r\nX-Auth-Token: \xff\xfe\r\n\r\n',
    'a header with an underscore': b'GET /instances HTTP/1.1\r\nX_Auth_Token: open-sesame\r\n\r\n',
    'two different lengths': POST + b'Content-Length: 6\r\nContent-Length: 7\r\n' + TOKEN + b'\r\nname=x',
    'a negative length': POST + b'Content-Length: -1\r\n' + TOKEN + b'\r\nname=x',
    'a length that is no number': POST + b'Content-Length: x\r\n' + TOKEN + b'\r\nname=x',
    'a length with a sign': POST + b'Content-Length: +6\r\n' + TOKEN + b'\r\nname=x',
    'a body above the server limit': POST + b'Content-Length: 104857600\r\n' + TOKEN + b'\r\nname=',
    'an unknown transfer coding': POST + b'Transfer-Encoding: zip\r\n' + TOKEN + b'\r\nname=x',
    'a length and a transfer coding': POST
    + b'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n'
    + TOKEN
    + b'\r\n6\r\nname=x\r\n0\r\n\r\n',
    'a transfer coding in HTTP/1.0': b'POST /instances HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n'
    + TOKEN
    + b'Content-Type: application/x-www-form-urlencoded\r\n\r\nname=x',
    'a length of 5000 digits': POST + b'Content-Length: ' + b'9' * 5000 + b'\r\n' + TOKEN + b'\r\nname=x',
    'an address that is none': b'GET http://[/ HTTP/1.1\r\n' + TOKEN + b'\r\n',
    'an expectation and a length that is no number': POST
    + b'Expect: 100-continue\r\nContent-Length: x\r\n'
    + TOKEN
    + b'\r\n',
    'a chunk without a size': POST + b'Transfer-Encoding: chunked\r\n' + TOKEN + b'\r\nxyz\r\nname=x\r\n0\r\n\r\n',
    'headers above the server limit': b'GET /instances HTTP/1.1\r\nX-Long: ' + b'x' * 70000 + b'\r\n' + TOKEN + b'\r\n',
    'a very long path': b'GET /instances/' + b'x' * 60000 + b' HTTP/1.1\r\n' + TOKEN + b'\r\n',
    'a path that is not UTF-8': b'GET /instances/%FF%FE HTTP/1.1\r\n' + TOKEN + b'\r\n',
    'raw bytes in the path': b'GET /instances/\xff HTTP/1.1\r\n' + TOKEN + b'\r\n',
    'a NUL in the path': b'GET /instances/%00 HTTP/1.1\r\n' + TOKEN + b'\r\n',
    'a way out of the path': b'GET /instances/../../etc/passwd HTTP/1.1\r\n' + TOKEN + b'\r\n',
    'a query that is not UTF-8': b'GET /instances?marker=%FF HTTP/1.1\r\n' + TOKEN + b'\r\n',
    'a line feed behind the path': b'GET /instances%0A HTTP/1.1\r\n' + TOKEN + b'\r\n',
    'a method in the query': b'GET /instances/x?_method=DELETE HTTP/1.1\r\n' + TOKEN + b'\r\n',
}  # fmt: skip
PASSABLE = {
    'a strange version': b'GET /instances HTTP/9.9\r\n' + TOKEN + b'\r\n',
    'no Host': b'GET /instances HTTP/1.1\r\n' + TOKEN + b'\r\n',
    'a strange Host': b'POST /instances?x HTTP/1.1\r\nHost: <a> "b"/\r\nContent-Length: 0\r\n' + TOKEN + b'\r\n',
    'an absolute URL': b'GET http://elsewhere/instances HTTP/1.1\r\nHost: x\r\n' + TOKEN + b'\r\n',
}


def statuses(answer):
    return [int(status) for status in re.findall(rb'(?m)^HTTP/1\.[01] (\d{3}) ', answer)]


def index_of(running):
    answer = running.exchange(b'GET /instances HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' + TOKEN + b'\r\n')
    head, _, body = answer.partition(b'\r\n\r\n')
    assert head.startswith(b'HTTP/1.1 200 OK')
    return json.loads(body)


@pytest.mark.parametrize('case', MALFORMED)
def test_a_malformed_request_is_4xx_and_changes_nothing(shared_server, case):
    before = index_of(shared_server)
    answer = shared_server.exchange(MALFORMED[case])
    assert all(400 <= status < 500 for status in statuses(answer)), answer
    assert statuses(answer) or case == 'no request at all'
    assert index_of(shared_server) == before


@pytest.mark.parametrize('case', PASSABLE)
def test_a_strange_request_is_no_5xx(shared_server, case):
    (status,) = statuses(shared_server.exchange(PASSABLE[case]))
    assert status < 500


@pytest.mark.parametrize('case', BAD_BODIES)
def test_a_bad_body_is_4xx_and_changes_nothing(shared_server, case):
    content_type, body = BAD_BODIES[case]
    body = body if isinstance(body, bytes) else body.encode('latin-1')
    before = index_of(shared_server)
    one = before['instances'][0]['id'].encode()
    for line in (b'POST /instances', b'PUT /instances/' + one):
        head = line + b' HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' + TOKEN
        if content_type:
            head += b'Content-Type: ' + content_type.encode('latin-1') + b'\r\n'
        answer = shared_server.exchange(head + b'Content-Length: %d\r\n\r\n' % len(body) + body)
        (status,) = statuses(answer)
        assert 400 <= status < 500
        chunked = b'%x\r\n%b\r\n' % (len(body), body) if body else b''
        (status,) = statuses(
            shared_server.exchange(head + b'Transfer-Encoding: chunked\r\n\r\n' + chunked + b'0\r\n\r\n')
        )
        assert 400 <= status < 500
    assert index_of(shared_server) == before


@pytest.mark.parametrize('length', [114689, 262143])
def test_a_body_above_the_apps_limit_is_413_in_novas_shape(shared_server, length):
    head = (
        b'POST /instances HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n'
        % length
    )
    answer = shared_server.exchange(head + TOKEN + b'\r\n' + b' ' * length)
    assert statuses(answer) == [413]
    assert b'"overLimit"' in answer


def test_a_body_above_the_servers_limit_is_413_before_it_is_sent(shared_server):
    with shared_server.connect() as connection:
        connection.sendall(POST + b'Content-Length: 104857600\r\n' + TOKEN + b'\r\n')
        assert statuses(read_all(connection)) == [413]


def test_a_chunked_body_without_end_is_413_at_the_limit(shared_server):
    before = resident(shared_server)
    head = POST + b'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n' + TOKEN + b'\r\n'
    with shared_server.connect() as connection:
        connection.sendall(head)
        for _ in range(1000):  # 64 MiB, or until the server has something to say
            if select.select([connection], [], [], 0.001)[0]:
                break
            connection.sendall(b'10000\r\n' + b' ' * 65536 + b'\r\n')
        assert statuses(connection.recv(65536)) == [413]
    assert resident(shared_server) - before < 4096
    index_of(shared_server)


def resident(running):
    """KiB of memory that the server's process holds."""
    with open(f'/proc/{running.process.pid}/status') as status:
        return int(re.search(r'VmRSS:\s+(\d+)', status.read())[1])


def test_a_request_hidden_in_a_refused_body_is_not_executed(shared_server):
    before = index_of(shared_server)
    one = before['instances'][0]['id'].encode()
    hidden = b'DELETE /instances/' + one + b' HTTP/1.1\r\nHost: x\r\n' + TOKEN + b'\r\n'
    for head in (
        b'POST /instances HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n' % len(hidden)
        + TOKEN,
        b'POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n' % len(hidden) + TOKEN,
        b'POST /instances HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n' % len(hidden),
    ):
        assert all(400 <= status < 500 for status in statuses(shared_server.exchange(head + b'\r\n' + hidden)))
    assert index_of(shared_server) == before


def test_a_token_is_good_for_its_own_request_only(shared_server):
    # "Expect: 100-continue" where there is no body to wait for once made waitress run two requests as one.
    before = index_of(shared_server)
    one = before['instances'][0]['id'].encode()
    with shared_server.connect() as connection:
        connection.sendall(b'GET /instances HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n' + TOKEN + b'\r\n')
        assert statuses(read_answer(connection)) == [200]
        connection.sendall(b'DELETE /instances/' + one + b' HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
        assert statuses(read_all(connection)) == [403]
    assert index_of(shared_server) == before


def test_clients_that_ask_and_never_read_keep_nobody_waiting(start):
    running = start()
    for number in range(1000):
        assert statuses(running.exchange(create(b'%03d' % number + '🦆'.encode() * 250))) == [201]
    ask = b'GET /instances HTTP/1.1\r\nHost: x\r\n' + TOKEN + b'\r\n'
    with contextlib.ExitStack() as stack:
        for _ in range(12):  # more than there are threads
            stack.enter_context(running.connect()).sendall(ask * 20)
        for _ in range(5):
            assert len(index_of(running)['instances']) == 1000


def create(name):
    body = b'name=' + name
    head = POST + b'Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n'
    return head % len(body) + TOKEN + b'\r\n' + body


def test_more_half_sent_bodies_than_connections_are_no_crash(start):
    running = start()
    half = POST + b'Content-Length: 200000\r\n' + TOKEN + b'\r\n' + b'x' * 190000
    with contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(running.connect()) for _ in range(600)]
        for connection in crowd[:50]:
            connection.sendall(half)
        for connection in crowd:
            connection.close()
        assert len(index_of(running)['instances']) == 3
