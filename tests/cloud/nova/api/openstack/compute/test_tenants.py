"""Whose instances who may see, change and delete: through nova's pipeline, by tokens."""

import sqlite3

import pytest
from webtest import TestApp

ADMIN, ALICE, BOB = ({'X-Auth-Token': token} for token in ('open-sesame', 'alice-token', 'bob-token'))


@pytest.fixture
def nova(app):
    return TestApp(app)


@pytest.fixture
def web(nova):
    """The path of an instance of Alice's."""
    return '/instances/' + create(nova, ALICE, 'web')


def create(nova, who, name):
    return nova.post('/instances', {'name': name}, who, status=201).json['instance']['id']


def names(nova, who, query=''):
    return [instance['name'] for instance in nova.get(f'/instances{query}', headers=who).json['instances']]


def message(response):
    (fault,) = response.json.values()
    return fault['message']


def test_an_instance_is_its_tenants(nova, web):
    assert nova.get(web, headers=ALICE).json['instance']['name'] == 'web'
    assert nova.put(web, {'name': 'db'}, ALICE).json['instance']['name'] == 'db'
    assert names(nova, ALICE)[3:] == ['db']
    nova.delete(web, headers=ALICE, status=204)


def test_to_others_it_is_as_an_id_that_nobody_has(nova, web):
    nobody = '/instances/00000000-0000-4000-8000-000000000000'
    for ask in (
        lambda path: nova.get(path, headers=BOB, status=404),
        lambda path: nova.put(path, {'name': 'mine'}, BOB, status=404),
        lambda path: nova.put(path, {'name': ''}, BOB, status=404),
        lambda path: nova.delete(path, headers=BOB, status=404),
    ):
        assert message(ask(web)).replace(web[11:], nobody[11:]) == message(ask(nobody))
    assert names(nova, BOB)[3:] == []
    assert nova.get(web, headers=ALICE).json['instance']['name'] == 'web'


def test_a_list_goes_on_after_what_its_caller_sees_only(nova, web):
    answer = nova.get(f'/instances?marker={web[11:]}', headers=BOB, status=400)
    assert message(answer).startswith('There is no instance')
    assert names(nova, ALICE, f'?marker={web[11:]}') == []


def test_an_admin_sees_changes_and_deletes_any_by_its_id(nova, web):
    assert nova.get(web, headers=ADMIN).json['instance']['name'] == 'web'
    assert nova.put(web, {'name': 'db'}, ADMIN).json['instance']['name'] == 'db'
    nova.delete(web, headers=ADMIN, status=204)
    nova.get(web, headers=ALICE, status=404)


def test_an_admins_list_has_all_tenants_when_asked_for(nova, web):
    create(nova, BOB, 'bobs')
    create(nova, ADMIN, 'admins')
    assert names(nova, ADMIN)[3:] == ['admins']
    for query in ('?all_tenants=1', '?all_tenants=True', '?all_tenants', '?all_tenants='):
        assert names(nova, ADMIN, query)[3:] == ['web', 'bobs', 'admins']
    assert names(nova, ADMIN, '?all_tenants=0')[3:] == ['admins']


def test_the_pages_of_an_admins_list_stay_with_all_tenants(nova, web):
    create(nova, BOB, 'bobs')
    found, path = [], '/instances?all_tenants=1&limit=2'
    while path:
        page = nova.get(path, headers=ADMIN).json
        found += [instance['name'] for instance in page['instances']]
        path = page['instances_links'][0]['href'] if 'instances_links' in page else None
    assert found == ['inst-0', 'inst-1', 'inst-2', 'web', 'bobs']


def test_a_member_who_asks_for_all_tenants_is_403_in_novas_words(nova):
    refused = nova.get('/instances?all_tenants=1', headers=ALICE, status=403)
    assert refused.json['forbidden']['message'] == "Policy doesn't allow compute:get_all_tenants to be performed."
    assert names(nova, ALICE, '?all_tenants=0') == ['inst-0', 'inst-1', 'inst-2']


@pytest.mark.parametrize('who', [ADMIN, ALICE])
@pytest.mark.parametrize('value', ['2', 'maybe', '%00', '%D9%A1'])
def test_all_tenants_is_true_or_false(nova, who, value):
    assert 'send all_tenants=1' in message(nova.get(f'/instances?all_tenants={value}', headers=who, status=400))


# -- without an owner


def test_the_first_three_are_for_all_to_see_and_for_admins_to_change(nova):
    path = '/instances/' + nova.get('/instances', headers=ALICE).json['instances'][0]['id']
    for who in (ALICE, BOB, ADMIN):
        assert names(nova, who) == ['inst-0', 'inst-1', 'inst-2']
        assert nova.get(path, headers=who).json['instance']['name'] == 'inst-0'
    for refused in (
        nova.put(path, {'name': 'mine'}, ALICE, status=403),
        nova.delete(path, headers=ALICE, status=403),
    ):
        assert 'only an admin may change or delete it' in message(refused)
    assert names(nova, ALICE) == ['inst-0', 'inst-1', 'inst-2']
    nova.put(path, {'name': 'ours'}, ADMIN)
    assert names(nova, BOB) == ['ours', 'inst-1', 'inst-2']
    nova.delete(path, headers=ADMIN, status=204)
    assert names(nova, BOB) == ['inst-1', 'inst-2']


OLD = """
CREATE TABLE instances (
    id INTEGER NOT NULL PRIMARY KEY, uuid VARCHAR(36) NOT NULL UNIQUE, display_name VARCHAR(255) NOT NULL,
    status VARCHAR(16) NOT NULL, fault JSON, image_ref VARCHAR(36), instance_type VARCHAR(255) NOT NULL,
    memory_mb INTEGER NOT NULL, root_gb INTEGER NOT NULL, system_metadata JSON NOT NULL,
    created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, deleted_at DATETIME, deleted BOOLEAN NOT NULL
);
CREATE INDEX ix_instances_id ON instances (deleted, id);
INSERT INTO instances VALUES (
    7, '77777777-7777-4777-8777-777777777777', 'old', 'ACTIVE', NULL, NULL, 'm1.tiny', 512, 1, '{}',
    '2014-03-05 12:00:00.000000', '2014-03-05 12:00:00.000000', NULL, 0
);
"""


def test_a_database_from_before_there_were_owners_opens_again_and_again(load, tmp_path):
    with sqlite3.connect(tmp_path / 'nova.sqlite') as old:
        old.executescript(OLD)
    old.close()
    nova = TestApp(load())
    assert names(nova, ALICE) == names(nova, BOB) == ['old']
    nova.delete('/instances/77777777-7777-4777-8777-777777777777', headers=BOB, status=403)
    create(nova, ALICE, 'web')
    nova = TestApp(load())
    assert (names(nova, ALICE), names(nova, BOB)) == (['old', 'web'], ['old'])
    with sqlite3.connect(tmp_path / 'nova.sqlite') as new:
        indexes = {name for (name,) in new.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    new.close()
    assert {'ix_instances_id', 'ix_instances_project_id', 'ix_instances_vm_state'} <= indexes
