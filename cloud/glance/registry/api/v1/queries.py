"""What a list is asked for: the query of GET /images and /images/detail.

    name, status, container_format, disk_format, min_ram, min_disk, protected, size_min, size_max, property-NAME
    changes-since   what was changed later, deleted images included
    is_public       for admins: true (the default) for what users see, none for all, false for what is private
    deleted         for admins
    limit, marker, sort_key, sort_dir

Others get what is public, their own images, and all that is shared with them, accepted or not. Unknown names in
the query are ignored.

Use: db_api.image_get_all(req.context, **read_page(req, options))
Real: glance 2014.2 glance/registry/api/v1/images.py Controller._get_query_params
"""

from webob.exc import HTTPBadRequest

from cloud.glance.common import wsgi
from cloud.oslo.utils.strutils import PLAIN, bool_from_string, is_whole_number, whole_number

FILTERS = ('name', 'status', 'container_format', 'disk_format', 'min_ram', 'min_disk', 'protected', 'size_min',
           'size_max', 'changes-since')  # fmt: skip
SORT_KEYS = ('name', 'status', 'container_format', 'disk_format', 'size', 'id', 'created_at', 'updated_at')


def read_page(req, options):
    """The arguments of Database.image_get_all; HTTPBadRequest. options: limit_param_default, api_limit_max."""
    query = dict(wsgi.read_query(req))  # of a name that comes twice, the last
    return {
        'filters': read_filters(query),
        'limit': read_limit(query.get('limit', str(options.limit_param_default)), options.api_limit_max),
        'marker': query.get('marker'),
        'sort_key': read_choice(query, 'sort_key', 'created_at', SORT_KEYS),
        'sort_dir': read_choice(query, 'sort_dir', 'desc', ('asc', 'desc')),
        'member_status': 'all',
        'is_public': read_is_public(query) if req.context.is_admin else None,
        'deleted': read_deleted(query, req.context.is_admin),
    }


def read_filters(query):
    filters = {name: query[name] for name in FILTERS if name in query}
    prefix = 'property-'
    properties = {name[len(prefix) :]: value for name, value in query.items() if name.startswith(prefix)}
    return {**filters, 'properties': properties} if properties else filters


def read_limit(text, most):
    if not is_whole_number(text):
        raise HTTPBadRequest(f'limit={text} is not a whole number of at least 0: send for example limit=10.')
    return min(whole_number(text), most)


def read_choice(query, name, default, choices):
    choice = query.get(name, default)
    if choice not in choices:
        raise HTTPBadRequest(f'{name}={choice} is not one of {", ".join(choices)}.')
    return choice


def read_is_public(query):
    text = query.get('is_public', 'true')
    return None if text.lower() == 'none' else read_boolean('is_public', text)


def read_deleted(query, is_admin):
    if is_admin and 'deleted' in query:
        return read_boolean('deleted', query['deleted'])
    return None if 'changes-since' in query else False


def read_boolean(name, text):
    if text.lower() not in PLAIN:
        raise HTTPBadRequest(f'{name}={text} is neither true nor false.')
    return bool_from_string(text)
