import random
import uuid

from webtest import TestApp

from cloud.oslo.middleware.request_id import RequestId, new_id


def test_an_answer_that_has_a_request_id_already_keeps_it():
    def app(environ, start_response):
        start_response('200 OK', [('x-openstack-request-id', 'req-mine'), ('Content-Length', '0')])
        return [b'']

    answer = TestApp(RequestId(app)).get('/')
    assert answer.headers.getall('X-Openstack-Request-Id') == ['req-mine']


def test_ids_have_the_form_of_a_random_uuid_and_none_comes_twice():
    random.seed(1)
    ids = {new_id() for _ in range(1000)}
    random.seed(1)
    ids |= {new_id() for _ in range(1000)}
    assert len(ids) == 2000
    for request_id in ids:
        parsed = uuid.UUID(request_id.removeprefix('req-'))
        assert (parsed.version, parsed.variant) == (4, uuid.RFC_4122)
        assert request_id == f'req-{parsed}'
