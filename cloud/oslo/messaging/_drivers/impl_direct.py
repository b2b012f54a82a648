"""All in one process: a call runs where it is made, a cast in the pool of the server that it is for.

What is cast and not done yet is lost when the process ends; who needs it done looks at the database at the next start.
A message is what it would be on a wire, so that what cannot travel is found here, too.
Use: get_rpc_transport('')
Real: none; oslo.messaging 1.4 has oslo/messaging/_drivers/impl_fake.py for tests, whose threads look for messages
    every 50 ms
"""

import itertools
import threading

from cloud.oslo.messaging._drivers.common import decode, encode
from cloud.oslo.messaging.exceptions import MessageDeliveryFailure

NOBODY = 'Nobody listens at {}: is a host missing in the ini?'


class DirectDriver:
    """servers: by the name of their queue; of several for one queue, each has its turn."""

    def __init__(self):
        self.servers, self.turns, self.lock = {}, itertools.count(), threading.Lock()

    def send(self, target, ctxt, message, wait_for_reply, timeout):
        server = self.find(target.queue)
        incoming = Incoming(*decode(encode([ctxt, message])))
        if wait_for_reply:
            return server.dispatcher.dispatch(incoming.ctxt, incoming.message)
        server.submit(incoming)
        return None

    def find(self, queue):
        with self.lock:
            servers = self.servers.get(queue)
            if not servers:
                raise MessageDeliveryFailure(NOBODY.format(queue))
            return servers[next(self.turns) % len(servers)]

    def listen(self, target, server):
        with self.lock:
            for queue in {target.queue, target.topic}:
                self.servers.setdefault(queue, []).append(server)
        return Listener(self, server)

    def close(self):
        with self.lock:
            self.servers.clear()


class Listener:
    def __init__(self, driver, server):
        self.driver, self.server = driver, server

    def stop(self):
        with self.driver.lock:
            for servers in self.driver.servers.values():
                if self.server in servers:
                    servers.remove(self.server)


class Incoming:
    """A cast; nobody waits for what it brings."""

    waits = False

    def __init__(self, ctxt, message):
        self.ctxt, self.message = ctxt, message

    def reply(self, result):
        """Nobody waits for it."""

    def fail(self, error):
        """The server has logged it."""

    def acknowledge(self):
        """Nobody else has it."""

    def requeue(self):
        """There is no queue that it could go back to."""
