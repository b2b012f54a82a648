from webtest import TestApp

from cloud.oslo.middleware.request_id import RequestId


def test_an_answer_that_has_a_request_id_already_keeps_it():
    def app(environ, start_response):
        start_response('200 OK', [('x-openstack-request-id', 'req-mine'), ('Content-Length', '0')])
        return [b'']

    answer = TestApp(RequestId(app)).get('/')
    assert answer.headers.getall('X-Openstack-Request-Id') == ['req-mine']
