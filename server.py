"""Load an application with Paste Deploy and serve it: .venv/bin/python server.py --help

    socket -> waitress -> RequestId -> TransLogger -> FaultWrapper -> the ini's pipeline: filter, ..., app

Every service here is started like this: its ini has an application (or pipeline) and a [server:main].
Real: nova 2014.2 nova/wsgi.py Loader and Server; nova/cmd/api.py main
Left out: TLS, and several processes (data in memory is not shared between processes).
"""

import argparse
import logging
import sys

try:
    from paste.deploy.loadwsgi import APP, loadcontext

    from cloud.oslo.log import log
    from cloud.oslo.middleware import debug
    from cloud.oslo.middleware.request_id import RequestId
    from cloud.oslo.middleware.translogger import TransLogger
    from cloud.oslo.service import startup
    from cloud.oslo.service.wsgi import Server, config_uri
    from wsgi import FaultWrapper
except ImportError as missing:
    sys.exit(f'server.py: {missing}: "make run" installs what is needed, then run .venv/bin/python server.py')

LOG = logging.getLogger('server')


def load_app(config, name='main', verbose=False):
    """The ini's application or pipeline of that name; every request gets an id and a line in the access log.

    config: path of the ini. verbose: log every step of a request.
    LookupError if the ini has no such name; errors of its factories pass through.
    """
    context = loadcontext(APP, config_uri(config), name)
    app = debug.create(context) if verbose else context.create()
    startup.warn_of_unread(context.global_conf)
    for add_filter in (FaultWrapper, TransLogger):  # the innermost first
        app = debug.Debug(add_filter(app)) if verbose else add_filter(app)
    return RequestId(app)  # without a Debug: it logs for itself, once the request has an id


def main(argv=None):
    args = parse(argv)
    log.setup(args.verbose)
    startup.write_lines_at_once()
    try:
        server = Server(args.config, args.host, args.port)  # first: if the port is taken, no application starts
        app = load_app(args.config, args.name, args.verbose)
        print(f'{args.name} of {args.config} listens on {server.url} (Ctrl-C stops it)')
        if 'first_curl' in server.settings:
            print('Try:', server.settings['first_curl'].replace('{url}', server.url))
        server(app)
    except Exception as error:
        LOG.debug('cannot serve', exc_info=True)
        sys.exit(f'server.py: {startup.explain(error, args.config)}')


def parse(argv):
    parser = argparse.ArgumentParser(description='Serve an application or pipeline of a Paste Deploy ini.')
    parser.add_argument('config', nargs='?', default='configure.ini', help='the ini (%(default)s)')
    parser.add_argument('name', nargs='?', default='main', help='the application or pipeline in it (%(default)s)')
    parser.add_argument('--host', help="address to listen on, instead of [server:main]'s")
    parser.add_argument('--port', type=startup.port_number, help="port, instead of the ini's; 0 takes any free one")
    parser.add_argument('-v', '--verbose', action='store_true', help='log every step of every request')
    return parser.parse_args(argv)


if __name__ == '__main__':
    main()
