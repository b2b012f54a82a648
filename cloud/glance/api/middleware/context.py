"""Who is calling, as the rest of the service will know it: environ['glance.context'], a RequestContext.

Three filters, of which a pipeline takes one:
    ContextMiddleware                 behind authtoken: the identity headers that authtoken has set
    TrustedContextMiddleware          without authtoken: the same headers as the client sends them, on loopback only
    UnauthenticatedContextMiddleware  without either: everyone is admin, of no tenant

Use, in the ini:   [filter:context]
                   paste.filter_factory = cloud.glance.api.middleware.context:ContextMiddleware.factory
Real: glance 2014.2 glance/api/middleware/context.py. There one ContextMiddleware serves with and without authtoken,
    so anyone who reaches the port in the flavour trusted-auth may claim any identity; and a broken X-Service-Catalog
    is a 500.
Left out: the header X-Openstack-Request-Id, which server.py sets for every service.
"""

import ipaddress
import logging

import simplejson

from cloud.glance.api import policy
from cloud.glance.api.parts import parts_behind
from cloud.glance.common import config
from cloud.glance.common.admission import BODY_FOLLOWS
from cloud.glance.context import RequestContext
from cloud.oslo.utils.encodeutils import header_text
from wsgi import fault

LOG = logging.getLogger(__name__)


class BaseContextMiddleware:
    """WSGI filter: make the context, then pass on. A subclass has `make_context` or refuses.

    app: the next WSGI application; options: the ini's; enforcer: decides who is admin by the policy's own rule.
    """

    def __init__(self, app, options, enforcer=None):
        self.app = app
        self.options = options
        self.enforcer = enforcer

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application. ValueError for a bad option."""
        options = config.parse(global_config)

        def wrap(app):
            parts = parts_behind(app)
            # The registry asks no policy but for who is an admin: its only Enforcer is made here.
            enforcer = parts.policy if parts else policy.Enforcer(options.policy_file, options.policy_default_rule)
            return cls(app, options, enforcer)

        return wrap

    def __call__(self, environ, start_response):
        try:
            context = environ['glance.context'] = self.make_context(environ)
        except Refusal as refusal:
            LOG.debug('context refuses: %s', refusal)
            return fault(refusal.code, str(refusal))(environ, start_response)
        LOG.debug('context: user %s of %s, %s', context.user, context.tenant, describe(context))
        if BODY_FOLLOWS in environ:  # the server only wants to know
            start_response('100 Continue', [])
            return []
        return self.app(environ, start_response)

    def new_context(self, environ, **identity):
        return RequestContext(
            owner_is_tenant=self.options.owner_is_tenant,
            policy_enforcer=self.enforcer,
            request_id=environ.get('openstack.request_id'),
            **identity,
        )


class ContextMiddleware(BaseContextMiddleware):
    """A confirmed identity gets its context. Others get one that may only read, if the ini allows it, else 401."""

    def make_context(self, environ):
        if environ.get('HTTP_X_IDENTITY_STATUS') == 'Confirmed':
            return self.authenticated(environ)
        if self.options.allow_anonymous_access:
            return self.new_context(environ, read_only=True)
        raise Refusal(401, 'This needs a token: send the header X-Auth-Token with a right one.')

    def authenticated(self, environ):
        roles = [role.strip().lower() for role in read_header(environ, 'HTTP_X_ROLES').split(',') if role.strip()]
        return self.new_context(
            environ,
            user=read_header(environ, 'HTTP_X_USER_ID') or None,
            tenant=read_header(environ, 'HTTP_X_TENANT_ID') or None,
            roles=roles,
            is_admin=self.options.admin_role.lower() in roles,
            auth_token=environ.get('HTTP_X_AUTH_TOKEN'),
            service_roles=read_header(environ, 'HTTP_X_SERVICE_ROLES').split(','),
            service_catalog=read_catalog(environ),
        )


class TrustedContextMiddleware(ContextMiddleware):
    """The same without authtoken in front. A client may claim any identity, so only this machine is answered."""

    @classmethod
    def factory(cls, global_config, **local_config):
        LOG.warning('The identity headers of every client are trusted: so this service answers on loopback only.')
        return super().factory(global_config, **local_config)

    def make_context(self, environ):
        if not is_loopback(environ.get('REMOTE_ADDR', '')):
            raise Refusal(403, 'This service trusts its clients, so it answers on loopback only.')
        return super().make_context(environ)


class UnauthenticatedContextMiddleware(BaseContextMiddleware):
    """Everyone is admin, of no tenant; with the role too (the real one has none), so that policies agree."""

    def make_context(self, environ):
        return self.new_context(environ, is_admin=True, roles=[self.options.admin_role])


class Refusal(Exception):
    """The context cannot be made: the answer is this code and message."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def describe(context):
    return 'read-only' if context.read_only else 'admin' if context.is_admin else 'no admin'


def is_loopback(address):
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def read_header(environ, name):
    try:
        return header_text(environ.get(name, ''))
    except UnicodeError:
        raise Refusal(400, f'The header {name.removeprefix("HTTP_")} is not UTF-8.') from None


def read_catalog(environ):
    """The service catalog as the identity service words it, a list, or None."""
    if 'HTTP_X_SERVICE_CATALOG' not in environ:
        return None
    try:
        return simplejson.loads(read_header(environ, 'HTTP_X_SERVICE_CATALOG'))
    except (ValueError, RecursionError):
        raise Refusal(400, 'The header X-Service-Catalog is not JSON.') from None
