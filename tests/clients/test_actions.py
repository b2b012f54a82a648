"""Every action in the lists is driven by its real client; and the table of them is the one in the repository."""

import re
from pathlib import Path

import pytest

from tests.clients import table
from tests.clients.table import LISTS, running_world
from tests.cloud.glance.clients import insists_on_keystone
from tests.servers import ROOT

pytestmark = pytest.mark.filterwarnings('ignore')  # the clients use what they have deprecated themselves
ALL = [(actions, name, do) for actions in LISTS for name, do in actions]


@pytest.fixture(scope='module')
def world(tmp_path_factory):
    with running_world(tmp_path_factory.mktemp('clients')) as running:
        yield running


ASKS_KEYSTONE = re.compile('.*(--project|--accept|--reject|--pending|add project|remove project)$')


def case(actions, name, do):
    asks = actions.client == 'python-openstackclient' and ASKS_KEYSTONE.match(name)
    marks = [insists_on_keystone] if asks else []
    return pytest.param(do, id=f'{actions.client}: {name}', marks=marks)


@pytest.mark.parametrize('do', [case(*each) for each in ALL])
def test_the_client_does_it(world, do):
    do(world)


def test_the_table_in_the_repository_has_the_same_actions():
    """python -m tests.clients.table tests/clients/TABLE.md writes it, with the versions that are installed then."""
    written = (Path(table.__file__).parent / 'TABLE.md').read_text()
    assert re.findall(r'^- \[x\] `(.*)`$', written, re.MULTILINE) == [name for _actions, name, _do in ALL]


def test_readme_shows_how_many_each_client_drives():
    written = (Path(table.__file__).parent / 'TABLE.md').read_text()
    assert written.partition('\n\n')[0] in (ROOT / 'README.md').read_text()
