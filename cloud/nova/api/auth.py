"""Who is calling, as the rest of nova will know it: environ['nova.context'], a RequestContext.

Use, in the ini:   [filter:keystonecontext]
                   paste.filter_factory = cloud.nova.api.auth:NovaKeystoneContext.factory
Real: nova 2013-04 (c8067d1b70) nova/api/auth.py NovaKeystoneContext
Left out: the service catalog; whoever an X-Forwarded-For says is calling; deployments without Keystone.
"""

import logging

from cloud.nova.context import RequestContext
from cloud.oslo.utils.encodeutils import header_text
from wsgi import answer, fault

LOG = logging.getLogger(__name__)

DEFAULT_AUTH_URI = 'http://127.0.0.1:5000/v3'
UNAUTHORIZED = {
    'code': 401,
    'title': 'Unauthorized',
    'message': 'The request you have made requires authentication.',
}


class NovaKeystoneContext:
    """WSGI filter behind authtoken: make a context of the identity headers that authtoken has set, or answer 401."""

    def __init__(self, app):
        self.app = app

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application."""
        return cls

    def __call__(self, environ, start_response):
        if environ.get('HTTP_X_IDENTITY_STATUS') != 'Confirmed':
            return self.refuse()(environ, start_response)
        roles = [role.strip().lower() for role in read_header(environ, 'HTTP_X_ROLES').split(',')]
        context = environ['nova.context'] = RequestContext(
            user_id=read_header(environ, 'HTTP_X_USER_ID'),
            project_id=read_header(environ, 'HTTP_X_TENANT_ID'),
            roles=roles,
            is_admin='admin' in roles,
            auth_token=environ.get('HTTP_X_AUTH_TOKEN'),
            request_id=environ.get('openstack.request_id'),
            global_request_id=environ.get('openstack.global_request_id'),
        )
        LOG.debug('context: user %s of %s', context.user_id, context.project_id)
        return self.app(environ, start_response)

    def refuse(self):
        return fault(401, 'This needs a token: send the header X-Auth-Token with a right one.')


class ComputeKeystoneContext(NovaKeystoneContext):
    """The same in front of the compute API, where clients look for the words and the header of Keystone's filter."""

    def __init__(self, app, auth_uri):
        super().__init__(app)
        self.auth_uri = auth_uri

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application."""
        auth_uri = global_config.get('auth_uri') or DEFAULT_AUTH_URI
        return lambda app: cls(app, auth_uri)

    def refuse(self):
        refusal = answer({'error': UNAUTHORIZED}, 401)
        refusal.headers['WWW-Authenticate'] = f'Keystone uri="{self.auth_uri}"'
        return refusal


def read_header(environ, name):
    return header_text(environ[name])  # authtoken has written these in UTF-8
