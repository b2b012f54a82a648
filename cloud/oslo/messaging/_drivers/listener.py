"""A thread that receives: it connects, takes messages, and acknowledges those that are done; and again, for ever.

A broker that is down is asked again every second. What was held when the connection broke comes again: the broker has
taken it back.
Use: class Listener(Receiver): def receive(self, raw): ...
Real: none; kombu/mixins.py ConsumerMixin is like it. oslo.messaging 1.4 has oslo/messaging/_drivers/amqpdriver.py
    AMQPListener
"""

import contextlib
import logging
import threading
from collections import deque

import kombu

from cloud.oslo.messaging._drivers.incoming import Incoming

LOG = logging.getLogger(__name__)

PREFETCH = 1000  # messages that a server holds, done or not
LOOK = 0.1  # seconds between two looks for what is done
HEARTBEAT = 20  # seconds without a sign, after which either side gives the other up


class Receiver:
    """queues: kombu's; a subclass has receive(raw), which must not take long."""

    prefetch = PREFETCH

    def __init__(self, driver, queues):
        self.driver, self.queues = driver, queues
        self.stopped, self.connected, self.done = threading.Event(), threading.Event(), deque()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def start(self):
        self.thread.start()

    def run(self):
        while not self.stopped.is_set():
            try:
                with self.driver.connect(heartbeat=HEARTBEAT) as connection:
                    self.consume(connection)
            except Exception as error:  # whatever it is, the next attempt may work
                LOG.warning('%s: no messages now: %s', self.queues[0].name, ' '.join(str(error).split()))
                self.stopped.wait(1)
            self.connected.clear()

    def consume(self, connection):
        channel = connection.channel()
        channel.basic_qos(0, self.prefetch, False)
        self.done.clear()  # what was held by the connection before is not ours to acknowledge
        with kombu.Consumer(channel, self.queues, on_message=self.take, accept=['json']):
            self.connected.set()
            while not self.stopped.is_set():
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=LOOK)
                self.acknowledge()
                connection.heartbeat_check()
            self.acknowledge()

    def take(self, raw):
        try:
            self.receive(raw)
        except Exception:
            LOG.exception('%s: a message that cannot be read is thrown away', self.queues[0].name)
            raw.ack()

    def receive(self, raw):
        raise NotImplementedError

    def acknowledge(self):
        while self.done:
            self.done.popleft()()

    def stop(self):
        """Take nothing more. What is held and not done goes back to its queue."""
        self.stopped.set()
        if self.thread is not threading.current_thread() and self.thread.ident:
            self.thread.join(5)


class Listener(Receiver):
    """For a server: each message is submitted to it."""

    def __init__(self, driver, queues, server):
        super().__init__(driver, queues)
        self.server = server

    def receive(self, raw):
        incoming = Incoming(self.driver, raw, self.done)
        if incoming.waits:
            raw.ack()
        self.server.submit(incoming)
