import os
import random
import uuid

from webtest import TestApp

from cloud.oslo.middleware.request_id import RequestId, headers_on, new_id


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


SENT = 'req-0f6f9dbd-8f0c-44f5-9a0e-2b3d8c6c5a10'


def ask(**headers):
    """What an application behind RequestId sees: (its environ, the header that it would send on)."""
    seen = []

    def app(environ, start_response):
        seen.append((environ, headers_on()))
        start_response('200 OK', [('Content-Length', '0')])
        return [b'']

    TestApp(RequestId(app)).get('/', headers=headers)
    return seen[0]


def test_the_global_id_that_was_sent_goes_on_beside_an_id_of_the_services_own():
    environ, sent_on = ask(**{'X-OpenStack-Request-ID': SENT})
    assert environ['openstack.global_request_id'] == SENT
    assert environ['openstack.request_id'] != SENT
    assert sent_on == {'X-OpenStack-Request-ID': SENT}


def test_without_one_the_own_id_is_the_global_one_for_those_who_are_asked_next():
    environ, sent_on = ask()
    assert 'openstack.global_request_id' not in environ
    assert sent_on == {'X-OpenStack-Request-ID': environ['openstack.request_id']}


def test_what_has_not_the_form_of_an_id_is_none():
    for bad in ('mine', SENT + 'f', SENT.upper(), 'req-' + 'x' * 36, f'{SENT} {SENT}'):
        environ, sent_on = ask(**{'X-OpenStack-Request-ID': bad})
        assert 'openstack.global_request_id' not in environ
        assert sent_on == {'X-OpenStack-Request-ID': environ['openstack.request_id']}


def test_a_forked_process_gives_other_ids():
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, new_id().encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as told:
        assert told.read() != new_id()
