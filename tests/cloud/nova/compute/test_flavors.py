import pytest

from cloud.nova import exception
from cloud.nova.compute.flavors import Flavor, Flavors


def test_a_flavor_has_a_name_memory_and_a_disk():
    assert Flavors(['m1.tiny:512:1', 'm1.small:2048:20']).get('m1.small') == Flavor('m1.small', 2048, 20)


def test_who_asks_for_none_gets_the_first():
    assert Flavors(['m1.tiny:512:0', 'm1.small:2048:20']).get() == Flavor('m1.tiny', 512, 0)


@pytest.mark.parametrize('name', ['', 'M1.TINY', 'm1', 'x' * 10000])
def test_a_flavor_that_is_not_there_says_which_are(name):
    with pytest.raises(exception.FlavorNotFound, match='m1.tiny, m1.small'):
        Flavors(['m1.tiny:512:1', 'm1.small:2048:20']).get(name)


@pytest.mark.parametrize('text', ['m1.tiny', 'm1.tiny:512', ':512:1', 'm1.tiny:512:1:0', 'a:-1:1', 'a:1:x', 'a:²:1'])
def test_another_form_is_no_flavor_and_the_message_shows_one(text):
    with pytest.raises(ValueError, match=r'^flavors = .*: give NAME:MEMORY_MB:ROOT_GB, for example m1.tiny:512:1$'):
        Flavors([text])


def test_a_name_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match='^flavors = a:1:1, a:2:2: a name comes twice'):
        Flavors(['a:1:1', 'a:2:2'])
