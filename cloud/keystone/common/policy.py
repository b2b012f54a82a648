"""Who may do what: a rule for each action whose name is not here is `admin`.

    admin     whoever has the role admin, wherever
    reader    admins, and whoever has the role reader on the system
    owner     the user that the request is about;  member: whoever's token is for that project
    subject   the token that the request is about is one's own, or of the same user

The token of a restricted application credential may do nothing that UNRESTRICTED names, not even an admin's.
Use: enforce(token, 'list_users', target)  ->  nothing, or ForbiddenAction
Real: keystone 2014.2 etc/policy.json; since Pike keystone/common/policies/, a file each
    A reader of the system sees all but EC2's keys here, which have their secrets with them.
Left out: rules that an operator may change, and admins of one domain alone.
"""

from cloud.keystone import exception

READER = (
    'list_users list_groups list_groups_for_user list_users_in_group check_user_in_group get_group list_projects '
    'list_domains list_roles get_role list_grants check_grant list_role_assignments list_services get_service '
    'list_endpoints get_endpoint get_implied_role check_implied_role list_implied_roles list_role_inference_rules'
)
RULES = {
    **dict.fromkeys(READER.split(), ('reader',)),
    'get_user': ('reader', 'owner'),
    'list_user_projects': ('reader', 'owner'),
    'list_groups_for_user': ('reader', 'owner'),
    'get_project': ('reader', 'member'),
    'list_project_tags': ('reader', 'member'),
    'get_project_tag': ('reader', 'member'),
    'get_domain': ('reader', 'domain'),
    'get_region': ('anybody',),
    'list_regions': ('anybody',),
    'validate_token': ('reader', 'service', 'subject'),
    'check_token': ('reader', 'service', 'subject'),
    'revoke_token': ('admin', 'subject'),
    'get_auth_catalog': ('anybody',),
    'get_auth_projects': ('anybody',),
    'get_auth_domains': ('anybody',),
    'get_auth_system': ('anybody',),
    'ec2_create_credential': ('admin', 'owner'),
    'ec2_list_credentials': ('admin', 'owner'),
    'ec2_get_credential': ('admin', 'owner'),
    'ec2_delete_credential': ('admin', 'owner'),
    'create_application_credential': ('owner',),
    'get_application_credential': ('reader', 'owner'),
    'list_application_credentials': ('reader', 'owner'),
    'delete_application_credential': ('admin', 'owner'),
}
# Whoever makes or reads keys with a program's token has what the user has, beyond that program's roles and its end.
UNRESTRICTED = (
    'create_application_credential delete_application_credential '
    'ec2_create_credential ec2_list_credentials ec2_get_credential ec2_delete_credential '
    'create_credential list_credentials get_credential update_credential delete_credential'
)

CHECKS = {
    'anybody': lambda token, target: True,
    'admin': lambda token, target: 'admin' in token.role_names,
    'reader': lambda token, target: 'admin' in token.role_names or token.system and 'reader' in token.role_names,
    'service': lambda token, target: 'service' in token.role_names,
    'owner': lambda token, target: target.get('user_id') == token.user['id'],
    'member': lambda token, target: bool(token.project) and target.get('project_id') == token.project['id'],
    'domain': lambda token, target: target.get('domain_id') == domain_of(token)['id'],
    'subject': lambda token, target: target.get('subject_user_id') == token.user['id'],
}


def domain_of(token):
    return token.domain or (token.project or token.user)['domain']


def enforce(token, action, target):
    """ForbiddenAction, unless one of the action's rules holds. target: whom and what it is about, ids by name."""
    if not any(CHECKS[rule](token, target) for rule in RULES.get(action, ('admin',))):
        raise exception.ForbiddenAction(f'identity:{action}')
    if action in UNRESTRICTED.split() and is_restricted(token):
        raise exception.ForbiddenAction(f'identity:{action}')


def is_restricted(token):
    return bool(token.application_credential and token.application_credential['restricted'])
