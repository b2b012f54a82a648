"""A function that is called again and again, in a thread of its own, until it is stopped.

What it raises is logged, and the next call comes all the same.
Use: beat = FixedIntervalLoopingCall(report_state); beat.start(10); beat.stop()
Real: oslo.service 0.1 oslo_service/loopingcall.py FixedIntervalLoopingCall (2014.2: openstack/common/loopingcall.py)
"""

import logging
import threading

LOG = logging.getLogger(__name__)


class FixedIntervalLoopingCall:
    def __init__(self, function):
        self.function, self.stopped, self.thread = function, threading.Event(), None

    def start(self, interval):
        """The first call comes after so many seconds."""
        self.thread = threading.Thread(target=self._run, args=[interval], daemon=True)
        self.thread.start()

    def _run(self, interval):
        while not self.stopped.wait(interval):
            try:
                self.function()
            except Exception as error:
                LOG.warning('%s failed: %s', self.function.__qualname__, error, exc_info=True)

    def stop(self):
        self.stopped.set()
