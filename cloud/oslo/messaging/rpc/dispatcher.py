"""From a message to the method that it is for: the first endpoint that has it.

While the method runs, REQUEST_ID is that of the request that all this is for: the log's lines have it. So is the global
id, which goes on to whatever other service the method asks.
Use: RPCDispatcher([manager], serializer).dispatch(ctxt, {'method': 'stop_instance', 'args': {...}})
Real: oslo.messaging 1.4 oslo/messaging/rpc/dispatcher.py RPCDispatcher
"""

import logging

from cloud.oslo.messaging.exceptions import NoSuchMethod
from cloud.oslo.middleware.request_id import GLOBAL_REQUEST_ID, REQUEST_ID

LOG = logging.getLogger(__name__)


class RPCDispatcher:
    """endpoints: objects; each of their methods without an underscore in front may be called from outside."""

    def __init__(self, endpoints, serializer):
        self.endpoints, self.serializer = endpoints, serializer

    def dispatch(self, ctxt, message):
        """What the method answers. NoSuchMethod; what it raises."""
        method = message['method']
        ids = ctxt or {}
        token = REQUEST_ID.set(ids.get('request_id') or '-')
        across = GLOBAL_REQUEST_ID.set(ids.get('global_request_id') or ids.get('request_id'))
        try:
            call = self.find(method)
            LOG.debug('%s.%s is called', type(call.__self__).__name__, method)
            return call(self.serializer.deserialize_context(ctxt), **message.get('args', {}))
        finally:
            REQUEST_ID.reset(token)
            GLOBAL_REQUEST_ID.reset(across)

    def find(self, method):
        for endpoint in self.endpoints:
            call = None if method.startswith('_') else getattr(endpoint, method, None)
            if callable(call):
                return call
        raise NoSuchMethod(method)
