"""The first signpost: which application answers, by how the path begins.

    /            the list of versions              /v2.1     the document of one version, for whoever knocks
    /v2.1/...    the compute API                   others    the lesson's API

The longest beginning that fits is taken. `/v2.1/+` fits only where more follows, `/v2.1` the rest; `/` is itself alone,
and `/+` whatever no other fits. What was matched moves from PATH_INFO to SCRIPT_NAME, so that an application need not
know where it was put; of `/+` nothing moves.

Use, in the ini:   [composite:nova]
                   use = call:cloud.nova.api.openstack.urlmap:urlmap_factory
                   /v2.1/+ = openstack_compute_api_v21
The applications share what they stand on (a database, the compute API): global_config['nova.parts'], made here once.
Real: nova 2014.2 nova/api/openstack/urlmap.py URLMap, urlmap_factory; the form with a plus since 2017
Left out: versions asked for in Accept or Content-Type.
"""

import functools
import logging
import os
from urllib.parse import unquote

from paste.deploy.loadwsgi import APP, ConfigLoader
from webob.exc import HTTPNotFound

from cloud.nova.api.openstack import Parts
from cloud.nova.controls import Controls
from cloud.oslo.middleware import debug
from wsgi import application

LOG = logging.getLogger(__name__)


def urlmap_factory(loader, global_config, **local_config):
    """Paste Deploy calls this with the composite's section: from beginnings of paths to names of applications."""
    shared = {**global_config, 'nova.parts': Parts(global_config)}
    home = home_of(loader)
    contexts = {name: home.get_context(APP, name, global_conf=shared) for name in set(local_config.values())}
    verbose = LOG.isEnabledFor(logging.DEBUG)
    apps = {name: debug.create(context) if verbose else context.create() for name, context in contexts.items()}
    app = URLMap({path: apps[name] for path, name in local_config.items()})
    app.controls = functools.partial(Controls, shared['nova.parts'])  # for the filter toycloud, if it is switched on
    return app


def home_of(loader):
    """The loader of the ini that the names are in. One that says `use = config:` THAT_INI hands its own loader over."""
    use = loader.parser.get('app:main', 'use', fallback='')
    if not use.startswith('config:'):
        return loader
    beside = os.path.dirname(os.path.abspath(loader.filename))
    return home_of(ConfigLoader(os.path.join(beside, unquote(use.removeprefix('config:').partition('#')[0]))))


class URLMap:
    """The WSGI application. apps: WSGI applications by the beginnings of their paths."""

    def __init__(self, apps):
        self.apps = sorted(apps.items(), key=lambda item: len(item[0].removesuffix('+')), reverse=True)

    @application
    def __call__(self, environ, start_response):
        app, prefix = self.find(environ['PATH_INFO'])
        if app is None:
            return HTTPNotFound()(environ, start_response)
        environ['SCRIPT_NAME'] += prefix
        environ['PATH_INFO'] = environ['PATH_INFO'][len(prefix) :]
        return app(environ, start_response)

    def find(self, path):
        """(application, beginning that it need not see), or (None, '')."""
        path = path or '/'
        for pattern, app in self.apps:
            prefix = pattern.removesuffix('+').rstrip('/')
            rest = path[len(prefix) :]
            if not path.startswith(prefix) or rest[:1] not in ('', '/'):
                continue
            if (len(rest) > 1) == pattern.endswith('+') or not pattern.endswith('+') and prefix:
                return app, prefix
        return None, ''
