"""API v2: its routes, and the onion that its controllers ask.

Use, in the ini:   [app:apiv2app]
                   paste.app_factory = cloud.glance.api.v2.router:API.factory
Real: glance 2014.2 glance/api/v2/router.py API. There each controller makes its own gateway out of globals.
What has come since then, and is asked for beside it, is in later.py.
"""

import os

from cloud.glance.api.parts import parts_of
from cloud.glance.api.v2 import image_data, image_members, image_tags, images, later, schemas
from cloud.glance.common import wsgi
from cloud.glance.gateway import Gateway


class API(wsgi.Router):
    """The WSGI application behind /v2. gateway_class: what builds the onion, for who has another one."""

    gateway_class = Gateway
    routes = (
        # path                                  methods   controller  action
        ('/images',                             'GET',    'images',   'index'),
        ('/images',                             'POST',   'images',   'create'),
        ('/images/{image_id}',                  'GET',    'images',   'show'),
        ('/images/{image_id}',                  'PATCH',  'images',   'update'),
        ('/images/{image_id}',                  'DELETE', 'images',   'delete'),
        ('/images/{image_id}/file',             'GET',    'data',     'download'),
        ('/images/{image_id}/file',             'PUT',    'data',     'upload'),
        ('/images/{image_id}/tags/{tag_value}', 'PUT',    'tags',     'update'),
        ('/images/{image_id}/tags/{tag_value}', 'DELETE', 'tags',     'delete'),
        ('/images/{image_id}/members',          'GET',    'members',  'index'),
        ('/images/{image_id}/members',          'POST',   'members',  'create'),
        ('/images/{image_id}/members/{member_id}', 'GET',    'members', 'show'),
        ('/images/{image_id}/members/{member_id}', 'PUT',    'members', 'update'),
        ('/images/{image_id}/members/{member_id}', 'DELETE', 'members', 'delete'),
        ('/schemas/{name}',                     'GET',    'schemas',  'show'),
        *later.ROUTES,
    )  # fmt: skip

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT]; ValueError for an option or a file that is no good."""
        parts = parts_of(global_config)
        gateway, options = make_gateway(parts, cls.gateway_class), parts.options
        custom_properties = os.path.join(global_config.get('here', '.'), 'schema-image.json')
        image_schema = schemas.image_schema(options, custom_properties)
        return cls(
            images=images.create_resource(gateway, options, image_schema),
            data=image_data.create_resource(gateway),
            tags=image_tags.create_resource(gateway),
            members=image_members.create_resource(gateway),
            schemas=wsgi.Resource(schemas.Controller(image_schema, schemas.member_schema())),
            **later.make_resources(gateway, parts),
        )


def make_gateway(parts, gateway_class=Gateway):
    """The onion on these Parts."""
    return gateway_class(
        parts.db_api, parts.store_api, parts.notifier, parts.policy, parts.options, parts.property_rules, parts.quotas
    )
