"""What WebOb makes of an answer when nobody says otherwise: its shapes of a refusal, and a type for an empty answer.

    {"itemNotFound": {"code": 404, "message": ...}}  ->  Accept: application/json   {"message", "code", "title"}
                                                     ->  Accept: */* or text/html   a page
    204 without a Content-Type                       ->  text/html; charset=UTF-8

Glance has always answered so: curl, which takes anything, sees HTML. For a lesson that is hard to read, so only
glance-api-today.ini has this filter.
Use, in the ini:   [filter:webobdefaults]
                   paste.filter_factory = cloud.glance.api.middleware.webob_defaults:WebObDefaults.factory
Real: none as a filter; glance 2014.2 glance/common/wsgi.py Resource lets webob.exc's exceptions answer for themselves
"""

import simplejson
from webob import Request
from webob.exc import status_map

KEPT = ('www-authenticate', 'allow', 'accept-patch', 'content-range', 'retry-after', 'x-openstack-request-id')


class WebObDefaults:
    """WSGI filter. auth_uri: Keystone, as whoever has no token is told (keystonemiddleware's), or None."""

    def __init__(self, app, auth_uri=None):
        self.app, self.auth_uri = app, auth_uri

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application."""
        return lambda app: cls(app, global_config.get('auth_uri'))

    def __call__(self, environ, start_response):
        status, headers, body = Request(environ).call_application(self.app)
        code, message = int(status[:3]), message_of(body)
        if code >= 400 and code in status_map and message is not None:
            kept = [(name, value) for name, value in headers if name.lower() in KEPT]
            refusal = status_map[code](explanation=message, headers=kept)
            if code == 401 and self.auth_uri:
                refusal.headers['WWW-Authenticate'] = f'Keystone uri="{self.auth_uri}"'
            return refusal(environ, start_response)
        if code == 204 and 'content-type' not in (name.lower() for name, _ in headers):
            headers = [*headers, ('Content-Type', 'text/html; charset=UTF-8')]
        start_response(status, headers)
        return body


def message_of(body):
    """The message of a refusal in nova's shape, {NAME: {"code": ..., "message": ...}}; None for any other body."""
    if not isinstance(body, list):
        return None
    try:
        (fault,) = simplejson.loads(b''.join(body)).values()
        return str(fault['message'])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
