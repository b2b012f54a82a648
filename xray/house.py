"""The house that a request walks through, as it is really configured: pipeline, routes, and the onion's layers.

The pipeline is what the ini says; routes and layers are asked of the application that was made from it. Each service
leaves a plan of its house beside its recordings, so that the page of one shows the street of all.
Use: house = plan(global_config, service, app);  names_of(house)  ->  {('auth', 'Auth'): 'auth', ...}
Real: none
"""

import configparser
import importlib.util
import inspect
import os
import sys

from xray.landmarks import shown_path
from xray.masking import MASK, USERINFO, is_secret

OURS = 'xray.filter:filter_factory'


def plan(ini, service, app):
    """{"name", "ini", "pipeline": names, "filters", "routes", "layers", ...}. ini: its path, or None."""
    sections = read(ini)
    pipeline = pipeline_of(sections)
    return {
        'name': service,
        'ini': shown_path(ini) if ini else None,
        'path': ini,
        'pipeline': pipeline,
        'filters': [filter_of(name, sections) for name in filters_in(sections)],
        'routes': [row for prefix, router in routers_behind(app) for row in rows_of(prefix, router)],
        'options': options_in(sections, ini),
        'sections': {name: options_of(sections[f'filter:{name}'], ini) for name in filters_in(sections)},
        'layers': next((layers for _, router in routers_behind(app) if (layers := layers_of(router))), []),
    }


def read(ini):
    """The ini's sections as dicts of raw text; none if it cannot be read."""
    parser = configparser.RawConfigParser(delimiters='=', strict=False, default_section='')
    parser.optionxform = str
    try:
        parser.read(ini or [], encoding='utf-8-sig')
    except (configparser.Error, UnicodeDecodeError):
        return {}
    return {'DEFAULT': {}, **{name: dict(parser[name]) for name in parser.sections()}}


def options_in(sections, ini):
    return options_of(sections.get('DEFAULT', {}), ini)


def options_of(section, ini):
    """A section's settings, without what is secret."""
    here = os.path.dirname(os.path.abspath(ini)) if ini else ''
    shown = {name: value.replace('%(here)s', here).replace('%%', '%') for name, value in section.items()}
    return {name: MASK if is_secret(name) else USERINFO.sub(f'{MASK}@', value) for name, value in shown.items()}


def pipeline_of(sections):
    """The names in the pipeline that has the X-ray in it; of several, the one called xray."""
    xrays = {name for name in filters_in(sections) if sections[f'filter:{name}'].get('paste.filter_factory') == OURS}
    with_xray = {
        name: body['pipeline'].split()
        for name, body in sections.items()
        if name.startswith('pipeline:') and xrays & set(body.get('pipeline', '').split())
    }
    return with_xray.get('pipeline:xray') or next(iter(with_xray.values()), [])


def filters_in(sections):
    return [name.partition(':')[2] for name in sections if name.startswith('filter:')]


def filter_of(name, sections):
    factory = sections[f'filter:{name}'].get('paste.filter_factory') or sections[f'filter:{name}'].get('use', '')
    return {'name': name, 'factory': factory, 'file': file_of(factory.partition(':')[0])}


def file_of(module):
    loaded = sys.modules.get(module)
    if loaded is None:
        try:
            spec = importlib.util.find_spec(module)
        except (ImportError, ValueError, AttributeError):
            return None
        path = spec.origin if spec else None
    else:
        path = getattr(loaded, '__file__', None)
    return shown_path(path) if path else None


def names_of(house):
    """{(module, class or None): name in the ini}, by which a step finds its filter's name."""
    names = {}
    for each in house['filters']:
        module, _, function = each['factory'].partition(':')
        names[module, function.partition('.')[0] if '.' in function else None] = each['name']
    chosen = {each: name for each, name in names.items() if name in house['pipeline']}
    return {**names, **chosen}


def routers_behind(app, prefix='', depth=30):
    """(path in front, router) for each router that the application leads to."""
    while app is not None and depth:
        depth -= 1
        if isinstance(getattr(app, 'applications', None), list):  # Paste's URLMap
            for (_, path), inner in app.applications:
                yield from routers_behind(inner, prefix + path, depth)
            return
        if isinstance(getattr(app, 'apps', None), list):  # nova's
            for path, inner in app.apps:
                yield from routers_behind(inner, prefix + path.rstrip('+').rstrip('/'), depth)
            return
        if isinstance(getattr(app, 'routes', None), tuple) and hasattr(app, 'mapper'):
            yield prefix, app
            return
        app = getattr(app, 'app', None)


def controllers_behind(app):
    """The controllers that the routes lead to."""
    found = {}
    for _, router in routers_behind(app):
        for route in router.mapper.matchlist:
            controller = route.defaults.get('controller')
            found[id(controller)] = controller
    return [controller for controller in found.values() if controller is not None]


def rows_of(prefix, router):
    """[methods, path, controller, action] of a router's table, as the page shows them."""
    return [[row[1], prefix + row[0], str(row[2]), str(row[3])] for row in router.routes if len(row) == 4]


def layers_of(router):
    """The layers of the repo that the controllers of this router ask, the outermost first; [] for none."""
    for route in router.mapper.matchlist:
        controller = route.defaults.get('controller')
        gateway = getattr(getattr(controller, 'controller', controller), 'gateway', None)
        if gateway is not None and hasattr(gateway, 'get_repo'):
            return names_in_chain(gateway)
    return []


def names_in_chain(gateway):
    from cloud.glance.context import RequestContext

    try:
        layer, names = gateway.get_repo(RequestContext()), []
        while layer is not None and len(names) < 30:
            names.append(type(layer).__module__.rpartition('.')[2])
            layer = inspect.getattr_static(layer, '__dict__', None) and vars(layer).get('base')
        return names
    except Exception:  # a student's gateway may fail: then the page shows the layers that the steps tell
        return []


def ini_of(global_config):
    """The path of the ini that is being loaded, or None."""
    path = global_config.get('__file__')
    return os.path.abspath(path) if path else None
