"""POST /v2/images/{image_id}/actions/..."""

import pytest

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB, path_of


def act(client, image, action, headers=ALICE, status=204):
    return client.post(f'{path_of(image)}/actions/{action}', headers=headers, status=status)


@pytest.fixture
def image(client):
    made = client.active(b'data', name='cirros', visibility='shared')
    client.share(made, 'other')
    return made


def test_a_deactivated_image_gives_its_data_to_admins_alone(client, image):
    assert act(client, image, 'deactivate').body == b''
    assert client.show(image)['status'] == client.show(image, BOB)['status'] == 'deactivated'
    assert 'is deactivated' in client.download(image, status=403).text
    client.download(image, BOB, status=403)
    assert client.download(image, ADMIN).body == b'data'


def test_a_reactivated_image_is_as_before(client, image):
    act(client, image, 'deactivate')
    act(client, image, 'reactivate')
    shown = client.show(image)
    assert {**shown, 'updated_at': image['updated_at']} == image
    assert client.download(image, BOB).body == b'data'


@pytest.mark.parametrize('actions', [['deactivate', 'deactivate'], ['reactivate'], ['deactivate', *['reactivate'] * 2]])
def test_an_action_may_be_repeated(client, image, actions):
    for action in actions:
        act(client, image, action)
    assert client.show(image)['status'] == ('deactivated' if actions[-1] == 'deactivate' else 'active')


@pytest.mark.parametrize('action', ['deactivate', 'reactivate'])
def test_an_image_without_data_is_403(client, action):
    image = client.create()
    assert 'is queued' in act(client, image, action, status=403).text
    assert client.show(image) == image


@pytest.mark.parametrize('action', ['deactivate', 'reactivate'])
def test_only_who_may_change_an_image_may_do_it(client, image, action):
    act(client, image, action, headers=BOB, status=403)
    act(client, image, action, headers={}, status=401)
    private = client.active()
    act(client, private, action, headers=BOB, status=404)


def test_a_deactivated_image_can_be_renamed_and_deleted_but_gets_no_other_data(client, image):
    act(client, image, 'deactivate')
    client.patch_image(image, [{'op': 'replace', 'path': '/name', 'value': 'suspect'}])
    client.upload(image, status=409)
    client.delete(path_of(image), headers=ALICE)
    client.show(image, status=404)


def test_the_policy_says_who_else_may_not(serve, tmp_path):
    policy = tmp_path / 'policy.json'
    policy.write_text('{"default": "", "deactivate": "role:admin", "context_is_admin": "role:admin"}')
    client = serve(policy_file=str(policy))
    image = client.active()
    act(client, image, 'deactivate', status=403)
    act(client, image, 'deactivate', headers=ADMIN)


def test_an_unknown_action_is_404_and_another_method_405(client, image):
    act(client, image, 'activate', status=404)
    assert client.get(f'{path_of(image)}/actions/deactivate', headers=ALICE, status=405).headers['Allow'] == 'POST'
