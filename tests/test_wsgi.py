"""Reading a body as other servers hand it over: gunicorn decodes one that comes in chunks, and tells no length."""

import io

import pytest
from webob import Request
from webob.exc import HTTPBadRequest, HTTPRequestEntityTooLarge

from wsgi import MAX_BODY, read_fields

FORM, JSON = 'application/x-www-form-urlencoded', 'application/json'


class Chunks(io.BytesIO):
    """Hands out what came in the last chunk only, and counts."""

    def read(self, size=-1):
        return super().read(min(size, 1000) if size >= 0 else 1000)


def request(content_type, body):
    environ = {'wsgi.input': body, 'wsgi.input_terminated': True, 'HTTP_TRANSFER_ENCODING': 'chunked'}
    req = Request.blank('/instances', method='POST', environ=environ, content_type=content_type)
    req.environ.pop('CONTENT_LENGTH', None)
    return req


@pytest.mark.parametrize(
    ('content_type', 'body'), [(FORM, b'name=web&x='), (JSON, b'{"instance": {"name": "web", "x": ""}}')]
)
def test_a_body_without_a_length_is_read(content_type, body):
    assert dict(read_fields(request(content_type, Chunks(body)), 'instance')) == {'name': 'web', 'x': ''}


def test_a_body_without_a_length_may_have_as_many_bytes_as_another_and_no_more():
    body = b'name=' + b'x' * (MAX_BODY - 5)
    assert len(read_fields(request(FORM, Chunks(body)))['name']) == MAX_BODY - 5
    endless = Chunks(body + bytes(MAX_BODY))
    with pytest.raises(HTTPRequestEntityTooLarge, match=f'more than {MAX_BODY} bytes'):
        read_fields(request(FORM, endless))
    assert endless.tell() == MAX_BODY + 1


def test_a_body_without_a_length_may_be_empty():
    assert read_fields(request(FORM, Chunks())) == {}


def test_where_the_server_does_not_say_that_the_body_has_an_end_it_is_not_read():
    req = request(FORM, Chunks(b'name=web'))
    del req.environ['wsgi.input_terminated']
    assert read_fields(req) == {}


@pytest.mark.parametrize(
    'error', [ConnectionResetError, ZeroDivisionError]
)  # gunicorn's InvalidChunkSize is no OSError
def test_a_body_that_breaks_off_is_a_bad_request(error):
    class Broken:
        def read(self, size):
            raise error

    with pytest.raises(HTTPBadRequest, match='does not come to its end'):
        read_fields(request(FORM, Broken()))
