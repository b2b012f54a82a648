"""Which registry there is, and in whose name it is asked.

    use_user_token          sends the caller's token: the registry finds out itself who is calling
    send_identity_headers   sends the caller's user, tenant and roles: the registry believes them (trusted-auth)

Use: Registry(options).client(req.context).get_image(image_id)
Real: glance 2014.2 glance/registry/client/v1/api.py configure_registry_client, get_registry_client: module globals
Left out: a user of the service's own, in whose name it asks with use_user_token off.
"""

from cloud.glance.common.connections import Connections
from cloud.glance.registry.client.v1.client import RegistryClient
from cloud.oslo.utils.encodeutils import text_header


class Registry:
    """options: registry_host, registry_port, registry_client_timeout, use_user_token, send_identity_headers,
    service_token.
    """

    def __init__(self, options):
        self.options = options
        self.connections = Connections(options.registry_host, options.registry_port)  # kept, for all callers

    def client(self, context):
        """A RegistryClient that asks in the name of the context's caller."""
        options = self.options
        return RegistryClient(
            self.connections,
            options.registry_client_timeout,
            auth_token=context.auth_token if options.use_user_token else None,
            identity_headers=identity_headers(context) if options.send_identity_headers else None,
            service_token=options.service_token,
        )


def identity_headers(context):
    """The caller as authtoken would describe it; a context that may only read has no confirmed identity."""
    headers = {
        'X-Identity-Status': 'Invalid' if context.read_only else 'Confirmed',
        'X-User-Id': context.user,
        'X-Tenant-Id': context.tenant,
        'X-Roles': ','.join(context.roles),
        'X-Service-Roles': 'service',
    }
    return {name: text_header(value) for name, value in headers.items() if value is not None}
