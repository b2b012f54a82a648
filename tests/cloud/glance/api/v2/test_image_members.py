"""/v2/images/{id}/members"""

import pytest

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB, path_of


@pytest.fixture
def image(client):
    return client.create()


def url(image, member=None):
    return f'{path_of(image)}/members' + (f'/{member}' if member else '')


def members(client, image, headers=ALICE):
    return [each['member_id'] for each in client.get(url(image), headers=headers).json['members']]


def test_sharing_is_200_with_the_new_member_pending(client, image):
    member = client.share(image, 'other').json
    assert member.pop('created_at') == member.pop('updated_at')
    assert member == {
        'member_id': 'other',
        'image_id': image['id'],
        'status': 'pending',
        'schema': '/v2/schemas/member',
    }


def test_the_list_has_members_and_schema(client, image):
    member = client.share(image, 'other').json
    answer = client.get(url(image), headers=ALICE).json
    assert answer == {'members': [member], 'schema': '/v2/schemas/members'}
    assert client.get(url(image, 'other'), headers=ALICE).json == member


def test_a_new_image_has_no_members(client, image):
    assert members(client, image) == []


@pytest.mark.parametrize('status', ['accepted', 'rejected', 'pending'])
def test_the_member_decides(client, image, status):
    client.share(image, 'other')
    assert client.put_json(url(image, 'other'), {'status': status}, headers=BOB, status=200).json['status'] == status
    assert client.get(url(image, 'other'), headers=ALICE).json['status'] == status


def test_the_owner_does_not_decide_for_the_member(client, image):
    client.share(image, 'other')
    client.put_json(url(image, 'other'), {'status': 'accepted'}, headers=ALICE, status=403)
    client.put_json(url(image, 'other'), {'status': 'accepted'}, headers=ADMIN, status=200)


def test_the_owner_shares_no_more(client, image):
    client.share(image, 'other')
    client.delete(url(image, 'other'), headers=ALICE, status=204)
    assert members(client, image) == []
    client.show(image, headers=BOB, status=404)


def test_the_member_cannot_remove_itself(client, image):
    client.share(image, 'other')
    client.delete(url(image, 'other'), headers=BOB, status=403)


def test_a_member_sees_only_itself(client, image):
    client.share(image, 'other')
    client.share(image, 'third')
    assert members(client, image, BOB) == ['other']
    assert members(client, image) == ['other', 'third']
    client.get(url(image, 'third'), headers=BOB, status=404)


def test_a_stranger_finds_nothing(client, image):
    client.share(image, 'third')
    client.get(url(image), headers=BOB, status=404)
    client.get(url(image, 'third'), headers=BOB, status=404)
    client.post_json(url(image), {'member': 'other'}, headers=BOB, status=404)


def test_a_member_cannot_share_on(client, image):
    client.share(image, 'other')
    client.share(image, 'third', headers=BOB, status=403)
    assert members(client, image) == ['other']


def test_a_public_image_has_no_members(client):
    image = client.create(ADMIN, visibility='public')
    client.share(image, 'other', headers=ADMIN, status=403)
    client.get(url(image), headers=ADMIN, status=403)


def test_sharing_twice_is_409(client, image):
    client.share(image, 'other')
    client.share(image, 'other', status=409)


def test_a_member_that_is_not_there_is_404(client, image):
    for method in ('GET', 'DELETE'):
        client.request(url(image, 'none'), method=method, headers=ALICE, status=404)
    client.put_json(url(image, 'none'), {'status': 'accepted'}, headers=ALICE, status=404)


BAD = [
    b'',
    b'{}',
    b'null',
    b'[]',
    b'["other"]',
    b'"other"',
    b'{"member": null, "status": null}',
    b'{"member": 5, "status": 5}',
    b'{"member": "", "status": ""}',
    b'{"member": " ", "status": " "}',
    b'{"member": ["other"], "status": ["accepted"]}',
    b'{"member": {"id": "x"}, "status": {}}',
    b'{"member": "a\\u0000b", "status": "accepted\\n"}',
    b'{"member": "\\ud800", "status": "\\ud800"}',
    b'{"member": "' + b'x' * 256 + b'", "status": "nonsense"}',
    b'{"member": "\xff", "status": "\xff"}',
    b'[' * 100000,
    b'{"members": "other", "state": "accepted"}',
]


@pytest.mark.parametrize('body', BAD, ids=lambda body: repr(body[:40]))
def test_a_bad_body_is_400_and_nothing_changes(client, image, body):
    client.post(url(image), body, headers=ALICE, status=400)
    assert members(client, image) == []
    member = client.share(image, 'other').json
    client.put(url(image, 'other'), body, headers=BOB, status=400)
    assert client.get(url(image, 'other'), headers=BOB).json == member


def test_more_members_than_the_quota_are_413(serve):
    client = serve(image_member_quota='1')
    image = client.create()
    client.share(image, 'other')
    client.share(image, 'third', status=413)
    assert members(client, image) == ['other']


def test_methods_that_are_not_there_are_405(client, image):
    assert client.put(url(image), headers=ALICE, status=405).headers['Allow'] == 'GET, POST'
    assert client.post(url(image, 'other'), headers=ALICE, status=405).headers['Allow'] == 'GET, PUT, DELETE'
