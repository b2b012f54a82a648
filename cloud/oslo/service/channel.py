"""One connection; and where there are as many as there may be, which one has to go for a new one.

Waitress takes no new connection while as many are open as it may have (connection_limit). So clients that stay
connected and ask nothing would keep all others out. Here the one that has been idle longest is closed instead.

Use: BaseWSGIServer.channel_class = Channel; Channel.parser_class reads the requests
Real: none; nova 2014.2 serves with eventlet, whose pool of green threads bounds its connections
"""

import contextlib
import socket

from waitress.channel import HTTPChannel

from cloud.oslo.service.parser import RequestParser
from cloud.oslo.service.task import Task


class Channel(HTTPChannel):
    """waitress's connection, which lives in the thread of the server's loop; only its requests have another one."""

    parser_class = RequestParser
    task_class = Task

    def __init__(self, server, sock, addr, adj, map=None):
        super().__init__(server, sock, addr, adj, map)
        if len(server._map) >= adj.connection_limit:
            make_room(server, self)

    def readable(self):
        """The loop asks each connection; one of them looks whether any has become idle since the server is full."""
        if self.server.in_connection_overflow and self is next(iter(self.server.active_channels.values())):
            make_room(self.server)
        return super().readable()

    def drop(self):
        """Say nothing more on this connection, and close it. By the worker that has a request of it."""
        with self.outbuf_lock:
            self.connected, self.will_close = False, True  # a worker that writes is told that the client is gone
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.server.pull_trigger()


def channel_of(environ):
    """The connection on which a request has come; None where another server serves.

    Waitress hands no connection to applications, only a method of it by which they may ask whether the client is there.
    """
    return getattr(environ.get('waitress.client_disconnected'), '__self__', None)


def drop(environ):
    """Close the connection of this request without an answer, if the server is ours."""
    if channel := channel_of(environ):
        channel.drop()


def workers(environ, unknown):
    """How many requests the server works on at a time."""
    channel = channel_of(environ)
    return channel.adj.threads if channel else unknown


def make_room(server, newcomer=None):
    """Have the loop close the connection that has been idle longest, if there is one; not the newcomer."""
    channels = [channel for channel in server.active_channels.values() if channel is not newcomer]
    if any(channel.will_close for channel in channels):
        return
    for channel in sorted(channels, key=lambda channel: channel.last_activity):
        if is_idle(channel):
            channel.will_close = True
            return


def is_idle(channel):
    """Whether there is no request, half of one or an answer on it, in the server or yet to be read by it."""
    if channel.request or channel.requests or channel.total_outbufs_len:
        return False
    try:
        return not channel.socket.recv(1, socket.MSG_PEEK)
    except BlockingIOError:  # nothing has come
        return True
    except OSError:  # the client is gone
        return True
