"""A clock that stands, and is moved: what is made stays BUILD until then."""

import datetime
import time

import pytest

from tests.waiting import wait_until


def clock(service, **fields):
    answer = service.ask('PUT', '/toycloud/clock', fields)
    assert answer.status == 200, answer.body
    return answer.document['clock']


def moment(text):
    return datetime.datetime.fromisoformat(text.removesuffix('Z'))


def test_an_instance_stays_build_until_the_clock_goes_on(compute):
    clock(compute, stopped=True)
    server = compute.boot()
    assert wait_until(lambda: task_state(compute, server) == 'spawning', 30)
    time.sleep(0.2)
    assert compute.status(server) == 'BUILD'
    clock(compute, advance=1)
    assert compute.becomes(server, 'ACTIVE')
    assert compute.act(server, **{'os-stop': None}) == 202
    assert compute.status(server) == 'ACTIVE'
    clock(compute, stopped=False)
    assert compute.becomes(server, 'SHUTOFF')
    assert compute.audit() == ''


def task_state(compute, server):
    return compute.ask('GET', f'/v2.1/servers/{server}').document['server']['OS-EXT-STS:task_state']


def test_what_is_held_can_be_deleted(compute):
    clock(compute, stopped=True)
    server = compute.boot()
    assert compute.ask('DELETE', f'/v2.1/servers/{server}').status == 204
    assert compute.becomes(server, 404)
    assert compute.audit() == ''


def test_moments_are_written_by_the_clock(compute):
    stopped = clock(compute, stopped=True)
    assert clock(compute, advance=86400)['now'] > stopped['now']
    assert moment(shown(compute)) - moment(stopped['now']) == datetime.timedelta(1)
    server = compute.boot()
    created = compute.ask('GET', f'/v2.1/servers/{server}').document['server']['created']
    assert created == shown(compute)[:19] + 'Z'


def shown(compute):
    return compute.ask('GET', '/toycloud/clock').document['clock']['now']


def test_hosts_do_not_die_of_a_leap(compute):
    clock(compute, advance=10 * 86400)
    assert compute.becomes(compute.boot(), 'ACTIVE')


def test_the_true_time_comes_back(compute):
    clock(compute, advance=10**6, stopped=True)
    assert compute.ask('DELETE', '/toycloud/clock').status == 204
    late = moment(shown(compute)) - datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert abs(late) < datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    'fields', [{}, {'advance': -1}, {'advance': True}, {'advance': 10**12}, {'stopped': 1}, {'a': 1}, []]
)
def test_what_is_no_time_is_refused(compute, fields):
    before = compute.ask('GET', '/toycloud/clock').document['clock']['advanced_by']
    assert compute.ask('PUT', '/toycloud/clock', fields).status == 400
    assert compute.ask('GET', '/toycloud/clock').document['clock']['advanced_by'] == before
