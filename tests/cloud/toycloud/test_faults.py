"""Faults by rule, seen by clients of a real nova."""

import http.client
import threading
import time

import pytest

from tests.cloud.toycloud.conftest import ADMIN, ALICE, BOB
from tests.waiting import join

LIST = '/v2.1/servers'


def statuses(nova, count, path=LIST, token=ALICE):
    return [nova.ask('GET', path, token=token).status for _ in range(count)]


def keypairs(nova, token):
    return [each['keypair']['name'] for each in nova.ask('GET', '/v2.1/os-keypairs', token=token).document['keypairs']]


def create_keypair(nova, name, token=ALICE):
    return nova.ask('POST', '/v2.1/os-keypairs', {'keypair': {'name': name}}, token)


def test_a_rule_refuses_the_first_requests_and_says_so_in_a_header(nova):
    rule = nova.rule(path=LIST, times=2, status=503, message='on purpose', headers={'Retry-After': '1'})
    refused = nova.ask('GET', LIST, token=ALICE)
    assert (refused.status, refused.headers['X-Toycloud-Fault'], refused.headers['Retry-After']) == (503, rule, '1')
    assert refused.document == {'serviceUnavailable': {'code': 503, 'message': 'on purpose'}}
    assert statuses(nova, 3) == [503, 200, 200]
    assert nova.counts(rule) == (4, 2)
    assert 'X-Toycloud-Fault' not in nova.ask('GET', LIST, token=ALICE).headers


def test_a_rule_may_begin_after_some_requests(nova):
    rule = nova.rule(path=LIST, after=2, times=1, status=500)
    assert statuses(nova, 4) == [200, 200, 500, 200]
    assert nova.counts(rule) == (4, 1)


def test_a_sequence_says_what_becomes_of_each_request(nova):
    nova.rule(path=LIST, sequence=[{'status': 503}, {}, {'status': 429}])
    assert statuses(nova, 4) == [503, 200, 429, 200]


def test_a_rule_is_for_a_method_and_a_pattern_of_paths(nova):
    nova.rule(method='get', path='/v2.1/flavors/*', status=418)
    assert statuses(nova, 1, '/v2.1/flavors/1') == [418]
    assert statuses(nova, 1, '/v2.1/flavors') == [200]
    assert statuses(nova, 1, '/v2.1/flavors/1/os-extra_specs') == [200]
    nova.rule(path='/v2.1/flavors/**', status=502)
    assert statuses(nova, 1, '/v2.1/flavors/1/os-extra_specs') == [502]


def test_a_rule_is_for_an_action_by_its_name(nova):
    nova.rule(action='os-stop', status=500)
    path = f'{LIST}/11111111-1111-4111-8111-111111111111/action'
    assert nova.ask('POST', path, {'os-stop': None}, ALICE).status == 500
    assert nova.ask('POST', path, {'os-start': None}, ALICE).status == 404


def test_a_rule_is_for_what_has_a_name(nova):
    nova.rule(method='POST', name='doomed', status=500)
    assert create_keypair(nova, 'doomed').status == 500
    assert create_keypair(nova, 'blessed').status == 200
    assert 'doomed' not in keypairs(nova, ALICE)


def test_a_fault_of_one_tenant_never_reaches_another(nova):
    nova.rule(tenant='demo', status=503)
    assert statuses(nova, 2, token=ALICE) == [503, 503]
    assert statuses(nova, 2, token=BOB) == [200, 200]
    assert statuses(nova, 1, token=ADMIN) == [200]


def test_a_connection_is_dropped_before_anything_is_done(nova):
    nova.rule(method='POST', path='/v2.1/os-keypairs', times=1, drop='before')
    with pytest.raises(http.client.RemoteDisconnected):
        create_keypair(nova, 'before')
    assert 'before' not in keypairs(nova, ALICE)
    assert create_keypair(nova, 'before').status == 200


def test_an_answer_is_lost_after_all_is_done(nova):
    nova.rule(method='POST', path='/v2.1/os-keypairs', times=1, drop='after')
    with pytest.raises(http.client.RemoteDisconnected):
        create_keypair(nova, 'after')
    assert 'after' in keypairs(nova, ALICE)
    assert create_keypair(nova, 'after').status == 409


def test_delays_of_one_tenant_leave_workers_to_the_others(nova):
    rule = nova.rule(tenant='demo', path=LIST, delay=2)
    found = []
    threads = [threading.Thread(target=lambda: found.extend(statuses(nova, 1))) for _ in range(20)]
    for thread in threads:
        thread.start()
    while nova.ask('GET', '/toycloud/health').document['delayed'] < 16:
        time.sleep(0.01)
    began = time.monotonic()
    assert statuses(nova, 1, token=BOB) == [200]
    assert time.monotonic() - began < 1.5
    join(*threads)
    assert sorted(found) == [200] * 16 + [503] * 4  # of 32 workers, half
    assert nova.counts(rule) == (20, 20)


def test_rules_are_listed_and_removed(nova):
    first, second = nova.rule(path=LIST, status=503), nova.rule(path='/v2.1/flavors', drop='before')
    listed = nova.ask('GET', '/toycloud/faults').document['faults']
    assert listed == [
        {'id': first, 'path': LIST, 'status': 503, 'seen': 0, 'hits': 0},
        {'id': second, 'path': '/v2.1/flavors', 'drop': 'before', 'seen': 0, 'hits': 0},
    ]
    assert nova.ask('DELETE', f'/toycloud/faults/{first}').status == 204
    assert nova.ask('DELETE', f'/toycloud/faults/{first}').status == 404
    assert nova.ask('GET', f'/toycloud/faults/{first}').status == 404
    assert statuses(nova, 1) == [200]


@pytest.mark.parametrize(
    ('rule', 'says'),
    [
        ([], 'JSON object'),
        ({'path': LIST}, 'What shall happen'),
        ({'colour': 'red', 'status': 503}, "no 'colour'"),
        ({'service': 'glance', 'status': 503}, 'This is nova'),
        ({'status': 200}, 'from 400 to 599'),
        ({'status': True}, 'from 400 to 599'),
        ({'delay': -1}, 'number of seconds'),
        ({'delay': 301}, 'number of seconds'),
        ({'drop': 'sometimes'}, '"before"'),
        ({'drop': 'after', 'status': 503}, 'no status'),
        ({'path': '', 'status': 503}, 'path is text'),
        ({'times': 1.5, 'status': 503}, 'number of requests'),
        ({'status': 503, 'headers': {'A b': 'c'}}, 'headers is'),
        ({'status': 503, 'headers': {'A': 'c\r\nX: y'}}, 'headers is'),
        ({'sequence': []}, 'sequence is a list'),
        ({'sequence': [{'status': 503}], 'times': 2}, 'Either'),
        ({'sequence': [{'path': LIST}]}, 'Each effect'),
    ],
)
def test_a_rule_that_is_none_is_refused_with_a_reason(nova, rule, says):
    refused = nova.ask('POST', '/toycloud/faults', rule)
    assert refused.status == 400
    assert says in refused.document['badRequest']['message']
    assert nova.ask('GET', '/toycloud/faults').document == {'faults': []}


def test_a_body_that_is_no_json_is_refused(nova):
    assert nova.ask('POST', '/toycloud/faults', [], Content_Type='text/plain').status == 415
