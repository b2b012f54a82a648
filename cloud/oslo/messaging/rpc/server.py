"""The side that answers: messages become jobs of its pool, each on the account of its tenant.

Use: server = get_rpc_server(transport, Target('compute', 'compute1'), [manager], Pool(4)); server.start()
Real: oslo.messaging 1.4 oslo/messaging/rpc/server.py get_rpc_server, RPCServer; its executors are threads or eventlet
"""

import logging
from functools import partial

from cloud.oslo.messaging.exceptions import MessageDeliveryFailure
from cloud.oslo.messaging.rpc.dispatcher import RPCDispatcher
from cloud.oslo.messaging.serializer import NoOpSerializer

LOG = logging.getLogger(__name__)


def get_rpc_server(transport, target, endpoints, executor, serializer=None):
    """executor: a Pool; or a function from a method's name to one, so that quick ones never wait for slow ones."""
    dispatcher = RPCDispatcher(endpoints, serializer or NoOpSerializer())
    return RPCServer(transport, target, dispatcher, executor if callable(executor) else lambda method: executor)


class RPCServer:
    def __init__(self, transport, target, dispatcher, executor):
        self.transport, self.target, self.dispatcher, self.executor = transport, target, dispatcher, executor
        self.listener = None

    def start(self):
        self.listener = self.transport.listen(self.target, self)

    def stop(self):
        """Take no further message. What was taken goes on."""
        if self.listener is not None:
            self.listener.stop()

    def submit(self, incoming):
        """Handle a message, soon. incoming: has ctxt, message; reply(result), fail(error); acknowledge(), requeue()."""
        pool = self.executor(incoming.message['method'])
        pool.submit(partial(self.process, incoming), (incoming.ctxt or {}).get('project_id'))

    def process(self, incoming):
        """Call what the message is for, tell whoever waits for it, and only then let go of it."""
        method = incoming.message['method']
        try:
            result = self.dispatcher.dispatch(incoming.ctxt, incoming.message)
        except MessageDeliveryFailure as error:
            return self.give_back(incoming, error)
        except Exception as error:
            LOG.log(*how_loud(incoming), '%s failed: %s', method, error, exc_info=not incoming.waits)
            incoming.fail(error)
        else:
            incoming.reply(result)
        incoming.acknowledge()

    def give_back(self, incoming, error):
        """What could not be handed on is tried again, some time later, by whoever it comes to then."""
        LOG.warning('%s: %s', incoming.message['method'], error)
        incoming.fail(error)
        incoming.requeue()


def how_loud(incoming):
    """An error that nobody waits for is told here, or nowhere."""
    return (logging.DEBUG,) if incoming.waits else (logging.ERROR,)
