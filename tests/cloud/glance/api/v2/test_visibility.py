"""Who sees what: public, community, shared and private images; and the options of which today's have other values."""

import pytest

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB

OTHERS = ('community', 'shared')


def names(client, query='', headers=ALICE):
    return sorted(image['name'] for image in client.list(query, headers)['images'])


@pytest.fixture
def images(client):
    """Alice's, one of each visibility, named by it."""
    made = {name: client.create(name=name, visibility=name) for name in ('private', *OTHERS)}
    return {**made, 'public': client.create(ADMIN, name='public', visibility='public', owner='demo')}


def test_an_image_keeps_the_visibility_that_it_is_given(client, images):
    for name, image in images.items():
        assert client.show(image)['visibility'] == name
    for name in (*OTHERS, 'private'):
        changed = client.patch_image(images['private'], [{'op': 'replace', 'path': '/visibility', 'value': name}]).json
        assert changed['visibility'] == client.show(images['private'])['visibility'] == name
    client.create(visibility='hidden', status=400)


def test_the_owner_lists_all_of_them_and_each_by_its_name(client, images):
    assert names(client) == names(client, '?visibility=all') == ['community', 'private', 'public', 'shared']
    for name in images:
        assert names(client, f'?visibility={name}') == [name]


def test_others_list_what_is_public_and_community_images_when_asked_for_them(client, images):
    assert names(client, headers=BOB) == names(client, '?visibility=public', BOB) == ['public']
    assert names(client, '?visibility=community', BOB) == ['community']
    assert names(client, '?visibility=all', BOB) == ['community', 'public']
    assert names(client, '?visibility=shared', BOB) == names(client, '?visibility=private', BOB) == []


def test_an_admin_lists_all_but_the_community_images_of_others_unless_asked(client, images):
    assert names(client, headers=ADMIN) == ['private', 'public', 'shared']
    assert names(client, '?visibility=community', ADMIN) == ['community']
    assert names(client, '?visibility=all', ADMIN) == ['community', 'private', 'public', 'shared']


def test_whoever_knows_the_id_uses_a_community_image_and_may_not_change_it(client, images):
    image = client.active(b'data', name='given away', visibility='community')
    assert client.download(image, BOB).body == b'data'
    client.patch_image(image, [{'op': 'replace', 'path': '/name', 'value': 'x'}], headers=BOB, status=403)
    for name in ('private', 'shared'):
        client.show(images[name], BOB, status=404)


@pytest.mark.parametrize('name', ['shared', 'private'])
def test_private_images_have_members_as_in_2014_2_and_shared_ones_too(client, images, name):
    image = images[name]
    client.share(image, 'other')
    assert client.show(image, BOB)['name'] == name
    assert names(client, '?visibility=shared&member_status=pending', BOB) == [name]
    client.put_json(f'/v2/images/{image["id"]}/members/other', {'status': 'accepted'}, headers=BOB)
    assert names(client, headers=BOB) == sorted(['public', name])


def test_images_for_everybody_have_no_members(client, images):
    for name in ('public', 'community'):
        answer = client.share(images[name], 'other', headers=ADMIN, status=403)
        assert f'{name.capitalize()} images do not have members' in answer.text


def test_to_give_an_image_to_the_community_is_a_rule_of_its_own(serve, tmp_path):
    policy = tmp_path / 'policy.json'
    policy.write_text('{"default": "", "communitize_image": "role:admin", "context_is_admin": "role:admin"}')
    client = serve(policy_file=str(policy))
    client.create(visibility='community', status=403)
    image = client.create()
    client.patch_image(image, [{'op': 'replace', 'path': '/visibility', 'value': 'community'}], status=403)
    client.create(ADMIN, visibility='community')


class TestTodaysWays:
    """The options that stand in the ini with 2014.2's values."""

    @pytest.fixture
    def client(self, serve):
        return serve(default_visibility='shared', members_only_on_shared='True', show_unset_properties='True')

    def test_an_image_is_shared_unless_it_says_otherwise(self, client):
        assert client.create()['visibility'] == 'shared'
        assert client.create(visibility='private')['visibility'] == 'private'

    def test_only_shared_images_have_members(self, client):
        client.share(client.create(visibility='private'), 'other', status=403)
        image = client.create()
        client.share(image, 'other')
        assert client.show(image, BOB)['id'] == image['id']

    def test_who_was_a_member_sees_an_image_no_more_when_it_becomes_private(self, client):
        image = client.create()
        client.share(image, 'other')
        client.put_json(f'/v2/images/{image["id"]}/members/other', {'status': 'accepted'}, headers=BOB)
        client.patch_image(image, [{'op': 'replace', 'path': '/visibility', 'value': 'private'}])
        client.show(image, BOB, status=404)
        assert client.list(headers=BOB)['images'] == client.list('?visibility=shared', BOB)['images'] == []

    def test_a_queued_image_shows_null_for_what_it_has_not(self, client):
        image = client.create()
        nulls = ['checksum', 'container_format', 'disk_format', 'name', 'os_hash_algo', 'os_hash_value', 'size',
                 'virtual_size']  # fmt: skip
        assert sorted(name for name in image if image[name] is None) == nulls
        assert image['os_hidden'] is False
        assert client.list()['images'] == [image]
