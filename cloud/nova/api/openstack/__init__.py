"""Nova's API: what its applications share, and the lesson's routes.

    urlmap -> the lesson's APIRouter (here)      -> instances, EC2's API
           -> compute/routes.py APIRouterV21     -> servers, flavors, ...

Use, in the ini:   [app:osapi]
                   paste.app_factory = cloud.nova.api.openstack:APIRouter.factory
Real: nova 2013-04 (c8067d1b70) nova/api/openstack/__init__.py APIRouter, nova/api/ec2/__init__.py; there the two APIs
    and compute are processes of their own, and each makes its parts out of globals
"""

import functools

import routers
from cloud.nova import rpc, service
from cloud.nova.api.ec2 import cloud as ec2
from cloud.nova.api.ec2.instances import ComputeCloudController
from cloud.nova.api.openstack.compute import instances
from cloud.nova.availability_zones import AvailabilityZones
from cloud.nova.common import config
from cloud.nova.compute.api import API
from cloud.nova.compute.flavors import Flavors
from cloud.nova.compute.keypairs import KeypairAPI
from cloud.nova.compute.rpcapi import ComputeAPI
from cloud.nova.conductor.api import ComputeTaskAPI
from cloud.nova.db.sqlalchemy.api import Database
from cloud.nova.db.sqlalchemy.groups import GroupTable
from cloud.nova.image import glance
from cloud.nova.network import neutron
from cloud.nova.quota import Quotas
from cloud.nova.virt.driver import LessonDriver
from wsgi import application


class Parts:
    """What nova is made of, each part made when it is first asked for. global_config: the ini's [DEFAULT].

    ValueError, in one line, for an option that is no good.
    """

    def __init__(self, global_config):
        self.options = config.parse(global_config)
        self.services = []  # those of this process

    @classmethod
    def scratch(cls, options):
        """The same with an empty database in memory, and without services: to see what a first start makes."""
        parts = cls({})
        parts.options, parts.db_api = options, Database('sqlite://')
        return parts

    @classmethod
    def of(cls, global_config):
        """Those that the composite made for all its applications; or new ones, for an application by itself."""
        return global_config.get('nova.parts') or cls(global_config)

    @functools.cached_property
    def image_service(self):
        return glance.get_default_image_service(self.options)

    @functools.cached_property
    def db_api(self):
        db_api = Database(self.options.sql_connection)
        db_api.lock = service.lock_data(self.options, db_api)
        return db_api

    @functools.cached_property
    def flavors(self):
        return Flavors(self.db_api, self.options.flavors)

    @functools.cached_property
    def quotas(self):
        return Quotas(self.options, self.db_api)

    @functools.cached_property
    def keypairs(self):
        return KeypairAPI(self.db_api, self.quotas)

    @functools.cached_property
    def groups(self):
        return GroupTable(self.db_api)

    @functools.cached_property
    def network_api(self):
        return neutron.API(self.options.neutron_url)

    @functools.cached_property
    def availability_zones(self):
        return AvailabilityZones(self.db_api, self.options)

    @functools.cached_property
    def image_url(self):
        """The image service's address, as clients are told it."""
        return endpoint(self.options.glance_api_servers[0])

    @functools.cached_property
    def driver(self):
        return LessonDriver(self.options, self.image_service)

    @functools.cached_property
    def compute_api(self):
        transport = rpc.get_transport(self.options)
        if transport.is_local:
            parts = self.options, self.db_api, transport, self.image_service, self.driver
            self.services = service.start_all(*parts)
        return self.make_api(transport)

    def make_api(self, transport):
        names = ('db_api', 'image_service', 'flavors', 'quotas', 'keypairs', 'groups', 'network_api')
        shared = {name: getattr(self, name) for name in (*names, 'availability_zones')}
        return API(compute_task_api=ComputeTaskAPI(transport), compute_rpcapi=ComputeAPI(transport), **shared)

    @functools.cached_property
    def ec2_cloud(self):
        region, _, url = self.options.region_list.partition('=')
        return ComputeCloudController(self.compute_api, region.strip(), url.strip())


def endpoint(server):
    """An image server of the ini, HOST:PORT or a URL, as a URL."""
    return server if '://' in server else f'http://{server}'


class APIRouter(routers.Router):
    """The lesson's WSGI application: the ground floor's routes, and the one path of EC2's API."""

    routes = (
        *routers.Router.routes,
        ('/services/Cloud', 'GET', 'cloud', 'execute'),
    )  # fmt: skip

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT]; ValueError for an option that is no good."""
        parts = Parts.of(global_config)
        return cls(
            instances=instances.Controller(parts.compute_api, parts.options.osapi_max_limit),
            cloud=ec2.CloudController(parts.image_service, parts.db_api),
        )


class EC2Router(routers.Router):
    """EC2's API as a WSGI application of its own, where the composite has put it."""

    routes = (('/', 'GET POST', 'cloud', 'execute'),)

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT]."""
        return cls(cloud=Parts.of(global_config).ec2_cloud)

    @application
    def __call__(self, environ, start_response):
        environ['PATH_INFO'] = environ['PATH_INFO'] or '/'
        return super().__call__(environ, start_response)
