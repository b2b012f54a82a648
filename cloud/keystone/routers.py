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


def grants(target, controller='grant', inherited=False, actions='grant'):
    """The roles that users and groups have on a target: list, give, check, take."""
    for actor in ('user', 'group'):
        before, after = ('/OS-INHERIT', '/inherited_to_projects') if inherited else ('', '')
        many = f'{before}{target}/{actor}s/{{{actor}_id}}/roles{after}'
        one = f'{before}{target}/{actor}s/{{{actor}_id}}/roles/{{role_id}}{after}'
        yield many, GET, controller, f'list_{actions}s'
        yield one, PUT, controller, f'create_{actions}'
        yield one, GET, controller, f'check_{actions}'
        yield one, 'DELETE', controller, f'revoke_{actions}'


PROJECT, DOMAIN = '/projects/{project_id}', '/domains/{domain_id}'
IMPLIES = '/roles/{prior_role_id}/implies'
ASSIGNMENT = (
    *crud('roles', 'role'),
    (IMPLIES,                        GET,      'role', 'list_implied_roles'),
    (IMPLIES + '/{implied_role_id}', 'GET',    'role', 'get_implied_role'),
    (IMPLIES + '/{implied_role_id}', 'HEAD',   'role', 'check_implied_role'),
    (IMPLIES + '/{implied_role_id}', PUT,      'role', 'create_implied_role'),
    (IMPLIES + '/{implied_role_id}', 'DELETE', 'role', 'delete_implied_role'),
    ('/role_inferences',             GET,      'role', 'list_role_inference_rules'),
    ('/role_assignments',            GET,      'role_assignment', 'list_role_assignments'),
    *grants(PROJECT),
    *grants(DOMAIN),
    *grants('/system', actions='system_grant'),
    *grants(PROJECT, 'inherited_grant', inherited=True),
    *grants(DOMAIN, 'inherited_grant', inherited=True),
)  # fmt: skip
EC2 = '/users/{user_id}/credentials/OS-EC2'
APPLICATION_CREDENTIALS = '/users/{user_id}/application_credentials'
CREDENTIAL = (
    *crud('credentials', 'credential'),
    (EC2,                        GET,      'ec2', 'ec2_list_credentials'),
    (EC2,                        'POST',   'ec2', 'ec2_create_credential'),
    (EC2 + '/{credential_id}',   GET,      'ec2', 'ec2_get_credential'),
    (EC2 + '/{credential_id}',   'DELETE', 'ec2', 'ec2_delete_credential'),
    ('/ec2tokens',               'POST',   'ec2', 'authenticate'),
    (APPLICATION_CREDENTIALS,    GET,      'application_credential', 'list_application_credentials'),
    (APPLICATION_CREDENTIALS,    'POST',   'application_credential', 'create_application_credential'),
    (APPLICATION_CREDENTIALS + '/{application_credential_id}', GET,
                                           'application_credential', 'get_application_credential'),
    (APPLICATION_CREDENTIALS + '/{application_credential_id}', 'DELETE',
                                           'application_credential', 'delete_application_credential'),
)  # fmt: skip
CATALOG = (
    *crud('services', 'service'),
    *crud('endpoints', 'endpoint'),
    *crud('regions', 'region'),
    ('/regions/{region_id}', PUT, 'region', 'create_region_with_id'),
)  # fmt: skip
PARTS = (*TOKENS, *IDENTITY, *RESOURCE, *ASSIGNMENT, *CREDENTIAL, *CATALOG)


class APIRouter(Router):
    """controllers: the instances that the third column names."""

    routes = (
        ('/',   GET, 'version', 'get_versions'),
        ('/v3', GET, 'version', 'get_version_v3'),
        *(('/v3' + path, *rest) for path, *rest in PARTS),
    )  # fmt: skip
