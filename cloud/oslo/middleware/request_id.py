"""The outermost filter: each request gets an id, and each answer carries it. Beside it travels a global one.

    client -> nova req-1            -> glance req-2                  -> registry req-3
                sends X-OpenStack-Request-ID: req-1    sends the same, req-1

Each service has an id of its own for a request; the global one is that of the service which the client asked (or what
the client itself has sent), and is the same in all services that work on it.
Use: app = RequestId(app); REQUEST_ID.get() is the id of the request that the present thread works on; whoever asks
     another service sends headers_on() along.
Real: nova 2014.2 nova/openstack/common/middleware/request_id.py RequestIdMiddleware; the global id is from
    oslo.middleware 3.27 (2017) oslo_middleware/request_id.py RequestId
"""

import contextvars
import logging
import os
import random
import re

from wsgi import application

LOG = logging.getLogger(__name__)
RANDOM = random.Random()  # whose numbers nobody can set by random.seed()
if hasattr(os, 'register_at_fork'):
    os.register_at_fork(after_in_child=RANDOM.seed)  # else a forked process would give the same ids
REQUEST_ID = contextvars.ContextVar('request_id', default='-')
GLOBAL_REQUEST_ID = contextvars.ContextVar('global_request_id', default=None)
ID = re.compile('req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')


class RequestId:
    """WSGI filter: sets environ['openstack.request_id'] and the answer's X-Openstack-Request-Id.

    An id in the request's header of that name is the global one, environ['openstack.global_request_id']; what has not
    the form of an id is none. An answer that has such a header already keeps it: the application set one.
    """

    def __init__(self, app):
        self.app = app

    @application
    def __call__(self, environ, start_response):
        request_id = environ['openstack.request_id'] = new_id()
        REQUEST_ID.set(request_id)
        GLOBAL_REQUEST_ID.set(global_id(environ) or request_id)

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


def global_id(environ):
    """The global id that whoever asks has sent, now in the environ, too; or None."""
    sent = environ.get('HTTP_X_OPENSTACK_REQUEST_ID')
    if sent is None or not ID.fullmatch(sent):
        return None
    environ['openstack.global_request_id'] = sent
    return sent


def headers_on():
    """The header that takes the present request's global id to another service; none outside of a request."""
    sent = GLOBAL_REQUEST_ID.get()
    return {'X-OpenStack-Request-ID': sent} if sent else {}


def new_id():
    """'req-' and a random UUID, as uuid4() would make it: its version is 4, its variant a.

    An id need not be secret. uuid4() asks the system for each, which lets another thread take over, and takes long.
    """
    digits = f'{RANDOM.getrandbits(128):032x}'
    return f'req-{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}'
