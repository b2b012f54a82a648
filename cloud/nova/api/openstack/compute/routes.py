"""The compute API's routes: path and method -> the noun's controller and its action, one table.

Use, in the ini:   [app:osapi_compute_app_v21]
                   paste.app_factory = cloud.nova.api.openstack.compute.routes:APIRouterV21.factory
A path that is not here, and a method that a path does not have, are both a plain 404, as in the real one.
Real: nova 2014.2 nova/api/openstack/compute/__init__.py APIRouter; a table of data since 2017, in this file
"""

import re

from webob.exc import HTTPNotFound

import routers
from cloud.nova.api.openstack import Parts
from cloud.nova.api.openstack.compute.attach_interfaces import InterfaceAttachmentController
from cloud.nova.api.openstack.compute.availability_zone import AvailabilityZoneController
from cloud.nova.api.openstack.compute.flavor_access import FlavorAccessController
from cloud.nova.api.openstack.compute.flavors import FlavorsController
from cloud.nova.api.openstack.compute.flavors_extraspecs import FlavorExtraSpecsController
from cloud.nova.api.openstack.compute.gone import GoneController
from cloud.nova.api.openstack.compute.hypervisors import HypervisorsController
from cloud.nova.api.openstack.compute.images import ImageMetadataController, ImagesController
from cloud.nova.api.openstack.compute.instance_actions import InstanceActionsController
from cloud.nova.api.openstack.compute.ips import IPsController
from cloud.nova.api.openstack.compute.keypairs import KeypairController
from cloud.nova.api.openstack.compute.limits import LimitsController
from cloud.nova.api.openstack.compute.quota_sets import QuotaSetsController
from cloud.nova.api.openstack.compute.server_actions import ConsoleOutput, ServerActions, ServerImageActions
from cloud.nova.api.openstack.compute.server_groups import ServerGroupController
from cloud.nova.api.openstack.compute.server_metadata import ServerMetadataController
from cloud.nova.api.openstack.compute.server_tags import ServerTagsController
from cloud.nova.api.openstack.compute.servers import ServersController
from cloud.nova.api.openstack.compute.services import ServiceController
from cloud.nova.api.openstack.compute.simple_tenant_usage import SimpleTenantUsageController
from cloud.nova.api.openstack.compute.views.servers import ViewBuilder
from wsgi import application

PROJECT = re.compile('/([0-9a-f-]+)(?=/)')


# What nova has no more, and what it passed on to the services of networks and volumes until 2.35.
GONE = ('os-cells', 'os-fping', 'os-certificates', 'os-cloudpipe', 'os-agents', 'os-consoles')
PROXIES = ('os-networks', 'os-floating-ips', 'os-security-groups', 'os-volumes', 'os-snapshots', 'os-tenant-networks')


def controllers(parts):
    """A controller for each noun, of what nova is made of: a Parts."""
    compute_api, db_api, zones = parts.compute_api, parts.db_api, parts.availability_zones
    max_limit = parts.options.osapi_max_limit
    views = ViewBuilder(zones, parts.groups.of_instance)
    consoles = ConsoleOutput(compute_api)
    actions = ServerActions(compute_api), ServerImageActions(compute_api, views, parts.image_url), consoles
    images = ImagesController(parts.image_service, parts.image_url, max_limit)
    return {
        'servers': ServersController(compute_api, views, max_limit, actions),
        'server_metadata': ServerMetadataController(compute_api),
        'server_tags': ServerTagsController(compute_api),
        'ips': IPsController(compute_api),
        'interfaces': InterfaceAttachmentController(compute_api, parts.network_api),
        'instance_actions': InstanceActionsController(compute_api, max_limit),
        'consoles': consoles,
        'flavors': FlavorsController(parts.flavors, max_limit),
        'extra_specs': FlavorExtraSpecsController(parts.flavors),
        'flavor_access': FlavorAccessController(parts.flavors),
        'keypairs': KeypairController(parts.keypairs, max_limit),
        'limits': LimitsController(parts.quotas, parts.groups),
        'quota_sets': QuotaSetsController(parts.quotas),
        'server_groups': ServerGroupController(parts.groups, parts.quotas, max_limit),
        'zones': AvailabilityZoneController(zones),
        'services': ServiceController(db_api, zones),
        'hypervisors': HypervisorsController(db_api, zones, max_limit),
        'usage': SimpleTenantUsageController(db_api, max_limit),
        'images': images,
        'image_metadata': ImageMetadataController(images),
        'gone': GoneController(),
    }


class APIRouterV21(routers.Router):
    """The WSGI application. A project's id before the path, as old clients send it, is taken off first."""

    routes = (
        ('/servers',                                        'GET',    'servers',          'index'),
        ('/servers',                                        'POST',   'servers',          'create'),
        ('/servers/detail',                                 'GET',    'servers',          'detail'),
        ('/servers/{id}',                                   'GET',    'servers',          'show'),
        ('/servers/{id}',                                   'PUT',    'servers',          'update'),
        ('/servers/{id}',                                   'DELETE', 'servers',          'delete'),
        ('/servers/{id}/action',                            'POST',   'servers',          'action'),
        ('/servers/{server_id}/metadata',                   'GET',    'server_metadata',  'index'),
        ('/servers/{server_id}/metadata',                   'POST',   'server_metadata',  'create'),
        ('/servers/{server_id}/metadata',                   'PUT',    'server_metadata',  'update_all'),
        ('/servers/{server_id}/metadata/{id}',              'GET',    'server_metadata',  'show'),
        ('/servers/{server_id}/metadata/{id}',              'PUT',    'server_metadata',  'update'),
        ('/servers/{server_id}/metadata/{id}',              'DELETE', 'server_metadata',  'delete'),
        ('/servers/{server_id}/tags',                       'GET',    'server_tags',      'index'),
        ('/servers/{server_id}/tags',                       'PUT',    'server_tags',      'update_all'),
        ('/servers/{server_id}/tags',                       'DELETE', 'server_tags',      'delete_all'),
        ('/servers/{server_id}/tags/{id}',                  'GET',    'server_tags',      'show'),
        ('/servers/{server_id}/tags/{id}',                  'PUT',    'server_tags',      'update'),
        ('/servers/{server_id}/tags/{id}',                  'DELETE', 'server_tags',      'delete'),
        ('/servers/{server_id}/ips',                        'GET',    'ips',              'index'),
        ('/servers/{server_id}/ips/{id}',                   'GET',    'ips',              'show'),
        ('/servers/{server_id}/os-interface',               'GET',    'interfaces',       'index'),
        ('/servers/{server_id}/os-interface/{id}',          'GET',    'interfaces',       'show'),
        ('/servers/{server_id}/os-security-groups',         'GET',    'interfaces',       'security_groups'),
        ('/servers/{server_id}/os-volume_attachments',      'GET',    'interfaces',       'volume_attachments'),
        ('/servers/{server_id}/os-instance-actions',        'GET',    'instance_actions', 'index'),
        ('/servers/{server_id}/os-instance-actions/{id}',   'GET',    'instance_actions', 'show'),
        ('/servers/{server_id}/remote-consoles',            'POST',   'consoles',         'create'),
        ('/flavors',                                        'GET',    'flavors',          'index'),
        ('/flavors',                                        'POST',   'flavors',          'create'),
        ('/flavors/detail',                                 'GET',    'flavors',          'detail'),
        ('/flavors/{id}',                                   'GET',    'flavors',          'show'),
        ('/flavors/{id}',                                   'PUT',    'flavors',          'update'),
        ('/flavors/{id}',                                   'DELETE', 'flavors',          'delete'),
        ('/flavors/{id}/action',                            'POST',   'flavor_access',    'action'),
        ('/flavors/{flavor_id}/os-flavor-access',           'GET',    'flavor_access',    'index'),
        ('/flavors/{flavor_id}/os-extra_specs',             'GET',    'extra_specs',      'index'),
        ('/flavors/{flavor_id}/os-extra_specs',             'POST',   'extra_specs',      'create'),
        ('/flavors/{flavor_id}/os-extra_specs/{id}',        'GET',    'extra_specs',      'show'),
        ('/flavors/{flavor_id}/os-extra_specs/{id}',        'PUT',    'extra_specs',      'update'),
        ('/flavors/{flavor_id}/os-extra_specs/{id}',        'DELETE', 'extra_specs',      'delete'),
        ('/os-keypairs',                                    'GET',    'keypairs',         'index'),
        ('/os-keypairs',                                    'POST',   'keypairs',         'create'),
        ('/os-keypairs/{id}',                               'GET',    'keypairs',         'show'),
        ('/os-keypairs/{id}',                               'DELETE', 'keypairs',         'delete'),
        ('/limits',                                         'GET',    'limits',           'index'),
        ('/os-quota-sets/{id}',                             'GET',    'quota_sets',       'show'),
        ('/os-quota-sets/{id}',                             'PUT',    'quota_sets',       'update'),
        ('/os-quota-sets/{id}',                             'DELETE', 'quota_sets',       'delete'),
        ('/os-quota-sets/{id}/defaults',                    'GET',    'quota_sets',       'defaults'),
        ('/os-quota-sets/{id}/detail',                      'GET',    'quota_sets',       'detail'),
        ('/os-server-groups',                               'GET',    'server_groups',    'index'),
        ('/os-server-groups',                               'POST',   'server_groups',    'create'),
        ('/os-server-groups/{id}',                          'GET',    'server_groups',    'show'),
        ('/os-server-groups/{id}',                          'DELETE', 'server_groups',    'delete'),
        ('/os-availability-zone',                           'GET',    'zones',            'index'),
        ('/os-availability-zone/detail',                    'GET',    'zones',            'detail'),
        ('/os-services',                                    'GET',    'services',         'index'),
        ('/os-services/enable',                             'PUT',    'services',         'enable'),
        ('/os-services/disable',                            'PUT',    'services',         'disable'),
        ('/os-services/disable-log-reason',                 'PUT',    'services',         'disable_log_reason'),
        ('/os-services/force-down',                         'PUT',    'services',         'force_down'),
        ('/os-services/{id}',                               'PUT',    'services',         'update'),
        ('/os-services/{id}',                               'DELETE', 'services',         'delete'),
        ('/os-hypervisors',                                 'GET',    'hypervisors',      'index'),
        ('/os-hypervisors/detail',                          'GET',    'hypervisors',      'detail'),
        ('/os-hypervisors/statistics',                      'GET',    'hypervisors',      'statistics'),
        ('/os-hypervisors/{id}',                            'GET',    'hypervisors',      'show'),
        ('/os-hypervisors/{id}/uptime',                     'GET',    'hypervisors',      'uptime'),
        ('/os-hypervisors/{id}/search',                     'GET',    'hypervisors',      'search'),
        ('/os-hypervisors/{id}/servers',                    'GET',    'hypervisors',      'servers'),
        ('/os-simple-tenant-usage',                         'GET',    'usage',            'index'),
        ('/os-simple-tenant-usage/{id}',                    'GET',    'usage',            'show'),
        ('/images',                                         'GET',    'images',           'index'),
        ('/images/detail',                                  'GET',    'images',           'detail'),
        ('/images/{id}',                                    'GET',    'images',           'show'),
        ('/images/{id}',                                    'DELETE', 'images',           'delete'),
        ('/images/{image_id}/metadata',                     'GET',    'image_metadata',   'index'),
        ('/images/{image_id}/metadata',                     'POST',   'image_metadata',   'create'),
        ('/images/{image_id}/metadata',                     'PUT',    'image_metadata',   'update_all'),
        ('/images/{image_id}/metadata/{id}',                'GET',    'image_metadata',   'show'),
        ('/images/{image_id}/metadata/{id}',                'PUT',    'image_metadata',   'update'),
        ('/images/{image_id}/metadata/{id}',                'DELETE', 'image_metadata',   'delete'),
        *((f'/{noun}{rest}', 'GET POST', 'gone', 'gone') for noun in GONE for rest in ('', '/{id}')),
        *((f'/{noun}{rest}', 'GET POST', 'gone', 'proxy') for noun in PROXIES for rest in ('', '/detail', '/{id}')),
    )  # fmt: skip

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT]; ValueError for an option that is no good."""
        return cls(**controllers(Parts.of(global_config)))

    @application
    def __call__(self, environ, start_response):
        project = PROJECT.match(environ['PATH_INFO'])
        if project:
            environ['nova.project_in_path'] = project[1]
            environ['SCRIPT_NAME'] += project[0]
            environ['PATH_INFO'] = environ['PATH_INFO'][project.end() :]
        return super().__call__(environ, start_response)

    def _refuse(self, code, message, headers=()):
        return HTTPNotFound()
