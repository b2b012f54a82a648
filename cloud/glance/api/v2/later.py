"""What API v2 has learned since 2014.2: its routes, by the release that brought them, and who answers.

This is one table more for the router, so that a reader of the other one sees the API of 2014.2 alone.
Use: routes = (...) + later.ROUTES; Router(..., **later.make_resources(gateway, parts))
Real: glance 33.0 glance/api/v2/router.py API, where they stand among the others
"""

from cloud.glance.api.v2 import (
    discovery,
    image_actions,
    image_import,
    metadef_namespaces,
    metadef_objects,
    metadef_parts,
    metadef_properties,
    metadef_resource_types,
    metadef_tags,
    tasks,
)
from cloud.glance.async_.flows.api_image_import import Imports

NAMESPACE = '/metadefs/namespaces/{namespace}'
ROUTES = (
    # path                                    methods   controller  action                         since
    ('/tasks',                                'GET',    'tasks',    'index'),                    # 2014.1, Icehouse
    ('/tasks/{task_id}',                      'GET',    'tasks',    'show'),
    ('/schemas/metadefs/{name}',              'GET',    'schemas',  'metadef'),                  # 2014.2, Juno
    ('/metadefs/namespaces',                  'GET',    'namespaces', 'index'),
    ('/metadefs/namespaces',                  'POST',   'namespaces', 'create'),
    (f'{NAMESPACE}',                          'GET',    'namespaces', 'show'),
    (f'{NAMESPACE}',                          'PUT',    'namespaces', 'update'),
    (f'{NAMESPACE}',                          'DELETE', 'namespaces', 'delete'),
    (f'{NAMESPACE}/objects',                  'GET',    'objects',    'index'),
    (f'{NAMESPACE}/objects',                  'POST',   'objects',    'create'),
    (f'{NAMESPACE}/objects',                  'DELETE', 'objects',    'delete_all'),
    (f'{NAMESPACE}/objects/{{name}}',         'GET',    'objects',    'show'),
    (f'{NAMESPACE}/objects/{{name}}',         'PUT',    'objects',    'update'),
    (f'{NAMESPACE}/objects/{{name}}',         'DELETE', 'objects',    'delete'),
    (f'{NAMESPACE}/properties',               'GET',    'properties', 'index'),
    (f'{NAMESPACE}/properties',               'POST',   'properties', 'create'),
    (f'{NAMESPACE}/properties',               'DELETE', 'properties', 'delete_all'),
    (f'{NAMESPACE}/properties/{{name}}',      'GET',    'properties', 'show'),
    (f'{NAMESPACE}/properties/{{name}}',      'PUT',    'properties', 'update'),
    (f'{NAMESPACE}/properties/{{name}}',      'DELETE', 'properties', 'delete'),
    (f'{NAMESPACE}/resource_types',           'GET',    'types',      'index'),
    (f'{NAMESPACE}/resource_types',           'POST',   'types',      'create'),
    (f'{NAMESPACE}/resource_types/{{name}}',  'DELETE', 'types',      'delete'),
    ('/metadefs/resource_types',              'GET',    'types',      'all'),
    (f'{NAMESPACE}/tags',                     'GET',    'md_tags',    'index'),                  # 2015.1, Kilo
    (f'{NAMESPACE}/tags',                     'POST',   'md_tags',    'create_tags'),
    (f'{NAMESPACE}/tags',                     'DELETE', 'md_tags',    'delete_all'),
    (f'{NAMESPACE}/tags/{{name}}',            'GET',    'md_tags',    'show'),
    (f'{NAMESPACE}/tags/{{name}}',            'POST',   'md_tags',    'create'),
    (f'{NAMESPACE}/tags/{{name}}',            'PUT',    'md_tags',    'update'),
    (f'{NAMESPACE}/tags/{{name}}',            'DELETE', 'md_tags',    'delete'),
    ('/images/{image_id}/actions/deactivate', 'POST',   'actions',  'deactivate'),
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
    metadefs, policy = parts.metadefs, parts.policy
    return {
        'namespaces': metadef_namespaces.create_resource(metadefs, policy, parts.options),
        'objects': metadef_parts.create_resource(metadef_objects.KIND, metadefs, policy),
        'properties': metadef_parts.create_resource(metadef_properties.KIND, metadefs, policy),
        'types': metadef_resource_types.create_resource(metadefs, policy),
        'md_tags': metadef_tags.create_resource(metadefs, policy),
        'actions': image_actions.create_resource(gateway),
        'imports': image_import.create_resource(gateway, Imports(gateway, parts.tasks)),
        'info': discovery.create_resource(parts),
        'tasks': tasks.create_resource(parts.tasks, parts.policy, parts.options),
    }
