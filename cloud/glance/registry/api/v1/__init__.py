"""The registry's API: its routes, and the database that stands behind them.

It keeps records and decides who may see and change them. It knows no policy, no quota and no store: those are the
API's, and a client that reaches this port with a token avoids them all. So it listens on loopback only.

Use, in the ini:   [app:registryapp]
                   paste.app_factory = cloud.glance.registry.api.v1:API.factory
Real: glance 2014.2 glance/registry/api/v1/__init__.py API
"""

from cloud.glance.common import config, wsgi
from cloud.glance.db.sqlalchemy.api import Database
from cloud.glance.registry.api.v1 import images, members


class API(wsgi.Router):
    """The WSGI application behind glance-registry's port; there is no version in its paths."""

    routes = (
        # path                                     methods   controller  action
        ('/images',                                'GET',    'images',   'index'),
        ('/images',                                'POST',   'images',   'create'),
        ('/images/detail',                         'GET',    'images',   'detail'),
        ('/images/{image_id}',                     'GET',    'images',   'show'),
        ('/images/{image_id}',                     'PUT',    'images',   'update'),
        ('/images/{image_id}',                     'DELETE', 'images',   'delete'),
        ('/images/{image_id}/members',             'GET',    'members',  'index'),
        ('/images/{image_id}/members',             'PUT',    'members',  'update_all'),
        ('/images/{image_id}/members/{member_id}', 'PUT',    'members',  'update'),
        ('/images/{image_id}/members/{member_id}', 'DELETE', 'members',  'delete'),
        ('/shared-images/{member_id}',             'GET',    'members',  'index_shared_images'),
    )  # fmt: skip

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this with the ini's [DEFAULT]; ValueError for an option that is no good."""
        options = config.parse(global_config)
        db_api = Database(options.sql_connection, options.members_only_on_shared)
        return cls(images=images.create_resource(db_api, options), members=members.create_resource(db_api))
