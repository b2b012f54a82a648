"""Where the answers to a process arrive: one queue of its own, which goes with it, and a table of who waits for which.

An answer that nobody waits for any more is dropped.
Use: replies = Replies(driver); with replies.expecting(message_id) as reply: ...; reply.wait(60)
Real: oslo.messaging 1.4 oslo/messaging/_drivers/amqpdriver.py ReplyWaiter, ReplyWaiters
"""

import contextlib
import threading
import uuid

import kombu

from cloud.oslo.messaging._drivers.common import decode
from cloud.oslo.messaging._drivers.listener import Receiver


class Reply:
    """One answer that is waited for."""

    def __init__(self):
        self.event, self.body = threading.Event(), None

    def set(self, body):
        self.body = body
        self.event.set()

    def wait(self, timeout):
        """The answer, or None if it does not come in time."""
        self.event.wait(timeout)
        return self.body


class Replies(Receiver):
    def __init__(self, driver):
        self.name, self.expected, self.lock = f'reply_{uuid.uuid4().hex}', {}, threading.Lock()
        queue = kombu.Queue(self.name, kombu.Exchange(''), routing_key=self.name, exclusive=True, auto_delete=True,
                            durable=False)  # fmt: skip
        super().__init__(driver, [queue])
        self.start()

    def is_there(self, timeout):
        """Whether answers can arrive; that is waited for."""
        return self.connected.wait(timeout)

    @contextlib.contextmanager
    def expecting(self, message_id):
        """Context manager: the Reply for the message."""
        reply = Reply()
        with self.lock:
            self.expected[message_id] = reply
        try:
            yield reply
        finally:
            with self.lock:
                del self.expected[message_id]

    def receive(self, raw):
        with self.lock:
            reply = self.expected.get(raw.properties.get('correlation_id'))
        if reply is not None:
            reply.set(decode(raw.body))
        raw.ack()
