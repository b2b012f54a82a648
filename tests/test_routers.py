import pytest
from webtest import TestApp

from routers import Router
from wsgi import Resource

SHOWN = '/instances/{id}'


@pytest.fixture
def path(client):
    def path(template):
        return template.format(id=client.get('/instances').json['instances'][0]['id'])

    return path


@pytest.mark.parametrize(
    'wrong', ['/', '/instance', '/instances/', '/instances/x/y', '/Instances', '//instances', '/instances%0A']
)
def test_another_path_is_404_and_says_which_there_are(client, wrong):
    fault = client.get(wrong, status=404).json['itemNotFound']
    assert fault['code'] == 404
    assert '/instances/{instance_id}' in fault['message']


@pytest.mark.parametrize(('template', 'method', 'allowed'), [
    ('/instances', 'PUT', 'GET, HEAD, POST'),
    ('/instances', 'DELETE', 'GET, HEAD, POST'),
    ('/instances', 'OPTIONS', 'GET, HEAD, POST'),
    (SHOWN, 'POST', 'GET, HEAD, PUT, DELETE'),
    (SHOWN, 'PATCH', 'GET, HEAD, PUT, DELETE'),
])  # fmt: skip
def test_405_names_the_allowed_methods(client, path, template, method, allowed):
    response = client.request(path(template), method=method, status=405)
    assert response.headers['Allow'] == allowed
    assert response.json['badMethod'] == {
        'code': 405,
        'message': f'{method} is not allowed here: use one of {allowed}.',
    }


@pytest.mark.parametrize('template', ['/instances', SHOWN])
def test_head_is_get_without_the_body(client, path, template):
    head, get = client.head(path(template)), client.get(path(template))
    assert head.body == b''
    assert head.content_length == get.content_length == len(get.body)
    assert head.content_type == get.content_type


def test_head_of_nothing_is_404(client):
    assert client.head('/instances/nobody', status=404).body == b''


@pytest.mark.parametrize('send', [
    lambda client, path: client.get(path + '?_method=DELETE'),
    lambda client, path: client.put(path, {'_method': 'DELETE', 'name': 'still-here'}),
])  # fmt: skip
def test_no_method_hides_in_a_field(client, path, send):
    send(client, path(SHOWN))
    client.get(path(SHOWN), status=200)


class Shelf(Resource):
    def book(self, req, shelf, number):
        return {'shelf': shelf, 'book': number}

    def newest(self, req):
        return {'book': 'newest'}


class ShelfRouter(Router):
    routes = (
        ('/books/newest', 'GET', 'shelf', 'newest'),
        ('/books/{shelf}/{number}', 'GET PATCH', 'shelf', 'book'),
    )


@pytest.fixture
def shelf():
    return TestApp(ShelfRouter(shelf=Shelf()))


def test_a_subclass_brings_its_own_table(shelf):
    assert shelf.get('/books/a/7').json == {'shelf': 'a', 'book': '7'}
    assert shelf.get('/books/newest').json == {'book': 'newest'}
    shelf.get('/instances', status=404)


def test_head_is_only_there_if_the_table_says_so(shelf):
    assert shelf.head('/books/a/7', status=405).headers['Allow'] == 'GET, PATCH'


def test_a_subclass_may_word_its_errors_itself():
    from wsgi import answer

    class Terse(ShelfRouter):
        @staticmethod
        def fault(code, message, headers=()):
            return answer({'error': code}, code)

    assert TestApp(Terse(shelf=Shelf())).get('/nowhere', status=404).json == {'error': 404}
