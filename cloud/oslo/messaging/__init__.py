"""Messages between the parts of a service: a call waits for what the other side answers, a cast does not.

    client: RPCClient.prepare(server='compute1').cast(context, 'build_and_run_instance', instance_uuid=...)
    server: get_rpc_server(transport, Target('compute', 'compute1'), [manager], pool).start()

Without a transport_url both are in one process: a call is a call, a cast a job of the server's pool. With
rabbit://USER:PASSWORD@HOST:PORT/ they may be anywhere, and what was cast is done although a process dies: it is
acknowledged when it is done, and given to the next one if it is not. So an endpoint must bear being called twice.

    transport.py target.py exceptions.py    what both sides name
    rpc/client.py rpc/server.py             the two sides
    rpc/dispatcher.py                       which method of which endpoint a message is for
    pool.py                                 the threads that run them, shared fairly between tenants
    _drivers/                               the ways of a message: impl_direct (in one process), impl_rabbit (kombu)
This folder need not be read to follow a request.
Real: oslo.messaging 1.4 oslo/messaging/__init__.py; it acknowledges on receipt, so that a cast dies with its receiver
Left out: notifications, fanout, several transports at once, and versions that are compared.
"""

from cloud.oslo.messaging.exceptions import (
    MessageDeliveryFailure,
    MessagingException,
    MessagingTimeout,
    NoSuchMethod,
    RemoteError,
)
from cloud.oslo.messaging.rpc.client import RPCClient
from cloud.oslo.messaging.rpc.server import get_rpc_server
from cloud.oslo.messaging.serializer import NoOpSerializer
from cloud.oslo.messaging.target import Target
from cloud.oslo.messaging.transport import get_rpc_transport

__all__ = [
    'MessageDeliveryFailure',
    'MessagingException',
    'MessagingTimeout',
    'NoOpSerializer',
    'NoSuchMethod',
    'RPCClient',
    'RemoteError',
    'Target',
    'get_rpc_server',
    'get_rpc_transport',
]
