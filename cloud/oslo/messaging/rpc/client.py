"""The side that asks.

Use: client = RPCClient(transport, Target('scheduler'), serializer)
     client.call(context, 'select_destinations', request_spec=...)               waits for the answer
     client.prepare(topic='compute', server='compute1').cast(context, 'stop_instance', instance_uuid=...)
Real: oslo.messaging 1.4 oslo/messaging/rpc/client.py RPCClient
Left out: version caps, retry as an argument.
"""

import logging

from cloud.oslo.messaging.serializer import NoOpSerializer

LOG = logging.getLogger(__name__)


class RPCClient:
    """transport: a Transport; target: whom to ask. timeout: seconds for a call, or None for the transport's."""

    def __init__(self, transport, target, serializer=None, timeout=None):
        self.transport, self.target, self.timeout = transport, target, timeout
        self.serializer = serializer or NoOpSerializer()

    def prepare(self, timeout=None, **target):
        """A client like this one, for another topic, server or version, or with other patience."""
        return RPCClient(self.transport, self.target._replace(**target), self.serializer, timeout or self.timeout)

    def call(self, ctxt, method, **kwargs):
        """What the method answers. MessagingTimeout, MessageDeliveryFailure, RemoteError; exceptions that travel."""
        return self._send(ctxt, method, kwargs, True)

    def cast(self, ctxt, method, **kwargs):
        """Have the method called, some time. MessageDeliveryFailure if that cannot be promised."""
        self._send(ctxt, method, kwargs, False)

    def _send(self, ctxt, method, kwargs, wait_for_reply):
        LOG.debug('%s %s at %s', 'calls' if wait_for_reply else 'casts', method, self.target.queue)
        message = {'method': method, 'args': kwargs, 'version': self.target.version}
        context = self.serializer.serialize_context(ctxt)
        return self.transport.send(self.target, context, message, wait_for_reply, self.timeout)
