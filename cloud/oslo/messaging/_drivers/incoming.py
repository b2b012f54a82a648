"""A message as it was received, and what can be done with it: answered, failed, acknowledged.

Use: incoming = Incoming(driver, raw, done); incoming.message['method']
Real: oslo.messaging 1.4 oslo/messaging/_drivers/amqpdriver.py AMQPIncomingMessage
"""

import logging
import time

from cloud.oslo.messaging._drivers.common import decode, serialize_remote_exception
from cloud.oslo.messaging.exceptions import MessageDeliveryFailure

LOG = logging.getLogger(__name__)

AGAIN = 1  # seconds before a message goes back


class Incoming:
    """A message that was received. A cast is acknowledged when it is done, by the thread that receives."""

    def __init__(self, driver, raw, done):
        body = decode(raw.body)
        self.ctxt = body.pop('ctxt')
        self.message = {'method': body['method'], 'args': body['args']}
        self.driver, self.raw, self.done = driver, raw, done
        self.reply_to, self.message_id = raw.properties.get('reply_to'), raw.properties.get('correlation_id')
        self.waits = bool(self.reply_to)

    def reply(self, result):
        self._answer({'result': result})

    def fail(self, error):
        self._answer({'failure': serialize_remote_exception(error)})

    def _answer(self, body):
        if self.waits:
            try:
                self.driver.answer(body, self.reply_to, self.message_id)
            except MessageDeliveryFailure as error:
                LOG.warning('the answer to %s is lost: %s', self.message['method'], error)

    def acknowledge(self):
        if not self.waits:
            self.done.append(self.raw.ack)

    def requeue(self):
        """Let it come again; not at once, since what stood in the way may still be there."""
        if not self.waits:
            time.sleep(AGAIN)
            self.done.append(self.raw.requeue)
