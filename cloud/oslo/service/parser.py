"""Waitress's reader of requests, made safe: it must not stumble over a request, nor take two for one.

Use: HTTPChannel.parser_class = RequestParser
Real: none; nova 2014.2 serves with eventlet, which reads requests by itself
"""

from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented


class RequestParser(HTTPRequestParser):
    """A header that waitress 3.0 does not expect to be wrong is a 400, and so is an unknown Transfer-Encoding.

    "Expect: 100-continue" without a body to wait for would run this request and the next one together. A request with
    both Content-Length and Transfer-Encoding is refused: whoever stands in front may believe the other one of the two,
    and so take part of a body for a request of its own.
    """

    def parse_header(self, header_plus):
        try:
            super().parse_header(header_plus)
        except (ValueError, TransferEncodingNotImplemented) as error:
            raise ParsingError(str(error)) from None
        # The parent takes the header of a chunked request away; it leaves it only where HTTP/1.0 knows no such thing.
        if 'TRANSFER_ENCODING' in self.headers or self.chunked and 'CONTENT_LENGTH' in self.headers:
            raise ParsingError('Transfer-Encoding does not go with Content-Length or with HTTP/1.0')
        if self.body_rcv is None:
            self.expect_continue = False

    def received(self, data):
        consumed = super().received(data)
        if self.completed:
            self.expect_continue = False
        return consumed
