"""What API v2 has learned since 2014.2: its routes, by the release that brought them, and who answers.

This is one table more for the router, so that a reader of the other one sees the API of 2014.2 alone.
Use: routes = (...) + later.ROUTES; Router(..., **later.make_resources(gateway, parts))
Real: glance 33.0 glance/api/v2/router.py API, where they stand among the others
"""

from cloud.glance.api.v2 import discovery, image_actions, image_import, tasks
from cloud.glance.async_.flows.api_image_import import Imports

ROUTES = (
    # path                                    methods   controller  action                         since
    ('/tasks',                                'GET',    'tasks',    'index'),                    # 2014.1, Icehouse
    ('/tasks/{task_id}',                      'GET',    'tasks',    'show'),
    ('/schemas/metadefs/{name}',              'GET',    'schemas',  'metadef'),                  # 2014.2, Juno
    ('/images/{image_id}/actions/deactivate', 'POST',   'actions',  'deactivate'),               # 2015.1, Kilo
    ('/images/{image_id}/actions/reactivate', 'POST',   'actions',  'reactivate'),
    ('/images/{image_id}/stage',              'PUT',    'imports',  'stage'),                    # 16.0, Queens
    ('/images/{image_id}/import',             'POST',   'imports',  'import_image'),
    ('/info/import',                          'GET',    'info',     'get_image_import'),
    ('/info/stores',                          'GET',    'info',     'get_stores'),               # 17.0, Rocky
    ('/images/{image_id}/tasks',              'GET',    'imports',  'tasks'),                    # 22.0, Wallaby
    ('/info/usage',                           'GET',    'info',     'get_usage'),                # 23.0, Xena
    ('/info/stores/detail',                   'GET',    'info',     'get_stores_detail'),        # 24.0, Yoga
)  # fmt: skip


def make_resources(gateway, parts):
    """The WSGI applications that the table names, but for `schemas`, which the other table has."""
    return {
        'actions': image_actions.create_resource(gateway),
        'imports': image_import.create_resource(gateway, Imports(gateway, parts.tasks)),
        'info': discovery.create_resource(parts),
        'tasks': tasks.create_resource(parts.tasks, parts.policy, parts.options),
    }
