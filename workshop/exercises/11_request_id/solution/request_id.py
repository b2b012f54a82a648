"""A filter: holds the next application, passes every request on to it, and stamps each answer with an id."""

import uuid


class RequestId:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        def stamped(status, headers, exc_info=None):
            pair = ('X-Openstack-Request-Id', f'req-{uuid.uuid4()}')
            return start_response(status, [*headers, pair], exc_info)

        return self.app(environ, stamped)


def filter_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the filter's own section."""
    return RequestId
