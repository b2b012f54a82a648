"""The quota of instances from outside: a real nova, with its threads."""

import threading

import pytest

from tests.cloud.nova.api.openstack.conftest import write_ini
from tests.cloud.nova.processes import ALICE, BOB, ask
from tests.servers import WarmServer
from tests.waiting import join


@pytest.fixture
def nova(tmp_path):
    running = WarmServer([str(write_ini(tmp_path, quota_instances='5'))], tmp_path / 'nova.log')
    yield running
    running.end()


def create(nova, token=ALICE, status=201):
    return ask(nova, 'POST', '/instances', {'name': 'web'}, token, status)


def test_twelve_creates_at_once_are_five_instances_and_the_others_are_refused_in_novas_words(nova):
    refused = []

    def try_to_create():
        try:
            create(nova)
        except AssertionError as other:
            refused.append(other.args[0])

    threads = [threading.Thread(target=try_to_create) for _ in range(12)]
    for thread in threads:
        thread.start()
    join(*threads)
    words = 'Quota exceeded for instances: Requested 1, but already used 5 of 5 instances'
    assert [status for status, _ in refused] == [403] * 7
    assert all(words in answer.decode() for _, answer in refused)
    assert len(ask(nova, 'GET', '/instances')['instances']) == 3 + 5


def test_other_tenants_are_not_touched_and_a_delete_makes_room(nova):
    ids = [create(nova)['instance']['id'] for _ in range(5)]
    assert create(nova, status=403)['forbidden']['code'] == 403
    create(nova, BOB)
    ask(nova, 'DELETE', f'/instances/{ids[0]}', status=204)
    create(nova)
    create(nova, status=403)


def test_the_first_three_are_there_whatever_the_quota(tmp_path):
    running = WarmServer([str(write_ini(tmp_path, quota_instances='0'))], tmp_path / 'nova.log')
    assert len(ask(running, 'GET', '/instances')['instances']) == 3
    create(running, status=403)
    running.end()
