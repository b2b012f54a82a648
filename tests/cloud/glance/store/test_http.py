import socket
import threading
from types import SimpleNamespace

import pytest

from cloud.glance.common import exception
from cloud.glance.store import http
from cloud.glance.store.location import Location
from tests.waiting import join


@pytest.fixture
def store():
    store = http.Store(SimpleNamespace(http_store_timeout=0.5, http_store_transfer_timeout=60, http_store_min_rate=0))
    yield store
    store.pool.clear()


def at(uri):
    return Location('http', http.StoreLocation, uri)


class TestLocations:
    @pytest.mark.parametrize(
        ('uri', 'url', 'credentials'),
        [
            ('http://h/p', 'http://h/p', None),
            ('https://h:8443/p?a=b&c=%20#f', 'https://h:8443/p?a=b&c=%20', None),
            ('http://me:secret@h/p', 'http://h/p', 'me:secret'),
            ('http://me:s%40c:t@h:80/p?q', 'http://h:80/p?q', 'me:s@c:t'),
            ('http://[::1]:80/', 'http://[::1]:80/', None),
            ('http://h', 'http://h', None),
        ],
    )
    def test_a_location_is_taken_apart_and_put_together_again(self, uri, url, credentials):
        location = at(uri)
        assert location.get_uri() == uri
        assert (location.store_location.url, location.store_location.credentials) == (url, credentials)

    @pytest.mark.parametrize(
        'uri',
        ['http://', 'http:///p', 'ftp://h/p', 'file:///etc/passwd', 'h/p', '', 'http://me@h/p', 'http://h:x/', 'http://h:99999/',
         'http://[h/', 'http://h/a b', 'http://h/a\r\nX: y', '\x01http://h/', 'http://h/\x00'],
    )  # fmt: skip
    def test_another_location_is_refused(self, uri):
        with pytest.raises(exception.BadStoreUri):
            at(uri)


class TestGet:
    def test_the_bytes_come_in_chunks_with_their_size(self, store, web):
        body = bytes(range(256)) * 600
        web.answers['/x'] = (200, {}, body)
        data, size = store.get(at(web.url('/x')))
        chunks = list(data)
        assert (b''.join(chunks), size) == (body, len(body))
        assert max(map(len, chunks)) <= 65536

    def test_what_is_read_in_part_can_be_closed(self, store, web):
        web.answers['/x'] = (200, {}, b'abcdef')
        data, _ = store.get(at(web.url('/x')))
        assert data.read(2) == b'ab'
        data.close()

    def test_the_query_is_kept_and_the_credentials_are_sent(self, store, web):
        web.answers['/x?sig=1&t=%20'] = (200, {}, b'')
        store.get(at(web.url('/x?sig=1&t=%20', user='me:secret@')))[0].close()
        method, path, headers = web.requests[0]
        assert (method, path, headers['Authorization']) == ('GET', '/x?sig=1&t=%20', 'Basic bWU6c2VjcmV0')

    def test_a_body_is_not_decoded_on_the_way(self, store, web):
        web.answers['/x'] = (200, {'Content-Encoding': 'gzip'}, b'not really')
        assert b''.join(store.get(at(web.url('/x')))[0]) == b'not really'
        assert web.requests[0][2]['Accept-Encoding'] == 'identity'

    def test_a_chunked_body_has_no_size(self, store, web):
        headers = {'Content-Length': None, 'Transfer-Encoding': 'chunked'}
        web.answers['/x'] = (200, headers, b'3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n')
        data, size = store.get(at(web.url('/x')))
        assert (b''.join(data), size) == (b'abcde', None)

    @pytest.mark.parametrize('status', [301, 302])
    @pytest.mark.parametrize('count', [1, 5])
    def test_up_to_five_redirects_are_followed(self, store, web, status, count):
        for number in range(count):
            web.answers[f'/{number}'] = (status, {'Location': f'/{number + 1}'}, b'')
        web.answers[f'/{count}'] = (200, {}, b'there')
        assert b''.join(store.get(at(web.url('/0')))[0]) == b'there'
        assert store.get_size(at(web.url('/0'))) == 5

    def test_a_sixth_redirect_is_not(self, store, web):
        for number in range(6):
            web.answers[f'/{number}'] = (302, {'Location': f'/{number + 1}'}, b'')
        web.answers['/6'] = (200, {}, b'there')
        with pytest.raises(exception.RemoteServiceUnavailable):
            store.get(at(web.url('/0')))
        assert len(web.requests) == 6

    @pytest.mark.parametrize('target', ['file:///etc/passwd', 'ftp://h/x'])
    def test_a_redirect_leads_to_web_servers_only(self, store, web, target):
        web.answers['/x'] = (302, {'Location': target}, b'')
        with pytest.raises(exception.BadStoreUri):
            store.get(at(web.url('/x')))
        assert store.get_size(at(web.url('/x'))) == 0

    @pytest.mark.parametrize(
        ('status', 'error'),
        [
            (404, exception.NotFound),
            (410, exception.NotFound),
            (401, exception.BadStoreUri),
            (206, exception.BadStoreUri),
            (500, exception.RemoteServiceUnavailable),
            (503, exception.RemoteServiceUnavailable),
        ],
    )
    def test_another_answer_than_200_is_an_error(self, store, web, status, error):
        web.answers['/x'] = (status, {}, b'sorry')
        with pytest.raises(error) as caught:
            store.get(at(web.url('/x', user='me:secret@')))
        assert 'secret' not in caught.value.msg
        assert store.get_size(at(web.url('/x'))) == 0


class TestServersThatDoNotAnswer:
    @pytest.fixture
    def silent(self):
        """The URL of a server that takes connections, and `say` is what it sends before it says no more."""
        listener = socket.create_server(('127.0.0.1', 0))
        taken = []

        def serve(say):
            connection = listener.accept()[0]
            taken.append(connection)
            connection.recv(65536)
            connection.sendall(say)

        def start(say=b''):
            threads.append(threading.Thread(target=serve, args=[say]))
            threads[-1].start()
            return f'http://127.0.0.1:{listener.getsockname()[1]}/'

        threads = []
        yield start
        join(*threads)
        for each in (listener, *taken):
            each.close()

    def test_nobody_there_is_unavailable(self, store):
        with socket.create_server(('127.0.0.1', 0)) as listener:
            port = listener.getsockname()[1]
        with pytest.raises(exception.RemoteServiceUnavailable):
            store.get(at(f'http://127.0.0.1:{port}/'))
        assert store.get_size(at(f'http://127.0.0.1:{port}/')) == 0

    def test_silence_ends_after_the_timeout(self, store, silent):
        with pytest.raises(exception.RemoteServiceUnavailable):
            store.get(at(silent()))

    def test_silence_in_the_middle_of_the_body_too(self, store, silent):
        data, size = store.get(at(silent(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc')))
        assert size == 100
        with pytest.raises(exception.RemoteServiceUnavailable):
            list(data)
        data.close()

    def test_what_is_not_http_is_unavailable(self, store, silent):
        with pytest.raises(exception.RemoteServiceUnavailable):
            store.get(at(silent(b'220 mail.example.org ESMTP\r\n')))


def test_it_neither_writes_nor_deletes(store):
    for act in (lambda: store.add('x', None, 1), lambda: store.delete(None), lambda: store.set_acls(None)):
        with pytest.raises(NotImplementedError):
            act()


@pytest.mark.parametrize(('length', 'size'), [('5', 5), ('', 0), ('-1', 0), ('x', 0), ('9' * 30, 0)])
def test_a_size_that_is_none_is_0(store, length, size):
    assert http.size_of(SimpleNamespace(headers={'Content-Length': length})) == size


class TestPlaces:
    def take(self, store, place):
        """All places: answers that are read to their ends, and not closed."""
        taken = [store.get_for_client(place)[0] for _ in range(http.MAX_AT_ONCE)]
        assert all(data.read(-1) == b'abc' for data in taken)
        return taken

    def test_only_a_few_clients_can_keep_workers_waiting(self, store, web):
        web.answers['/x'] = (200, {}, b'abc')
        place = at(web.url('/x'))
        taken = self.take(store, place)
        for ask in (store.get_for_client, store.get_size):
            with pytest.raises(exception.RemoteServiceBusy, match='try again later'):
                ask(place)
        assert b''.join(store.get(place)[0]) == b'abc'
        taken[0].close()
        taken[0].close()
        assert store.get_size(place) == 3
        taken.clear()  # without a close
        for each in self.take(store, place):
            each.close()

    def test_a_server_that_fails_takes_no_place(self, store, web):
        for _ in range(http.MAX_AT_ONCE + 1):
            with pytest.raises(exception.NotFound):
                store.get_for_client(at(web.url('/none')))
            assert store.get_size(at(web.url('/none'))) == 0


def test_what_is_there_is_read_and_not_waited_for(store):
    with socket.create_server(('127.0.0.1', 0)) as listener:

        def serve():
            with listener.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc')
                read.wait(10)
                connection.sendall(b'def')

        read = threading.Event()
        thread = threading.Thread(target=serve)
        thread.start()
        data, _ = store.get(at(f'http://127.0.0.1:{listener.getsockname()[1]}/'))
        assert data.read(65536) == b'abc'
        read.set()
        assert data.read(-1) + data.read() == b'def'
        assert data.read() == b''
        data.close()
        join(thread)


def test_a_server_that_sends_more_than_it_announced_is_read_no_further(store, web):
    headers = {'Content-Length': '4', 'Transfer-Encoding': 'chunked'}
    web.answers['/x'] = (200, headers, b'4\r\nabcd\r\n4\r\nefgh\r\n0\r\n\r\n')
    data, size = store.get(at(web.url('/x')))
    assert (data.read(4), size) == (b'abcd', 4)
    with pytest.raises(exception.RemoteServiceUnavailable):
        data.read(1)
    data.close()
