"""The network service's signpost: a collection, and one of it.

Use, in the ini:   [app:neutronapiapp_v2_0]
                   paste.app_factory = cloud.neutron.api.v2.router:APIRouter.factory
Real: neutron 2014.2 neutron/api/v2/router.py APIRouter
"""

import routers
from cloud.neutron.api.v2.base import Controller, fault
from cloud.neutron.plugin import Plugin


class APIRouter(routers.Router):
    routes = (
        ('/',                            'GET HEAD', 'resource', 'root'),
        ('/quotas/{project_id}',         'GET HEAD', 'resource', 'quota'),
        ('/quotas/{project_id}/details', 'GET HEAD', 'resource', 'quota'),
        ('/quotas/{project_id}/default', 'GET HEAD', 'resource', 'quota'),
        ('/{collection}',                'GET HEAD', 'resource', 'index'),
        ('/{collection}/{resource_id}',  'GET HEAD', 'resource', 'show'),
    )  # fmt: skip
    fault = staticmethod(fault)

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this."""
        return cls(resource=Controller(Plugin()))
