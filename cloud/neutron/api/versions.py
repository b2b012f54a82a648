"""Which versions of the API there are: one.

Use, in the ini:   [app:neutronversions]
                   paste.app_factory = cloud.neutron.api.versions:Versions.factory
Real: neutron 2014.2 neutron/api/versions.py Versions
"""

import routers
import wsgi
from cloud.neutron.api.v2.base import fault


class Versions(routers.Router):
    routes = (('/', 'GET HEAD', 'versions', 'index'),)
    fault = staticmethod(fault)

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this."""
        return cls(versions=VersionList())


class VersionList(wsgi.Resource):
    def index(self, req):
        links = [{'rel': 'self', 'href': f'{req.application_url}/v2.0/'}]
        return {'versions': [{'id': 'v2.0', 'status': 'CURRENT', 'links': links}]}
