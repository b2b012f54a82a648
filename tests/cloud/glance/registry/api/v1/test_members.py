"""Members: who shares what with whom."""

import pytest

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB


@pytest.fixture
def image(client):
    return client.create()


def replace(client, image, *memberships, headers=ALICE, status=204):
    path = f'/images/{image["id"]}/members'
    return client.put_json(path, {'memberships': list(memberships)}, headers=headers, status=status)


def shared(client, member, headers):
    return client.get(f'/shared-images/{member}', headers=headers).json['shared_images']


class TestListing:
    def test_an_image_has_members_that_can_share_or_not(self, client, image):
        assert client.get(f'/images/{image["id"]}/members', headers=ALICE).json == {'members': []}
        client.share(image, 'other', can_share=True)
        client.share(image, 'third')
        assert client.get(f'/images/{image["id"]}/members', headers=ALICE).json == {
            'members': [{'member_id': 'other', 'can_share': True}, {'member_id': 'third', 'can_share': False}]
        }

    def test_a_member_sees_only_itself_and_a_stranger_nothing(self, client, image):
        client.share(image, 'third')
        client.get(f'/images/{image["id"]}/members', headers=BOB, status=404)
        client.share(image, 'other')
        assert client.members(image, BOB) == {'other': False}
        assert client.members(image, ADMIN) == {'third': False, 'other': False}

    def test_what_is_shared_with_a_tenant_itself_the_sharer_and_admins_see(self, client, image):
        client.share(image, can_share=True)
        foreign = client.create(ADMIN)
        client.share(foreign, headers=ADMIN)
        mine, theirs = {'image_id': image['id'], 'can_share': True}, {'image_id': foreign['id'], 'can_share': False}
        assert shared(client, 'other', BOB) == shared(client, 'other', ADMIN) == [mine, theirs]
        assert shared(client, 'other', ALICE) == [mine]
        assert shared(client, 'demo', ALICE) == []

    def test_a_deleted_image_is_shared_no_longer(self, client, image):
        client.share(image)
        client.remove(image)
        assert shared(client, 'other', BOB) == []
        client.get(f'/images/{image["id"]}/members', headers=ALICE, status=404)
        assert client.members(image, ADMIN) == {}
        client.share(image, headers=ADMIN, status=404)


class TestSharing:
    def test_a_new_member_cannot_share_unless_told(self, client, image):
        client.put(f'/images/{image["id"]}/members/other', headers=ALICE, status=204)
        assert client.members(image) == {'other': False}

    def test_a_member_that_is_there_stays_as_it_is_unless_told(self, client, image):
        client.share(image, can_share=True)
        client.put(f'/images/{image["id"]}/members/other', headers=ALICE, status=204)
        assert client.members(image) == {'other': True}
        client.share(image, can_share=False)
        assert client.members(image) == {'other': False}

    def test_a_member_is_removed_once(self, client, image):
        client.share(image)
        client.delete(f'/images/{image["id"]}/members/other', headers=ALICE, status=204)
        assert client.members(image) == {}
        client.delete(f'/images/{image["id"]}/members/other', headers=ALICE, status=404)

    def test_put_replaces_all(self, client, image):
        client.share(image, 'other', can_share=True)
        client.share(image, 'third')
        replace(client, image, {'member_id': 'other'}, {'member_id': 'new', 'can_share': True}, {'member_id': 'old'})
        assert client.members(image) == {'other': True, 'new': True, 'old': False}
        replace(client, image)
        assert client.members(image) == {}

    def test_a_member_can_be_any_text(self, client, image):
        replace(client, image, {'member_id': 'é 名'})
        assert client.members(image) == {'é 名': False}
        client.delete(f'/images/{image["id"]}/members/%C3%A9%20%E5%90%8D', headers=ALICE, status=204)


class TestWhoMay:
    @pytest.fixture(params=['add', 'replace', 'remove'])
    def attempt(self, request, client):
        def attempt(image, headers, status):
            path = f'/images/{image["id"]}/members'
            if request.param == 'add':
                client.put_json(f'{path}/third', {}, headers=headers, status=status)
            elif request.param == 'replace':
                replace(client, image, headers=headers, status=status)
            else:
                client.delete(f'{path}/other', headers=headers, status=status)

        return attempt

    def test_what_is_invisible_is_404(self, client, image, attempt):
        attempt(image, BOB, 404)

    def test_who_sees_the_image_and_may_not_share_it_is_403(self, client, image, attempt):
        client.share(image)
        attempt(image, BOB, 403)
        assert client.members(image) == {'other': False}
        attempt(client.create(is_public=True), BOB, 403)

    def test_an_admin_may(self, client, image, attempt):
        client.share(image)
        attempt(image, ADMIN, 204)

    def test_a_member_that_can_share_may(self, client, image, attempt):
        client.share(image, can_share=True)
        attempt(image, BOB, 204)

    def test_a_member_that_can_share_changes_no_other_membership(self, client, image):
        client.share(image, can_share=True)
        client.share(image, 'third')
        client.share(image, 'third', headers=BOB, can_share=True)
        client.delete(f'/images/{image["id"]}/members/third', headers=BOB, status=404)
        replace(client, image, headers=BOB)
        assert client.members(image) == {'third': False}


@pytest.mark.parametrize(
    'body',
    [b'x', b'[]', b'{"member": true}', b'{"member": {}}', b'{"member": {"can_share": "yes"}}', b'{"can_share": true}',
     b'{"memberships": {}}', b'{"memberships": [5]}', b'{"memberships": [{}]}', b'{"memberships": [{"member_id": 5}]}',
     b'{"memberships": [{"member_id": ""}]}', b'{"memberships": [{"member_id": " x"}]}',
     b'{"memberships": [{"member_id": "ok"}, {"member_id": "x", "can_share": 1}]}',
     b'{"memberships": [{"member_id": "%s"}]}' % (b'x' * 256)],
)  # fmt: skip
def test_a_body_of_another_shape_is_400_and_changes_nothing(client, image, body):
    client.share(image, 'third')
    for path in ('', '/other'):
        client.put(f'/images/{image["id"]}/members{path}', body, headers=ALICE, status=400)
    assert client.members(image) == {'third': False}


def test_a_members_id_that_is_too_long_or_has_space_around_it_is_400(client, image):
    for member in ('x' * 256, '%20x'):
        client.put(f'/images/{image["id"]}/members/{member}', headers=ALICE, status=400)
    client.put(f'/images/{image["id"]}/members/{"x" * 255}', headers=ALICE, status=204)
