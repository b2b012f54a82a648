"""Request ids and an access log as one usually gets them: uuid4(), and Paste's TransLogger as it comes.

What the cloud logs of a request is the same line. Use: app = with_ids_and_log(app)
"""

import uuid

from paste.translogger import TransLogger


class Ids:
    """WSGI filter: sets environ['openstack.request_id'] and the answer's X-Openstack-Request-Id."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        request_id = environ['openstack.request_id'] = f'req-{uuid.uuid4()}'

        def stamped(status, headers, exc_info=None):
            return start_response(status, [*headers, ('X-Openstack-Request-Id', request_id)], exc_info)

        return self.app(environ, stamped)


def with_ids_and_log(app):
    return Ids(TransLogger(app, setup_console_handler=False))
