"""Which requests a rule is for: by method, path, action, tenant and name.

    {"method": "POST", "path": "/v2.1/servers"}        this path; * is a part of a name, ** any number of names
    {"action": "os-stop"}                              POST .../action with {"os-stop": ...}
    {"tenant": "demo"}                                 whose token it is: the id or the name of the project
    {"name": "web"}                                    what is named so in the body, or by an id in the path

What a rule does not say fits all. A request is read only as far as some rule asks for it.
Use: Match({'path': '/v2.1/servers/*'}).fits(Request(environ, controls, find_token))
Real: none
"""

import functools
import re

import simplejson

from cloud.keystoneclient.middleware.identity import ServiceError
from cloud.oslo.utils.encodeutils import header_text

LONGEST = 262144  # bytes of a body that is looked into
ID = re.compile('[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}')
GUESS = 'HTTP_X_IMAGE_META_NAME'  # where API v1 of the image service has a name
FIELDS = ('method', 'path', 'action', 'tenant', 'name')


class Match:
    """wanted: a dict with some of FIELDS, texts."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.pattern = re.compile(as_expression(wanted['path'])) if 'path' in wanted else None

    def fits(self, request):
        wanted = self.wanted
        return (
            ('method' not in wanted or request.method == wanted['method'].upper())
            and (self.pattern is None or self.pattern.fullmatch(request.path) is not None)
            and ('action' not in wanted or request.action == wanted['action'])
            and ('tenant' not in wanted or wanted['tenant'] in request.tenants)
            and ('name' not in wanted or wanted['name'] in request.names)
        )


def as_expression(path):
    """The regular expression for a path with * and **."""
    parts = re.split(r'(\*\*|\*)', path)
    return ''.join({'*': '[^/]*', '**': '.*'}.get(part) or re.escape(part) for part in parts)


class Request:
    """What rules ask about a request; each thing is found out when it is asked for first."""

    def __init__(self, environ, controls, find_token):
        self.environ, self.controls, self.find_token = environ, controls, find_token
        self.method, self.path = environ['REQUEST_METHOD'], as_text(environ['PATH_INFO'])

    @functools.cached_property
    def tenants(self):
        """The id and the name of the project whose token it is; neither without a known token."""
        token = self.environ.get('HTTP_X_AUTH_TOKEN')
        try:
            identity = self.find_token(token) if token else None
        except (ServiceError, UnicodeError):
            identity = None
        return (identity['tenant'], identity.get('more', {}).get('PROJECT_NAME')) if identity else ()

    @functools.cached_property
    def document(self):
        """The body's JSON object; {} for any other body."""
        try:
            document = simplejson.loads(peek(self.environ))
        except (ValueError, RecursionError, OSError):
            return {}
        return document if isinstance(document, dict) else {}

    @functools.cached_property
    def action(self):
        is_action = self.path.endswith('/action') and len(self.document) == 1
        return next(iter(self.document)) if is_action else None

    @functools.cached_property
    def names(self):
        said = list(names_in(self.document))
        if GUESS in self.environ:
            said.append(as_text(self.environ[GUESS]))
        return [*said, *(self.controls.name_of(part) for part in self.path.split('/') if ID.fullmatch(part))]


def names_in(value, depth=8):
    """What JSON says under the key `name`, wherever that is."""
    if isinstance(value, list) and depth:
        for item in value:
            yield from names_in(item, depth - 1)
    elif isinstance(value, dict) and depth:
        for key, item in value.items():
            if key == 'name' and isinstance(item, str):
                yield item
            else:
                yield from names_in(item, depth - 1)


def as_text(value):
    try:
        return header_text(value)
    except UnicodeError:
        return value


def peek(environ):
    """The body, if it is short and can be read again; else nothing."""
    length, stream = environ.get('CONTENT_LENGTH') or '', environ['wsgi.input']
    if not length.isdecimal() or not 0 < int(length) <= LONGEST or not hasattr(stream, 'seek'):
        return b''
    place = stream.tell()
    body = stream.read(int(length))
    stream.seek(place)
    return body
