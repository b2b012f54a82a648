"""The scratch copy of a service: made in a folder of its own, asked one request, and gone.

    python -m xray.scratch  <  {"ini", "pipeline", "layers", "filters", "request", ...}    what playground.py sends

Nothing of the running service is touched: the ini, an SQLite database and the image files (as links) are copied, the
paths in the copy lead to the copies, and API v1's registry runs in this process, on the same copy.
Real: none
"""

import base64
import contextlib
import glob
import importlib.util
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time

from webob import Request

import server
from cloud.oslo.log import log
from cloud.oslo.service import startup
from xray.house import filters_in, pipeline_of, read
from xray.landmarks import is_library

MOST_FILES, MOST_BYTES = 5000, 256 << 20  # that are copied
PATHS = ('filesystem_store_datadir', 'instances_path', 'lock_path', 'state_path', 'image_cache_dir')
REPLACED = {'transport_url': ''}  # no broker: all that a message would ask for happens in the copy


class Impossible(Exception):
    """The copy cannot be made; the message says why."""


def main():
    order = json.load(sys.stdin)
    log.setup(False)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    told = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)  # what a student's code prints is not the answer
    with tempfile.TemporaryDirectory(prefix='toycloud-xray-') as folder:
        try:
            answer = play(order, folder)
        except Impossible as error:
            answer = {'id': None, 'status': None, 'error': str(error)}
        except Exception as error:
            answer = {'id': None, 'status': None, 'error': startup.explain(error, os.path.basename(order['ini']))}
        print(json.dumps(answer), file=told, flush=True)
    os._exit(0)  # whatever threads a filter has started


def play(order, folder):
    ini = write_copy(order, folder)
    sys.path += [os.path.dirname(os.path.abspath(order['ini']))]
    if order['layers']:
        put_layers(order['layers'])
    app = server.load_app(ini, 'playground')
    fill(app, order['instances'])
    method, target, headers, body = order['request']
    request = Request.blank(target, method=method, headers=headers, environ={'REMOTE_ADDR': '127.0.0.1'})
    request.body = base64.b64decode(body)
    if not request.body:
        request.environ.pop('CONTENT_LENGTH', None)
    answer = request.get_response(app)
    answer.body  # noqa: B018  its last piece ends the recording
    wait_for_jobs(app)
    xray_of(app).store.flush()
    return {'id': request.environ['openstack.request_id'], 'status': answer.status_int, 'error': None}


def xray_of(app):
    while type(app).__name__ != 'XRay':
        app = getattr(app, 'app', None) or app.application  # Paste's TransLogger
    return app


def wait_for_jobs(app, seconds=10):
    """Until no job of the request has begun, or gone on, for a moment."""
    end = time.monotonic() + seconds
    quiet = 0
    while time.monotonic() < end and quiet < 3:
        busy = any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread())
        quiet = 0 if busy or xray_of(app).has_open_jobs() else quiet + 1
        time.sleep(0.05)


def write_copy(order, folder, name='playground.ini'):
    """The ini with another pipeline, whose paths lead into the folder; returns its path."""
    sections = read(order['ini'])
    pipeline = [each for each in order['pipeline'] if each != 'xray']
    known = {*filters_in(sections), *order['filters']}
    app = pipeline_of(sections)[-1:]
    if pipeline[-1:] != app:
        raise Impossible(
            f'The pipeline has to end with the application, {"".join(app) or "which this ini does not name"}.'
        )
    for each in pipeline[:-1]:
        if each not in known:
            raise Impossible(f'There is no filter {each} in the ini: it has {", ".join(sorted(known))}.')
    here = os.path.dirname(os.path.abspath(order['ini']))
    for section in sections.values():
        for key, value in section.items():
            section[key] = value.replace('%(here)s', here.replace('%', '%%'))
    copy_data(sections['DEFAULT'], folder)
    for each, factory in order['filters'].items():
        check_factory(factory, here)
        sections[f'filter:{each}'] = {'paste.filter_factory': factory}
    sections['filter:xray'] = {
        'paste.filter_factory': 'xray.filter:filter_factory',
        'service': order['service'],
        'xray_store': order['store'],
        'playground': 'true',
    }
    sections['pipeline:playground'] = {'pipeline': ' '.join(['xray', *pipeline])}
    if 'registry_port' in sections['DEFAULT']:
        sections['DEFAULT'] |= registry(here, sections['DEFAULT'], order, folder)
    path = os.path.join(folder, name)
    write_ini(path, sections)
    return path


def write_ini(path, sections):
    """What house.read reads: a value's further lines are indented, or they would be options of their own."""
    with open(path, 'w', encoding='utf-8') as file:
        for section, body in sections.items():
            lines = [f'{key} = {value}'.replace('\n', '\n    ') for key, value in body.items()]
            file.write('\n'.join([f'[{section}]', *lines]) + '\n\n')


def check_factory(factory, here):
    sys.path.append(here)
    try:
        spec = importlib.util.find_spec(factory.partition(':')[0])
    except (ImportError, ValueError):
        spec = None
    if spec is None or not os.path.isfile(spec.origin or '') or is_library(spec.origin):
        raise Impossible(f'{factory}: there is no such module of the project, or beside the ini.')


def copy_data(options, folder):
    """Change the options, so that they name copies of the data."""
    moved = []
    for name in PATHS:
        if options.get(name) and os.path.isdir(options[name]):
            copy = os.path.join(folder, name)
            copy_folder(options[name], copy)
            moved.append((os.path.abspath(options[name]), copy))
            options[name] = copy
        elif options.get(name):
            options[name] = os.path.join(folder, name)
    for name, value in REPLACED.items():
        if name in options:
            options[name] = value
    url = options.get('sql_connection', '')
    if url.startswith('sqlite:///'):
        options['sql_connection'] = f'sqlite:///{folder}/copy.sqlite'
        copy_database(url.removeprefix('sqlite:///').replace('%%', '%'), f'{folder}/copy.sqlite', moved)
    elif url:
        raise Impossible('The playground copies SQLite databases only, and this service has another one.')


def copy_folder(source, copy):
    """Files that are never changed once they are there: a link is a copy of them."""
    os.makedirs(copy, exist_ok=True)
    paths = glob.glob('**', root_dir=source, recursive=True)[:MOST_FILES]
    for path in paths:
        of, to = os.path.join(source, path), os.path.join(copy, path)
        if os.path.isdir(of):
            os.makedirs(to, exist_ok=True)
        else:
            with contextlib.suppress(OSError):
                os.makedirs(os.path.dirname(to), exist_ok=True)
                link(of, to)


def link(of, to):
    try:
        os.link(of, to)
    except OSError:  # another disk
        if os.path.getsize(of) <= MOST_BYTES:
            shutil.copyfile(of, to)


def copy_database(path, copy, moved):
    """A copy as of one moment, in which the paths lead to the copies of the files."""
    if not os.path.exists(path):
        return
    with (
        contextlib.closing(sqlite3.connect(path, timeout=10)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        for (table,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for _, column, kind, *_ in target.execute(f'PRAGMA table_info("{table}")').fetchall():
                if re.search('TEXT|CHAR', kind.upper()):
                    for old, new in moved:
                        change = (
                            f'UPDATE "{table}" SET "{column}" = replace("{column}", ?, ?) WHERE instr("{column}", ?)'
                        )
                        target.execute(change, (old, new, old))
        target.commit()


def registry(here, options, order, folder):
    """Serve API v1's registry on the same copy, in a thread; the options that lead to it."""
    ini = os.path.join(here, 'glance-registry.ini')
    if not os.path.exists(ini):
        return {'registry_port': '1'}
    sections = read(ini)
    for section in sections.values():
        for key, value in section.items():
            section[key] = value.replace('%(here)s', here.replace('%', '%%'))
    sections['DEFAULT']['sql_connection'] = options['sql_connection']
    if 'filter:xray' in sections:
        sections['filter:xray'] |= {'xray_store': order['store'], 'playground': 'true'}
    path = os.path.join(folder, 'glance-registry.ini')
    write_ini(path, sections)
    from waitress.server import create_server

    app = server.load_app(path, 'xray' if 'pipeline:xray' in sections else 'main')
    serving = create_server(app, host='127.0.0.1', port=0, threads=4)
    threading.Thread(target=serving.run, daemon=True).start()
    return {'registry_host': '127.0.0.1', 'registry_port': str(serving.effective_port)}


def fill(app, instances):
    """The ground floor has its instances in memory only: so they are brought along."""
    if instances is None:
        return
    for controller in xray_of(app).controllers():
        if hasattr(controller, 'instances') and hasattr(controller, 'add'):
            controller.instances.clear()
            for instance in instances:
                controller.add(instance)


def put_layers(names):
    """Have the gateway build its chains of these layers, the outermost first."""
    from cloud.glance import db, domain, gateway, location, notifier, quota
    from cloud.glance.api import authorization, policy, property_protections

    def size(own):
        return own.options.image_size_cap

    layers = {
        # name: (module, what the gateway hands to it beside the context)
        'authorization': (authorization, lambda own: ()),
        'property_protections': (property_protections, lambda own: (own.property_rules,)),
        'notifier': (notifier, lambda own: (own.notifier,)),
        'policy': (policy, lambda own: (own.policy,)),
        'quota': (quota, lambda own: (own.quotas,)),
        'location': (location, lambda own: (own.store_api, size(own))),
    }
    chosen = [name for name in names if name not in ('db', 'domain')]
    for name in chosen:
        if name not in layers:
            raise Impossible(f'There is no layer {name}: the playground has {", ".join(layers)}.')

    def wrap(inner, own, context, kind):
        for name in reversed(chosen):
            module, given = layers[name]
            proxy = getattr(module, kind, None) or getattr(module, f'Protected{kind}', None)
            if proxy is not None and (name != 'property_protections' or own.property_rules):
                inner = proxy(inner, context, *given(own))
        return inner

    def get_repo(own, context):
        return wrap(db.ImageRepo(context, own.db_api, own.options.delayed_delete), own, context, 'ImageRepoProxy')

    def get_image_factory(own, context):
        return wrap(domain.ImageFactory(own.options.delayed_delete), own, context, 'ImageFactoryProxy')

    gateway.Gateway.get_repo = get_repo
    gateway.Gateway.get_image_factory = get_image_factory


if __name__ == '__main__':
    main()
