"""Properties that not everybody may see or change."""

import pytest

from cloud.glance.common import exception
from tests.cloud.glance.conftest import ADMIN, ALICE, BOB

RULES = """
[^hidden]
create = admin
read = admin
update = admin
delete = admin
[^fixed]
create = @
read = @
update = !
delete = !
[^dropbox]
create = @
read = admin
update = admin
delete = admin
[^open]
create = @
read = @
update = @
delete = @
"""
ALL = {'hidden': '1', 'fixed': '2', 'dropbox': '3', 'open': '4'}


@pytest.fixture
def onion(make_onion):
    return make_onion(protections=RULES)


@pytest.fixture
def image(onion):
    """Alice's image with all four properties, as she sees it."""
    created = onion.create(ADMIN, owner='alpha', extra_properties=ALL)
    return onion.get(created.image_id, ALICE)


def stored(onion, image):
    """All properties that the database holds."""
    row = onion.db_api.image_get(ADMIN, image.image_id)
    return {each['name']: each['value'] for each in row['properties'] if not each['deleted']}


def test_creating_asks_for_the_right_to_create(onion):
    assert onion.create(extra_properties={'open': 'x', 'fixed': 'y'}).extra_properties == {'open': 'x', 'fixed': 'y'}
    for name in ('hidden', 'matched by nothing'):
        with pytest.raises(exception.ReservedProperty, match='may not create'):
            onion.create(extra_properties={name: 'x'})
    assert issubclass(exception.ReservedProperty, exception.Forbidden)


def test_no_match_means_no_for_admins_too(onion):
    with pytest.raises(exception.ReservedProperty):
        onion.create(ADMIN, extra_properties={'matched by nothing': 'x'})


def test_what_one_may_not_read_is_not_there(onion, image):
    assert image.extra_properties == {'fixed': '2', 'open': '4'}
    assert list(image.extra_properties) == ['fixed', 'open']
    assert len(image.extra_properties) == 2
    assert dict(image.extra_properties) == dict(**image.extra_properties)
    assert repr(image.extra_properties) == "{'fixed': '2', 'open': '4'}"
    assert 'hidden' not in image.extra_properties
    assert image.extra_properties.get('hidden') is None
    with pytest.raises(KeyError):
        image.extra_properties['hidden']
    [listed] = onion.repo().list()
    assert listed.extra_properties == {'fixed': '2', 'open': '4'}
    created = onion.create(extra_properties={'dropbox': 'x', 'open': 'y'})
    assert created.extra_properties == {'open': 'y'}
    assert stored(onion, created) == {'dropbox': 'x', 'open': 'y'}


def test_an_admin_with_the_roles_sees_all(onion, image):
    assert onion.get(image.image_id, ADMIN).extra_properties == ALL


def test_hidden_properties_survive_a_save_by_someone_who_cannot_see_them(onion, image):
    image.name = 'renamed'
    image.extra_properties['open'] = 'changed'
    onion.repo().save(image)
    assert stored(onion, image) == {**ALL, 'open': 'changed'}


@pytest.mark.parametrize('properties', [{}, {'fixed': '2'}, {'fixed': '2', 'open': 'new'}])
def test_hidden_properties_survive_even_if_all_are_replaced(onion, image, properties):
    if 'fixed' in properties:
        image.extra_properties = properties
        onion.repo().save(image)
        assert stored(onion, image) == {'hidden': '1', 'dropbox': '3', **properties}
    else:
        with pytest.raises(exception.ReservedProperty, match='delete'):
            image.extra_properties = properties
        assert stored(onion, image) == ALL
        assert image.extra_properties == {'fixed': '2', 'open': '4'}


def test_a_refused_replacement_changes_nothing(image):
    with pytest.raises(exception.ReservedProperty):
        image.extra_properties = {'fixed': '2', 'open': 'changed', 'hidden': 'x'}
    assert image.extra_properties == {'fixed': '2', 'open': '4'}


def test_hidden_properties_survive_clear_and_popitem(onion, image):
    del image.base.base.extra_properties['fixed']
    image.extra_properties.clear()
    onion.repo().save(image)
    assert stored(onion, image) == {'hidden': '1', 'dropbox': '3'}
    with pytest.raises(KeyError):
        image.extra_properties.popitem()


@pytest.mark.parametrize(
    'change',
    [
        lambda p: p.__setitem__('fixed', 'x'),
        lambda p: p.update(fixed='x'),
        lambda p: p.__ior__({'fixed': 'x'}),
    ],
)
def test_updating_asks_for_the_right_to_update(image, change):
    with pytest.raises(exception.ReservedProperty, match='may not update'):
        change(image.extra_properties)
    assert image.extra_properties['fixed'] == '2'


@pytest.mark.parametrize('change', [lambda p: p.__delitem__('fixed'), lambda p: p.pop('fixed'), lambda p: p.clear()])
def test_deleting_asks_for_the_right_to_delete(image, change):
    with pytest.raises(exception.ReservedProperty, match='may not delete'):
        change(image.extra_properties)
    assert image.extra_properties['fixed'] == '2'


def test_removing_what_is_hidden_finds_nothing(onion, image):
    with pytest.raises(KeyError):
        del image.extra_properties['hidden']
    assert image.extra_properties.pop('hidden', None) is None
    assert stored(onion, image) == ALL


def test_creating_over_what_is_hidden_asks_for_the_right_to_create(onion, image):
    for change in (lambda p: p.__setitem__('hidden', 'x'), lambda p: p.setdefault('hidden', 'x')):
        with pytest.raises(exception.ReservedProperty, match='may not create'):
            change(image.extra_properties)
    image.extra_properties['dropbox'] = 'mine'
    onion.repo().save(image)
    assert stored(onion, image) == {**ALL, 'dropbox': 'mine'}


def test_in_place_changes_are_checked_once_and_kept(onion, image):
    image.extra_properties |= {'open': 'x', 'open2': 'y'}
    onion.repo().save(image)
    assert stored(onion, image) == {**ALL, 'open': 'x', 'open2': 'y'}


def test_who_may_not_change_the_image_sees_only_what_its_rules_let_them(onion):
    public = onion.create(ADMIN, visibility='public', extra_properties=ALL)
    seen = onion.get(public.image_id, BOB)
    assert seen.extra_properties == {'fixed': '2', 'open': '4'}
    with pytest.raises(exception.Forbidden):
        seen.extra_properties['open'] = 'x'


def test_every_refusal_says_so_in_the_log(image, caplog):
    with caplog.at_level('DEBUG'), pytest.raises(exception.ReservedProperty):
        image.extra_properties['fixed'] = 'x'
    assert 'property protection refuses: update fixed' in caplog.messages


def test_a_filter_by_what_the_caller_may_not_read_matches_nothing(onion, image):
    def count(context, **filters):
        return len(onion.repo(context).list(filters=filters))

    assert count(ADMIN, hidden='1') == count(ALICE, open='4') == 1
    assert count(ALICE, hidden='1') == count(ALICE, open='4', dropbox='3') == count(ALICE, none='') == 0
    assert count(ALICE, status='queued', size_min='0', visibility='private', tags=[]) == 0
    assert count(ALICE, status='queued', min_ram_min='0', visibility='private', tags=[]) == 1
    assert len(onion.repo().list()) == 1
    with pytest.raises(exception.InvalidParameterValue):
        count(ALICE, hidden='1', min_ram='x')
