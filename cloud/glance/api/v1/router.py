"""API v1, which is not here yet: every request is answered 501.

Real: glance 2014.2 glance/api/v1/router.py API
Left out: all of it.
"""

from controllers import fault


class API:
    """WSGI application: says that this version is not to be had, and which one is."""

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT] and the app's own section."""
        return cls()

    def __call__(self, environ, start_response):
        refusal = fault(501, 'Version 1 of the image API is not implemented: use /v2.')
        return refusal(environ, start_response)
