"""Before the router: the path without its last slash, and the Token of whoever asks.

Use: app = NormalizingFilter(AuthContextMiddleware(router, provider))
Real: keystone 2014.2 keystone/middleware/core.py NormalizingFilter, AuthContextMiddleware
Left out: the admin token of ADMIN_TOKEN's, which the real ones no longer have.
"""

import logging

from cloud.keystone import exception
from cloud.keystone.common.wsgi import render
from cloud.oslo.db.sqlalchemy.session import DBError
from wsgi import application

LOG = logging.getLogger(__name__)


class NormalizingFilter:
    """WSGI filter: /v3/projects/ is /v3/projects."""

    def __init__(self, app):
        self.app = app

    @application
    def __call__(self, environ, start_response):
        path = environ['PATH_INFO']
        if len(path) > 1 and path.endswith('/'):
            environ['PATH_INFO'] = path.rstrip('/') or '/'
        return self.app(environ, start_response)


class AuthContextMiddleware:
    """WSGI filter: environ['keystone.token'] becomes the Token of X-Auth-Token; None without a valid one.

    Which actions need one, the router's resources know.
    """

    def __init__(self, app, provider, public_endpoint=None):
        self.app, self.provider, self.public_endpoint = app, provider, public_endpoint

    @application
    def __call__(self, environ, start_response):
        environ['keystone.public_endpoint'] = self.public_endpoint
        try:
            environ['keystone.token'] = self.find(environ.get('HTTP_X_AUTH_TOKEN'))
        except DBError as error:
            return render(503, str(error), 'Service Unavailable')(environ, start_response)
        return self.app(environ, start_response)

    def find(self, token):
        try:
            return self.provider.validate(token) if token else None
        except exception.TokenNotFound as error:
            LOG.debug('X-Auth-Token: %s (%s)', error, getattr(error, 'reason', None))
            return None
