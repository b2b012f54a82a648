"""What the commands have in common: read the ini, start a service, and serve until a signal says that it is enough.

A service that is told to end takes nothing more, and leaves what it has not done to the next one: with a broker, that
costs nothing.
Use: launch('nova-conductor', create), with create(parts, host) making the service
Real: nova 2014.2 nova/cmd/conductor.py main, nova/service.py serve, wait
"""

import argparse
import logging
import signal
import threading
from types import SimpleNamespace

from paste.deploy.loadwsgi import APP, loadcontext

from cloud.nova import rpc
from cloud.nova.common import config
from cloud.nova.db.sqlalchemy.api import Database
from cloud.nova.service import lock_data
from cloud.nova.virt.machines import read_machines
from cloud.oslo.log import log
from cloud.oslo.service import startup
from cloud.oslo.service.wsgi import config_uri

LOG = logging.getLogger(__name__)
ALONE = 'transport_url is empty, so nova-api has everything in its own process: set it, as nova-rabbit.ini does'


def launch(name, create, argv=None):
    """Start the service and wait for its end; the exit status, or a line that says why it cannot be started."""
    args = parse(name, argv)
    log.setup(args.verbose)
    startup.write_lines_at_once()
    ended = end_on_signals()
    try:
        service = start(args, create)
    except Exception as error:
        LOG.debug('cannot serve', exc_info=True)
        return f'{name}: {startup.explain(error, args.config)}'
    print(f'{name} of {args.config} on {service.host} (Ctrl-C stops it)')
    ended.wait()
    service.stop()
    return 0


def start(args, create):
    options = config.parse(read_default(args.config))
    if not options.transport_url:
        raise ValueError(ALONE)
    hosts = read_machines(options.compute_hosts)
    host = args.host or next(iter(hosts))
    if host not in hosts:
        raise ValueError(f'--host {host}: give one of compute_hosts, {", ".join(hosts)}')
    db_api = Database(options.sql_connection)
    db_api.lock = lock_data(options, db_api)
    parts = SimpleNamespace(options=options, db_api=db_api, transport=rpc.get_transport(options))
    service = create(parts, host)
    service.start()
    return service


def read_default(path):
    """The ini's [DEFAULT], together with that of the ini that its application is in."""
    context = loadcontext(APP, config_uri(path), 'main')
    return {**context.global_conf}


def end_on_signals():
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *args: ended.set())
    return ended


def parse(name, argv):
    parser = argparse.ArgumentParser(prog=name, description=f'Serve {name}, which is told what to do by messages.')
    parser.add_argument('config', nargs='?', default='cloud/nova/nova-rabbit.ini', help="nova's ini (%(default)s)")
    parser.add_argument('--host', help='one of compute_hosts; the first unless said')
    parser.add_argument('-v', '--verbose', action='store_true', help='log every step')
    return parser.parse_args(argv)
