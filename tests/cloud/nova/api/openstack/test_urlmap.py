import pytest
from webob import Request

from cloud.nova.api.openstack.urlmap import URLMap


def app(name):
    def answer(environ, start_response):
        start_response('200 OK', [('Content-Type', 'text/plain')])
        return [f'{name} {environ["SCRIPT_NAME"]} {environ["PATH_INFO"]}'.encode()]

    return answer


MAP = {'/': 'root', '/v2': 'two', '/v2/+': 'more', '/v2.1/+': 'newer', '/v2.1': 'newest', '/+': 'others'}


@pytest.mark.parametrize(('path', 'answer'), [
    ('/', 'root  /'),
    ('/v2', 'two /v2 '),
    ('/v2/', 'two /v2 /'),
    ('/v2/servers', 'more /v2 /servers'),
    ('/v2.1', 'newest /v2.1 '),
    ('/v2.1/servers/x', 'newer /v2.1 /servers/x'),
    ('/v2x', 'others  /v2x'),
    ('/instances', 'others  /instances'),
    ('//', 'others  //'),
])  # fmt: skip
def test_the_longest_beginning_that_fits_is_taken(path, answer):
    mapped = URLMap({pattern: app(name) for pattern, name in MAP.items()})
    req = Request(
        {'SCRIPT_NAME': '', 'PATH_INFO': path, 'REQUEST_METHOD': 'GET', 'SERVER_NAME': 'x', 'SERVER_PORT': '80'}
    )
    assert req.get_response(mapped).text == answer


def test_where_nothing_fits_it_is_404():
    assert Request.blank('/v3').get_response(URLMap({'/v2/+': app('two')})).status_int == 404


def test_what_is_in_front_of_all_stays_in_front():
    req = Request.blank('/v2/servers', environ={'SCRIPT_NAME': '/compute'})
    assert req.get_response(URLMap({'/v2/+': app('two')})).text == 'two /compute/v2 /servers'
