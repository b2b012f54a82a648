"""End a server without cutting a request: take no new connection, leave once nothing is under way.

Use: Drain(connections).on_signals(), in the main thread, before the server's loop begins.
Real: nova 2014.2 nova/wsgi.py Server.stop and wait, called by nova/openstack/common/service.py Launcher
Left out: reloading on SIGHUP.
"""

import os
import signal
import time


class Drain:
    """connections: waitress's channels and listeners, by file descriptor. grace: seconds for requests under way."""

    def __init__(self, connections, grace=30):
        self.connections = connections
        self.grace = grace
        self.stop_by, self.waits = None, False

    def on_signals(self):
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def stop(self, signum, frame):
        """Signal handler. The second signal leaves at once."""
        if self.stop_by is None:
            self.stop_by = time.monotonic() + self.grace
            for connection in self.connections.values():
                connection.accepting = False
            self.look_again()
        else:
            self.stop_by = 0
            self.leave_when_idle()

    def look_again(self):
        if not hasattr(signal, 'setitimer'):  # Windows has no timers, and does not wait
            raise SystemExit(0)
        signal.signal(signal.SIGALRM, self.leave_when_idle)
        signal.setitimer(signal.ITIMER_REAL, 0.05)

    def leave_when_idle(self, signum=None, frame=None):
        if self.is_busy() and time.monotonic() < self.stop_by:
            if not self.waits:
                os.write(2, b'finishing the requests under way; Ctrl-C again leaves at once\n')
            self.waits = True
            self.look_again()
        else:
            signal.setitimer(signal.ITIMER_REAL, 0)  # an alarm while Python ends would kill it
            raise SystemExit(0)

    def is_busy(self):
        # Of waitress's connections: a request half read, some read and not yet answered, answers not yet sent.
        signs = ('request', 'requests', 'total_outbufs_len')
        return any(getattr(c, sign, None) for c in list(self.connections.values()) for sign in signs)
