"""Ask another service of this project over HTTP, JSON in and out, and never wait longer than a given time.

Every request is sent once: without an answer nobody knows whether the change was made, so it must not be made again.
A service that sends a byte now and then cannot hold its caller for ever: the whole exchange has an end.

Use: a subclass names the service; do_request('GET', '/images', {'limit': 5})  ->  the answer's JSON document
Real: glance 2014.2 glance/common/client.py BaseClient, which has no limit of time and tries again with a new token
Left out: TLS, and urllib3, whose time-outs are those of the socket.
"""

import http.client
import logging
import time
from urllib.parse import urlencode

import simplejson

from cloud.glance.common import exception
from cloud.oslo.middleware.request_id import headers_on

LOG = logging.getLogger(__name__)

# What an answer's status means to the caller; a status that is not here is the service's own failure.
ERRORS = {
    400: exception.Invalid,
    401: exception.NotAuthenticated,
    403: exception.Forbidden,
    404: exception.NotFound,
    409: exception.Duplicate,
    413: exception.LimitExceeded,
    503: exception.ServiceUnavailable,
}


class BaseClient:
    """connections: to where the service is; timeout: seconds for a whole exchange; headers: for each request (text)."""

    service = 'service'
    how_to_start = 'start it'

    def __init__(self, connections, timeout=10.0, headers=None):
        self.connections, self.timeout = connections, timeout
        self.headers = headers or {}

    def do_request(self, method, path, params=None, document=None, headers=None):
        """The JSON document that is answered, or None where there is no body; path: quoted already.

        One of ERRORS; ServerError for any other refusal, and for an answer that is not JSON; ClientConnectionError
        without an answer: then a change may have been made or not.
        """
        url = f'{path}?{urlencode(params)}' if params else path
        body = None if document is None else simplejson.dumps(document).encode()
        status, answer = self.exchange(method, url, body, {**headers_on(), **self.headers, **(headers or {})})
        LOG.debug('%s: %s %s answers %d', self.service, method, url, status)
        if not 200 <= status < 300:
            raise self.refused(status, answer)
        return self.parse(answer) if answer else None

    def exchange(self, method, url, body, headers):
        """(status, body) of the answer."""
        end = time.monotonic() + self.timeout
        try:
            with self.connections.one(end) as connection:
                connection.request(method, url, body, {'Content-Type': 'application/json', **headers})
                return read_answer(connection.getresponse())
        except (OSError, http.client.HTTPException, UnicodeError) as error:  # the last: a host's impossible name
            LOG.debug('%s: %s %s: %r', self.service, method, url, error)
            late = time.monotonic() >= end
            problem = f'does not answer within {self.timeout:g} s' if late else 'cannot be reached'
            raise exception.ClientConnectionError(f'{self.who()} {problem}: {self.how_to_start}.') from None

    def who(self):
        return f'The {self.service} at {self.connections.host}:{self.connections.port}'

    def refused(self, status, answer):
        try:
            ((_, fault),) = simplejson.loads(answer).items()
            message = str(fault['message'])
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            message = f'{self.who()} answers {status}.'
        if status == 503:
            message = f'{self.who()} is not available now: {message}'
        return ERRORS[status](message) if status in ERRORS else exception.ServerError(f'{self.who()} fails: {message}')

    def parse(self, answer):
        try:
            return simplejson.loads(answer)
        except (ValueError, RecursionError):
            message = f'{self.who()} does not answer in JSON: is it the {self.service}?'
            raise exception.ServerError(message) from None


def read_answer(answer):
    """(status, body); IncompleteRead if the answer does not say how long it is: its end would be unknown."""
    if answer.length is None and not answer.chunked:
        raise http.client.IncompleteRead(b'')
    return answer.status, answer.read()
