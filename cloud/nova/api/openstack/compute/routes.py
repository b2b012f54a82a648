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
from cloud.nova.api.openstack.compute.flavor_access import FlavorAccessController
from cloud.nova.api.openstack.compute.flavors import FlavorsController
from cloud.nova.api.openstack.compute.flavors_extraspecs import FlavorExtraSpecsController
from wsgi import application

PROJECT = re.compile('/([0-9a-f-]+)(?=/)')


class APIRouterV21(routers.Router):
    """The WSGI application. A project's id before the path, as old clients send it, is taken off first."""

    routes = (
        ('/flavors',                               'GET',    'flavors',       'index'),
        ('/flavors',                               'POST',   'flavors',       'create'),
        ('/flavors/detail',                        'GET',    'flavors',       'detail'),
        ('/flavors/{id}',                          'GET',    'flavors',       'show'),
        ('/flavors/{id}',                          'PUT',    'flavors',       'update'),
        ('/flavors/{id}',                          'DELETE', 'flavors',       'delete'),
        ('/flavors/{id}/action',                   'POST',   'flavor_access', 'action'),
        ('/flavors/{flavor_id}/os-flavor-access',  'GET',    'flavor_access', 'index'),
        ('/flavors/{flavor_id}/os-extra_specs',    'GET',    'extra_specs',   'index'),
        ('/flavors/{flavor_id}/os-extra_specs',    'POST',   'extra_specs',   'create'),
        ('/flavors/{flavor_id}/os-extra_specs/{id}', 'GET',  'extra_specs',   'show'),
        ('/flavors/{flavor_id}/os-extra_specs/{id}', 'PUT',  'extra_specs',   'update'),
        ('/flavors/{flavor_id}/os-extra_specs/{id}', 'DELETE', 'extra_specs', 'delete'),
    )  # fmt: skip

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT]; ValueError for an option that is no good."""
        parts = Parts.of(global_config)
        max_limit = parts.options.osapi_max_limit
        return cls(
            flavors=FlavorsController(parts.flavors, max_limit),
            extra_specs=FlavorExtraSpecsController(parts.flavors),
            flavor_access=FlavorAccessController(parts.flavors),
        )

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
