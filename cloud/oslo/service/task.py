"""How an answer leaves: all at once, if that is how the application gives it.

Waitress's worker sends the head, then the body. Each time it lets go of Python's one lock (the GIL), and while other
threads compute, it waits up to a switch interval (5 ms) to get it back: the more connections, the more waiting. Here
the worker only leaves both in the connection's buffer. It wakes up the server's loop next, as it always does, and the
loop sends them with one call.

An answer that comes piece by piece, or from a file, leaves as waitress has it: each piece as soon as it is there.
(Waitress's option send_bytes would keep pieces back; it is deprecated, for the loop must then turn round and round
until more comes.)

Use: HTTPChannel.task_class = Task;  environ['toycloud.through_proxy'] is there if a proxy's headers came along
Real: none; nova 2014.2 serves with eventlet, whose green threads do not compete
"""

from waitress.buffers import OverflowableBuffer
from waitress.channel import ClientDisconnected
from waitress.proxy_headers import PROXY_HEADERS
from waitress.task import WSGITask


class Task(WSGITask):
    """One request: calls the application, and writes what it answers."""

    def get_environment(self):
        """Waitress takes X-Forwarded-For and the like away, lest they be believed. That there were any is worth a note:
        who lets in this machine alone must know that the one who asks may be on another.
        """
        environ = super().get_environment()
        if not PROXY_HEADERS.isdisjoint(self.request.headers):
            environ['toycloud.through_proxy'] = True
        return environ

    def write(self, data):
        # The body's length is known, by its header or because it is a list of one item, and this is all of it.
        if self.content_length == len(data) and self.has_body and not self.wrote_header:
            leave(self.channel, self.build_response_header() + data)
            self.wrote_header, self.content_bytes_written = True, len(data)
        else:
            super().write(data)


def leave(channel, data):
    """Like channel.write_soon, but for sending it. ClientDisconnected if there is nobody to send it to."""
    if not channel.connected:
        raise ClientDisconnected
    buffer = OverflowableBuffer(channel.adj.outbuf_overflow)
    buffer.append(data)
    with channel.outbuf_lock:
        channel.outbufs.append(buffer)
        channel.total_outbufs_len += len(data)
        channel.current_outbuf_count = len(data)
