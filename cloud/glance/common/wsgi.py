"""What the image service's resources share: deserializer -> controller -> serializer, and errors -> HTTP.

    routes -> Resource -> deserializer.X(req) -> controller.X(req, ...) -> serializer.X(response, result)

The deserializer knows HTTP requests, the serializer HTTP answers, and the controller neither. If one of the
first two has no method for the action X, its `default` is called.

Use: Resource(controller, deserializer, serializer) is a WSGI application for a Router's table.
Real: glance 2014.2 glance/common/wsgi.py Resource, Router, JSONRequestDeserializer, JSONResponseSerializer.
    When a serializer fails there, the controller's result goes out as it is; here that is a 500 and a traceback.
Left out: the socket server (common/server.py), translated messages.
"""

import logging
import re

import simplejson
from webob import Response
from webob.exc import (
    HTTPBadRequest,
    HTTPException,
    HTTPForbidden,
    HTTPNotFound,
    HTTPRequestEntityTooLarge,
    status_map,
)
from webob.request import DisconnectionError

import routers
import wsgi
from cloud.glance.common import exception
from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.utils.encodeutils import header_text
from cloud.oslo.utils.units import Mi

LOG = logging.getLogger(__name__)

READ_ONLY = {
    True: 'Read-only access: send a token to change something.',
    False: 'Read-only access: ask for another role than reader to change something.',
}
MAX_JSON = Mi  # bytes of a JSON body
METHODS = ('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH')
# Headers of a refusal that the answer keeps.
KEPT_HEADERS = ('Accept-Patch', 'Content-Range')
# Half characters, and control characters: names and values end in headers (API v1), logs and terminals.
UNPRINTABLE = re.compile('[\x00-\x1f\x7f-\x9f\ud800-\udfff]')

# MD5 in hex, or what a client says it is: it becomes the headers ETag and Content-MD5.
CHECKSUM = re.compile('^[0-9A-Za-z]{0,32}$')

# The one table from errors to HTTP. A class that is not here is answered as its nearest base class is.
CODES = {
    exception.Invalid: 400,
    exception.StoreGetNotSupported: 400,
    DisconnectionError: 400,
    exception.NotAuthenticated: 401,
    exception.Forbidden: 403,
    exception.NotFound: 404,
    exception.Duplicate: 409,
    exception.Conflict: 409,
    exception.InUseByStore: 409,
    exception.InvalidImageStatusTransition: 409,
    exception.StoreAddDisabled: 410,
    exception.StoreAddNotSupported: 410,
    exception.LimitExceeded: 413,
    exception.RemoteServiceUnavailable: 503,
    exception.ServerError: 503,
    exception.ServiceUnavailable: 503,
    exception.ClientConnectionError: 503,
    exception.StorageWriteDenied: 503,
    DBError: 503,
}


class Router(routers.Router):
    """The ground floor's Router, where a method that no resource here knows is answered 501 instead of 405."""

    def _method_not_allowed(self, method, allowed):
        if method not in METHODS:
            return self.fault(501, f'{method} is not implemented: use one of {", ".join(METHODS)}.')
        return super()._method_not_allowed(method, allowed)


class Resource(wsgi.Resource):
    """A WSGI application that takes an action's request through deserializer, controller and serializer.

    controller.X(req, **arguments): the arguments are the path's variables and what deserializer.X(req) returns
    (a dict); req.context is the RequestContext. Its result, unless a webob Response, goes to
    serializer.X(response, result). Each may raise an exception of CODES, or one of webob.exc.
    """

    def __init__(self, controller, deserializer=None, serializer=None):
        self.controller = controller
        self.deserializer = deserializer or JSONRequestDeserializer()
        self.serializer = serializer or JSONResponseSerializer()

    def perform(self, req, action, variables):
        req.context = req.environ['glance.context']
        try:
            return self.take_through(req, action, variables)
        except HTTPException as refusal:
            headers = {name: refusal.headers[name] for name in KEPT_HEADERS if name in refusal.headers}
            if not headers:
                raise
            LOG.debug('%s refuses: %s', action, refusal.detail)
            return wsgi.fault(refusal.code, refusal.detail, headers)
        except tuple(CODES) as error:
            raise as_http(error) from error

    def take_through(self, req, action, variables):
        if not req.context.may_write and req.method not in ('GET', 'HEAD'):
            raise HTTPForbidden(READ_ONLY[req.context.read_only])
        arguments = {name: as_text(value) for name, value in variables.items()}
        arguments.update(dispatch(self.deserializer, action, req))
        result = dispatch(self.controller, action, req, **arguments)
        if isinstance(result, Response):
            return result
        response = Response(content_type='application/json', request=req)
        dispatch(self.serializer, action, response, result)
        return response


def dispatch(part, action, *args, **kwargs):
    method = getattr(part, action, None) or part.default
    LOG.debug('calls %s', method.__qualname__)
    return method(*args, **kwargs)


def as_http(error):
    """The exception of webob.exc for one of CODES; the closest class in the error's family decides."""
    code = next(CODES[family] for family in type(error).__mro__ if family in CODES)
    return status_map[code](getattr(error, 'msg', None) or str(error))


def as_text(variable):
    """A variable of the path as text: HTTPNotFound if it is not UTF-8, or has control characters."""
    try:
        text = header_text(variable)  # WSGI hands a path over as it does a header
    except UnicodeError:
        text = '\0'
    if UNPRINTABLE.search(text):
        raise HTTPNotFound('There is nothing at this path: it is not plain text in UTF-8.')
    return text


def read_json(req):
    """The JSON document in the request's body; HTTPBadRequest or HTTPRequestEntityTooLarge says what is wrong.

    Its numbers are finite, and its text is plain: what is taken in can be stored, and given out again.
    """
    body = req.body_file.read(MAX_JSON + 1)
    if len(body) > MAX_JSON:
        raise HTTPRequestEntityTooLarge(f'The body is too large: send at most {MAX_JSON} bytes of JSON.')
    if not body:
        raise HTTPBadRequest('The body is missing: send a JSON document.')
    try:
        document = simplejson.loads(body)
        simplejson.dumps(document)  # refuses what is infinite
        plain = is_plain(document)
    except (ValueError, RecursionError):
        raise HTTPBadRequest('The body is not JSON in UTF-8, or too deep: send a JSON document.') from None
    if not plain:
        raise HTTPBadRequest('The body has control characters or half characters in its text: send plain text.')
    return document


def is_plain(value):
    """Whether all text in a JSON value, names too, is free of control characters and half characters."""
    if isinstance(value, str):
        return not UNPRINTABLE.search(value)
    if isinstance(value, dict):
        return all(is_plain(name) and is_plain(item) for name, item in value.items())
    return all(map(is_plain, value)) if isinstance(value, list) else True


def read_query(req):
    """The query's names and values (a MultiDict of text); HTTPBadRequest if they are not plain text in UTF-8."""
    query = wsgi.read_query(req)
    if not is_plain([*query, *query.values()]):
        raise HTTPBadRequest('The query has control characters: send plain text.')
    return query


class JSONRequestDeserializer:
    """Reads nothing, unless a subclass has a method for the action."""

    def default(self, req):
        return {}


class JSONResponseSerializer:
    """Writes the result as JSON, or for None an empty answer 204."""

    def default(self, response, result):
        if result is None:
            response.status = 204
            response.headers.clear()
        else:
            write_json(response, result)


def write_checksum(response, header, checksum):
    """The checksum in a header of that name. One that is none stays out: no header may be able to carry it.

    New ones are checked when they come in, but a database may be older than that.
    """
    if checksum and CHECKSUM.fullmatch(checksum):
        response.headers[header] = checksum


def write_json(response, document):
    response.body = wsgi.encode(document).encode()
