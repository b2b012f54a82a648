"""What makes a context, and values, fit for a message: an application has its own.

Use: RPCClient(transport, target, serializer); get_rpc_server(..., serializer=serializer)
Real: oslo.messaging 1.4 oslo/messaging/serializer.py Serializer, NoOpSerializer
"""


class NoOpSerializer:
    """Contexts are dicts, and values are what JSON can say, and datetimes."""

    def serialize_context(self, ctxt):
        return ctxt

    def deserialize_context(self, ctxt):
        return ctxt
