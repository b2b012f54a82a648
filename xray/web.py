"""The HTTP interface below /xray/: for the page, for curl, for whoever else looks. This machine only (admittance.py).

Use: Pages(xray) is a WSGI application; ROUTES says what it answers
Real: none
"""

import gzip
import io
import json
import os
import re
from urllib.parse import parse_qsl

from xray import answers
from xray.admittance import Refusal, check

PREFIX = '/xray'
PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'page')
KINDS = {
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.json': 'application/json',
    '.txt': 'text/plain; charset=utf-8',
}
MAX_BODY = 64 << 20  # bytes of what is imported
HEADERS = {
    'Content-Security-Policy': "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
}
ROUTES = (
    # method  path below /xray                    answered by
    ('GET',  '/requests',                         answers.requests),
    ('GET',  '/requests/(?P<request_id>[^/]+)',   answers.request),
    ('GET',  '/requests/(?P<request_id>[^/]+)/explain', answers.explain),
    ('GET',  '/requests/(?P<request_id>[^/]+)/curl',    answers.curl),
    ('GET',  '/requests/(?P<request_id>[^/]+)/trace',   answers.trace),
    ('GET',  '/source',                           answers.source),
    ('GET',  '/house',                            answers.house),
    ('GET',  '/diff',                             answers.diff),
    ('GET',  '/export',                           answers.export),
    ('POST', '/import',                           answers.take_in),
    ('POST', '/replay',                           answers.replay),
    ('POST', '/playground',                       answers.playground),
)  # fmt: skip


def is_ours(path):
    return path == PREFIX or path.startswith(PREFIX + '/')


class Pages:
    """xray: the filter whose requests are shown."""

    def __init__(self, xray):
        self.xray = xray

    def __call__(self, environ, start_response):
        try:
            check(environ)
            return self.answer(environ, start_response)
        except Refusal as refusal:
            error = {'error': {'code': refusal.status, 'message': str(refusal)}}
            return send(start_response, f'{refusal.status} Refused', json.dumps(error).encode())

    def answer(self, environ, start_response):
        path, method = environ['PATH_INFO'][len(PREFIX) :], environ['REQUEST_METHOD']
        if path in ('', '/') or path.startswith('/page/'):
            return self.page(path, environ, start_response)
        if method == 'GET' and (location := place_on_the_page(path, environ)):
            return send(start_response, '303 See Other', b'', 'text/html', more={'Location': location})
        found = [(route[0], route[2], match) for route in ROUTES if (match := re.fullmatch(route[1], path))]
        if not found:
            raise Refusal(404, 'There is nothing at this path: the page is at /xray/.')
        for allowed, function, match in found:
            if allowed == method or (allowed == 'GET' and method == 'HEAD'):
                query = dict(parse_qsl(environ.get('QUERY_STRING', ''), keep_blank_values=True))
                given = [read_json(environ)] if method == 'POST' else []
                answer = function(self.xray, query, *given, **match.groupdict())
                body = json.dumps(answer).encode()
                return send(start_response, '200 OK', b'' if method == 'HEAD' else body, length=len(body))
        raise Refusal(405, f'{method} is not allowed here: use {found[0][0]}.')

    def page(self, path, environ, start_response):
        """One of the page's own files."""
        name = path.removeprefix('/page/').strip('/') or 'index.html'
        file = os.path.join(PAGE, name)
        if not re.fullmatch(r'[a-z0-9_-]+(\.[a-z0-9_-]+)*', name) or not os.path.isfile(file):
            raise Refusal(404, 'The page has no such file.')
        if environ['REQUEST_METHOD'] not in ('GET', 'HEAD'):
            raise Refusal(405, f'{environ["REQUEST_METHOD"]} is not allowed here: use GET.')
        with open(file, 'rb') as opened:
            body = opened.read()
        kind = KINDS.get(os.path.splitext(name)[1], 'application/octet-stream')
        head = environ['REQUEST_METHOD'] == 'HEAD'
        return send(start_response, '200 OK', b'' if head else body, kind, len(body))


def place_on_the_page(path, environ):
    """Where a browser is led that follows the Link of a refusal: to the explanation, in the page. None for others."""
    request = re.fullmatch('/requests/([0-9A-Za-z-]{1,80})', path)
    wants_page = 'text/html' in environ.get('HTTP_ACCEPT', '')
    return f'{PREFIX}/#{request[1]}/explain' if request and wants_page else None


def read_json(environ):
    """The JSON object that was sent, gzipped or not."""
    length = environ.get('CONTENT_LENGTH') or '0'
    if not length.isdecimal() or not 0 < int(length) <= MAX_BODY:
        raise Refusal(413 if length.isdecimal() and length != '0' else 400, f'Send a body of 1 to {MAX_BODY} bytes.')
    try:
        body = environ['wsgi.input'].read(int(length))
        if environ.get('HTTP_CONTENT_ENCODING') == 'gzip':
            body = gzip.GzipFile(fileobj=io.BytesIO(body)).read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise Refusal(413, f'The body unpacks to more than {MAX_BODY} bytes.')
        document = json.loads(body)
    except (ValueError, RecursionError, OSError, EOFError):
        raise Refusal(400, 'The body is not JSON in UTF-8.') from None
    if not isinstance(document, dict):
        raise Refusal(400, 'The body is not a JSON object.')
    return document


def send(start_response, status, body, kind='application/json', length=None, more=()):
    own = {'Content-Type': kind, 'Content-Length': str(len(body) if length is None else length)}
    start_response(status, list({**own, **HEADERS, **dict(more)}.items()))
    return [body]
