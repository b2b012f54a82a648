"""What clients sent, and nobody read."""

from tests.cloud.toycloud.conftest import ALICE


def unread(nova):
    found = nova.ask('GET', '/toycloud/unread').document['unread']
    return {(each['operation'], each['kind'], each['name']): each['count'] for each in found}


def test_words_of_a_query_that_nobody_reads_are_reported(nova):
    nova.ask('DELETE', '/toycloud/unread')
    for _ in range(2):
        assert nova.ask('GET', '/v2.1/servers?nmae=web&name=web&limit=3', token=ALICE).status == 200
    assert nova.ask('GET', '/v2.1/flavors?minRam=1&colour=red', token=ALICE).status == 200
    found = unread(nova)
    assert found.pop(('GET /servers', 'query', 'nmae')) == 2
    assert found.pop(('GET /flavors', 'query', 'colour')) == 1
    assert found == {}


def test_fields_of_a_body_that_nobody_reads_are_reported(nova):
    nova.ask('DELETE', '/toycloud/unread')
    group = {'name': 'near', 'policies': ['affinity']}
    answer = nova.ask('POST', '/v2.1/os-server-groups', {'server_group': group}, ALICE)
    assert answer.status == 200, nova.running.log()
    assert unread(nova) == {}
    for path in ('/v2', '/v2', '/v2.1'):  # today's way refuses such fields, the old one takes no notice
        nova.ask('POST', f'{path}/os-server-groups', {'server_group': {**group, 'colour': 'red'}, 'b': 1}, ALICE)
    operation = 'POST /os-server-groups'
    assert unread(nova) == {(operation, 'body', 'server_group.colour'): 2, (operation, 'body', 'b'): 2}


def test_headers_that_nobody_reads_are_reported(nova):
    nova.ask('DELETE', '/toycloud/unread')
    assert nova.ask('GET', '/v2.1/servers', token=ALICE, X_OpenStack_Nova_Api_Verison='2.1').status == 200
    assert nova.ask('GET', '/v2.1/servers', token=ALICE, X_OpenStack_Nova_Api_Version='2.1').status == 200
    assert unread(nova) == {('GET /servers', 'header', 'X-Openstack-Nova-Api-Verison'): 1}


def test_what_is_refused_is_not_reported(nova):
    nova.ask('DELETE', '/toycloud/unread')
    assert nova.ask('GET', '/v2.1/servers?limit=x&colour=red', token=ALICE).status == 400
    assert unread(nova) == {}


def test_what_has_no_router_is_watched_too(nova):
    nova.ask('DELETE', '/toycloud/unread')
    for path in ('/', '/v2.1', '/v2.1/', '/v2/', '/instances', '/v2.1/extensions'):
        assert nova.ask('GET', f'{path}?colour=red', token=ALICE).status < 500
    assert nova.ask('GET', '/v2.1', token=None).status == 200
    assert ('GET /v2.1', 'query', 'colour') in unread(nova)
