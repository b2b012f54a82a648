"""The outermost filter: each request gets an id, and each answer carries it.

Use: app = RequestId(app); REQUEST_ID.get() is the id of the request that the present thread works on.
Real: nova 2014.2 nova/openstack/common/middleware/request_id.py RequestIdMiddleware; later oslo.middleware's
Left out: an id that the client sends, and several ids (real ones keep a global one beside their own).
"""

import contextvars
import logging
import random

from wsgi import application

LOG = logging.getLogger(__name__)
RANDOM = random.Random()  # whose numbers nobody can set by random.seed()
REQUEST_ID = contextvars.ContextVar('request_id', default='-')


class RequestId:
    """WSGI filter: sets environ['openstack.request_id'] and the answer's X-Openstack-Request-Id.

    An answer that has such a header already keeps it: the application set one.
    """

    def __init__(self, app):
        self.app = app

    @application
    def __call__(self, environ, start_response):
        request_id = environ['openstack.request_id'] = new_id()
        REQUEST_ID.set(request_id)

        def stamped(status, headers, exc_info=None):
            for name, _ in headers:
                if name.lower() == 'x-openstack-request-id':
                    break
            else:
                headers = [*headers, ('X-Openstack-Request-Id', request_id)]
            LOG.debug('leaves RequestId: %s', status)
            return start_response(status, headers, exc_info)

        LOG.debug('reaches RequestId: %s %s', environ['REQUEST_METHOD'], environ['PATH_INFO'])
        return self.app(environ, stamped)


def new_id():
    """'req-' and a random UUID, as uuid4() would make it: its version is 4, its variant a.

    An id need not be secret. uuid4() asks the system for each, which lets another thread take over, and takes long.
    """
    digits = f'{RANDOM.getrandbits(128):032x}'
    return f'req-{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}'
