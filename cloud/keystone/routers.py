"""Keystone's signpost: each path and method, and the action that answers. Behind /v3, a part of the API a block.

Use: APIRouter(version=..., auth=..., user=..., ...) is the WSGI application
Real: keystone 2014.2 keystone/routers.py, and the routers.py of each part
Left out: policies, trusts, federation, limits, OAuth.
"""

from cloud.keystone.common.wsgi import Router

GET, PUT = 'GET HEAD', 'PUT'
TOKENS = (
    ('/auth/tokens',   'POST',   'auth', 'authenticate_for_token'),
    ('/auth/tokens',   'GET',    'auth', 'validate_token'),
    ('/auth/tokens',   'HEAD',   'auth', 'check_token'),
    ('/auth/tokens',   'DELETE', 'auth', 'revoke_token'),
    ('/auth/catalog',  GET,      'auth', 'get_auth_catalog'),
    ('/auth/projects', GET,      'auth', 'get_auth_projects'),
    ('/auth/domains',  GET,      'auth', 'get_auth_domains'),
    ('/auth/system',   GET,      'auth', 'get_auth_system'),
)  # fmt: skip


def crud(collection, noun):
    """The five of a noun: list and create, get, update and delete."""
    one = f'/{collection}/{{{noun}_id}}'
    return (
        (f'/{collection}', GET,      noun, f'list_{collection}'),
        (f'/{collection}', 'POST',   noun, f'create_{noun}'),
        (one,              GET,      noun, f'get_{noun}'),
        (one,              'PATCH',  noun, f'update_{noun}'),
        (one,              'DELETE', noun, f'delete_{noun}'),
    )  # fmt: skip


IDENTITY = (
    *crud('users', 'user'),
    ('/users/{user_id}/password',          'POST',   'user',    'change_password'),
    ('/users/{user_id}/projects',          GET,      'project', 'list_user_projects'),
    ('/users/{user_id}/groups',            GET,      'group',   'list_groups_for_user'),
    *crud('groups', 'group'),
    ('/groups/{group_id}/users',           GET,      'user',    'list_users_in_group'),
    ('/groups/{group_id}/users/{user_id}', PUT,      'group',   'add_user_to_group'),
    ('/groups/{group_id}/users/{user_id}', GET,      'group',   'check_user_in_group'),
    ('/groups/{group_id}/users/{user_id}', 'DELETE', 'group',   'remove_user_from_group'),
)  # fmt: skip
RESOURCE = (
    *crud('projects', 'project'),
    ('/projects/{project_id}/tags',         GET,      'project', 'list_project_tags'),
    ('/projects/{project_id}/tags',         PUT,      'project', 'update_project_tags'),
    ('/projects/{project_id}/tags',         'DELETE', 'project', 'delete_project_tags'),
    ('/projects/{project_id}/tags/{value}', GET,      'project', 'get_project_tag'),
    ('/projects/{project_id}/tags/{value}', PUT,      'project', 'create_project_tag'),
    ('/projects/{project_id}/tags/{value}', 'DELETE', 'project', 'delete_project_tag'),
    *crud('domains', 'domain'),
)  # fmt: skip
CATALOG = (*crud('services', 'service'), *crud('endpoints', 'endpoint'), *crud('regions', 'region'))


class APIRouter(Router):
    """controllers: the instances that the third column names."""

    routes = (
        ('/',   GET, 'version', 'get_versions'),
        ('/v3', GET, 'version', 'get_version_v3'),
        *(('/v3' + path, *rest) for path, *rest in (*TOKENS, *IDENTITY, *RESOURCE, *CATALOG)),
    )  # fmt: skip
