"""Passing on: a layer that overrides nothing changes nothing."""

import inspect

import pytest

from cloud.glance import domain
from cloud.glance.domain import proxy


class Skin(proxy.Image):
    def __init__(self, base, colour='green'):
        super().__init__(base)
        self.colour = colour


class FakeRepo:
    """Remembers what reached it."""

    def __init__(self, item=None):
        self.item = item
        self.calls = []

    def get(self, item_id):
        return self.item

    def list(self, **kwargs):
        self.calls.append(('list', kwargs))
        return [self.item]

    def add(self, item):
        self.calls.append(('add', item))

    def save(self, item):
        self.calls.append(('save', item))
        return item

    def remove(self, item):
        self.calls.append(('remove', item))


@pytest.fixture
def image():
    return domain.ImageFactory().new_image(name='core', tags=['a'])


def test_a_helper_wraps_and_unwraps_but_leaves_none_alone(image):
    helper = proxy.Helper(Skin, {'colour': 'red'})
    wrapped = helper.proxy(image)
    assert (type(wrapped), wrapped.colour) == (Skin, 'red')
    assert helper.unproxy(wrapped) is image
    assert helper.proxy(None) is None
    assert helper.unproxy(None) is None


def test_a_helper_without_a_class_does_neither(image):
    assert proxy.Helper().proxy(image) is image
    assert proxy.Helper().unproxy(image) is image


def test_every_attribute_and_method_of_the_domains_image_is_passed_on(image):
    own = {name for name, _ in inspect.getmembers(domain.Image) if not name.startswith('_')}
    own |= {name for name in vars(image) if not name.startswith('_')}
    own -= {'delayed_delete'}  # between the two innermost layers
    assert own <= set(dir(proxy.Image))


def test_attributes_are_read_and_written_through_all_skins(image):
    outer = Skin(Skin(image))
    outer.name = 'outer'
    outer.tags.add('b')
    assert (image.name, outer.name, image.tags) == ('outer', 'outer', {'a', 'b'})


def test_each_repo_takes_exactly_one_skin_off_and_puts_one_on(image):
    core = FakeRepo(image)
    outer = proxy.Repo(proxy.Repo(core, Skin), Skin)
    found = outer.get('id')
    assert type(found) is type(found.base) is Skin
    assert found.base.base is image
    outer.add(found)
    saved = outer.save(found)
    outer.remove(found)
    assert core.calls == [('add', image), ('save', image), ('remove', image)]
    assert saved.base.base is image
    assert outer.add(found) is None


def test_a_layer_without_a_skin_lets_the_skins_around_it_pass(image):
    class Audit(proxy.Repo):
        def save(self, image):
            super().save(image)
            saved.append(image.name)

    saved = []
    core = FakeRepo(image)
    outer = proxy.Repo(Audit(proxy.Repo(core, Skin)), Skin)
    found = outer.get('id')
    assert type(found) is type(found.base) is Skin
    outer.save(found)
    assert saved == ['core']
    assert core.calls == [('save', image)]


def test_a_repo_hands_all_arguments_of_list_on(image):
    core = FakeRepo(image)
    assert [type(item) for item in proxy.Repo(core, Skin).list(limit=3, filters={})] == [Skin]
    assert core.calls == [('list', {'limit': 3, 'filters': {}})]


def test_a_factory_wraps_what_it_makes():
    factory = proxy.ImageFactory(domain.ImageFactory(), Skin, {'colour': 'blue'})
    made = factory.new_image(name='x')
    assert (type(made), made.colour, made.name) == (Skin, 'blue', 'x')


def test_a_layer_sees_each_location_come_and_go_by_two_methods(image):
    class Watched(proxy.Locations):
        def insert(self, index, location):
            seen.append(f'+{location}')
            super().insert(index, location)

        def __delitem__(self, index):
            seen.append(f'-{self[index]}')
            super().__delitem__(index)

    seen = []
    image.locations = ['a']
    locations = Watched(image)
    locations.append('b')
    locations.extend(['c'])
    locations += ['d']
    locations.pop()
    locations.remove('b')
    locations[0] = 'A'
    locations.reverse()
    assert image.locations == ['c', 'A']
    assert locations == ['c', 'A']
    assert locations != 7
    assert seen == ['+b', '+c', '+d', '-d', '-b']
    locations.clear()
    assert image.locations == []
    assert repr(locations) == '[]'


def test_a_layer_sees_each_tag_come_and_go(image):
    tags = proxy.Tags(image)
    tags |= {'b'}
    tags.update(['c'], ['d'])
    tags.discard('nothing')
    tags.remove('a')
    assert image.tags == {'b', 'c', 'd'}
    assert tags == {'b', 'c', 'd'}
    assert 'b' in tags
    assert len(tags) == 3
    assert tags - {'b'} == {'c', 'd'}
    assert type(tags & {'b'}) is set
    assert eval(repr(tags)) == image.tags
    with pytest.raises(KeyError):
        tags.remove('nothing')


def test_many_fields_at_once_are_what_each_layer_says_of_them(image):
    class Loud(proxy.Image):
        @property
        def name(self):
            return self.base.name.upper()

    class Above(Loud):
        pass

    image.name, image.min_ram = 'cirros', 64
    fields = proxy.Image(Above(proxy.Image(image))).fields(['name', 'min_ram'])
    assert fields == {'name': 'CIRROS', 'min_ram': 64}
