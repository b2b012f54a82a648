"""Version 2 is version 2.1 that knows no microversions and minds no superfluous fields.

Use, in the ini:   [filter:legacy_v2_compatible]
                   paste.filter_factory = cloud.nova.api.openstack.legacy_v2:LegacyV2CompatibleWrapper.factory
Real: nova 2014.2 nova/api/openstack/compute/__init__.py APIRouter, the version itself; a filter in front of 2.1 since
    2015, in nova/api/openstack/__init__.py LegacyV2CompatibleWrapper
"""

from wsgi import application


class LegacyV2CompatibleWrapper:
    """WSGI filter: environ['nova.legacy_v2'] tells wsgi.Resource."""

    def __init__(self, app):
        self.app = app

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application."""
        return cls

    @application
    def __call__(self, environ, start_response):
        environ['nova.legacy_v2'] = True
        return self.app(environ, start_response)
