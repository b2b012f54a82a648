"""Whom a message is for: a topic, and one server of it, or whichever of them is free.

Use: Target('compute', 'compute1').queue  ->  'compute.compute1'
Real: oslo.messaging 1.4 oslo/messaging/target.py Target
Left out: exchange, namespace, fanout.
"""

from typing import NamedTuple


class Target(NamedTuple):
    """server: None for any of the topic's. version: of what the client calls, for the log."""

    topic: str
    server: str = None
    version: str = '1.0'

    @property
    def queue(self):
        """The name of the queue that the message waits in."""
        return self.topic if self.server is None else f'{self.topic}.{self.server}'
