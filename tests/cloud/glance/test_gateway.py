"""The order of the onion: which layer refuses first, and that both chains have the same skins."""

import io
import logging

import pytest

from cloud.glance import location, notifier, quota
from cloud.glance.api import authorization, policy, property_protections
from cloud.glance.common import exception
from tests.cloud.glance.conftest import ADMIN, ALICE, BOB

PROTECTIONS = '[^secret]\ncreate = admin\nread = admin\nupdate = admin\ndelete = admin\n[.*]\n' + ''.join(
    f'{operation} = @\n' for operation in ('create', 'read', 'update', 'delete')
)
LAYERS = [authorization, property_protections, notifier, policy, quota, location]
WITHOUT_SKIN = []  # those of LAYERS that only look at what the repo is asked for: in the repo's chain alone
SKINS = [layer for layer in LAYERS if layer not in WITHOUT_SKIN]


def layers(outermost):
    """The modules of an onion's skins, from the outside in."""
    found = []
    while hasattr(outermost, 'base'):
        found.append(type(outermost).__module__)
        outermost = outermost.base
    return found


@pytest.mark.parametrize('protections', [None, PROTECTIONS])
def test_both_chains_have_the_same_layers_in_the_same_order(make_onion, protections):
    onion = make_onion(protections=protections)
    expected = {layer: layer.__name__ for layer in LAYERS if protections or layer is not property_protections}
    skins = [name for layer, name in expected.items() if layer in SKINS]
    assert layers(onion.gateway.get_image_factory(ALICE)) == skins
    assert layers(onion.gateway.get_repo(ALICE)) == list(expected.values())


def test_images_of_both_chains_wear_one_skin_per_layer(make_onion):
    onion = make_onion(protections=PROTECTIONS)
    made = onion.create()
    expected = [layer.__name__ for layer in SKINS]
    assert layers(made) == layers(onion.get(made.image_id)) == layers(onion.repo().list()[0]) == expected


def test_an_image_made_by_the_factory_can_be_saved_and_removed_by_the_repo(make_onion):
    onion = make_onion(protections=PROTECTIONS)
    image = onion.create(name='old')
    image.name = 'new'
    onion.repo().save(image)
    assert onion.get(image.image_id).name == 'new'
    image.delete()
    onion.repo().remove(image)
    assert onion.repo().list() == []


def test_the_member_chain_is_quota_policy_authorization_from_the_inside(onion):
    expected = [layer.__name__ for layer in (authorization, policy, quota)]
    assert layers(onion.gateway.get_image_member_factory(ALICE)) == expected


def test_the_member_repo_is_guarded_by_authorization_then_policy_then_location(onion):
    repo = onion.create().get_member_repo()
    assert layers(repo) == [layer.__name__ for layer in (authorization, policy, location)]


def test_a_factory_refuses_from_the_outside_in(make_onion):
    """All layers object to these fields; put right one after the other, the next one inwards speaks up."""
    onion = make_onion(policy={'publicize_image': 'role:admin'}, protections=PROTECTIONS, image_tag_quota=1)
    fields = {
        'owner': 'beta',
        'extra_properties': {'secret': 'x'},
        'visibility': 'public',
        'tags': ['a', 'b'],
        'size': 7,
        'min_disk': -1,
    }
    amendments = [
        (authorization, exception.Forbidden, 'create images for beta', 'owner', 'alpha'),
        (property_protections, exception.ReservedProperty, 'secret is protected', 'extra_properties', {}),
        (policy, exception.Forbidden, 'publicize_image', 'visibility', 'private'),
        (quota, exception.ImageTagLimitExceeded, '2 tags', 'tags', ['a']),
        ('domain', exception.ReadonlyProperty, 'size', 'size', None),
        ('domain', exception.InvalidParameterValue, 'min_disk', 'min_disk', 1),
    ]
    for _layer, error, words, name, better in amendments:
        with pytest.raises(error, match=words):
            onion.gateway.get_image_factory(ALICE).new_image(**fields)
        fields[name] = better
        if better is None:
            del fields[name]
    assert onion.gateway.get_image_factory(ALICE).new_image(**fields).min_disk == 1


def test_authorization_refuses_to_change_an_image_before_property_protection_and_policy_are_asked(make_onion):
    onion = make_onion(policy={'upload_image': '!', 'delete_image': '!'}, protections=PROTECTIONS)
    image_id = onion.create(ADMIN, visibility='public', extra_properties={'secret': 'x'}).image_id
    image = onion.get(image_id, BOB)
    for change in (
        lambda: image.extra_properties.update(secret='y'),
        lambda: image.set_data(io.BytesIO(b'x')),
        lambda: image.delete(),
    ):
        with pytest.raises(exception.Forbidden, match='belongs to someone else'):
            change()
    assert 'image.prepare' not in onion.events


def test_property_protection_refuses_before_quota_counts(make_onion):
    onion = make_onion(protections=PROTECTIONS, image_property_quota=0)
    with pytest.raises(exception.ReservedProperty):
        onion.create(extra_properties={'secret': 'x'})
    with pytest.raises(exception.ImagePropertyLimitExceeded):
        onion.create(extra_properties={'open': 'x'})


def test_policy_refuses_to_add_before_quota_counts_and_nobody_is_notified(make_onion):
    onion = make_onion(policy={'add_image': '!'}, image_property_quota=0)
    with pytest.raises(exception.Forbidden, match='add_image'):
        onion.create(extra_properties={'a': 'b'})
    assert onion.events == []


def test_the_notifier_has_said_image_prepare_when_policy_refuses_the_upload(make_onion):
    onion = make_onion(policy={'upload_image': '!'})
    _repo, image = onion.start_upload(onion.create().image_id)
    with pytest.raises(exception.Forbidden, match='upload_image'):
        image.set_data(io.BytesIO(b'x'))
    assert onion.events == ['image.create', 'image.update', 'image.prepare', 'image.upload']
    assert onion.notifier.sent[-1]['priority'] == 'ERROR'
    assert onion.store.images == {}


def test_policy_refuses_an_upload_before_the_storage_quota_does(make_onion):
    onion = make_onion(policy={'upload_image': '!'}, user_storage_quota='1B')
    _repo, image = onion.start_upload(onion.create().image_id)
    with pytest.raises(exception.Forbidden):
        image.set_data(io.BytesIO(b'too much'), 8)


def test_quota_refuses_an_upload_before_location_stores_a_byte(make_onion):
    onion = make_onion(user_storage_quota='4B')
    _repo, image = onion.start_upload(onion.create().image_id)
    data = io.BytesIO(b'too much')
    with pytest.raises(exception.StorageQuotaFull):
        image.set_data(data, 8)
    assert data.tell() == 0


def test_quota_counts_locations_before_location_asks_the_store(make_onion):
    onion = make_onion(image_location_quota=0)
    with pytest.raises(exception.ImageLocationLimitExceeded):
        onion.create().locations.append({'url': 'nonsense://', 'metadata': {}})


def test_with_debug_each_layer_says_in_its_turn_that_a_request_came_by(make_onion, caplog):
    onion = make_onion(protections=PROTECTIONS)
    image_id = onion.create().image_id
    with caplog.at_level(logging.DEBUG, logger='cloud.glance'):
        caplog.clear()
        onion.get(image_id)
    inwards = [line for line in caplog.messages if line.endswith(f': get {image_id}')]
    names = [layer.__name__.rpartition('.')[2] for layer in LAYERS]
    assert inwards == [f'{name}: get {image_id}' for name in names]
    assert f'authorization: image {image_id} may be changed by this caller' in caplog.messages
    assert any(line.startswith('policy: get_image? yes') for line in caplog.messages)
