"""Load an application with Paste Deploy and serve it: .venv/bin/python server.py --help

    socket -> waitress -> RequestId -> TransLogger -> FaultWrapper -> the ini's pipeline: filter, ..., app

Any ini with an application (or pipeline) and a [server:main] starts this way, so every service does.
Real: nova 2014.2 nova/wsgi.py Server and Loader; nova/api/openstack/__init__.py FaultWrapper;
    nova/openstack/common/middleware/request_id.py RequestIdMiddleware
Left out: TLS, and several processes (what lives in memory lives in one process).
"""

import argparse
import contextvars
import logging
import os
import signal
import socket
import sys
import time
import traceback
import uuid
from urllib.parse import quote

try:
    from paste.deploy.loadwsgi import APP, PIPELINE, SERVER, loadcontext
    from paste.translogger import TransLogger
    from waitress.adjustments import Adjustments
    from waitress.channel import HTTPChannel
    from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
    from webob import Request

    from controllers import SERVICE_FAILED, fault
except ImportError as missing:
    sys.exit(f'server.py: {missing}: "make run" installs what is needed, then it is .venv/bin/python server.py')

LOG = logging.getLogger('server')
REQUEST_ID = contextvars.ContextVar('request_id', default='-')


class RequestId:
    """WSGI filter around everything: each request gets an id, each answer carries it, or the one it has already."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        request_id = environ['openstack.request_id'] = f'req-{uuid.uuid4()}'
        REQUEST_ID.set(request_id)

        def stamped(status, headers, exc_info=None):
            if not any(name.lower() == 'x-openstack-request-id' for name, _ in headers):
                headers = [*headers, ('X-Openstack-Request-Id', request_id)]
            return start_response(status, headers, exc_info)

        LOG.debug('%s %s', environ['REQUEST_METHOD'], environ['PATH_INFO'])
        return self.app(environ, stamped)


class FaultWrapper:
    """WSGI filter around the pipeline: what fails in a filter becomes a 500 that tells nothing of the inside."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        try:
            status, headers, body = Request(environ).call_application(self.app)
            if body is None:
                raise TypeError('a filter or the application returned None: is there a "return" missing?')
        except Exception:
            LOG.exception('%s %s failed', environ['REQUEST_METHOD'], environ['PATH_INFO'])
            return fault(500, SERVICE_FAILED)(environ, start_response)
        start_response(status, headers)
        return body


class Traced:
    """WSGI filter around one step of the pipeline, for -v: says when a request reaches it, and when it ends there."""

    def __init__(self, app, is_filter):
        self.app = app
        self.name = getattr(app, '__name__', type(app).__name__)
        self.is_filter = is_filter  # what an application refuses, it says itself

    def __call__(self, environ, start_response):
        def watched(status, headers, exc_info=None):
            if self.is_filter and environ['toycloud.reached'] is self and status >= '4':
                LOG.debug('%s refuses: %s', self.name, status)
            return start_response(status, headers, exc_info)

        environ['toycloud.reached'] = self
        LOG.debug('reaches %s', self.name)
        return self.app(environ, watched)


class LogFormatter(logging.Formatter):
    """One line a message, whatever a client sent; the request's id in front of errors, and with -v of all."""

    def __init__(self, verbose):
        super().__init__()
        self.verbose = verbose

    def formatMessage(self, record):
        record.message = printable(record.message)
        with_id = self.verbose or record.levelno >= logging.ERROR
        return f'{REQUEST_ID.get()} {record.message}' if with_id else record.message


def printable(text):
    """The text, with an escape for whatever in it would command a terminal."""
    return text if text.isprintable() else ''.join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def load_app(config, name='main', verbose=False):
    """The ini's application or pipeline of that name; every request gets an id and a line in the access log.

    config: path of the ini. LookupError if the ini has no such name; whatever else its factories raise.
    """
    context = loadcontext(APP, config_uri(config), name)
    app = trace(context) if verbose else context.create()
    return RequestId(TransLogger(FaultWrapper(app), setup_console_handler=False))


def config_uri(config):
    return 'config:' + quote(os.path.abspath(config), safe='/\\:')


def trace(context):
    """Create what a Paste Deploy context describes, with a Traced around each step of a pipeline."""
    if context.object_type is not PIPELINE:
        return Traced(context.create(), is_filter=False)
    app = trace(context.app_context)
    for filter_context in reversed(context.filter_contexts):
        app = Traced(filter_context.create()(app), is_filter=True)
    return app


class RequestParser(HTTPRequestParser):
    """Waitress's reader of requests, which must not stumble over one, nor take two for one.

    A header that waitress 3.0 does not expect to be wrong is a 400, and so is a Transfer-Encoding that it does not
    know. "Expect: 100-continue" without a body to wait for would run this request and the next one together.
    """

    def parse_header(self, header_plus):
        try:
            super().parse_header(header_plus)
        except (ValueError, TransferEncodingNotImplemented) as error:
            raise ParsingError(str(error)) from None
        if self.body_rcv is None:
            self.expect_continue = False

    def received(self, data):
        consumed = super().received(data)
        if self.completed:
            self.expect_continue = False
        return consumed


class Server:
    """The ini's [server:main], its address already taken; call it with the application to serve.

    host, port: instead of the ini's, unless None; port 0 takes any free one. OSError if the address is not to be had.
    url: where it really listens; settings: the ini's [DEFAULT].
    """

    grace = 30  # seconds that requests under way are given once it is told to stop

    def __init__(self, config, host=None, port=None):
        context = loadcontext(SERVER, config_uri(config))
        self.settings, options = context.global_conf, context.local_conf
        ini_host, ini_port = options.pop('host', '') or '127.0.0.1', options.pop('port', '8080')
        self.listener = listen(host or ini_host, port_number(ini_port) if port is None else port)
        host, port = self.listener.getsockname()[:2]
        self.url = f'http://[{host}]:{port}' if ':' in host else f'http://{host}:{port}'
        self.connections = {}
        # Waitress takes an open socket and a dict to keep its connections in. Another runner that hands both on to
        # it says so: serve.takes_sockets = True.
        if getattr(context.object, 'takes_sockets', context.object.__module__ == 'waitress'):
            check_options(options)
            HTTPChannel.parser_class = RequestParser
            options.update(sockets=[self.listener], map=self.connections)
        else:  # a server that opens its own socket: ours has shown that the address is free
            self.listener.close()
            options.update(host=host, port=port)
        self.serve = context.create()
        self.stop_by, self.waits = None, False

    def __call__(self, app):
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        self.serve(app)

    def stop(self, signum, frame):
        """Signal handler: take no new connection, leave once nothing is under way, or at the second signal."""
        if self.stop_by is None:
            self.stop_by = time.monotonic() + self.grace
            for connection in self.connections.values():
                connection.accepting = False
            self.look_again()
        else:
            self.stop_by = 0
            self.leave_when_idle()

    def look_again(self):
        if not hasattr(signal, 'setitimer'):  # Windows has no timers, and does not wait
            raise SystemExit(0)
        signal.signal(signal.SIGALRM, self.leave_when_idle)
        signal.setitimer(signal.ITIMER_REAL, 0.05)

    def leave_when_idle(self, signum=None, frame=None):
        if self.is_busy() and time.monotonic() < self.stop_by:
            if not self.waits:
                os.write(2, b'finishing the requests under way; Ctrl-C again leaves at once\n')
            self.waits = True
            self.look_again()
        else:
            signal.setitimer(signal.ITIMER_REAL, 0)  # an alarm while Python ends would kill it
            raise SystemExit(0)

    def is_busy(self):
        # Of waitress's connections: a request half read, some read and not yet answered, answers not yet sent.
        signs = ('request', 'requests', 'total_outbufs_len')
        return any(getattr(c, sign, None) for c in list(self.connections.values()) for sign in signs)


def check_options(options):
    """Waitress's own check, one by one, so that the message can name the option: ValueError."""
    for name, value in options.items():
        try:
            Adjustments(**{name: value})
        except ValueError as error:
            raise ValueError(f'[server:main] {name} = {value}: {error}') from None


def listen(host, port):
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno > 0 else 'there is no such address'
        raise OSError(f'cannot listen on {host} port {port}: {why} (--port N takes another port, 0 any)') from None


def main(argv=None):
    args = parse(argv)
    log_to_stderr(args.verbose)
    if sys.stdout:  # None, where it is closed
        sys.stdout.reconfigure(line_buffering=True)  # who reads it through a pipe gets each line when it is printed
    try:
        app = load_app(args.config, args.name, args.verbose)
        server = Server(args.config, args.host, args.port)
        print(f'{args.name} of {args.config} listens on {server.url} (Ctrl-C stops it)')
        if 'first_curl' in server.settings:
            print('Try:', server.settings['first_curl'].replace('{url}', server.url))
        server(app)
    except Exception as error:
        LOG.debug('cannot serve', exc_info=True)
        sys.exit(f'server.py: {explain(error, args.config)}')


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


def explain(error, config):
    """One line for whoever started the server: what was raised on purpose says it all; else its kind, and where."""
    text = ' '.join(str(error).split())
    frames = traceback.extract_tb(error.__traceback__)
    if frames[-1].line.startswith('raise '):
        return text
    python = (sys.prefix + os.sep, sys.base_prefix + os.sep, '<')
    own = [frame for frame in frames if not frame.filename.startswith(python)] or frames
    where = '' if own[-1].filename == __file__ else f'{os.path.relpath(own[-1].filename)}, line {own[-1].lineno}; '
    return f'{config}: {type(error).__name__}: {text} ({where}-v shows the way there)'


if __name__ == '__main__':
    main()
