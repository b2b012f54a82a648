"""One line a message, whatever a client sent.

Use: handler.setFormatter(LogFormatter(verbose=False))
Real: nova 2014.2 nova/openstack/common/log.py ContextFormatter; later oslo.log oslo_log/formatters.py
Left out: formats and colours by configuration.
"""

import logging

from cloud.oslo.middleware.request_id import REQUEST_ID


class LogFormatter(logging.Formatter):
    """The request's id stands in front of errors, and where verbose is true, of every message."""

    def __init__(self, verbose):
        super().__init__()
        self.verbose = verbose

    def formatMessage(self, record):
        record.message = printable(record.message)
        with_id = self.verbose or record.levelno >= logging.ERROR
        return f'{REQUEST_ID.get()} {record.message}' if with_id else record.message


def printable(text):
    """The text, with an escape for whatever in it would command a terminal."""
    return text if text.isprintable() else ''.join(c if c.isprintable() else repr(c)[1:-1] for c in text)
