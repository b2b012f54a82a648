"""What a list is asked for: the query of GET /v2/images.

    limit, marker          the page
    sort_key, sort_dir     the order; or sort=name:asc,size:desc, which later releases have
    member_status          which of the images that others share are among them
    visibility             public, private, shared or community (of which a list that does not ask for them has only
                           one's own); all: these too
    tag                    once or several times: all of them
    size_min, size_max     and so with every field that is a number
    id, name, status, ...  any field of an image; the five of IN_FIELDS also as status=in:active,queued or, for what
                           has a comma, name=in:"a,b",c
    os_hidden=true         what is hidden, which a list that does not ask for it leaves out

Any other word is a property that the images must have, with just this value, and that is so even if no image ever had
one: ?colour=red, but ?limitt=10 too, answers 200 and an empty list, as 2014.2 does.

Use: db_api.image_get_all(context, **read_page(query, options))
Real: glance 2014.2 glance/api/v2/images.py RequestDeserializer.index; sort, several keys, in:, gt: and the like and
    os_hidden as in later releases (_get_sorting_params; glance/common/utils.py split_filter_op). There only moments
    are compared.
"""

import re

from webob.exc import HTTPBadRequest

from cloud.oslo.utils.strutils import PLAIN, bool_from_string, is_whole_number, whole_number

MEMBER_STATUSES = ('pending', 'accepted', 'rejected', 'all')
VISIBILITIES = ('public', 'private', 'shared', 'community', 'all')
DIRECTIONS = ('asc', 'desc')
IN_FIELDS = ('id', 'name', 'status', 'container_format', 'disk_format')
COMPARED_FIELDS = ('created_at', 'updated_at', 'size', 'virtual_size', 'min_disk', 'min_ram')
OPERATORS = ('eq', 'neq', 'gt', 'gte', 'lt', 'lte')
ITEM = '(?:"[^"]*"|[^",]*)'


def read_page(query, options):
    """The arguments of the repo's list; HTTPBadRequest. query: a MultiDict; of a name that comes twice, the last.

    options: limit_param_default, api_limit_max.
    """
    filters = dict(query)
    order = read_order(query)
    for name in ('sort', 'sort_key', 'sort_dir'):
        filters.pop(name, None)
    return {
        'limit': read_limit(filters.pop('limit', None), options),
        'marker': filters.pop('marker', None),
        **order,
        'member_status': read_choice('member_status', filters.pop('member_status', 'accepted'), MEMBER_STATUSES),
        'filters': read_filters(filters, query.getall('tag')),
    }


def read_limit(text, options):
    if text is None:
        text = str(options.limit_param_default)
    if not is_whole_number(text):
        raise HTTPBadRequest('limit is not a whole number of at least 0: send for example limit=10.')
    return min(whole_number(text), options.api_limit_max)


def read_hidden(text):
    if text.lower() not in PLAIN:
        raise HTTPBadRequest('os_hidden is neither true nor false.')
    return bool_from_string(text)


def read_order(query):
    """sort_key and sort_dir, each a list. One direction holds for all keys; of several, each key has its own."""
    keys, directions = query.getall('sort_key') or ['created_at'], query.getall('sort_dir') or ['desc']
    if 'sort' in query:
        if 'sort_key' in query or 'sort_dir' in query:
            raise HTTPBadRequest('sort stands for sort_key and sort_dir: send the one or the others.')
        pairs = [item.partition(':') for item in query['sort'].split(',')]
        keys = [key.strip() for key, _colon, _direction in pairs]
        directions = [direction.strip() if colon else 'desc' for _key, colon, direction in pairs]
    if len(directions) == 1:
        directions *= len(keys)
    if len(directions) != len(keys):
        raise HTTPBadRequest(
            f'These are {len(keys)} of sort_key and {len(directions)} of sort_dir: send as many of each.'
        )
    for direction in directions:
        read_choice('the direction of the order', direction, DIRECTIONS)
    return {'sort_key': keys, 'sort_dir': directions}


def read_choice(name, text, choices):
    if text not in choices:
        raise HTTPBadRequest(f'{name} is not one of {", ".join(choices)}.')
    return text


def read_filters(filters, tags):
    """The repo's filters: name -> text, a frozenset of which one will do, or {operator: text}; but `tags` is a list."""
    if 'changes-since' in filters:
        raise HTTPBadRequest('There is no filter changes-since in this version of the API.')
    if 'visibility' in filters:
        read_choice('visibility', filters['visibility'], VISIBILITIES)
    filters['os_hidden'] = read_hidden(filters.get('os_hidden', 'false'))
    if tags:
        del filters['tag']
        filters['tags'] = tags
    for name in IN_FIELDS:
        if filters.get(name, '').startswith('in:'):
            filters[name] = read_items(name, filters[name].removeprefix('in:'))
    for name in COMPARED_FIELDS:
        operator, colon, value = filters.get(name, '').partition(':')
        if colon and operator in OPERATORS:
            filters[name] = {operator: value}
    return filters


def read_items(name, text):
    """The values of a list in which those with a comma are in quotes."""
    if not re.fullmatch(f'{ITEM}(?:,{ITEM})*', text):
        raise HTTPBadRequest(f'{name}=in: is followed by no list: send for example {name}=in:a,"b,c".')
    return frozenset(item.strip('"') for item in re.findall(f'(?:^|,)({ITEM})', text))
