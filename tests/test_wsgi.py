"""The dispatch: an action's result, or what it raises, becomes an answer."""

import io
import logging

import pytest
import simplejson
from webob import Request, Response
from webob.exc import HTTPBadRequest, HTTPRequestEntityTooLarge
from webtest import TestApp

import wsgi
from routers import Router
from wsgi import MAX_BODY, Resource, read_fields

FORM, JSON = 'application/x-www-form-urlencoded', 'application/json'


class Actions(Resource):
    def show(self, req, what):
        return {
            'dict': {'a': 1},
            'none': None,
            'response': Response('plain', content_type='text/plain'),
        }[what]

    def refuse(self, req):
        raise HTTPBadRequest('do this instead')

    def fail(self, req):
        raise RuntimeError('secret')


class ActionsRouter(Router):
    routes = (
        ('/show/{what}', 'GET', 'actions', 'show'),
        ('/refuse', 'GET', 'actions', 'refuse'),
        ('/fail', 'GET', 'actions', 'fail'),
    )


@pytest.fixture
def actions():
    return TestApp(ActionsRouter(actions=Actions()))


def test_a_dict_is_answered_as_json(actions):
    response = actions.get('/show/dict', status=200)
    assert (response.content_type, response.json) == ('application/json', {'a': 1})


def test_none_is_204_without_a_body(actions):
    assert actions.get('/show/none', status=204).body == b''


def test_a_response_goes_out_as_it_is(actions):
    assert actions.get('/show/response', status=200).text == 'plain'


def test_what_an_action_refuses_is_worded_by_the_fault(actions):
    assert actions.get('/refuse', status=400).json == {'badRequest': {'code': 400, 'message': 'do this instead'}}


def test_what_fails_is_a_500_that_keeps_the_inside_to_the_log(actions, caplog):
    response = actions.get('/fail', status=500)
    assert response.json['computeFault']['code'] == 500
    assert 'secret' not in response.text
    assert 'secret' in caplog.text
    assert 'Actions.fail failed' in caplog.text


def test_verbose_shows_the_call_as_it_is_written(actions, caplog):
    caplog.set_level(logging.DEBUG)
    actions.get('/show/dict')
    assert "calls Actions.show(what='dict')" in caplog.messages


def test_an_application_called_with_a_request_alone_returns_a_response():
    response = ActionsRouter(actions=Actions())(Request.blank('/show/dict'))
    assert (response.status_int, response.json) == (200, {'a': 1})


def test_what_fails_in_a_filter_is_a_500_that_keeps_the_inside_to_the_log(caplog):
    def broken(environ, start_response):
        raise RuntimeError('secret')

    response = wsgi.FaultWrapper(broken)(Request.blank('/'))
    assert response.json['computeFault']['code'] == response.status_int == 500
    assert 'secret' not in response.text
    assert 'secret' in caplog.text


def test_documents_are_json_as_simplejson_writes_it():
    response = wsgi.answer({'a': ['é', None, 1]}, 201)
    assert (response.status_int, simplejson.loads(response.body)) == (201, {'a': ['é', None, 1]})


# -- a body as other servers hand it over: gunicorn decodes one that comes in chunks, and tells no length


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
