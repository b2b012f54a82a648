"""Whose image it is: what others may not do, down to the last method."""

import io
import types

import pytest

from cloud.glance import domain
from cloud.glance.api import authorization
from cloud.glance.common import exception
from cloud.glance.context import RequestContext
from cloud.glance.domain import proxy
from tests.cloud.glance.conftest import ADMIN, ALICE, BOB

NOBODY = RequestContext()
GAMMA = RequestContext(user='carol', tenant='gamma', roles=['member'])


class FakeRepo:
    """One image, or one membership."""

    def __init__(self, item):
        self.item = item
        self.calls = []

    def get(self, item_id):
        return self.item

    def list(self):
        return [self.item]

    def add(self, item):
        self.calls.append('add')

    def save(self, item):
        self.calls.append('save')

    def remove(self, item):
        self.calls.append('remove')


def image_of(owner, **fields):
    fields = {'extra_properties': {'k': 'v'}, 'tags': ['t'], 'locations': [{'url': 'u', 'metadata': {}}], **fields}
    return domain.Image('an-id', 'active', owner=owner, **fields)


def seen_by(context, image):
    return authorization.ImageRepoProxy(FakeRepo(image), context).get('an-id')


@pytest.fixture
def core():
    return image_of('alpha')


@pytest.fixture
def immutable(core):
    return seen_by(BOB, core)


# Creating


@pytest.mark.parametrize('context', [ALICE, ADMIN])
def test_a_new_image_belongs_to_the_caller(context):
    image = authorization.ImageFactoryProxy(domain.ImageFactory(), context).new_image()
    assert image.owner == context.owner


@pytest.mark.parametrize(('context', 'owner'), [(ALICE, 'beta'), (ALICE, None), (NOBODY, None), (NOBODY, 'alpha')])
def test_nobody_but_an_admin_creates_images_for_others_or_for_nobody(context, owner):
    factory = authorization.ImageFactoryProxy(domain.ImageFactory(), context)
    with pytest.raises(exception.Forbidden):
        factory.new_image(owner=owner)


@pytest.mark.parametrize('owner', ['beta', None])
def test_an_admin_creates_images_for_anybody(owner):
    assert authorization.ImageFactoryProxy(domain.ImageFactory(), ADMIN).new_image(owner=owner).owner == owner


# Changing


@pytest.mark.parametrize(
    ('context', 'owner', 'mutable'),
    [
        (ALICE, 'alpha', True),
        (ADMIN, 'alpha', True),
        (ADMIN, None, True),
        (BOB, 'alpha', False),
        (ALICE, None, False),
        (NOBODY, None, False),
        (NOBODY, 'alpha', False),
    ],
)
def test_the_owner_and_admins_get_an_image_to_change_and_all_others_one_to_look_at(context, owner, mutable):
    repo = authorization.ImageRepoProxy(FakeRepo(image_of(owner)), context)
    for image in (repo.get('an-id'), *repo.list()):
        assert isinstance(image, authorization.ImmutableImageProxy) is not mutable


def test_the_owner_changes_everything(core):
    image = seen_by(ALICE, core)
    image.name = 'new'
    image.tags.add('b')
    image.extra_properties['a'] = 'b'
    image.locations.clear()
    assert (core.name, core.tags, core.extra_properties, core.locations) == (
        'new',
        {'t', 'b'},
        {'k': 'v', 'a': 'b'},
        [],
    )


def test_an_immutable_image_shows_everything(core, immutable):
    for name, value in vars(proxy.Image).items():
        if isinstance(value, property):
            assert getattr(immutable, name) == getattr(core, name)


@pytest.mark.parametrize('name', [n for n, v in vars(proxy.Image).items() if isinstance(v, property)] + ['anything'])
def test_no_attribute_of_an_immutable_image_can_be_set_or_deleted(immutable, name):
    with pytest.raises(exception.Forbidden, match='belongs to someone else'):
        setattr(immutable, name, getattr(immutable, name, None))
    with pytest.raises(exception.Forbidden):
        delattr(immutable, name)


def test_an_immutable_image_cannot_be_deleted_or_uploaded_to(core, immutable):
    with pytest.raises(exception.Forbidden):
        immutable.delete()
    with pytest.raises(exception.Forbidden):
        immutable.set_data(io.BytesIO(b'x'), 1)
    assert core.status == 'active'


def mutators(kind, frozen):
    """By which methods a builtin collection changes: those that its read-only sister does not have."""
    return set(dir(kind)) - set(dir(frozen)) - {'copy', 'fromkeys', '__reversed__'}


MUTATORS = [
    *(('tags', name) for name in mutators(set, frozenset)),
    *(('extra_properties', name) for name in {*mutators(dict, types.MappingProxyType), '__ior__'}),
    *(('locations', name) for name in mutators(list, tuple)),
]


@pytest.mark.parametrize(('collection', 'method'), sorted(MUTATORS))
def test_every_method_that_changes_a_collection_is_forbidden(immutable, core, collection, method):
    before = list(getattr(core, collection))
    for args in ((), ('t',), (['t'],), ({'k': 'w'},), (0, 'x')):
        with pytest.raises(exception.Forbidden):
            getattr(getattr(immutable, collection), method)(*args)
    assert list(getattr(core, collection)) == list(getattr(immutable, collection)) == before


def test_augmented_assignments_are_forbidden(immutable, core):
    with pytest.raises(exception.Forbidden):
        immutable.tags |= {'b'}
    with pytest.raises(exception.Forbidden):
        immutable.tags -= {'t'}
    with pytest.raises(exception.Forbidden):
        immutable.extra_properties |= {'a': 'b'}
    with pytest.raises(exception.Forbidden):
        immutable.locations += ['x']
    assert (core.tags, core.extra_properties, len(core.locations)) == ({'t'}, {'k': 'v'}, 1)


def test_what_is_inside_a_location_is_a_copy_too(immutable, core):
    immutable.locations[0]['metadata']['k'] = 'changed'
    assert core.locations == [{'url': 'u', 'metadata': {}}]


def test_an_immutable_image_can_neither_be_saved_nor_removed(core, immutable):
    repo = authorization.ImageRepoProxy(FakeRepo(core), BOB)
    with pytest.raises(exception.Forbidden):
        repo.save(immutable)
    with pytest.raises(exception.Forbidden):
        repo.remove(immutable)
    assert repo.base.calls == []


def test_the_data_of_an_image_that_one_may_see_can_be_downloaded(onion):
    image_id = onion.create(visibility='public').image_id
    onion.upload(image_id)
    assert b''.join(onion.get(image_id, BOB).get_data()) == b'bytes'


def test_an_image_of_others_is_not_found_a_visible_one_is_forbidden_to_change(onion):
    private, public = onion.create().image_id, onion.create(visibility='public').image_id
    with pytest.raises(exception.ImageNotFound):
        onion.get(private, BOB)
    with pytest.raises(exception.Forbidden):
        onion.get(public, BOB).name = 'mine'
    onion.get(private, ADMIN).name = 'adopted'


# Members


@pytest.fixture
def shared(onion):
    """The id of Alice's image, shared with Bob and with Gamma's tenant."""
    image_id = onion.create().image_id
    onion.share(image_id, 'beta')
    onion.share(image_id, 'gamma')
    return image_id


def members(onion, image_id, context):
    return onion.get(image_id, context).get_member_repo()


@pytest.mark.parametrize('context', [ALICE, BOB, ADMIN])
def test_public_images_have_no_members(onion, context):
    image = onion.get(onion.create(ADMIN, visibility='public').image_id, context)
    with pytest.raises(exception.Forbidden):
        image.get_member_repo()
    with pytest.raises(exception.Forbidden):
        onion.gateway.get_image_member_factory(context).new_image_member(image, 'gamma')


def test_only_owner_and_admin_may_make_members(onion, shared):
    onion.share(shared, 'delta')
    onion.share(shared, 'epsilon', ADMIN)
    with pytest.raises(exception.Forbidden):
        onion.gateway.get_image_member_factory(BOB).new_image_member(onion.get(shared, BOB), 'zeta')
    member = domain.ImageMembership(shared, 'zeta')
    with pytest.raises(exception.Forbidden):
        members(onion, shared, BOB).add(member)


def test_a_new_member_is_pending_and_a_second_time_a_duplicate(onion, shared):
    assert members(onion, shared, BOB).get('beta').status == 'pending'
    with pytest.raises(exception.Duplicate):
        onion.share(shared, 'beta')


@pytest.mark.parametrize('context', [ALICE, ADMIN])
def test_owner_and_admin_see_all_members(onion, shared, context):
    repo = members(onion, shared, context)
    assert sorted(member.member_id for member in repo.list()) == ['beta', 'gamma']
    assert repo.get('beta').member_id == 'beta'


def test_a_member_sees_only_itself(onion, shared):
    repo = members(onion, shared, BOB)
    assert [member.member_id for member in repo.list()] == ['beta']
    assert repo.get('beta').member_id == 'beta'
    with pytest.raises(exception.NotFound):
        repo.get('gamma')


def test_others_see_no_members(core):
    repo = authorization.ImageMemberRepoProxy(FakeRepo(domain.ImageMembership('an-id', 'beta')), core, GAMMA)
    with pytest.raises(exception.Forbidden):
        repo.list()
    with pytest.raises(exception.NotFound):
        repo.get('beta')


def test_who_is_nobody_owns_no_ownerless_image():
    repo = authorization.ImageMemberRepoProxy(FakeRepo(domain.ImageMembership('an-id', 'beta')), image_of(None), NOBODY)
    with pytest.raises(exception.Forbidden):
        repo.list()


@pytest.mark.parametrize('context', [BOB, ADMIN])
def test_the_member_itself_and_admins_change_its_status(onion, shared, context):
    repo = members(onion, shared, context)
    member = repo.get('beta')
    member.status = 'accepted'
    repo.save(member)
    assert members(onion, shared, ALICE).get('beta').status == 'accepted'


def test_the_owner_may_not_accept_for_the_member(onion, shared):
    repo = members(onion, shared, ALICE)
    for member in (repo.get('beta'), *repo.list()):
        with pytest.raises(exception.Forbidden):
            member.status = 'accepted'
        with pytest.raises(exception.Forbidden):
            repo.save(member)
    with pytest.raises(exception.Forbidden):
        repo.save(domain.ImageMembership(shared, 'beta', status='accepted'))
    assert repo.get('beta').status == 'pending'


@pytest.mark.parametrize('context', [ALICE, ADMIN])
def test_owner_and_admin_remove_members(onion, shared, context):
    repo = members(onion, shared, context)
    repo.remove(repo.get('beta'))
    assert [member.member_id for member in repo.list()] == ['gamma']
    with pytest.raises(exception.ImageNotFound):
        onion.get(shared, BOB)


def test_a_member_may_not_remove_itself(onion, shared):
    repo = members(onion, shared, BOB)
    with pytest.raises(exception.Forbidden):
        repo.remove(repo.get('beta'))
    assert repo.get('beta')


def test_a_member_may_not_change_the_image(onion, shared):
    with pytest.raises(exception.Forbidden):
        onion.get(shared, BOB).name = 'mine'


def test_every_refusal_says_so_in_the_log(onion, shared, caplog):
    with caplog.at_level('DEBUG'), pytest.raises(exception.Forbidden):
        onion.get(shared, BOB).delete()
    assert (
        'authorization refuses: You are not allowed to change this image: it belongs to someone else.'
        in caplog.messages
    )
