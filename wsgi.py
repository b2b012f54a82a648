"""What all services share: the dispatch, an answer, a fault, and reading a request's query and body.

    Router -> Resource: the action's name and the path's variables -> action(req, **variables) -> Response

Use: subclass Resource, with a method for each action in the router's table.
Real: nova 2014.2 nova/api/openstack/wsgi.py Resource and Fault; nova/api/openstack/__init__.py FaultWrapper;
    nova/wsgi.py Application
Left out: XML, and microversions.
"""

import functools
import logging
from urllib.parse import parse_qsl

import simplejson
from webob import Request, Response
from webob.exc import HTTPBadRequest, HTTPException, HTTPRequestEntityTooLarge
from webob.multidict import MultiDict

LOG = logging.getLogger('dispatch')  # not __name__: TransLogger uses `wsgi` for the access log

# Real: nova 2014.2 nova/api/openstack/wsgi.py Fault._fault_names; 410 and 416 are the image service's
FAULTS = {
    400: 'badRequest',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'itemNotFound',
    405: 'badMethod',
    409: 'conflictingRequest',
    410: 'gone',
    413: 'overLimit',
    415: 'badMediaType',
    416: 'requestedRangeNotSatisfiable',
    501: 'notImplemented',
    503: 'serviceUnavailable',
}
MAX_BODY = 114688  # bytes. Real: nova 2014.2 nova/api/sizelimit.py osapi_max_request_body_size
# simplejson checks every value for namedtuple and Decimal; switching both off halves the time of a list of 1000.
encode = simplejson.JSONEncoder(namedtuple_as_object=False, use_decimal=False).encode
HOW_TO_SEND = 'send name=... as a form, or {"name": ...} with the header Content-Type: application/json'
SERVICE_FAILED = "The service failed: search its log for this answer's X-Openstack-Request-Id."


def answer(document, status=200):
    """A Response with the document (dicts, lists, text, numbers, booleans, None) as its JSON body."""
    return Response(encode(document).encode(), status, content_type='application/json')


def fault(code, message, headers=()):
    """An error in nova's shape, {"itemNotFound": {"code": 404, "message": ...}}, as a Response."""
    response = answer({FAULTS.get(code, 'computeFault'): {'code': code, 'message': message}}, code)
    response.headers.update(headers)
    return response


def application(call):
    """Decorator for __call__(self, environ, start_response): the application may be called with one webob Request, too.

    In that case it returns a Response. So a filter written with webob's wsgify may say `return self.app(req)`.
    """

    @functools.wraps(call)
    def either(self, environ, start_response=None):
        if start_response is None:
            return environ.get_response(self)  # it is a Request
        return call(self, environ, start_response)

    return either


class Resource:
    """The dispatch: a WSGI application that calls the action which the router found.

    An action takes the webob Request and the path's variables (text, as keywords). It returns a dict
    (answered as JSON), None (204 with no body) or a Response. An exception from webob.exc becomes a fault;
    any other is logged, and answered 500 without details.
    """

    controller = None  # the object with the actions, for a service that overrides `perform` to call another's

    @application
    def __call__(self, environ, start_response):
        variables = environ['wsgiorg.routing_args'][1]
        action = variables.pop('action')
        del variables['controller']
        return self.respond(Request(environ), action, variables)(environ, start_response)

    def respond(self, req, action, variables):
        try:
            result = self.perform(req, action, variables)
            if result is None:
                return Response(status=204, headerlist=[])
            return result if isinstance(result, Response) else answer(result)
        except HTTPException as refusal:
            LOG.debug('%s.%s refuses: %s', type(self.controller or self).__name__, action, refusal.detail)
            return fault(refusal.code, refusal.detail)
        except Exception:
            LOG.exception('%s.%s failed', type(self.controller or self).__name__, action)
            return fault(500, SERVICE_FAILED)

    def perform(self, req, action, variables):
        """Call the action. Override it to add what all actions of a service share."""
        log_call(self, action, variables)
        return getattr(self, action)(req, **variables)


def log_call(controller, action, variables):
    if LOG.isEnabledFor(logging.DEBUG):
        from_path = ', '.join(f'{name}={value!r}' for name, value in variables.items())
        LOG.debug('calls %s.%s(%s)', type(controller).__name__, action, from_path)


class FaultWrapper:
    """WSGI filter around the pipeline: what fails in a filter becomes a 500 without details."""

    def __init__(self, app):
        self.app = app

    @application
    def __call__(self, environ, start_response):
        try:
            status, headers, body = Request(environ).call_application(self.app)
            if body is None:
                raise TypeError('a filter or the application returned None: is there a "return" missing?')
        except Exception:
            LOG.exception('%s %s failed', environ['REQUEST_METHOD'], environ['PATH_INFO'])
            return fault(500, SERVICE_FAILED)(environ, start_response)
        start_response(status, headers)
        return body


def read_query(req):
    """The query's names and values (a MultiDict of text); HTTPBadRequest if they are not UTF-8."""
    try:
        return req.GET.copy()
    except UnicodeDecodeError:
        raise HTTPBadRequest('The query is not UTF-8: encode it as UTF-8, then with %XX.') from None


def read_fields(req, noun=None):
    """What the body says, as a mapping: a form's fields, a JSON object's, or those of its `noun`, if there is one.

    HTTPBadRequest or HTTPRequestEntityTooLarge says what is wrong.
    """
    if req.content_length is None and req.is_body_readable:
        read_unannounced(req)
    length = req.content_length or 0
    if length > MAX_BODY:
        raise HTTPRequestEntityTooLarge(f'The body has {length} bytes: send at most {MAX_BODY}.')
    if not length:
        return {}
    if req.content_type == 'application/json':
        return parse_json(req, noun)
    if req.content_type in ('application/x-www-form-urlencoded', 'multipart/form-data'):
        return parse_form(req)
    raise HTTPBadRequest(f'The Content-Type is {req.content_type or "missing"}: {HOW_TO_SEND}.')


def read_unannounced(req):
    """Take in a body whose length the server does not tell (gunicorn, of one in chunks): no more than is allowed."""
    body = b''
    try:
        while len(body) <= MAX_BODY and (data := req.body_file.read(MAX_BODY + 1 - len(body))):
            body += data
    except Exception:  # each server has errors of its own for chunks that are none, and only a client can cause them
        raise HTTPBadRequest(f'The body does not come to its end: {HOW_TO_SEND}.') from None
    if len(body) > MAX_BODY:
        raise HTTPRequestEntityTooLarge(f'The body has more than {MAX_BODY} bytes: send at most that many.')
    req.body = body


def parse_json(req, noun):
    try:
        document = simplejson.loads(req.body)
    except (ValueError, RecursionError, OSError):  # OSError: the client went away in the middle
        raise HTTPBadRequest(f'The body is not JSON in UTF-8: {HOW_TO_SEND}.') from None
    if isinstance(document, dict):
        document = document.get(noun, document)
    if not isinstance(document, dict):
        raise HTTPBadRequest(f'The body is not a JSON object: {HOW_TO_SEND}.')
    return document


def parse_form(req):
    try:
        if req.environ['CONTENT_TYPE'] == 'application/x-www-form-urlencoded':  # quicker, and the same
            return MultiDict(parse_qsl(req.body.decode(errors='replace'), keep_blank_values=True))
        return req.POST
    except Exception:  # Python's multipart reader has many ways to give up, and only a client can cause them
        raise HTTPBadRequest(f'The body is not a form in UTF-8: {HOW_TO_SEND}.') from None
