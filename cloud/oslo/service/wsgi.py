"""The server that an ini names: its address is taken first, then it serves an application.

Use: server = Server('configure.ini', port=0); print(server.url); server(app)
Real: nova 2014.2 nova/wsgi.py Server and Loader; later oslo.service oslo_service/wsgi.py
Left out: TLS, and several processes.
"""

import os
import socket
from urllib.parse import quote

from paste.deploy.loadwsgi import SERVER, loadcontext
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel

from cloud.oslo.service.drain import Drain
from cloud.oslo.service.parser import RequestParser
from cloud.oslo.service.startup import port_number


class Server:
    """The ini's [server:main], its address already taken; call it with the application to serve.

    host, port: instead of the ini's, unless None; port 0 takes any free one. OSError if the address is not to be had.
    url: where it really listens; settings: the ini's [DEFAULT].
    """

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

    def __call__(self, app):
        """Serve until a signal ends it, with SystemExit."""
        Drain(self.connections).on_signals()
        self.serve(app)


def config_uri(config):
    """The path of an ini as the URI that Paste Deploy loads."""
    return 'config:' + quote(os.path.abspath(config), safe='/\\:')


def listen(host, port):
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno > 0 else 'there is no such address'
        raise OSError(f'cannot listen on {host} port {port}: {why} (--port N takes another port, 0 any)') from None


def check_options(options):
    """Waitress's own check, one by one, so that the message can name the option: ValueError."""
    for name, value in options.items():
        try:
            Adjustments(**{name: value})
        except ValueError as error:
            raise ValueError(f'[server:main] {name} = {value}: {error}') from None
