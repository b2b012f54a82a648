"""Who may go behind the scenes: admins alone, where the ini says so."""

import pytest

from tests.cloud.nova.api.openstack import conftest as nova_api
from tests.cloud.toycloud.conftest import ALICE, Service
from tests.servers import WarmServer

PAGES = (
    'GET /toycloud/health',
    'GET /toycloud/faults',
    'POST /toycloud/faults',
    'DELETE /toycloud/faults',
    'POST /toycloud/reset',
    'GET /toycloud/state',
    'PUT /toycloud/state',
    'PUT /toycloud/clock',
    'GET /toycloud/unread',
)


@pytest.mark.parametrize('page', PAGES)
def test_members_get_403_and_strangers_401(nova, page):
    method, path = page.split()
    assert nova.ask(method, path, token=ALICE).status == 403
    assert nova.ask(method, path, token='mallory').status == 401
    assert nova.ask(method, path, token=None).status == 401


def test_who_claims_to_be_an_admin_is_none(nova):
    claims = {'X_Roles': 'admin', 'X_Identity_Status': 'Confirmed'}
    assert nova.ask('GET', '/toycloud/health', token=ALICE, **claims).status == 403


def test_health_tells_how_the_service_is(nova):
    answer = nova.ask('GET', '/toycloud/health')
    assert answer.status == 200
    assert answer.document['service'] == 'nova'
    assert answer.document['healthy'] is True
    assert answer.document['problems'] == []


def test_unknown_pages_are_404_and_other_methods_405(nova):
    assert nova.ask('GET', '/toycloud/nothing').status == 404
    assert nova.ask('PATCH', '/toycloud/health').status == 405


def test_where_it_is_off_there_is_nothing(tmp_path):
    running = WarmServer([str(nova_api.write_ini(tmp_path, auth_uri=''))], tmp_path / 'nova.log')
    try:
        service = Service(running)
        unknown = service.ask('GET', '/anything/health')
        answer = service.ask('GET', '/toycloud/health')
        assert (answer.status, answer.body) == (unknown.status, unknown.body)
        assert answer.status == 404
    finally:
        running.end()
