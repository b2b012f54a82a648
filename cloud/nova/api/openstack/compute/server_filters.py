"""Which servers a list shows: the query's filters, as the database understands them.

Use: filters, project_id = read(req, 'os_compute_api:servers:index')
Real: nova 2014.2 nova/api/openstack/compute/servers.py Controller._get_servers, remove_invalid_options
Left out: a server's addresses (ip, ip6): nothing has one, so such a filter finds nothing.
"""

import ast

from sqlalchemy import JSON, Boolean, DateTime, Integer
from webob.exc import HTTPBadRequest, HTTPForbidden

from cloud.nova import policy
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.common import task_and_vm_state_from_status
from cloud.nova.api.openstack.pages import truth_of
from cloud.nova.db.sqlalchemy.models import instances
from cloud.oslo.utils.timeutils import parse_isotime

COLUMNS = instances.c
EVERYBODY = ('reservation_id', 'name', 'status', 'image', 'flavor', 'ip', 'changes-since', 'all_tenants')
SINCE = {
    '2.5': ('ip6',),
    '2.26': ('tags', 'tags-any', 'not-tags', 'not-tags-any'),
    '2.66': ('changes-before',),
    '2.73': ('locked',),
    '2.83': ('availability_zone', 'config_drive', 'key_name', 'created_at', 'launched_at', 'terminated_at')
    + ('power_state', 'task_state', 'vm_state', 'progress', 'user_id'),
}
PAGING = ('limit', 'marker', 'sort_key', 'sort_dir')
RENAMED = {'image': 'image_ref', 'description': 'display_description', 'tenant_id': 'project_id'}


def read(req, action):
    """(filters by name, or None for a query that finds nothing; the project whose servers are meant, or None: all).

    PolicyNotAuthorized; HTTPForbidden, HTTPBadRequest.
    """
    asked = {name: req.GET[name] for name in dict.fromkeys(req.GET) if is_known(req, name)}
    all_tenants = read_all_tenants(asked.pop('all_tenants', None))
    if all_tenants:
        policy.enforce(req.context, action + ':get_all_tenants')
    filters = {}
    for name, value in asked.items():
        found = FILTERS.get(name, plain)(req, name, value)
        if found is None:
            return None, None
        filters.update(found)
    if 'changes-since' in filters or 'changes-before' in filters:
        filters.setdefault('deleted', None)  # whoever asks what has changed wants to know what is gone, too
    other = filters.pop('project_id', None)
    return filters, (other if all_tenants else req.context.project_id or '')


def is_known(req, name):
    """Whether it is a filter, of a column or otherwise, that the caller may use; all others are ignored."""
    if name in PAGING or name.startswith('_'):
        return False
    if req.context.is_admin:
        return name in FILTERS or name == 'all_tenants' or RENAMED.get(name, name) in COLUMNS
    return name in EVERYBODY or any(name in names and is_supported(req, first) for first, names in SINCE.items())


def read_all_tenants(text):
    if text is None:
        return False
    found = truth_of(text or '1')
    if found is None:
        raise HTTPBadRequest(f"Invalid value '{text}' for all_tenants: send all_tenants=1.")
    return found


def plain(req, name, value):
    """A column, by its value; {} for what is none: nothing is selected by it."""
    column = RENAMED.get(name, name)
    if column not in COLUMNS:
        return {}
    kind = COLUMNS[column].type
    try:
        if isinstance(kind, Integer):
            return {column: int(value) if len(value) < 10 else -1}
        if isinstance(kind, DateTime):
            return {column: parse_isotime(value)}
    except ValueError:
        return None
    if isinstance(kind, Boolean):
        return {column: truth_of(value, False)}
    return None if isinstance(kind, JSON) else {column: value}


def by_status(req, name, value):
    statuses = req.GET.getall('status')
    if any(status.upper() == 'DELETED' for status in statuses):
        if not req.context.is_admin:
            raise HTTPForbidden('Only administrators may list deleted instances')
        return {'deleted': True}
    task_states, vm_states = task_and_vm_state_from_status(statuses)
    if not vm_states:
        return None
    found = {'vm_state': vm_states}
    return {**found, 'task_state': task_states} if None not in task_states else found


def by_moment(req, name, value):
    try:
        return {name: parse_isotime(value)}
    except ValueError:
        raise HTTPBadRequest(f'Invalid {name} value') from None


def by_tags(req, name, value):
    return {name: [tag for tag in value.split(',') if tag]}


def by_description(req, name, value):
    """metadata={'key': 'value'}, as clients write it."""
    try:
        found = ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    entries = found if isinstance(found, list) else [found]
    if not all(isinstance(each, dict) and all(isinstance(key, str) for key in each) for each in entries):
        return None
    return {name: [{key: str(text) for key, text in each.items()} for each in entries]}


def by_deletion(req, name, value):
    return {'deleted': truth_of(value, False)}


def nothing(req, name, value):
    return None


FILTERS = {
    'status': by_status,
    'changes-since': by_moment,
    'changes-before': by_moment,
    'metadata': by_description,
    'system_metadata': by_description,
    'deleted': by_deletion,
    'soft_deleted': lambda req, name, value: {'vm_state': 'soft-delete'} if truth_of(value, False) else {},
    'name': lambda req, name, value: {'name': value},
    'display_name': lambda req, name, value: {'name': value},
    'flavor': lambda req, name, value: {'flavor': value},
    'instance_type_id': nothing,
    'ip': nothing,
    'ip6': nothing,
    'fault': nothing,
    'network_info': nothing,
    **dict.fromkeys(('tags', 'tags-any', 'not-tags', 'not-tags-any'), by_tags),
}
