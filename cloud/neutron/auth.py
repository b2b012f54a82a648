"""Who is calling: environ['neutron.context'], a Context.

Use, in the ini:   [filter:keystonecontext]
                   paste.filter_factory = cloud.neutron.auth:NeutronKeystoneContext.factory
Real: neutron 2014.2 neutron/auth.py NeutronKeystoneContext
"""

from dataclasses import dataclass

from cloud.oslo.utils.encodeutils import header_text


@dataclass
class Context:
    tenant_id: str
    is_admin: bool


class NeutronKeystoneContext:
    """WSGI filter behind authtoken, which lets nobody pass who is not known."""

    def __init__(self, app):
        self.app = app

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application."""
        return cls

    def __call__(self, environ, start_response):
        roles = header_text(environ['HTTP_X_ROLES']).lower().split(',')
        tenant_id = header_text(environ['HTTP_X_TENANT_ID'])  # authtoken has written these in UTF-8
        environ['neutron.context'] = Context(tenant_id, 'admin' in roles)
        return self.app(environ, start_response)
