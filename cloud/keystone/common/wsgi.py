"""What Keystone's router and resources share: its errors, who asks, and whether they may.

    route -> Resource.perform: a token? -> policy: may it? -> controller.action(req, ...) -> a dict, or None for 204

An action's name is its policy's, too: the rule for `list_users` is "identity:list_users".
Use: class UserV3(Resource): def list_users(self, req): ...; req.token is the caller's Token
Real: keystone 2014.2 keystone/common/wsgi.py Application, render_exception; keystone/common/controller.py protected
Left out: XML.
"""

import logging

import simplejson
from webob import Response
from webob.exc import HTTPException

import routers
import wsgi
from cloud.keystone import exception
from cloud.keystone.common import policy
from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.utils.encodeutils import header_text

LOG = logging.getLogger(__name__)
PAGE = """<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try \
again.</p>
"""
DEEPEST = 64  # levels in a body: those who walk it call themselves for each, and Python lets them do so only so often
FAILED = 'An unexpected error prevented the server from fulfilling your request.'


class Router(routers.Router):
    """The ground floor's Router, with Keystone's own ways to say that a path or a method is not there."""

    @wsgi.application
    def __call__(self, environ, start_response):
        def varied(status, headers, exc_info=None):
            return start_response(status, [*headers, ('Vary', 'X-Auth-Token')], exc_info)

        return super().__call__(environ, varied)

    def _not_found(self):
        return Response(PAGE.encode(), 404, content_type='text/html', charset='utf-8')

    def _method_not_allowed(self, method, allowed):
        allowed = ', '.join(dict.fromkeys([*allowed.split(', '), 'OPTIONS']))
        if method == 'OPTIONS':
            return Response(status=200, headerlist=[('Allow', allowed), ('Content-Length', '0')])
        response = wsgi.answer({'message': 'The method is not allowed for the requested URL.'}, 405)
        response.headers['Allow'] = allowed
        return response


class Resource(wsgi.Resource):
    """A WSGI application whose actions may raise any Error. public: the actions that need no token."""

    public = ()

    def respond(self, req, action, variables):
        try:
            variables = {name: text_of(value) for name, value in variables.items()}
            result = self.perform(req, action, variables)
        except exception.Error as error:
            LOG.debug('%s refuses: %s (%s)', action, error, getattr(error, 'reason', None))
            return refusal(req, error)
        except HTTPException as error:
            return render(error.code, error.detail, error.title)
        except DBError as error:
            return refusal(req, exception.ServiceUnavailable(str(error)))
        except Exception:
            LOG.exception('%s failed', action)
            return render(500, FAILED, 'Internal Server Error')
        if result is None:
            return Response(status=204, headerlist=[])
        return result if isinstance(result, Response) else wsgi.answer(result)

    def perform(self, req, action, variables):
        req.token = req.environ.get('keystone.token')
        if action not in self.public:
            if req.token is None:
                raise exception.Unauthorized('no token, or none that is valid')
            policy.enforce(req.token, action, self.target(req, variables))
        return super().perform(req, action, variables)

    def target(self, req, variables):
        """What the policy's rules compare the caller with: the ids in the path."""
        return variables


def text_of(value):
    """A variable of the path as text: NotFound if it is not UTF-8, or has characters that no id has."""
    try:
        text = header_text(value)
    except UnicodeError:
        raise exception.NotFound('There is nothing at this path: it is not plain text in UTF-8.') from None
    if not text.isprintable():
        raise exception.NotFound('There is nothing at this path: it has control characters.')
    return text


def refusal(req, error):
    response = render(error.code, str(error), error.title, **error.more)
    if error.code == 401:
        response.headers['WWW-Authenticate'] = f'Keystone uri="{base_url(req)}"'
    if isinstance(error, exception.TooManyRequests):
        response.headers['Retry-After'] = str(error.seconds)
    return response


def render(code, message, title, **more):
    return wsgi.answer({'error': {'code': code, **more, 'message': message, 'title': title}}, code)


def base_url(req):
    """The address of this API, with its version."""
    return (req.environ.get('keystone.public_endpoint') or req.application_url).rstrip('/') + '/v3'


def read_body(req):
    """The JSON object in the body; ValidationError, TooLarge. What it holds can be stored, and given out again."""
    if 'keystone.body' not in req.environ:
        req.environ['keystone.body'] = parse(read(req))
    return req.environ['keystone.body']


def read(req):
    try:
        data = req.body_file.read(wsgi.MAX_BODY + 1)
    except Exception:  # each server has errors of its own for a body that does not come to its end
        raise exception.ValidationError(attribute='valid JSON', target='request body') from None
    if len(data) > wsgi.MAX_BODY:
        raise exception.TooLarge(f'Request is too large: send at most {wsgi.MAX_BODY} bytes.')
    if data and req.content_type != 'application/json':
        raise exception.ValidationError(attribute='application/json', target='Content-Type header')
    return data or b'{}'


def parse(data):
    try:
        document = simplejson.loads(data)
        simplejson.dumps(document, ensure_ascii=False, allow_nan=False).encode()  # no half characters, no infinity
    except (ValueError, RecursionError):
        raise exception.ValidationError(attribute='valid JSON', target='request body') from None
    if not isinstance(document, dict):
        raise exception.ValidationError(attribute='valid JSON object', target='request body')
    if has_nul(document):
        raise exception.ValidationError('The body has the character NUL in its text: send plain text.')
    return document


def has_nul(value, depth=0):
    """Whether there is a NUL in any of its texts; ValidationError if it is nested deeper than anything here needs."""
    if depth > DEEPEST:
        raise exception.ValidationError(f'The body is nested too deep: send at most {DEEPEST} levels.')
    if isinstance(value, str):
        return '\0' in value
    if isinstance(value, dict):
        return any('\0' in name or has_nul(item, depth + 1) for name, item in value.items())
    return isinstance(value, list) and any(has_nul(item, depth + 1) for item in value)
