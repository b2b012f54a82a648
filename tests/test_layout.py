"""What stands on what: arrows point down only, and the first read is short."""

import ast
import re

import pytest

from tests.servers import ROOT

GROUND_FLOOR = ('server', 'auth', 'routers', 'controllers')
FLOOR = ('wsgi', 'cloud.oslo', 'routers', 'controllers')  # what every service stands on
# A room, and the rooms of the project that its modules may import beside their own.
BELOW = {
    'wsgi': (),
    'cloud.oslo': ('wsgi',),
    'controllers': ('wsgi', 'cloud.oslo'),
    'routers': ('wsgi', 'cloud.oslo', 'controllers'),
    'auth': ('wsgi', 'cloud.oslo'),
    'server': ('wsgi', 'cloud.oslo'),
    'cloud.keystoneclient': FLOOR,
    'cloud.keystone': ('cloud.keystoneclient', *FLOOR),
    'cloud.neutron': FLOOR,
    'cloud.glance': FLOOR,
    'cloud.nova': FLOOR,
    'cloud.toycloud': ('cloud.keystoneclient', *FLOOR),  # what it does to a service, that one hands over
    'cloud.audit': ('cloud.glance', 'cloud.nova', *FLOOR),  # of no service, above them all
    'cloud': FLOOR,
    'workshop': ('cloud', 'xray', *FLOOR, *GROUND_FLOOR),
    'soak': (),  # it asks from outside
    'xray': ('cloud', *FLOOR, *GROUND_FLOOR),  # which no service imports: an ini names it
    'bench': ('cloud', 'soak', 'xray', *FLOOR, *GROUND_FLOOR),
}  # fmt: skip
ROOMS = sorted(BELOW, key=len, reverse=True)  # the more exact name first: cloud.glance before cloud
MODULES = [
    path
    for place in ('*.py', 'cloud/**/*.py', 'workshop/*.py', 'bench/**/*.py', 'soak/*.py', 'xray/*.py')
    for path in sorted(ROOT.glob(place))
]


def module_name(path):
    return '.'.join(path.relative_to(ROOT).with_suffix('').parts).removesuffix('.__init__')


def room_of(name):
    """The room that a module is in, or None for one that is not the project's."""
    return next((room for room in ROOMS if name == room or name.startswith(room + '.')), None)


def imports_of(path):
    """The full names of what a module imports: for `from a import b`, a.b."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, 'imports say the whole name'
            yield from (f'{node.module}.{alias.name}' for alias in node.names)


@pytest.mark.parametrize('path', MODULES, ids=module_name)
def test_a_module_imports_only_from_its_own_room_and_the_rooms_below(path):
    own = room_of(module_name(path))
    assert own, 'a module of no room: add its room to BELOW'
    for name in imports_of(path):
        room = room_of(name)
        assert room in (None, own) or any((room + '.').startswith(below + '.') for below in BELOW[own]), name


def test_the_first_read_takes_a_quarter_of_an_hour():
    lines = sum(len((ROOT / f'{name}.py').read_text().splitlines()) for name in GROUND_FLOOR)
    assert lines <= 340


@pytest.mark.parametrize('path', sorted(ROOT.glob('cloud/**/*.py')), ids=module_name)
def test_a_module_of_the_cloud_names_the_real_thing_or_says_that_there_is_none(path):
    """Real: PROJECT RELEASE PATH SYMBOLS, or Real: none."""
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ''
    assert re.search(r'\bReal: \w', docstring)


NOVA = r'nova (2013-04 \(c8067d1b70\)|2013-10|9e8513e6fe \(2014-03-05\)|2014\.2)'


@pytest.mark.parametrize('path', sorted(ROOT.glob('cloud/nova/**/*.py')), ids=module_name)
def test_a_module_of_nova_names_one_of_four_releases_and_a_file_of_it(path):
    """Real: nova RELEASE nova/PATH, or Real: none."""
    docstring = ' '.join(ast.get_docstring(ast.parse(path.read_text())).split())
    assert re.search(rf'\bReal: (none\b|{NOVA} nova/)', docstring)


# -- what to read


def reading_list():
    """The files of README's reading list, as Paths."""
    table = (ROOT / 'README.md').read_text().partition('## An afternoon')[2].partition('\n## ')[0]
    return [ROOT / name for name in re.findall(r'^\| `(\S+)` \|', table, re.MULTILINE)]


def test_the_whole_story_takes_an_afternoon():
    files = reading_list()
    assert len(files) > 10
    assert sum(len(path.read_text().splitlines()) for path in files) <= 2000


def test_each_file_of_the_reading_list_has_a_question():
    table = (ROOT / 'README.md').read_text().partition('## An afternoon')[2].partition('\n## ')[0]
    assert len(re.findall(r'^\| `\S+` \| .*\? \|$', table, re.MULTILINE)) == len(reading_list())


def folders():
    return [path.parent for path in sorted(ROOT.glob('cloud/**/__init__.py'))] + [
        ROOT / name for name in ('bench', 'soak', 'workshop', 'xray')
    ]


@pytest.mark.parametrize('folder', folders(), ids=lambda folder: str(folder.relative_to(ROOT)))
def test_a_folder_says_whether_it_has_to_be_read(folder):
    """The topmost folder of all that have nothing on the list says so."""
    is_read = any(path.is_relative_to(folder) for path in reading_list())
    above = folder.parent
    says_so = 'need not be read to follow a request' in ' '.join((folder / '__init__.py').read_text().split())
    if is_read:
        assert not says_so
    elif above == ROOT or any(path.is_relative_to(above) for path in reading_list()):
        assert says_so
