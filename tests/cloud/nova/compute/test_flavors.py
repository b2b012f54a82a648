import pytest

from cloud.nova import exception
from cloud.nova.compute.flavors import Flavors, as_remembered
from cloud.nova.db.sqlalchemy.api import Database


@pytest.fixture
def flavors(tmp_path):
    """flavors(text, ...): the Flavors of one database, as after a start with these texts."""
    db_api = Database(f'sqlite:///{tmp_path}/nova.sqlite')
    yield lambda *texts: Flavors(db_api, texts)
    db_api.close()


def test_a_flavor_has_a_name_memory_a_disk_and_cpus(flavors):
    found = flavors('m1.tiny:512:1', 'm1.small:2048:20:2').named('m1.small')
    assert [found[name] for name in ('flavorid', 'name', 'memory_mb', 'root_gb', 'vcpus')] == [
        '2',
        'm1.small',
        2048,
        20,
        2,
    ]


def test_who_asks_for_none_gets_the_first(flavors):
    assert flavors('m1.tiny:512:0', 'm1.small:2048:20').named()['name'] == 'm1.tiny'


@pytest.mark.parametrize('name', ['', 'M1.TINY', 'm1', 'x' * 10000])
def test_a_flavor_that_is_not_there_says_which_are(flavors, name):
    with pytest.raises(exception.FlavorNotFound, match='m1.tiny, m1.small'):
        flavors('m1.tiny:512:1', 'm1.small:2048:20').named(name)


BAD = ['m1.tiny', 'm1.tiny:512', ':512:1', 'm1.tiny:512:1:0', 'a:-1:1', 'a:1:x', 'a:²:1', 'a:1:1:1:1']


@pytest.mark.parametrize('text', BAD)
def test_another_form_is_no_flavor_and_the_message_shows_one(flavors, text):
    with pytest.raises(
        ValueError, match=r'^flavors = .*: give NAME:MEMORY_MB:ROOT_GB or .*, for example m1.tiny:512:1$'
    ):
        flavors(text)


def test_a_name_that_comes_twice_is_refused(flavors):
    with pytest.raises(ValueError, match='^flavors = a:1:1, a:2:2: a name comes twice'):
        flavors('a:1:1', 'a:2:2')


def test_the_next_start_adds_what_is_new_and_leaves_the_rest(flavors):
    flavors('a:1:1', 'b:2:2').table.destroy('1')
    found = flavors('a:9:9', 'b:9:9', 'c:3:3').table.get_all()
    assert [(each['flavorid'], each['name'], each['memory_mb']) for each in found] == [('2', 'b', 2), ('3', 'c', 3)]


def test_an_instance_remembers_its_flavor_without_the_rows_number(flavors):
    remembered = as_remembered(flavors('a:1:1').named('a'))
    assert remembered['flavorid'] == '1'
    assert not {'id', 'created_at', 'deleted'} & set(remembered)
