"""Who is measured: the cloud, its pipeline alone, and the same API in other frameworks."""

import configparser

from bench.over_http import ROOT
from bench.rivals import bare_wsgi, falcon_app, flask_app
from cloud.oslo.middleware.request_id import RequestId
from cloud.oslo.middleware.translogger import TransLogger

CONFIG = str(ROOT / 'configure.ini')
CLOUD, ALONE = 'the cloud', 'pipeline alone'
RIVALS = {'Flask': flask_app, 'Falcon': falcon_app, 'bare WSGI': bare_wsgi}


def with_our_log(app):
    """What server.py puts around an application, around another one."""
    return RequestId(TransLogger(app))


def cloud_command():
    """Arguments for Python that serve the cloud as a user does, on any free port."""
    return 'server.py', CONFIG, '--port', '0'


def command(module, *flags):
    """Arguments for Python that serve a module's `app` with the same options. flags: see bench/serve.py."""
    return '-m', 'bench.serve', module.__name__, *flags, *server_options()


def server_options():
    """waitress's options in configure.ini, as ['threads=8', ...], with any free port."""
    ini = configparser.ConfigParser(interpolation=None, default_section='none')
    ini.read(CONFIG)
    options = {**ini['server:main'], 'port': '0'}
    return [f'{name}={value}' for name, value in options.items() if name != 'use']
