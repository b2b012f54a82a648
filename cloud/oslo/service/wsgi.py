"""The server that an ini names: its address is taken first, then it serves an application.

Use: server = Server('configure.ini', port=0); print(server.url); server(app)
Real: nova 2014.2 nova/wsgi.py Server and Loader; later oslo.service oslo_service/wsgi.py
Left out: TLS, and several processes.
"""

import functools
import os
import socket
import sys
from urllib.parse import quote

from paste.deploy import loadwsgi
from paste.deploy.loadwsgi import SERVER, loadcontext
from waitress.adjustments import Adjustments
from waitress.server import BaseWSGIServer

from cloud.oslo.service.channel import Channel
from cloud.oslo.service.drain import Drain
from cloud.oslo.service.limits import fit_connections
from cloud.oslo.service.startup import port_number

# Paste Deploy opens an ini without saying how its text is encoded. Some editors begin it with a byte order mark.
loadwsgi.open = functools.partial(open, encoding='utf-8-sig')

# Waitress's own ways to an address, which would take the place of the socket that it is handed.
ADDRESSES = ('listen', 'unix_socket', 'unix_socket_perms', 'sockets', 'ipv4', 'ipv6')


class Server:
    """The ini's [server:main], its address already taken; call it with the application to serve.

    host, port: instead of the ini's, unless None; port 0 takes any free one. OSError if the address is not to be had.
    url: where it really listens; settings: the ini's [DEFAULT]. The ini may name modules that lie beside it.
    """

    def __init__(self, config, host=None, port=None):
        # Last on the path: such a module does not take the place of a library's, or of one of the project's.
        sys.path.append(os.path.dirname(os.path.abspath(config)))
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
            adjust(options)
            BaseWSGIServer.channel_class = Channel
            options.update(sockets=[self.listener], map=self.connections)
        else:  # a server that opens its own socket: ours has shown that the address is free
            self.listener.close()
            options.update(host=host, port=port)
        self.serve = context.create()

    def __call__(self, app):
        """Serve until a signal ends it, with SystemExit."""
        Drain(self.connections).on_signals()
        self.serve(app)


def config_uri(config):
    """The path of an ini as the URI that Paste Deploy loads."""
    return 'config:' + quote(os.path.abspath(config), safe='/\\:')


def listen(host, port):
    host = '0.0.0.0' if host == '*' else host
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno > 0 else 'there is no such address'
        raise OSError(f'cannot listen on {host} port {port}: {why} (--port N takes another port, 0 any)') from None


def adjust(options):
    """Check what is for waitress, and lower connection_limit to what the process's open files allow: ValueError."""
    for name in ADDRESSES:
        if name in options:
            raise ValueError(f'[server:main] {name}: this server listens at host and port alone: write these instead')
    adjustments = check_options(options)
    threads, use_poll = adjustments.threads, adjustments.asyncore_use_poll
    options['connection_limit'] = fit_connections(adjustments.connection_limit, threads, use_poll)


def check_options(options):
    """Waitress's own check, as its Adjustments; one by one if it fails, so that the message can name the option."""
    try:
        return Adjustments(**options)
    except ValueError as error:
        fails = error
    for name, value in options.items():
        try:
            Adjustments(**{name: value})
        except ValueError as error:
            raise ValueError(f'[server:main] {name} = {value}: {error}') from None
    raise ValueError(f'[server:main]: {fails}')
