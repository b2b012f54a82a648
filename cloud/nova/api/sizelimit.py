"""No body is larger than the compute API takes: 413 before anybody reads it.

Use, in the ini:   [filter:sizelimit]
                   paste.filter_factory = cloud.nova.api.sizelimit:RequestBodySizeLimiter.factory
Real: nova 2014.2 nova/api/sizelimit.py RequestBodySizeLimiter; later oslo.middleware's
"""

from webob import Request
from webob.exc import HTTPBadRequest, HTTPException, HTTPRequestEntityTooLarge

from wsgi import MAX_BODY, application, read_unannounced


class RequestBodySizeLimiter:
    """WSGI filter: a body of more than MAX_BODY bytes, or one in chunks that is, is refused."""

    def __init__(self, app):
        self.app = app

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application."""
        return cls

    @application
    def __call__(self, environ, start_response):
        req = Request(environ)
        try:
            if req.content_length is None and req.is_body_readable:
                read_unannounced(req)
        except HTTPException as refusal:
            return plain(refusal)(environ, start_response)
        except ValueError:
            return HTTPBadRequest()(environ, start_response)
        if (req.content_length or 0) > MAX_BODY:
            return HTTPRequestEntityTooLarge(explanation='Request is too large.')(environ, start_response)
        return self.app(environ, start_response)


def plain(refusal):
    return HTTPRequestEntityTooLarge(explanation='Request is too large.') if refusal.code == 413 else refusal
