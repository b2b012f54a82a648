"""API v1: its routes, and the one place where its tools are made.

No gateway: what API v2's router builds as a chain of layers is here a bag of tools for controllers that do everything
themselves, and in the place of the database stands the registry, another service.

Use, in the ini:   [app:apiv1app]
                   paste.app_factory = cloud.glance.api.v1.router:API.factory
Real: glance 2014.2 glance/api/v1/router.py API
"""

from cloud.glance.api.parts import parts_of
from cloud.glance.api.v1 import images, members
from cloud.glance.api.v1.controller import Tools
from cloud.glance.common import wsgi
from cloud.glance.registry.client.v1.api import Registry


class API(wsgi.Router):
    """The WSGI application behind /v1."""

    routes = (
        # path                                  methods   controller  action
        ('/images',                             'GET',    'images',   'index'),
        ('/images',                             'POST',   'images',   'create'),
        ('/images/detail',                      'GET',    'images',   'detail'),
        ('/images/{image_id}',                  'HEAD',   'images',   'meta'),
        ('/images/{image_id}',                  'GET',    'images',   'show'),
        ('/images/{image_id}',                  'PUT',    'images',   'update'),
        ('/images/{image_id}',                  'DELETE', 'images',   'delete'),
        ('/images/{image_id}/members',          'GET',    'members',  'index'),
        ('/images/{image_id}/members',          'PUT',    'members',  'update_all'),
        ('/images/{image_id}/members/{member_id}', 'PUT',    'members', 'update'),
        ('/images/{image_id}/members/{member_id}', 'DELETE', 'members', 'delete'),
        ('/shared-images/{member_id}',          'GET',    'members',  'index_shared_images'),
    )  # fmt: skip

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT]; ValueError for an option or a file that is no good."""
        return cls.make(make_tools(parts_of(global_config)))

    @classmethod
    def make(cls, tools):
        return cls(images=images.create_resource(tools), members=members.create_resource(tools))


def make_tools(parts):
    """The Tools of the controllers: the service's Parts, and the registry."""
    return Tools(parts, Registry(parts.options))
