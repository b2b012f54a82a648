"""Which actions the operator allows: which rule each one asks, and with which target."""

import contextlib
import io
import json
import os

import pytest

from cloud import glance
from cloud.glance import domain
from cloud.glance.api import policy
from cloud.glance.common import exception
from cloud.glance.context import RequestContext
from tests.cloud.glance.conftest import ADMIN, ALICE, BOB

LOCATION = {'url': 'memory://a', 'metadata': {}}


def enforcer_of(tmp_path, content):
    path = tmp_path / 'policy.json'
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return policy.Enforcer(str(path))


# The enforcer


def test_enforce_raises_forbidden_where_check_says_no(tmp_path):
    enforcer = enforcer_of(tmp_path, {'a': 'role:admin', 'default': ''})
    assert enforcer.check(ADMIN, 'a', {})
    assert not enforcer.check(ALICE, 'a', {})
    enforcer.enforce(ADMIN, 'a', {})
    enforcer.enforce(ALICE, 'what has no rule', {})
    with pytest.raises(exception.Forbidden, match='allow you to a'):
        enforcer.enforce(ALICE, 'a', {})


def test_admins_are_bound_by_the_rules_too(tmp_path):
    with pytest.raises(exception.Forbidden):
        enforcer_of(tmp_path, {'a': '!'}).enforce(ADMIN, 'a', {})


def test_without_a_default_rule_what_has_no_rule_is_refused(tmp_path):
    assert not enforcer_of(tmp_path, {}).check(ADMIN, 'a', {})


@pytest.mark.parametrize(
    'content', ['', '{', '[]', '"text"', '{"a": 7}', '{"a": "nonsense"}', '{"a": "rule:b"}', '\x00']
)
def test_a_broken_file_is_one_clear_line_at_start(tmp_path, content):
    with pytest.raises(ValueError, match='^policy_file = .*policy.json: ') as caught:
        enforcer_of(tmp_path, content)
    assert '\n' not in str(caught.value)


def test_a_missing_file_is_one_clear_line_at_start(tmp_path):
    with pytest.raises(ValueError, match='policy_file = .* cannot be read: No such file'):
        policy.Enforcer(tmp_path / 'none.json')


def test_a_file_that_is_not_utf_8_is_one_clear_line_at_start(tmp_path):
    (tmp_path / 'policy.json').write_bytes(b'{"a": "\xff"}')
    with pytest.raises(ValueError, match='policy_file = '):
        policy.Enforcer(tmp_path / 'policy.json')


def test_context_is_admin_is_asked_only_if_it_is_there(tmp_path):
    boss = RequestContext(roles=['boss'])
    assert enforcer_of(tmp_path, {'context_is_admin': 'role:boss', 'default': ''}).check_is_admin(boss)
    assert not enforcer_of(tmp_path, {'default': ''}).check_is_admin(boss)


def test_as_shipped_all_is_open_but_publishing_the_cache_and_changing_definitions():
    enforcer = policy.Enforcer(os.path.join(os.path.dirname(glance.__file__), 'policy.json'))
    closed = {'context_is_admin', 'publicize_image', 'manage_image_cache', 'glance_creator'}
    closed |= {'stores_info_detail', 'metadef_admin'}
    for action in enforcer.rules.texts:
        changes_definitions = 'metadef' in action and action.startswith(('add', 'modify', 'delete', 'remove'))
        assert enforcer.check(ALICE, action, {}) is not (action in closed or changes_definitions)
        assert enforcer.check(ADMIN, action, {})


def test_every_decision_is_in_the_log_with_its_rule(tmp_path, caplog):
    enforcer = enforcer_of(tmp_path, {'a': 'role:admin', 'default': ''})
    with caplog.at_level('DEBUG'):
        enforcer.check(ALICE, 'a', {})
        enforcer.check(ALICE, 'b', {})
    assert caplog.messages == [
        'policy: a? no, by the rule a = "role:admin"',
        'policy: b? yes, by the rule default = ""',
    ]


# Which rule each action asks


def upload(onion, image):
    if image.status == 'queued':
        image.status = 'saving'
    image.set_data(io.BytesIO(b'x'))


def download(onion, image):
    image.get_data()


def publish(onion, image):
    image.visibility = 'public'


ACTIONS = {
    'get_image': lambda onion, image: onion.repo().get(image.image_id),
    'get_images': lambda onion, image: onion.repo().list(),
    'add_image': lambda onion, image: onion.create(),
    'modify_image': lambda onion, image: onion.repo().save(image),
    'delete_image': lambda onion, image: image.delete(),
    'publicize_image': publish,
    'download_image': download,
    'upload_image': upload,
    'get_members': lambda onion, image: image.get_member_repo().list(),
    'get_member': lambda onion, image: image.get_member_repo().get('beta'),
    'add_member': lambda onion, image: image.get_member_repo().add(domain.ImageMembership(image.image_id, 'beta')),
    'modify_member': lambda onion, image: image.get_member_repo().save(domain.ImageMembership(image.image_id, 'alpha')),
    'delete_member': lambda onion, image: image.get_member_repo().remove(
        domain.ImageMembership(image.image_id, 'beta')
    ),
}


@pytest.mark.parametrize('action', ACTIONS)
def test_each_action_asks_its_own_rule_and_no_other(make_onion, action):
    onion = make_onion()
    image = onion.get(onion.create().image_id)
    onion.policy.rules = policy.Rules({'default': '', action: '!'})
    with pytest.raises(exception.Forbidden, match=f'allow you to {action}'):
        ACTIONS[action](onion, image)
    onion.policy.rules = policy.Rules({'default': '!', action: ''})
    with contextlib.suppress(exception.NotFound):  # no data, no such member: past the policy
        ACTIONS[action](onion, image)


def test_an_image_cannot_be_created_public_by_whom_publicize_image_refuses(make_onion):
    onion = make_onion(policy={'publicize_image': 'role:admin'})
    with pytest.raises(exception.Forbidden):
        onion.create(visibility='public')
    assert onion.create(ADMIN, visibility='public').visibility == 'public'
    onion.create(visibility='private')


def test_an_upload_needs_get_image_modify_image_and_upload_image(make_onion):
    for action in ('get_image', 'modify_image', 'upload_image'):
        onion = make_onion()
        image_id = onion.create().image_id
        onion.policy.rules = policy.Rules({'default': '', action: '!'})
        with pytest.raises(exception.Forbidden, match=action):
            onion.upload(image_id)


def test_who_may_not_get_images_does_not_learn_which_exist(make_onion):
    onion = make_onion(policy={'get_image': '!'})
    with pytest.raises(exception.Forbidden):
        onion.repo().get('no such image')


def test_a_delete_that_is_refused_leaves_the_data(make_onion):
    onion = make_onion(policy={'delete_image': '!'})
    image = onion.upload(onion.create().image_id)
    with pytest.raises(exception.Forbidden):
        image.delete()
    assert onion.store.images
    assert image.status == 'active'


def test_rules_may_test_the_images_fields_and_properties(make_onion):
    onion = make_onion(policy={'download_image': "tenant:%(owner)s or 'yes':%(open)s"})
    closed = onion.create(visibility='public').image_id
    opened = onion.create(visibility='public', extra_properties={'open': 'yes'}).image_id
    for image_id in (closed, opened):
        onion.upload(image_id)
        onion.get(image_id).get_data().close()
    onion.get(opened, BOB).get_data().close()
    with pytest.raises(exception.Forbidden):
        onion.get(closed, BOB).get_data()


@pytest.mark.parametrize(
    ('rule', 'change'),
    [
        ("not 'yes':%(frozen)s", lambda image: image.extra_properties.pop('frozen')),
        ("not 'yes':%(frozen)s", lambda image: image.extra_properties.update(frozen='no')),
        ("'private':%(visibility)s", lambda image: setattr(image, 'visibility', 'private')),
        ("'other':%(name)s", lambda image: setattr(image, 'name', 'other')),
    ],
)
def test_a_change_does_not_get_past_the_rule_that_is_asked_about_it(make_onion, rule, change):
    onion = make_onion(policy={'modify_image': rule, 'set_image_location': rule})
    image_id = onion.create(name='x', visibility='public', extra_properties={'frozen': 'yes'}).image_id
    image = onion.get(image_id)
    change(image)
    with pytest.raises(exception.Forbidden):
        onion.repo().save(image)
    with pytest.raises(exception.Forbidden):
        image.locations = [LOCATION]
    target = policy.ImageTarget(onion.get(image_id))
    assert (target['frozen'], target['visibility'], target['name'], target['id']) == ('yes', 'public', 'x', image_id)
    assert len(target) == len(list(target))


def test_a_target_shows_fields_and_properties_but_nothing_of_how_images_work():
    image = domain.ImageFactory().new_image(image_id='an-id', name='x', extra_properties={'k': 'v', 'name': 'no'})
    target = policy.ImageTarget(image)
    assert (target['id'], target['image_id'], target['name'], target['k']) == ('an-id', 'an-id', 'x', 'v')
    assert 'visibility' in set(target)
    assert len(target) == len(list(target))
    for name in ('delete', 'base', 'context', 'nothing'):
        assert name not in target


# Locations

ACTION_OF = {
    'get_image_location': {
        'index': lambda places: places[0],
        'slice': lambda places: places[:],
        'len': len,
        'bool': bool,
        'iterate': list,
        'reversed': lambda places: list(reversed(places)),
        'in': lambda places: LOCATION in places,
        'equal': lambda places: places == [],
        'repr': repr,
        'count': lambda places: places.count(LOCATION),
        'find': lambda places: places.index(places.image.locations[0]),
    },
    'set_image_location': {
        'append': lambda places: places.append(dict(LOCATION, metadata={'n': '2'})),
        'extend': lambda places: places.extend([dict(LOCATION, metadata={'n': '3'})]),
        'insert': lambda places: places.insert(0, dict(LOCATION, metadata={'n': '4'})),
        'iadd': lambda places: places.__iadd__([dict(LOCATION, metadata={'n': '5'})]),
        'reverse': lambda places: places.reverse(),
    },
    'delete_image_location': {
        'pop': lambda places: places.pop(),
        'remove': lambda places: places.remove(places.image.locations[0]),
        'del': lambda places: places.__delitem__(0),
        'clear': lambda places: places.clear(),
    },
}
OPERATIONS = [(action, name) for action, operations in ACTION_OF.items() for name in operations]


@pytest.fixture
def located(onion):
    """An image with one location."""
    onion.store.images['a'] = b'x'
    repo, image = onion.repo(), onion.create()
    image.locations = [LOCATION]
    image.status = 'active'
    repo.save(image)
    return repo.get(image.image_id)


@pytest.mark.parametrize(('action', 'name'), OPERATIONS)
def test_each_list_operation_on_locations_asks_its_own_rule_and_no_other(onion, located, action, name):
    operation = ACTION_OF[action][name]
    onion.policy.rules = policy.Rules({'default': '', action: '!'})
    with pytest.raises(exception.Forbidden, match=action):
        operation(located.locations)
    onion.policy.rules = policy.Rules({'default': '!', action: ''})
    operation(located.locations)


def test_replacing_one_location_asks_to_set_and_to_delete(onion, located):
    for action in ('set_image_location', 'delete_image_location'):
        onion.policy.rules = policy.Rules({'default': '', action: '!'})
        with pytest.raises(exception.Forbidden, match=action):
            located.locations[0] = LOCATION


def test_assigning_a_list_asks_to_set_what_comes_and_to_delete_what_goes(onion, located):
    new = onion.create()
    onion.policy.rules = policy.Rules({'default': '', 'set_image_location': '!'})
    with pytest.raises(exception.Forbidden):
        new.locations = [LOCATION]
    located.locations = []
    onion.policy.rules = policy.Rules({'default': '', 'delete_image_location': '!'})
    new.locations = [LOCATION]
    with pytest.raises(exception.Forbidden):
        new.locations = []


def test_adding_in_place_asks_to_set_and_nothing_more(onion, located):
    onion.policy.rules = policy.Rules({'default': '!', 'set_image_location': ''})
    located.locations += [dict(LOCATION, metadata={'n': '2'})]
    onion.policy.rules = policy.Rules({'default': ''})
    assert len(located.locations) == 2


def test_an_upload_does_not_need_the_right_to_set_locations(make_onion):
    onion = make_onion(policy={f'{verb}_image_location': '!' for verb in ('get', 'set', 'delete')})
    image = onion.upload(onion.create().image_id)
    image.get_data().close()
    image.delete()
    onion.repo().remove(image)
