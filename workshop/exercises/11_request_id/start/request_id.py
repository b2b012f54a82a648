"""A filter: holds the next application, and passes every request on to it."""

import logging

LOG = logging.getLogger(__name__)


class RequestId:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)


def filter_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the filter's own section."""
    return RequestId
