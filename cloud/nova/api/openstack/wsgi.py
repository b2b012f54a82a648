"""What the compute API adds to the ground floor's dispatch: microversions, schemas, and nova's errors as HTTP.

    APIRouter -> Resource -> which version? -> the body's schema -> action(req, ..., body=...) -> the version's headers

An action is a method; decorators say what holds for it, and Resource reads that before and after the call:
    @wsgi.api_version('2.1', '2.35')                  other versions: 404
    @wsgi.response(202)                               the status, where it is not 200; a dict or None is returned
    @validation.schema({'2.1': create})               the body (of POST and PUT: the argument `body`)
    @wsgi.bad_request(exception.FlavorNotFound)       what is 400 here, whatever it is elsewhere
Use: class FlavorsController(wsgi.Resource): def show(self, req, id): ... req.context ... is_supported(req, '2.55')
Real: nova 2014.2 nova/api/openstack/wsgi.py Resource, ResourceExceptionHandler, Fault; versions since 2015
Left out: XML; extensions of an action.
"""

import functools
import logging

import simplejson
from webob import Response
from webob.exc import (
    HTTPBadRequest,
    HTTPException,
    HTTPNotFound,
    HTTPServiceUnavailable,
    HTTPUnsupportedMediaType,
    status_map,
)

import wsgi
from cloud.nova import exception
from cloud.nova.api import validation
from cloud.nova.api.openstack import api_version_request
from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.messaging import MessagingException

LOG = logging.getLogger('dispatch')

FAULTS = {**wsgi.FAULTS, 410: 'computeFault', 416: 'computeFault', 429: 'overLimit'}
MALFORMED = 'Malformed request body'
MEDIA_TYPES = ('application/json', 'application/vnd.openstack.compute+json')
FOREIGN_PROJECT = "Malformed request URL: URL's project_id '{}' doesn't match Context's project_id '{}'"
UNEXPECTED = 'Unexpected API Error. The log of the service says why, under the request id of this answer.'


def mark(**attributes):
    def decorator(function):
        vars(function).update(attributes)
        return function

    return decorator


def api_version(first, last=None):
    """Decorator: the action exists in these versions alone."""
    return mark(versions=(api_version_request.parse(first), last and api_version_request.parse(last)))


def response(status):
    """Decorator: what the action is answered with."""
    return mark(status=status)


def bad_request(*errors):
    """Decorator: errors of nova that mean that the request itself is wrong."""
    return mark(bad_requests=errors)


def action(name):
    """Decorator: the method is what {"name": ...} asks for, by POST to .../action."""
    return mark(action_name=name)


def fault(code, message):
    """An error in nova's shape."""
    answered = wsgi.answer({FAULTS.get(code, 'computeFault'): {'code': code, 'message': message}}, code)
    answered.charset = 'UTF-8'
    return answered


class Resource(wsgi.Resource):
    """A WSGI application. Its actions find req.context and req.api_version_request, and may raise a NovaException."""

    action_controllers = ()  # other objects with methods for .../action

    def respond(self, req, action, variables):
        req.is_legacy_v2 = 'nova.legacy_v2' in req.environ
        try:
            version = api_version_request.DEFAULT if req.is_legacy_v2 else api_version_request.requested(req.headers)
        except exception.InvalidGlobalAPIVersion as error:
            return self.stamped(req, fault(error.code, str(error)), error.details['wanted'])
        except exception.Invalid as error:
            return fault(error.code, str(error))
        req.api_version_request = version
        return self.stamped(req, self.respond_at_version(req, action, variables), version)

    def respond_at_version(self, req, action, variables):
        try:
            req.context = req.environ['nova.context']
            return self.perform(req, action, variables)
        except HTTPException as refusal:
            code, message = refusal.code, refusal.explanation if refusal.detail is None else refusal.detail
            LOG.debug('%s.%s refuses: %s', type(self).__name__, action, message)
            return fault(code, message)
        except Exception:
            LOG.exception('%s.%s failed', type(self).__name__, action)
            return fault(500, UNEXPECTED)

    def stamped(self, req, answered, version):
        if not req.is_legacy_v2:
            answered.headers[api_version_request.HEADER] = f'{api_version_request.SERVICE} {version}'
            answered.headers[api_version_request.LEGACY_HEADER] = str(version)
            answered.headers['Vary'] = f'{api_version_request.HEADER}, {api_version_request.LEGACY_HEADER}'
        return answered

    def perform(self, req, action, variables):
        check_media_type(req)
        if req.method in ('POST', 'PUT'):
            variables = {**variables, 'body': read_body(req)}
        method = self.find_action(variables['body']) if action == 'action' else getattr(self, action)
        check_version(method, req)
        check_project(req)
        return self.call(method, req, variables)

    def find_action(self, body):
        """The method for a body such as {"os-stop": null}: HTTPBadRequest."""
        if not isinstance(body, dict) or len(body) != 1:
            raise HTTPBadRequest(MALFORMED)
        (name,) = body
        try:
            return self.actions[name]
        except KeyError:
            raise HTTPBadRequest(f'There is no such action: {name}') from None

    @functools.cached_property
    def actions(self):
        """The methods for what can be asked for at .../action, by name: this controller's, and its helpers'."""
        found = {}
        for controller in (self, *self.action_controllers):
            for attribute in dir(type(controller)):
                name = getattr(getattr(type(controller), attribute), 'action_name', None)
                if name is not None:
                    found[name] = getattr(controller, attribute)
        return found

    def call(self, method, req, variables):
        try:
            if 'body' in variables:
                validation.check_body(method, req, variables['body'])
            validation.check_query(method, req)
            wsgi.log_call(self, method.__name__, variables)
            variables = watched(req, method, variables)
            result = method(req, **variables)
        except (DBError, MessagingException) as error:
            raise HTTPServiceUnavailable(str(error)) from None
        except exception.NovaException as error:
            raise as_http(error, getattr(method, 'bad_requests', ())) from error
        return to_response(result, getattr(method, 'status', 200))


def watched(req, method, variables):
    """The same, but that body and query tell who reads them: where testers want to know (/toycloud/unread)."""
    recorder = req.environ.get('toycloud.recorder')
    if recorder is None:
        return variables
    action_name = getattr(method, 'action_name', None)
    route = req.environ.get('routes.route')  # none where there is no router: the versions
    operation = f'{req.method} {route.routepath if route else req.path}' + (f' {action_name}' if action_name else '')
    body = recorder.watch(req, operation, variables.get('body'), action_name is not None)
    return {**variables, 'body': body} if 'body' in variables else variables


def as_http(error, bad_requests):
    code = 400 if isinstance(error, bad_requests) else error.code
    return error if code == 500 else status_map[code](error.said_by_nova())


def to_response(result, status):
    if isinstance(result, Response):
        return result
    if result is None:
        empty = Response(b'', status)
        empty.headers['Content-Type'] = 'application/json'  # with 204, too, which webob would not have one
        return empty
    return wsgi.answer(result, status)


def check_version(method, req):
    first, last = getattr(method, 'versions', (api_version_request.MIN, None))
    version = req.api_version_request
    if version < first or last is not None and version > last:
        raise HTTPNotFound()


def check_media_type(req):
    """HTTPUnsupportedMediaType for a body of a kind that is not JSON; text, and none named, are taken for JSON."""
    if req.content_type and req.content_type != 'text/plain' and req.content_type not in MEDIA_TYPES:
        raise HTTPUnsupportedMediaType('Unsupported Content-Type')


def check_project(req):
    """The project may stand in the path, for old clients; it must be the caller's own."""
    project_id = req.environ.get('nova.project_in_path')
    if project_id is not None and project_id != req.context.project_id:
        raise HTTPBadRequest(FOREIGN_PROJECT.format(project_id, req.context.project_id))


def no_number(text):
    raise ValueError(f'{text} is no number in JSON')


def read_body(req):
    """What the body's JSON says; None where there is no body. HTTPBadRequest."""
    try:
        body = req.body_file.read(req.content_length or 0)  # req.body would copy it into a file first
    except OSError:  # the client went away in the middle
        raise HTTPBadRequest(MALFORMED) from None
    if not body:
        return None
    try:
        document = simplejson.loads(body, parse_constant=no_number)
        if b'\\u' in body:
            simplejson.dumps(document, ensure_ascii=False).encode()  # halves of characters, which no database takes
        return document
    except (ValueError, RecursionError):
        raise HTTPBadRequest(MALFORMED) from None
