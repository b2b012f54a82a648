import pytest
from webob import Request, Response

from cloud.nova.api.auth import NovaKeystoneContext

CONFIRMED = {
    'HTTP_X_IDENTITY_STATUS': 'Confirmed',
    'HTTP_X_USER_ID': 'жанна'.encode().decode('latin-1'),
    'HTTP_X_TENANT_ID': 'demo',
    'HTTP_X_ROLES': 'Member, Admin',
    'HTTP_X_AUTH_TOKEN': 'a-token',
    'openstack.request_id': 'req-7',
}


class Seen:
    """The next application: keeps the context that it was reached with."""

    context = None

    def __call__(self, environ, start_response):
        self.context = environ['nova.context']
        return Response('reached')(environ, start_response)


def ask(environ):
    seen = Seen()
    app = NovaKeystoneContext.factory({})(seen)
    return Request.blank('/', environ=environ).get_response(app), seen.context


def test_a_confirmed_identity_becomes_the_context():
    response, context = ask(CONFIRMED)
    assert response.text == 'reached'
    assert vars(context) == {
        'user_id': 'жанна',
        'project_id': 'demo',
        'is_admin': True,
        'roles': ['member', 'admin'],
        'auth_token': 'a-token',
        'request_id': 'req-7',
        'global_request_id': None,
    }


def test_who_has_not_the_role_is_no_admin():
    assert not ask({**CONFIRMED, 'HTTP_X_ROLES': 'administrator'})[1].is_admin


@pytest.mark.parametrize('environ', [{}, {**CONFIRMED, 'HTTP_X_IDENTITY_STATUS': 'Invalid'}])
def test_without_a_confirmed_identity_the_answer_is_401(environ):
    response, context = ask(environ)
    assert (response.status_int, context) == (401, None)
    assert 'X-Auth-Token' in response.json['unauthorized']['message']
