"""Load an application with Paste Deploy and serve it: python server.py --help

    socket -> waitress -> RequestId -> TransLogger -> the ini's pipeline: filter, ..., app

Any ini with an application (or pipeline) and a [server:main] starts this way, so every service does.
Real: nova 2014.2 nova/wsgi.py Server and Loader; nova/openstack/common/middleware/request_id.py
Left out: TLS, and several processes (what lives in memory lives in one process).
"""

import argparse
import contextlib
import contextvars
import logging
import os
import signal
import socket
import sys
import time
import uuid
from urllib.parse import quote

from paste.deploy.loadwsgi import APP, PIPELINE, SERVER, loadcontext
from paste.translogger import TransLogger

LOG = logging.getLogger('server')
REQUEST_ID = contextvars.ContextVar('request_id', default='-')


class RequestId:
    """WSGI filter around everything: each request gets an id, each answer carries it."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        request_id = environ['openstack.request_id'] = f'req-{uuid.uuid4()}'
        REQUEST_ID.set(request_id)

        def stamped(status, headers, exc_info=None):
            return start_response(status, [*headers, ('X-Openstack-Request-Id', request_id)], exc_info)

        LOG.debug('%s %s', environ['REQUEST_METHOD'], environ['PATH_INFO'])
        return self.app(environ, stamped)


class Traced:
    """WSGI filter around one step of the pipeline, for -v: says when a request reaches it, and when it ends there."""

    def __init__(self, app):
        self.app = app
        self.name = getattr(app, '__name__', type(app).__name__)

    def __call__(self, environ, start_response):
        def watched(status, headers, exc_info=None):
            if environ['toycloud.reached'] is self and status >= '4':
                LOG.debug('%s refuses: %s', self.name, status)
            return start_response(status, headers, exc_info)

        environ['toycloud.reached'] = self
        LOG.debug('reaches %s', self.name)
        return self.app(environ, watched)


class LogFormatter(logging.Formatter):
    """One line a message, whatever a client sent; with -v the request's id in front."""

    def __init__(self, verbose):
        super().__init__('%(request_id)s %(message)s' if verbose else '%(message)s')

    def formatMessage(self, record):
        record.request_id = REQUEST_ID.get()
        if not record.message.isprintable():
            record.message = ''.join(c if c.isprintable() else repr(c)[1:-1] for c in record.message)
        return super().formatMessage(record)


def load_app(config, name='main', verbose=False):
    """The ini's application or pipeline of that name; every request gets an id and a line in the access log.

    config: path of the ini. LookupError if the ini has no such name; whatever else its factories raise.
    """
    context = loadcontext(APP, config_uri(config), name)
    app = trace(context) if verbose else context.create()
    return RequestId(TransLogger(app, setup_console_handler=False))


def config_uri(config):
    return 'config:' + quote(os.path.abspath(config), safe='/\\:')


def trace(context):
    """Create what a Paste Deploy context describes, with a Traced around each step of a pipeline."""
    if context.object_type is not PIPELINE:
        return Traced(context.create())
    app = trace(context.app_context)
    for filter_context in reversed(context.filter_contexts):
        app = Traced(filter_context.create()(app))
    return app


class Server:
    """The ini's [server:main], its address already taken; call it with the application to serve.

    host, port: instead of the ini's, unless None; port 0 takes any free one. OSError if the address is not to be had.
    url: where it really listens; settings: the ini's [DEFAULT].
    """

    grace = 30  # seconds that requests under way are given once it is told to stop

    def __init__(self, config, host=None, port=None):
        context = loadcontext(SERVER, config_uri(config))
        self.settings, options = context.global_conf, context.local_conf
        ini_host, ini_port = options.pop('host', '127.0.0.1'), int(options.pop('port', 8080))
        self.listener = listen(host or ini_host, ini_port if port is None else port)
        host, port = self.listener.getsockname()[:2]
        self.url = f'http://[{host}]:{port}' if ':' in host else f'http://{host}:{port}'
        self.connections = {}
        if getattr(context.object, 'takes_sockets', context.object.__module__ == 'waitress'):
            options.update(sockets=[self.listener], map=self.connections)
        else:  # a server that opens its own socket: ours has shown that the address is free
            self.listener.close()
            options.update(host=host, port=port)
        self.serve = context.create()
        self.stop_by = None

    def __call__(self, app):
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        self.serve(app)

    def stop(self, signum, frame):
        """Signal handler: take no new connection, leave once nothing is under way, or at the second signal."""
        if self.stop_by is None:
            self.stop_by = time.monotonic() + self.grace
            self.refuse_connections()
        else:
            self.stop_by = 0
        self.leave_when_idle()

    def refuse_connections(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        for connection in self.connections.values():
            connection.accepting = False

    def leave_when_idle(self, signum=None, frame=None):
        waits = self.is_busy() and time.monotonic() < self.stop_by
        if hasattr(signal, 'setitimer'):  # Windows has no timers, and does not wait
            signal.signal(signal.SIGALRM, self.leave_when_idle)
            signal.setitimer(signal.ITIMER_REAL, 0.05 if waits else 0)
            if waits:
                return
        raise SystemExit(0)

    def is_busy(self):
        # Of waitress's connections: a request half read, some read and not yet answered, answers not yet sent.
        signs = ('request', 'requests', 'total_outbufs_len')
        return any(getattr(c, sign, None) for c in list(self.connections.values()) for sign in signs)


def listen(host, port):
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        why = getattr(error, 'strerror', None) or error
        raise OSError(f'cannot listen on {host} port {port}: {why} (--port N takes another port, 0 any)') from None


def main(argv=None):
    args = parse(argv)
    log_to_stderr(args.verbose)
    try:
        app = load_app(args.config, args.name, args.verbose)
        server = Server(args.config, args.host, args.port)
        print(f'{args.name} of {args.config} listens on {server.url} (Ctrl-C stops it)')
        if 'first_curl' in server.settings:
            print('Try:', server.settings['first_curl'].replace('{url}', server.url))
        sys.stdout.flush()
        server(app)
    except Exception as error:
        LOG.debug('cannot serve', exc_info=True)
        sys.exit(f'server.py: {explain(error)}')


def parse(argv):
    parser = argparse.ArgumentParser(description='Serve an application or pipeline of a Paste Deploy ini.')
    parser.add_argument('config', nargs='?', default='configure.ini', help='the ini (%(default)s)')
    parser.add_argument('name', nargs='?', default='main', help='the application or pipeline in it (%(default)s)')
    parser.add_argument('--host', help="address to listen on, instead of [server:main]'s")
    parser.add_argument('--port', type=port_number, help="port, instead of [server:main]'s; 0 takes any free one")
    parser.add_argument('-v', '--verbose', action='store_true', help='log every step of every request')
    return parser.parse_args(argv)


def port_number(text):
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f'{text} is not a port: give a number from 0 to 65535')
    return int(text)


def log_to_stderr(verbose):
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter(verbose))
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler])
    # What these would add, our own lines say better; the queue warns whenever a request waits for a thread.
    logging.getLogger('routes').setLevel(logging.INFO)
    logging.getLogger('waitress').setLevel(logging.WARNING)
    logging.getLogger('waitress.queue').setLevel(logging.ERROR)


def explain(error):
    """One line for whoever started the server: what is wrong, and for a mistake in Python code its kind."""
    text = ' '.join(str(error).split())
    return text if isinstance(error, (LookupError, OSError, ValueError)) else f'{type(error).__name__}: {text}'


if __name__ == '__main__':
    main()
