"""The HTTP interface below /xray/: for the page, for curl, for whoever else looks. This machine only.

    GET /xray/                     the page                GET /xray/requests        the last 200, the newest first
    GET /xray/requests/ID          one, with its steps     GET /xray/source          lines of a file of the project

Use: Pages(store, xray) is a WSGI application
Real: none
"""

import json
import re
from urllib.parse import parse_qsl

from xray.safe import MASK  # noqa: F401

ROUTES = []
PREFIX = '/xray'


def is_ours(path):
    return path == PREFIX or path.startswith(PREFIX + '/')


class Refusal(Exception):
    """The answer is this status and message."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Pages:
    """store: a Store; xray: the filter, for what is asked about its own service."""

    def __init__(self, store, xray):
        self.store, self.xray = store, xray

    def __call__(self, environ, start_response):
        try:
            document = self.answer(environ)
            return send(start_response, 200, document)
        except Refusal as refusal:
            return send(start_response, refusal.status, {'error': {'code': refusal.status, 'message': str(refusal)}})

    def answer(self, environ):
        path = environ['PATH_INFO'][len(PREFIX) :]
        query = dict(parse_qsl(environ.get('QUERY_STRING', '')))
        if path == '/requests':
            limit = query.get('limit', '200')
            return {'requests': self.store.summaries()[: int(limit) if limit.isdecimal() else 200]}
        if match := re.fullmatch('/requests/([^/]+)', path):
            found = self.store.get(match[1])
            if found is None:
                raise Refusal(404, f'There is no request {match[1]}: GET /xray/requests lists those there are.')
            return found
        raise Refusal(404, 'There is nothing at this path.')


def send(start_response, status, document):
    body = json.dumps(document).encode()
    start_response(
        f'{status} {"OK" if status == 200 else "Refused"}',
        [('Content-Type', 'application/json'), ('Content-Length', str(len(body)))],
    )
    return [body]
