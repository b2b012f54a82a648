"""A picture for each chapter, drawn from what the code says: pipelines, routes, layers, services.

Use: text, svg = picture(7); `python -m workshop.source` writes them into workshop/walkthrough/pictures/, and a
    chapter has its own by a comment, <!-- [[[cog picture(7) ]]] -->, with the text for whoever cannot see it.
Real: none
"""

import ast
import configparser
import re
from pathlib import Path

from workshop import svg

ROOT = Path(__file__).parent.parent


def picture(number):
    """(text, SVG) of a chapter's picture."""
    title, draw = PICTURES[number]
    shape, parts = draw()
    return shape(title, parts)


def read_ini(path):
    ini = configparser.RawConfigParser(delimiters='=', comment_prefixes=('#', ';'), strict=False)
    ini.read_string((ROOT / path).read_text(encoding='utf-8'))
    return ini


def pipeline(path, name='main'):
    """The names in an ini's pipeline; of the one that [app:main] uses."""
    ini = read_ini(path)
    if ini.has_section('app:main'):
        name = ini.get('app:main', 'use')
    return ini.get(f'pipeline:{name}', 'pipeline').split()


def find(path, symbol):
    """The syntax tree of a class, function or method."""
    node = ast.parse((ROOT / path).read_text(encoding='utf-8'))
    for name in symbol.split('.'):
        [node] = [each for each in node.body if getattr(each, 'name', None) == name]
    return node


def calls(node):
    """The names of what is called, in the order in which it is: what ends first, is called first."""
    found = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    found.sort(key=lambda each: (each.end_lineno, each.end_col_offset))
    return [ast.unparse(each.func) for each in found]


def arrives():
    around = re.findall(r'^    socket -> (.*?) -> the ini', (ROOT / 'server.py').read_text(), re.MULTILINE)
    return svg.rows, [('', ['curl', *around[0].split(' -> '), *pipeline('configure.ini'), 'Controller'])]


def guard():
    refusal = [each for each in ast.walk(find('auth.py', 'Auth')) if isinstance(each, ast.Call)]
    [status] = [each.args[0].value for each in refusal if ast.unparse(each.func) == 'fault']
    names = pipeline('configure.ini')
    return svg.rows, [('the token is right', [*names, '200']), ('missing, or wrong', [names[0], str(status)])]


def signpost():
    import routers

    return svg.rows, [
        (f'{"/".join(methods.split())} {path}', actions) for path, methods, *actions in routers.Router.routes
    ]


def counter():
    actions = [each for each in find('controllers.py', 'Controller').body if getattr(each, 'name', '') in ACTIONS]
    return svg.rows, [
        (each.name, [name for name in dict.fromkeys(calls(each)) if name not in PYTHONS]) for each in actions
    ]


def filters():
    text = (ROOT / 'workshop' / 'walkthrough' / '05-build-your-own-filter.md').read_text(encoding='utf-8')
    blocks = re.findall(r'^; (\w+\.ini)$.*?^pipeline = ([^\n]*)$', text, re.MULTILINE | re.DOTALL)
    return svg.rows, [(name, names.split()) for name, names in blocks]


def glance_pipeline():
    ini = read_ini('cloud/glance/glance-api.ini')
    names = pipeline('cloud/glance/glance-api.ini')
    paths = ini.items('composite:rootapp')
    table = [('every request', names)]
    return svg.rows, table + [(path, [names[-1], app]) for path, app in paths if path.startswith('/')]


def onion():
    statements = find('cloud/glance/gateway.py', 'Gateway.get_repo').body
    made = [name for statement in statements for name in calls(statement) if '.' in name]
    return svg.nested, [name.partition('.')[0] for name in reversed(made)]


def two_roads():
    behind = pipeline('cloud/glance/glance-registry.ini')
    return svg.rows, [
        ('/v1', ['glance-api', 'Registry', *behind, 'database']),
        ('/v2', ['glance-api', find('cloud/glance/gateway.py', 'Gateway').name, 'database']),
    ]


def retries():
    options = read_ini('cloud/nova/two-glances.ini')['DEFAULT']
    servers = [each.strip() for each in options['glance_api_servers'].split(',')]
    tries = range(1 + int(options['glance_num_retries']))
    way = [find('cloud/nova/image/glance.py', 'GlanceImageService').name]
    way.append(find('cloud/nova/image/client.py', 'GlanceClientWrapper').name)
    return svg.rows, [(f'attempt {number + 1}', [*way, servers[number % len(servers)]]) for number in tries]


def handlers():
    text = (ROOT / 'pyproject.toml').read_text(encoding='utf-8')
    section = re.search(r'"nova\.virt\.image\.handlers"\]\n((?:\w.*\n)+)', text)[1]
    found = re.findall(r'^(\w+) = ".*:(\w+)"', section, re.MULTILINE)
    manager = find('cloud/nova/compute/manager.py', 'ComputeManager').name
    return svg.rows, [(name, [manager, 'fetch', 'handle_image', made, 'disk']) for name, made in found]


def services():
    procfile = (ROOT / 'cloud' / 'Procfile').read_text(encoding='utf-8')
    found = re.findall(r'^([\w-]+): .*?(cloud/[\w/.-]+\.ini)', procfile, re.MULTILINE)
    return svg.rows, [(name, [ini, f'port {port_of(ini)}']) for name, ini in found if port_of(ini)]


def port_of(path):
    return read_ini(path).get('server:main', 'port', fallback='')


def counterparts():
    table = []
    for path in REAL:
        real = re.search(r'^Real: (.*?\.py)', (ROOT / path).read_text(encoding='utf-8'), re.MULTILINE)
        table.append(('', [path, real[1]]))
    return svg.rows, table


def whole_way():
    classes = [find(path, name).name for path, name in WAY]
    build = find('cloud/nova/compute/manager.py', 'ComputeManager._build_resources')
    states = [node for node in ast.walk(build) if ast.unparse(node).startswith('task_states.')]
    states.sort(key=lambda node: (node.lineno, node.col_offset))
    names = [node.attr.lower() for node in states if isinstance(node, ast.Attribute)]
    return svg.rows, [('who', classes), ('task_state', ['scheduling', *dict.fromkeys(names)])]


PYTHONS = ('list', 'len', 'islice', 'answer')  # calls that tell nothing about an action
ACTIONS = ('index', 'create', 'show', 'update', 'delete')
REAL = ('server.py', 'wsgi.py', 'cloud/glance/gateway.py', 'cloud/glance/domain/proxy.py', 'cloud/nova/image/glance.py')
WAY = (
    ('cloud/nova/compute/api.py', 'API'),
    ('cloud/nova/conductor/manager.py', 'ComputeTaskManager'),
    ('cloud/nova/scheduler/filter_scheduler.py', 'FilterScheduler'),
    ('cloud/nova/compute/manager.py', 'ComputeManager'),
    ('cloud/nova/virt/driver.py', 'LessonDriver'),
)
PICTURES = {
    1: ('The way of a request, from curl to the controller', arrives),
    2: ('The two ways out of the filter auth', guard),
    3: ('The table of routes: a path, and the action of each method', signpost),
    4: ('What each action of the controller calls', counter),
    5: ('The pipelines of this chapter', filters),
    6: ("The image service's pipeline, and what is behind its end", glance_pipeline),
    7: ('The layers around the database', onion),
    8: ('The two roads to one database', two_roads),
    9: ('Two attempts at two image services', retries),
    10: ('The handlers of images, between compute and the disk', handlers),
    11: ('The services, each a process of its own', services),
    12: ('Files here, and the files of OpenStack that they follow', counterparts),
    13: ('Who has an instance in hand, and the states that it passes by', whole_way),
}
