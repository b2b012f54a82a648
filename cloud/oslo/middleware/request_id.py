"""The outermost filter: each request gets an id, and each answer carries it.

Use: app = RequestId(app); REQUEST_ID.get() is the id of the request that the present thread works on.
Real: nova 2014.2 nova/openstack/common/middleware/request_id.py RequestIdMiddleware; later oslo.middleware's
Left out: an id that the client sends, and several ids (real ones keep a global one beside their own).
"""

import contextvars
import logging
import uuid

from wsgi import application

LOG = logging.getLogger(__name__)
REQUEST_ID = contextvars.ContextVar('request_id', default='-')


class RequestId:
    """WSGI filter: sets environ['openstack.request_id'] and the answer's X-Openstack-Request-Id.

    An answer that has such a header already keeps it: the application set one.
    """

    def __init__(self, app):
        self.app = app

    @application
    def __call__(self, environ, start_response):
        request_id = environ['openstack.request_id'] = f'req-{uuid.uuid4()}'
        REQUEST_ID.set(request_id)

        def stamped(status, headers, exc_info=None):
            if not any(name.lower() == 'x-openstack-request-id' for name, _ in headers):
                headers = [*headers, ('X-Openstack-Request-Id', request_id)]
            LOG.debug('leaves RequestId: %s', status)
            return start_response(status, headers, exc_info)

        LOG.debug('reaches RequestId: %s %s', environ['REQUEST_METHOD'], environ['PATH_INFO'])
        return self.app(environ, stamped)
