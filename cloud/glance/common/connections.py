"""Connections to one service that are kept for the next request, since making one takes longer than asking by it.

Use: connections = Connections('127.0.0.1', 9191)
     with connections.one(end) as connection:           # end: a moment of time.monotonic(), by which all is over
         connection.request('GET', '/images')
         answer = connection.getresponse()
         answer.read()                                   # to its end: only then can the connection be used again
Real: none in glance 2014.2, where glance/common/client.py BaseClient makes a connection for each request; later
    glanceclient's sessions keep theirs by requests and urllib3
Left out: TLS.
"""

import contextlib
import http.client
import io
import select
import threading
import time
from functools import partial

MOST = 16  # connections that are kept; more are made when they are needed, and closed afterwards
IDLE = 20  # seconds that one may wait for its next request: the services close those that are silent for 60


class Connections:
    """host, port: where to. For any number of threads."""

    def __init__(self, host, port):
        self.host, self.port = host, port
        self.idle = []  # (connection, when it was last used), the latest at the end
        self.lock = threading.Lock()

    @contextlib.contextmanager
    def one(self, end):
        """An http.client.HTTPConnection nobody else uses, on which all waiting ends at `end`: OSError.

        It is closed if there is an exception, and otherwise kept.
        """
        connection = self._take() or http.client.HTTPConnection(self.host, self.port, timeout=seconds_until(end))
        try:
            if connection.sock is None:
                connection.connect()
            connection.sock.settimeout(seconds_until(end))
            connection.response_class = partial(Answer, end=end)
            yield connection
        except BaseException:
            connection.close()
            raise
        self._keep(connection)

    def _take(self):
        while True:
            with self.lock:
                if not self.idle:
                    return None
                connection, since = self.idle.pop()
            if time.monotonic() - since < IDLE and not has_ended(connection.sock):
                return connection
            connection.close()

    def _keep(self, connection):
        if connection.sock is None:  # the answer said that it is the last one
            return
        with self.lock:
            if len(self.idle) < MOST:
                self.idle.append((connection, time.monotonic()))
                return
        connection.close()

    def close(self):
        """Close what is kept; for tests, as a service keeps its connections until it ends."""
        with self.lock:
            for connection, _ in self.idle:
                connection.close()
            self.idle.clear()


def has_ended(sock):
    """Whether the other side has closed the connection: between two requests there is nothing else to be read."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def seconds_until(end):
    """What is left; TimeoutError if it is nothing."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError('timed out')
    return left


class Answer(http.client.HTTPResponse):
    """An answer all of which must have come by `end`: a socket's own time-out starts anew with each byte."""

    def __init__(self, sock, *arguments, end, **options):
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        self.fp = io.BufferedReader(UntilThen(sock, end))


class UntilThen(io.RawIOBase):
    """Reads from a socket; OSError from the moment `end` on."""

    def __init__(self, sock, end):
        self.sock, self.end = sock, end
        self.file = sock.makefile('rb', buffering=0)  # keeps the socket open until this is closed

    def readable(self):
        return True

    def readinto(self, buffer):
        self.sock.settimeout(seconds_until(self.end))
        return self.file.readinto(buffer)

    def close(self):
        self.file.close()
        super().close()
