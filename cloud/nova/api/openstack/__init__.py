"""Nova's API: its routes, and the one place where the service's parts meet.

Use, in the ini:   [app:osapi]
                   paste.app_factory = cloud.nova.api.openstack:APIRouter.factory
Real: nova 2013-04 (c8067d1b70) nova/api/openstack/__init__.py APIRouter, nova/api/ec2/__init__.py; there the two APIs
    and compute are processes of their own, and each makes its parts out of globals
Left out: versions in the path, extensions that add routes.
"""

import routers
from cloud.nova import rpc, service
from cloud.nova.api.ec2 import cloud as ec2
from cloud.nova.api.openstack.compute import servers
from cloud.nova.common import config
from cloud.nova.compute.api import API
from cloud.nova.compute.flavors import Flavors
from cloud.nova.compute.rpcapi import ComputeAPI
from cloud.nova.conductor.api import ComputeTaskAPI
from cloud.nova.db.sqlalchemy.api import Database
from cloud.nova.image import glance
from cloud.nova.quota import Quotas
from cloud.nova.virt.driver import LessonDriver
from cloud.oslo.concurrency import lockutils


class APIRouter(routers.Router):
    """The WSGI application: the ground floor's routes, and the one path of EC2's API."""

    routes = (
        *routers.Router.routes,
        ('/services/Cloud', 'GET', 'cloud', 'execute'),
    )  # fmt: skip

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT]; ValueError for an option that is no good."""
        options = config.parse(global_config)
        image_service = glance.get_default_image_service(options)
        db_api = Database(options.sql_connection)
        db_api.lock = lockutils.own(db_api.session.file, 'nova')
        transport = rpc.get_transport(options)
        if transport.is_local:
            service.start_all(options, db_api, transport, image_service, LessonDriver(options, image_service))
        parts = ComputeTaskAPI(transport), ComputeAPI(transport), Flavors(options.flavors), Quotas(options)
        compute_api = API(db_api, image_service, *parts)
        return cls(
            instances=servers.Controller(compute_api, options.osapi_max_limit),
            cloud=ec2.CloudController(image_service, db_api),
        )
