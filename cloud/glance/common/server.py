"""The image service's socket server: waitress, with five more changes to how it reads requests.

The shared RequestParser answers 400 where waitress would fail; in addition:

1. The headers x-image-meta-* may have underscores in their names (x-image-meta-disk_format), as the clients of
   API v1 send them. Waitress drops every header with an underscore, and it drops it silently.
2. A request with both Content-Length and Transfer-Encoding is refused: a proxy in front may believe the other one
   of the two, and so take part of a body for a second request.
3. If the disk has no room for a body, the answer is 413; waitress would just close the connection.
4. A connection on which more than a few requests wait is closed. Each waiting request may keep an image's file
   open, and no client of this service sends a request before it has the answer to the last one.
5. A body of more than 1 MiB is a 413 at once, except where an image's data is sent: if its size is announced, as
   soon as the headers are read. Waitress would write all of it to the disk before the token is checked.

Use, in the ini:   [server:main]
                   paste.server_runner = cloud.glance.common.server:serve_paste
Real: glance 2014.2 glance/common/wsgi.py Server, which is eventlet's WSGI server in several processes.
Left out: TLS, worker processes, and SIGHUP.
"""

import contextlib
import logging
import re

from waitress.channel import HTTPChannel
from waitress.parser import ParsingError
from waitress.server import create_server
from waitress.utilities import RequestEntityTooLarge

from cloud.oslo.service.parser import RequestParser
from cloud.oslo.utils.units import Mi

LOG = logging.getLogger(__name__)

MAX_DOCUMENT = Mi  # bytes of a body that is no image's data
# What takes an image's data: .../file in API v2, and in API v1 /images, whose version may be in a header instead.
DATA_PATH = re.compile('.*/file/?|/*(v1[.0-9]*/+)?images(/.*)?', re.DOTALL)
MAX_WAITING = 4  # requests of one connection, with the one that is being answered
IMAGE_HEADER = re.compile(rb'(?<=\n)x-image-meta-[^:\s]*', re.IGNORECASE)


class Parser(RequestParser):
    """Reads one request off a connection."""

    def received(self, data):
        consumed = self.keep(data)
        size = max(self.content_length, self.body_bytes_received)
        if size > MAX_DOCUMENT and not self.error and not DATA_PATH.fullmatch(self.path):
            self.error = RequestEntityTooLarge(f'Send at most {MAX_DOCUMENT} bytes: no image data is taken here.')
            self.completed, self.expect_continue = True, False
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
        # The parent takes the header of a chunked request away; it leaves it only where HTTP/1.0 knows no such thing.
        if 'TRANSFER_ENCODING' in self.headers or self.chunked and 'CONTENT_LENGTH' in self.headers:
            raise ParsingError('Transfer-Encoding does not go with Content-Length or with HTTP/1.0')


class Channel(HTTPChannel):
    """One connection."""

    parser_class = Parser

    def received(self, data):
        answer = super().received(data)
        if len(self.requests) > MAX_WAITING:
            LOG.debug('closes a connection on which %d requests wait', len(self.requests))
            self.connected, self.will_close = False, True  # cancel() would take away the one that a worker has
        return answer


def serve_paste(app, global_conf, **settings):
    """Serve until SystemExit; Paste Deploy calls this with the application and the section's settings.

    settings: waitress's own, as text or typed. ValueError for a setting that it does not know.
    """
    server = create_server(app, **settings)
    server.channel_class = Channel
    server.run()


serve_paste.takes_sockets = True
