"""Messages through a broker, RabbitMQ, by kombu: queues that outlive it, and every process of ours.

    cast    stays in its queue until it is done: whoever dies at it, or before, leaves it to the next one
    call    is let go of when it is received; its answer comes in a queue of the caller's (replies.py)

A server that is told more than it does at once holds up to PREFETCH messages, and gives them back when it ends.
Use: get_rpc_transport('rabbit://guest:guest@127.0.0.1:5672/')
Real: oslo.messaging 1.4 oslo/messaging/_drivers/impl_rabbit.py RabbitDriver, amqpdriver.py. There a message is let go
    of when it is received, and there is one exchange for each service.
Left out: TLS, several brokers, mandatory delivery. RabbitMQ takes a message back from whoever holds it for more than
    half an hour (its consumer_timeout): it comes again then, and is found to be under way.
"""

import logging
import threading
import uuid

import kombu
import kombu.exceptions
from kombu.pools import ProducerPool

from cloud.oslo.messaging._drivers.common import deserialize_remote_exception, encode
from cloud.oslo.messaging._drivers.listener import Listener
from cloud.oslo.messaging._drivers.replies import Replies
from cloud.oslo.messaging.exceptions import MessageDeliveryFailure, MessagingTimeout

LOG = logging.getLogger(__name__)

EXCHANGE = kombu.Exchange('nova', type='direct', durable=True)
SENDERS = 16  # connections of a process for what it sends
PATIENCE = 5  # seconds that a sender waits for the broker
RETRY = {'max_retries': 5, 'interval_start': 0.1, 'interval_step': 0.3, 'interval_max': 1}
ERRORS = (kombu.exceptions.KombuError, kombu.exceptions.OperationalError, OSError)


def queue_of(name):
    return kombu.Queue(name, EXCHANGE, routing_key=name, durable=True)


class RabbitDriver:
    """url: of the broker; allowed: modules whose exceptions travel. Nothing is connected before it is needed."""

    def __init__(self, url, allowed):
        self.url, self.allowed = 'amqp://' + url.partition('://')[2], allowed
        self.producers = ProducerPool(kombu.pools.connections[self.connect()], limit=SENDERS)
        self.lock, self.waiting = threading.Lock(), None

    def connect(self, **options):
        return kombu.Connection(
            self.url, connect_timeout=PATIENCE, transport_options={'confirm_publish': True}, **options
        )

    def send(self, target, ctxt, message, wait_for_reply, timeout):
        body = {'ctxt': ctxt, **message}
        if not wait_for_reply:
            return self.publish(body, target.queue)
        message_id = uuid.uuid4().hex
        with self.replies().expecting(message_id) as reply:
            self.publish(body, target.queue, timeout, correlation_id=message_id, reply_to=self.waiting.name)
            return self.result_of(reply.wait(timeout), target, message, timeout)

    def result_of(self, answer, target, message, timeout):
        if answer is None:
            text = f'{target.queue} has not answered {message["method"]} within {timeout:g} seconds: is it running?'
            raise MessagingTimeout(text)
        if 'failure' in answer:
            raise deserialize_remote_exception(answer['failure'], self.allowed)
        return answer['result']

    def publish(self, body, name, expiration=None, **properties):
        """Hand a message for a queue to the broker, which makes the queue if need be. MessageDeliveryFailure."""
        sent = {'exchange': EXCHANGE, 'routing_key': name, 'declare': [queue_of(name)], **properties}
        self._publish(body, expiration=expiration, delivery_mode=1 if expiration else 2, **sent)

    def answer(self, body, name, message_id):
        """Hand an answer for the caller's queue to the broker. If the caller is gone, so is the queue."""
        self._publish(body, exchange='', routing_key=name, correlation_id=message_id, delivery_mode=1)

    def _publish(self, body, **sent):
        data = encode(body)
        try:
            with self.producers.acquire(block=True, timeout=PATIENCE) as producer:
                kind = {'content_type': 'application/json', 'content_encoding': 'utf-8', 'serializer': None}
                producer.publish(data, retry=True, retry_policy=RETRY, confirm_timeout=PATIENCE, **kind, **sent)
        except ERRORS as error:
            raise MessageDeliveryFailure(f'The message broker cannot be reached ({one_line(error)}).') from None

    def replies(self):
        """Where answers to this process arrive; MessageDeliveryFailure if that cannot be had."""
        with self.lock:
            if self.waiting is None:
                self.waiting = Replies(self)
        if not self.waiting.is_there(PATIENCE):
            raise MessageDeliveryFailure('The message broker cannot be reached: no answer could come.')
        return self.waiting

    def listen(self, target, server):
        listener = Listener(self, [queue_of(name) for name in dict.fromkeys((target.queue, target.topic))], server)
        listener.start()
        return listener

    def close(self):
        if self.waiting is not None:
            self.waiting.stop()
        self.producers.force_close_all()


def one_line(error):
    return ' '.join(str(error).split()) or type(error).__name__
