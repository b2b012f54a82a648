"""Members and shared images."""

import threading
from urllib.parse import unquote

import pytest

from cloud.glance.common import exception
from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB
from tests.cloud.glance.api.v1.conftest import path_of
from tests.waiting import join


def members(client, image, headers=ALICE):
    return client.get(f'{path_of(image)}/members', headers=headers).json['members']


def share(client, image, member='other', /, headers=ALICE, status=204, **body):
    url = f'{path_of(image)}/members/{member}'  # and the body is {"member": {"can_share": ...}}, or there is none
    if body:
        return client.put_json(url, body, headers=headers, status=status)
    return client.put(url, headers=headers, status=status)


def replace(client, image, memberships, headers=ALICE, status=204):
    url = f'{path_of(image)}/members'
    return client.put_json(url, {'memberships': memberships}, headers=headers, status=status)


def test_a_member_sees_the_image_and_its_data(client):
    image = client.active(b'data')
    client.meta(image, BOB, status=404)
    assert share(client, image).body == b''
    assert members(client, image) == [{'member_id': 'other', 'can_share': False}]
    assert client.data(image, BOB).body == b'data'


def test_can_share_is_given_and_changed(client):
    image = client.add()
    share(client, image, member={'can_share': True})
    assert members(client, image) == [{'member_id': 'other', 'can_share': True}]
    share(client, image)
    assert members(client, image) == [{'member_id': 'other', 'can_share': True}]
    share(client, image, member={'can_share': False})
    assert members(client, image) == [{'member_id': 'other', 'can_share': False}]


def test_a_member_that_can_share_does_and_one_that_cannot_is_403(client):
    image = client.add()
    share(client, image)
    share(client, image, 'third', headers=BOB, status=403)
    share(client, image, member={'can_share': True})
    share(client, image, 'third', headers=BOB)
    assert [each['member_id'] for each in members(client, image)] == ['other', 'third']


def test_put_replaces_all(client):
    image = client.add()
    share(client, image, 'gone')
    replace(client, image, [{'member_id': 'one'}, {'member_id': 'two', 'can_share': True}])
    assert members(client, image) == [
        {'member_id': 'one', 'can_share': False},
        {'member_id': 'two', 'can_share': True},
    ]
    replace(client, image, [])
    assert members(client, image) == []


def test_delete_takes_one_away_and_a_second_time_is_404(client):
    image = client.add()
    share(client, image)
    url = f'{path_of(image)}/members/other'
    assert client.delete(url, headers=ALICE, status=204).body == b''
    assert members(client, image) == []
    client.delete(url, headers=ALICE, status=404)


def test_shared_images_of_a_tenant(client):
    image = client.add()
    share(client, image)
    client.add()
    expected = {'shared_images': [{'image_id': image['id'], 'can_share': False}]}
    for headers in (ADMIN, BOB):
        assert client.get('/v1/shared-images/other', headers=headers).json == expected
    assert client.get('/v1/shared-images/third', headers=ADMIN).json == {'shared_images': []}


@pytest.mark.parametrize('image_id', ['nothing', 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'])
def test_of_an_image_that_is_not_there_everything_is_404(client, image_id):
    client.get(f'{path_of(image_id)}/members', headers=ALICE, status=404)
    share(client, image_id, status=404)
    replace(client, image_id, [], status=404)
    client.delete(f'{path_of(image_id)}/members/other', headers=ALICE, status=404)


def test_of_a_deleted_image_everything_is_404_to_admins_too(client):
    image = client.add()
    client.remove(image)
    client.get(f'{path_of(image)}/members', headers=ADMIN, status=404)
    share(client, image, headers=ADMIN, status=404)
    replace(client, image, [], ADMIN, status=404)


def test_someone_elses_image_is_404_and_a_public_one_403(client):
    share(client, client.add(), headers=BOB, status=404)
    public = client.add(b'', ADMIN, is_public=True)
    share(client, public, headers=BOB, status=403)
    replace(client, public, [], BOB, status=403)


@pytest.mark.parametrize(
    'body',
    [
        b'[]', b'{}', b'{"memberships": {}}', b'{"memberships": [1]}', b'{"memberships": [{}]}', b'not json', b'',
        b'{"memberships": [{"member_id": 5}]}', b'{"memberships": [{"member_id": ""}]}',
        b'{"memberships": [{"member_id": "x", "can_share": "yes"}]}',
        b'{"memberships": [{"member_id": "a\\u0000b"}]}',
        b'{"memberships": [{"member_id": "' + b'x' * 256 + b'"}]}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_list_of_memberships_is_400_and_changes_nothing(client, body):
    image = client.add()
    share(client, image)
    client.put(f'{path_of(image)}/members', body, headers=ALICE, status=400)
    assert len(members(client, image)) == 1


@pytest.mark.parametrize('body', [b'[]', b'{"member": 1}', b'{"member": {"can_share": 1}}', b'x'])
def test_a_body_that_is_no_member_is_400(client, body):
    image = client.add()
    client.put(f'{path_of(image)}/members/other', body, headers=ALICE, status=400)
    assert members(client, image) == []


def test_a_member_without_a_name_or_with_too_long_a_one_is_400(client):
    for name in ('%20', 'x' * 256):
        share(client, client.add(), name, status=400)


def test_the_member_quota_holds_for_one_more_and_for_all_at_once(make_client):
    client = make_client(image_member_quota='1')
    image = client.add()
    replace(client, image, [{'member_id': 'one'}, {'member_id': 'two'}], status=413)
    assert members(client, image) == []
    share(client, image, 'one')
    share(client, image, 'one')
    share(client, image, 'two', status=413)
    replace(client, image, [{'member_id': 'three'}])
    assert [each['member_id'] for each in members(client, image)] == ['three']


def test_a_negative_member_quota_is_none(make_client):
    client = make_client(image_member_quota='-1')
    replace(client, client.add(), [{'member_id': str(number)} for number in range(200)])


def test_the_stores_learn_who_may_read(make_client):
    client = make_client(known_stores='cloud.glance.store.memory.Store', default_store='memory')
    image = client.active(b'data')
    acls = client.tools.store_api.registered_stores['memory'].acls
    [url] = acls
    assert acls[url] == {'public': False, 'read_tenants': []}
    share(client, image)
    assert acls[url] == {'public': False, 'read_tenants': ['other']}
    replace(client, image, [{'member_id': 'one'}, {'member_id': 'two'}])
    assert acls[url] == {'public': False, 'read_tenants': ['one', 'two']}
    client.delete(f'{path_of(image)}/members/one', headers=ALICE)
    assert acls[url] == {'public': False, 'read_tenants': ['two']}
    client.put_meta(image, b'', ADMIN, is_public=True)
    assert acls[url] == {'public': True, 'read_tenants': []}


def test_a_store_that_cannot_be_told_is_only_logged(client, monkeypatch, caplog):
    image = client.active(b'data')

    def fails(*args, **kwargs):
        raise exception.RemoteServiceUnavailable('gone away')

    monkeypatch.setattr(client.tools.store_api, 'set_acls', fails)
    share(client, image)
    assert f'The stores do not learn who may read image {image["id"]}: gone away' in caplog.text


def test_the_quota_holds_when_twelve_come_at_once(make_client, monkeypatch):
    client = make_client(image_member_quota='5')
    image = client.add()
    # As if each had counted before the others wrote.
    monkeypatch.setattr(client.tools.quotas, 'check_member_count', lambda count: None)
    statuses = []

    def add(number):
        statuses.append(share(client, image, f'tenant-{number}', status='*').status_int)

    threads = [threading.Thread(target=add, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    join(*threads)
    assert sorted(statuses) == [204] * 5 + [413] * 7
    assert len(members(client, image)) == 5
    replace(client, image, [{'member_id': f'new-{number}'} for number in range(6)], status=413)
    assert len(members(client, image)) == 5


@pytest.mark.parametrize('name', ['detail', '..', '.', '%3Fx=y', '%23x', '%2541', 'members', 'a b'])
def test_a_member_is_called_what_it_is_called(client, name):
    image = client.add()
    share(client, image, name)
    assert members(client, image) == [{'member_id': unquote(name), 'can_share': False}]
    shared = {'shared_images': [{'image_id': image['id'], 'can_share': False}]}
    assert client.get(f'/v1/shared-images/{name}', headers=ALICE).json == shared
    client.delete(f'{path_of(image)}/members/{name}', headers=ALICE, status=204)
    assert members(client, image) == []
