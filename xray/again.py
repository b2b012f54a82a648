"""A recorded request once more: as a line of curl, or sent again, changed or not.

What was masked before it was kept (tokens, a password in a body) is in the memory of the process that recorded it, for
as long as it is one of its last 200 requests; after that it has to be given anew.
Use: as_curl(document);  Memory().keep(id, environ, body);  send(address, document, changes, memory)
Real: none
"""

import collections
import http.client
import json
import re
import shlex

from xray.admittance import Refusal
from xray.bodies import is_note
from xray.masking import MASK, masked_query

MOST = 200  # requests that are remembered
PATIENCE = 60  # seconds for an answer
METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
OWN = (
    'host',
    'content-length',
    'connection',
    'transfer-encoding',
    'expect',
    'accept-encoding',
    'x-openstack-request-id',
)
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a header's name, as HTTP has it
SECRET_HEADERS = {
    'HTTP_X_AUTH_TOKEN': 'X-Auth-Token',
    'HTTP_X_SERVICE_TOKEN': 'X-Service-Token',
    'HTTP_X_SUBJECT_TOKEN': 'X-Subject-Token',
    'HTTP_AUTHORIZATION': 'Authorization',
    'HTTP_COOKIE': 'Cookie',
}


class Memory:
    """What is masked in the files, by the request's id. It is never written anywhere."""

    def __init__(self):
        self.kept = collections.OrderedDict()

    def keep(self, request_id, environ, body):
        headers = {header: environ[name] for name, header in SECRET_HEADERS.items() if name in environ}
        query = environ.get('QUERY_STRING', '')
        if headers or isinstance(body, bytes) or masked_query(query) != query:
            self.kept[request_id] = headers, body if isinstance(body, bytes) else None, query
            while len(self.kept) > MOST:
                self.kept.popitem(last=False)

    def get(self, request_id):
        return self.kept.get(request_id, ({}, None, None))


def as_curl(document, base):
    """The request for a terminal; the token is the variable TOKEN. base: http://HOST:PORT"""
    words = ['curl', '-i', '-X', document['method']] if document['method'] != 'GET' else ['curl', '-i']
    words = [*words[:-2], '--head'] if document['method'] == 'HEAD' else words
    for name, value in document['request']['headers'].items():
        if name.lower() in OWN or name.lower() in ('user-agent', 'accept') and value in ('*/*',):
            continue
        if value == MASK:
            variable = {'X-Auth-Token': 'TOKEN'}.get(name, name.upper().replace('-', '_'))
            words.append(f'-H "{name}: ${variable}"')
        else:
            words.append(f'-H {shlex.quote(f"{name}: {value}")}')
    body = document['request']['body']
    if body is not None:
        words.append('--data-binary @FILE' if is_note(body) else f'--data-binary {shlex.quote(body)}')
    query = f'?{document["query"]}' if document['query'] else ''
    words.append(shlex.quote(f'{base}{document["path"]}{query}'))
    return ' '.join(words)


def prepare(document, changes, memory):
    """(method, target, headers, body) to send; Refusal where a change is no good, or what was masked is forgotten."""
    secret, remembered, query = memory.get(document['id'])
    method, target = changes.get('method') or document['method'], read_target(document, changes, query)
    if method not in METHODS or not isinstance(target, str) or not target.startswith('/') or not target.isprintable():
        raise Refusal(400, f'Send one of {", ".join(METHODS)}, and a path that begins with a slash.')
    if target.startswith('/xray'):
        raise Refusal(400, 'The X-ray does not ask itself: take another path.')
    headers = read_headers(changes.get('headers', document['request']['headers']))
    token = changes.get('token')
    for name, value in list(headers.items()):
        if name.lower() in OWN:
            del headers[name]
        elif value == MASK:
            headers[name] = secret.get(name.title())
    if 'headers' in changes and 'X-Auth-Token' not in headers and 'X-Auth-Token' in secret:
        headers['X-Auth-Token'] = secret['X-Auth-Token']  # a page never has it
    if token:
        headers['X-Auth-Token'] = token
    for name, value in headers.items():
        if value is None:
            raise Refusal(409, f'The recorder does not have {name} any more: it was masked. Send a token along.')
        if not isinstance(value, str) or not value.isprintable():
            raise Refusal(400, f'The header {name} is no line of text.')
    return method, target.replace(' ', '%20'), headers, read_body(document, changes, remembered)


def read_target(document, changes, query):
    """The path with its query; one that has not been changed since it was masked is what it was before."""
    masked = document['path'] + (f'?{document["query"]}' if document['query'] else '')
    target = masked if changes.get('path') is None else changes['path']
    if MASK not in document['query'] or not isinstance(target, str) or MASK not in target:
        return target
    if target != masked or query is None:
        raise Refusal(409, 'The path has *** where a secret was masked: write the secret there, and send it again.')
    return f'{document["path"]}?{query}'


def read_headers(headers):
    if not isinstance(headers, dict):
        raise Refusal(400, 'headers is not an object of names and values.')
    for name in headers:
        if not HEADER_NAME.fullmatch(name):
            raise Refusal(400, f'{name!r} is no name of a header: it has letters, digits and - only.')
    return dict(headers)


def read_body(document, changes, remembered):
    if 'body' in changes:
        if changes['body'] is not None and not isinstance(changes['body'], str):
            raise Refusal(400, 'body is not text.')
        try:
            return (changes['body'] or '').encode() or None
        except UnicodeEncodeError:
            raise Refusal(400, 'body has half a surrogate pair, which is no character: send text.') from None
    if remembered is not None:
        return remembered
    body = document['request']['body']
    if body and (MASK in body or is_note(body)):
        raise Refusal(409, 'The recorder does not have the body any more: send one along.')
    return body.encode() if body else None


def send(address, request):
    """(status, id) of the answer. address: (host, port) of the service; Refusal where it does not answer."""
    method, target, headers, body = request
    connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
    try:
        connection.request(method, target, body, {name: value.encode() for name, value in headers.items()})
        answer = connection.getresponse()
        while answer.read(65536):
            continue
        return answer.status, answer.getheader('X-Openstack-Request-Id')
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Refusal(502, f'The service did not answer: {type(error).__name__}.') from None
    finally:
        connection.close()


def forward(url, path, document):
    """Have another service's X-ray do it: only that one remembers the token."""
    host, _, port = url.removeprefix('http://').partition(':')
    connection = http.client.HTTPConnection(host, int(port), timeout=2 * PATIENCE)
    try:
        connection.request('POST', f'/xray/{path}', json.dumps(document), {'Content-Type': 'application/json'})
        answer = connection.getresponse()
        told = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        raise Refusal(502, f'The service at {url} does not answer: is it running?') from None
    finally:
        connection.close()
    if isinstance(told.get('error'), dict):
        raise Refusal(told['error']['code'], told['error']['message'])
    return told
