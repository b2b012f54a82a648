"""The guard: a filter that lets a request with the right X-Auth-Token through.

A filter is a WSGI application that wraps the next one. It answers itself (here: 403) or calls the next one. What it
refuses, those behind it in the pipeline never see.

Use, in the ini:   [filter:auth]
                   paste.filter_factory = auth:filter_factory
                   token = open-sesame
Real: keystonemiddleware 1.2 keystonemiddleware/auth_token.py AuthProtocol (before 2014.2 it was
    keystoneclient/middleware/auth_token.py), which asks Keystone who owns a token and answers 401;
    this one knows one token and no users.
Left out: users, tenants and roles (the image service's own authtoken has them).
"""

import hmac
import logging

from cloud.oslo.utils.encodeutils import header_bytes
from wsgi import application, fault

LOG = logging.getLogger(__name__)


class Auth:
    """WSGI filter: requests with the right token pass, others get 403.

    app: the next WSGI application; token: text, as written in the ini.
    """

    def __init__(self, app, token):
        self.app = app
        self.token = token.encode()

    @application
    def __call__(self, environ, start_response):
        sent = environ.get('HTTP_X_AUTH_TOKEN')
        if sent is None:
            message = "The header X-Auth-Token is missing: send it with the token from the ini's [filter:auth]."
        elif not self.is_right(sent):
            message = "The token in X-Auth-Token is wrong: send the one from the ini's [filter:auth]."
        else:
            return self.app(environ, start_response)
        LOG.debug('Auth refuses: %s', message)
        return fault(403, message)(environ, start_response)

    def is_right(self, sent):
        # compare_digest takes as long for a token that is nearly right as for a wrong one: timing reveals nothing.
        return hmac.compare_digest(header_bytes(sent), self.token)


def filter_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the filter's own section (dicts of text).

    Returns a function that wraps an application in Auth. ValueError when `token` is absent or empty:
    an empty token would let everybody in.
    """
    token = local_config.get('token')
    if not token:
        raise ValueError('the auth filter has no token: add a line "token = ..." to its section')
    return lambda app: Auth(app, token)
