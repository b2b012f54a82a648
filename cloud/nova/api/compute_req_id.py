"""The request's id, under the name that compute's clients look for, too.

Use, in the ini:   [filter:compute_req_id]
                   paste.filter_factory = cloud.nova.api.compute_req_id:ComputeReqIdMiddleware.factory
Real: nova 2014.2 nova/api/compute_req_id.py ComputeReqIdMiddleware
"""

from wsgi import application


class ComputeReqIdMiddleware:
    """WSGI filter: each answer has X-Compute-Request-Id, the same as its X-Openstack-Request-Id."""

    def __init__(self, app):
        self.app = app

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application."""
        return cls

    @application
    def __call__(self, environ, start_response):
        def stamped(status, headers, exc_info=None):
            request_id = environ.get('openstack.request_id')
            named = [('X-Compute-Request-Id', request_id)] if request_id else []
            return start_response(status, [*headers, *named], exc_info)

        return self.app(environ, stamped)
