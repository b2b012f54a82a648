import inspect

import pytest
import webtest
from webob import Response
from webob.exc import HTTPConflict

from cloud.glance.common import exception, wsgi
from cloud.glance.context import RequestContext
from cloud.oslo.db.sqlalchemy.session import DBError


class Controller:
    """Gives back what it was called with, or raises what it was made with."""

    def __init__(self, error=None):
        self.error = error
        self.calls = []

    def default(self, req, **arguments):
        self.calls.append(arguments)
        if self.error:
            raise self.error
        return arguments or None

    def made_up(self, req):
        return Response(b'as it is', content_type='text/plain')


class Deserializer(wsgi.JSONRequestDeserializer):
    def create(self, req):
        return {'body': wsgi.read_json(req)}

    def search(self, req):
        return {'query': list(wsgi.read_query(req).items())}


class Serializer(wsgi.JSONResponseSerializer):
    def create(self, response, result):
        response.status = 201
        wsgi.write_json(response, result)

    def broken(self, response, result):
        raise RuntimeError('inside')


ROUTES = (
    ('/things', 'GET', 'things', 'index'),
    ('/things', 'POST', 'things', 'create'),
    ('/search', 'GET', 'things', 'search'),
    ('/broken', 'GET', 'things', 'broken'),
    ('/response', 'GET', 'things', 'made_up'),
    ('/things/{name}', 'GET', 'things', 'show'),
)


class API(wsgi.Router):
    routes = ROUTES


def client(controller=None, **identity):
    resource = wsgi.Resource(controller or Controller(), Deserializer(), Serializer())
    return webtest.TestApp(API(things=resource), extra_environ={'glance.context': RequestContext(**identity)})


def test_an_action_goes_through_deserializer_controller_and_serializer():
    answer = client().post_json('/things', {'a': 1}, status=201)
    assert answer.json == {'body': {'a': 1}}
    assert answer.content_type == 'application/json'


def test_an_action_that_serializer_and_deserializer_lack_goes_to_their_default():
    assert client().get('/things/x').json == {'name': 'x'}


def test_nothing_to_say_is_an_empty_204():
    answer = client().get('/things', status=204)
    assert answer.body == b''
    assert 'Content-Type' not in answer.headers


def test_a_response_of_the_controller_goes_out_as_it_is():
    assert client().get('/response').body == b'as it is'


def test_a_failing_serializer_is_a_500_without_a_word_of_what_is_inside():
    assert b'inside' not in client().get('/broken', status=500).body


def test_an_exception_of_webob_is_the_answer():
    assert (
        client(Controller(HTTPConflict('no'))).get('/things', status=409).json['conflictingRequest']['message'] == 'no'
    )


@pytest.mark.parametrize(
    ('error', 'code'),
    [
        (exception.Invalid, 400),
        (exception.InvalidSortKey, 400),
        (exception.BadStoreUri, 400),
        (exception.NotAuthenticated, 401),
        (exception.Forbidden, 403),
        (exception.ReadonlyProperty, 403),
        (exception.ProtectedImageDelete, 403),
        (exception.NotFound, 404),
        (exception.ImageNotFound, 404),
        (exception.Duplicate, 409),
        (exception.Conflict, 409),
        (exception.InUseByStore, 409),
        (exception.InvalidImageStatusTransition, 409),
        (exception.StoreAddDisabled, 410),
        (exception.StoreAddNotSupported, 410),
        (exception.LimitExceeded, 413),
        (exception.StorageFull, 413),
        (exception.StorageQuotaFull, 413),
        (exception.ImageSizeLimitExceeded, 413),
        (exception.StorageWriteDenied, 503),
        (exception.RemoteServiceUnavailable, 503),
        (exception.ServerError, 503),
        (exception.ServiceUnavailable, 503),
        (exception.ClientConnectionError, 503),
        (DBError, 503),
    ],
)
def test_each_error_of_the_chain_has_its_status(error, code):
    refusal = client(Controller(error('why'))).get('/things', status=code)
    [(name, body)] = refusal.json.items()
    assert body == {'code': code, 'message': 'why'}


def test_every_error_that_a_client_can_cause_is_in_the_table():
    only_inside = {exception.GlanceException, exception.BadStoreConfiguration, exception.StoreDeleteNotSupported}
    errors = [each for _, each in inspect.getmembers(exception, inspect.isclass) if each not in only_inside]
    assert [each for each in errors if not set(each.__mro__) & set(wsgi.CODES)] == []


def test_any_other_error_is_a_500_without_a_word_of_what_is_inside():
    assert b'secret' not in client(Controller(KeyError('secret'))).get('/things', status=500).body


def test_who_may_only_read_cannot_change_and_the_controller_is_not_asked():
    controller = Controller()
    refusal = client(controller, read_only=True).post_json('/things', {}, status=403)
    assert 'Read-only access' in refusal.json['forbidden']['message']
    assert controller.calls == []
    client(controller, read_only=True).get('/things/x', status=200)


def test_a_reader_may_only_read_and_whoever_has_another_role_too_may_write():
    controller = Controller()
    refusal = client(controller, roles=['reader']).post_json('/things', {}, status=403)
    assert refusal.json['forbidden']['message'].startswith('Read-only access: ask for another role')
    assert controller.calls == []
    client(controller, roles=['reader']).get('/things/x', status=200)
    for roles in (['reader', 'member'], ['member'], []):
        client(controller, roles=roles).post_json('/things', {}, status=201)


@pytest.mark.parametrize('method', ['PUT', 'DELETE', 'PATCH', 'HEAD'])
def test_a_wrong_method_is_405_and_told_the_right_ones(method):
    assert client().request('/things', method=method, status=405).headers['Allow'] == 'GET, POST'


def test_the_paths_variables_are_text_in_utf_8():
    assert client().get('/things/%C3%BC').json == {'name': '\u00fc'}


@pytest.mark.parametrize(
    'path', ['/things/%FF', '/things/a%00b', '/things/%0D%0AX:1', '/things/%C2%85', '/things/a%0A']
)
def test_a_path_that_is_no_plain_text_is_404(path):
    client().get(path, status=404)


@pytest.mark.parametrize('query', ['a=%FF', 'a=%00', 'a%0D%0A=1', 'a=%0A'])
def test_a_query_that_is_no_plain_text_is_400(query):
    client().get(f'/search?{query}', status=400)


def test_a_query_keeps_names_that_come_twice():
    assert client().get('/search?a=1&a=2').json == {'query': [['a', '1'], ['a', '2']]}


@pytest.mark.parametrize(
    'body',
    [
        b'',
        b'{',
        b'\xff',
        b'{"a": "\xff"}',
        b'[' * 100000,
        b'{"a":' * 100000,
        b'1e999',
        b'-1e999',
        b'NaN',
        b'[Infinity]',
        b'1' * 5000,
        b'"\\ud800"',
        b'{"\\udfff": 1}',
        b'"\\u0000"',
        b'["a\\r\\nb"]',
        b'{"a": {"b": ["\\u0085"]}}',
    ],
)
def test_a_body_that_is_no_json_of_plain_text_is_400(body):
    client().post('/things', body, status=400)


def test_a_body_of_more_than_a_mebibyte_is_413():
    client().post('/things', b'"' + b'x' * 1048576 + b'"', status=413)
