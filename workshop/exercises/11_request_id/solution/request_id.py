"""A filter: holds the next application, passes every request on to it, and stamps each answer with an id."""

import logging
import uuid

LOG = logging.getLogger(__name__)


class RequestId:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        request_id = f'req-{uuid.uuid4()}'
        LOG.info('%s is %s %s', request_id, environ['REQUEST_METHOD'], environ['PATH_INFO'])

        def stamped(status, headers, exc_info=None):
            pair = ('X-Openstack-Request-Id', request_id)
            return start_response(status, [*headers, pair], exc_info)

        return self.app(environ, stamped)


def filter_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the filter's own section."""
    return RequestId
