"""Nova's messages: its transport, its contexts in them, and the topics that its parts listen at.

Use: transport = get_transport(options); client = get_client(transport, CONDUCTOR)
     get_server(transport, Target(COMPUTE, 'compute1'), [manager], pool).start()
Real: nova 2014.2 nova/rpc.py init, get_client, get_server, RequestContextSerializer; the topics are options there
"""

from cloud.nova.context import RequestContext
from cloud.oslo import messaging

COMPUTE, CONDUCTOR, SCHEDULER = 'compute', 'conductor', 'scheduler'
EXMODS = ('cloud.nova.exception',)  # whose exceptions travel


class RequestContextSerializer(messaging.NoOpSerializer):
    def serialize_context(self, ctxt):
        return ctxt.to_dict()

    def deserialize_context(self, ctxt):
        return RequestContext.from_dict(ctxt)


def get_transport(options):
    """ValueError if transport_url is no address of a broker."""
    return messaging.get_rpc_transport(options.transport_url, EXMODS, options.rpc_response_timeout)


def get_client(transport, topic, version='1.0'):
    return messaging.RPCClient(transport, messaging.Target(topic, version=version), RequestContextSerializer())


def get_server(transport, target, endpoints, executor):
    return messaging.get_rpc_server(transport, target, endpoints, executor, RequestContextSerializer())
