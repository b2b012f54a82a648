"""API v2: its routes, and the one place where the service's parts meet.

Use, in the ini:   [app:apiv2app]
                   paste.app_factory = cloud.glance.api.v2.router:API.factory
Real: glance 2014.2 glance/api/v2/router.py API. There each controller makes its own gateway out of globals.
Left out: tasks and metadata definitions.
"""

import os

from cloud.glance import store
from cloud.glance.api import policy
from cloud.glance.api.v2 import image_data, image_members, image_tags, images, schemas
from cloud.glance.common import config, property_utils, wsgi
from cloud.glance.db.sqlalchemy.api import Database
from cloud.glance.gateway import Gateway
from cloud.glance.notifier import Notifier


class API(wsgi.Router):
    """The WSGI application behind /v2."""

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
        ('/schemas/image',                      'GET',    'schemas',  'image'),
        ('/schemas/images',                     'GET',    'schemas',  'images'),
        ('/schemas/member',                     'GET',    'schemas',  'member'),
        ('/schemas/members',                    'GET',    'schemas',  'members'),
    )  # fmt: skip

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT]; ValueError for an option or a file that is no good."""
        options = config.parse(global_config)
        gateway = make_gateway(options)
        custom_properties = os.path.join(global_config.get('here', '.'), 'schema-image.json')
        image_schema = schemas.image_schema(options, custom_properties)
        return cls(
            images=images.create_resource(gateway, options, image_schema),
            data=image_data.create_resource(gateway),
            tags=image_tags.create_resource(gateway),
            members=image_members.create_resource(gateway),
            schemas=wsgi.Resource(schemas.Controller(image_schema, schemas.member_schema())),
        )


def make_gateway(options):
    """The onion and what is below it, after whatever a killed process has left half-way is set right again."""
    store_api = store.create_stores(options)
    store.verify_default_store(store_api)
    db_api = Database(options.sql_connection)
    db_api.recover()
    store_api.delete_leftovers(db_api.without_location)
    enforcer = policy.Enforcer(options.policy_file, options.policy_default_rule)
    property_rules = property_utils.property_rules(options, enforcer)
    return Gateway(db_api, store_api, Notifier(), enforcer, options, property_rules)
