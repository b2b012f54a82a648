"""The image service's socket server: waitress, with five more changes to how it reads requests.

The shared RequestParser answers 400 where waitress would fail; in addition:

1. The headers x-image-meta-* may have underscores in their names (x-image-meta-disk_format), as the clients of
   API v1 send them. Waitress drops every header with an underscore, and it drops it silently.
2. If the disk has no room for a body, the answer is 413; waitress would just close the connection.
3. A connection on which more than a few requests wait is closed. Each waiting request may keep an image's file
   open, and no client of this service sends a request before it has the answer to the last one.
4. A body of more than 1 MiB is a 413 at once, except where an image's data is sent: if its size is announced, as
   soon as the headers are read. Waitress would write all of it to the disk before the token is checked.
5. A body of more than 1 MiB is waited for only once the pipeline has let its sender in (admission.py says how).

Use, in the ini:   [server:main]
                   paste.server_runner = cloud.glance.common.server:serve_paste
Real: glance 2014.2 glance/common/wsgi.py Server, which is eventlet's WSGI server in several processes.
Left out: TLS, worker processes, and SIGHUP.
"""

import contextlib
import logging
import re

from waitress.server import create_server
from waitress.utilities import RequestEntityTooLarge

from cloud.glance.common.admission import Question
from cloud.oslo.service import channel
from cloud.oslo.service.parser import RequestParser
from cloud.oslo.utils.units import Mi

LOG = logging.getLogger(__name__)

MAX_DOCUMENT = Mi  # bytes of a body that is no image's data
# What takes an image's data: .../file, .../stage in API v2, and in API v1 /images, whose version may be in a header;
# and what takes the data of all images.
DATA_PATH = re.compile('.*/(file|stage)/?|/toycloud/state|/*(v1[.0-9]*/+)?images(/.*)?', re.DOTALL)
MAX_WAITING = 4  # requests of one connection, with the one that is being answered
IMAGE_HEADER = re.compile(rb'(?<=\n)x-image-meta-[^:\s]*', re.IGNORECASE)


class Parser(RequestParser):
    """Reads one request off a connection.

    is_large: whether it has, or announces, more than a document; waits: for the 100 Continue that it asked for.
    """

    is_large = waits = False

    def received(self, data):
        consumed = self.keep(data)
        self.is_large = max(self.content_length, self.body_bytes_received) > MAX_DOCUMENT
        if self.is_large and not self.error and not DATA_PATH.fullmatch(self.path):
            self.error = RequestEntityTooLarge(f'Send at most {MAX_DOCUMENT} bytes: no image data is taken here.')
            self.completed, self.expect_continue = True, False
        if self.is_large and self.expect_continue:
            self.expect_continue, self.waits = False, True  # once it is admitted
        return consumed

    def keep(self, data):
        try:
            return super().received(data)
        except OSError as error:
            self.error = RequestEntityTooLarge(f'The server cannot keep the body: {error.strerror}.')
            self.completed = True
            with contextlib.suppress(OSError):  # it tries once more to write what did not fit
                self.body_rcv.getbuf().close()
            return len(data)

    def parse_header(self, header_plus):
        # A dash in place of the underscore: both end as the same key of the WSGI environ.
        super().parse_header(IMAGE_HEADER.sub(lambda name: name[0].replace(b'_', b'-'), header_plus))


class Channel(channel.Channel):
    """One connection."""

    parser_class = Parser
    asked_for = None  # the request of which the pipeline was asked
    is_asking = False

    def readable(self):
        return not self.is_asking and super().readable()

    def received(self, data):
        answer = super().received(data)
        if self.request and self.request.is_large and self.request is not self.asked_for:
            self.asked_for, self.is_asking = self.request, True
            self.server.add_task(Question(self, self.request))
        if len(self.requests) > MAX_WAITING:
            LOG.debug('closes a connection on which %d requests wait', len(self.requests))
            self.connected, self.will_close = False, True  # cancel() would take away the one that a worker has
        return answer

    def handle_close(self):
        super().handle_close()
        if self.request:  # half of one: its file goes now, not when Python finds out that nobody needs it
            self.request.close()

    def admit(self, request):
        """A worker's word: the body may come."""
        with self.requests_lock:
            if request.waits:
                request.expect_continue = True
                if not self.requests:  # else it is sent behind the last answer
                    self.send_continue()
            self.is_asking = False
        self.server.pull_trigger()

    def refuse(self, request, error):
        """A worker's word: answer with the error at once, and close the connection."""
        with self.requests_lock:
            request.error, request.completed = error, True
            self.requests.append(request)
            self.request = None
            if len(self.requests) == 1:
                self.server.add_task(self)
            self.is_asking = False
        self.server.pull_trigger()


def serve_paste(app, global_conf, **settings):
    """Serve until SystemExit; Paste Deploy calls this with the application and the section's settings.

    settings: waitress's own, as text or typed. ValueError for a setting that it does not know.
    """
    server = create_server(app, **settings)
    server.channel_class = Channel
    server.run()


serve_paste.takes_sockets = True
