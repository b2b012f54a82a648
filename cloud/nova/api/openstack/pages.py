"""What several nouns' controllers need: pages, links, and truth in a query.

Use: limit, marker = pages.page_of(req, max_limit); pages.href(req, 'servers', instance['uuid'])
Real: nova 2014.2 nova/api/openstack/common.py get_limit_and_marker, ViewBuilder
"""

import re
from urllib.parse import urlencode, urlsplit, urlunsplit

from webob.exc import HTTPBadRequest

from cloud.oslo.utils.strutils import bool_from_string


def page_of(req, max_limit):
    """(limit, marker): how many at most, and what to go on after or None. The query's schema has seen it before."""
    limit = req.GET.get('limit') or str(max_limit)
    if not re.fullmatch('[0-9]+', limit, re.ASCII):
        raise HTTPBadRequest('limit must be an integer')
    limit = max_limit if len(limit) > 9 else min(int(limit), max_limit)
    return limit, req.GET.get('marker')


def sorting_of(req, default_keys, default_dir):
    """(keys, directions) of the query, as many of the one as of the other; HTTPBadRequest."""
    keys, directions = req.GET.getall('sort_key'), req.GET.getall('sort_dir')
    if any(direction not in ('asc', 'desc') for direction in directions):
        raise HTTPBadRequest("Invalid input received: Unknown sort direction, must be 'desc' or 'asc'")
    if len(directions) > len(keys or default_keys):
        raise HTTPBadRequest('Invalid input received: Sort direction size exceeds sort key size')
    keys = keys or list(default_keys)
    directions = directions or [default_dir]
    return keys, directions + directions[-1:] * (len(keys) - len(directions))


def addresses_of(req):
    """(the API's address, the same without a version), found out once for all links of an answer."""
    if 'nova.addresses' not in req.environ:
        scheme, host, path, _, _ = urlsplit(req.application_url)
        bare = urlunsplit((scheme, host, re.sub(r'/v[0-9.]+(?=/|$)', '', path, count=1), '', ''))
        req.environ['nova.addresses'] = req.application_url.rstrip('/'), bare.rstrip('/')
    return req.environ['nova.addresses']


def href(req, *parts):
    return '/'.join([addresses_of(req)[0], *parts])


def bookmark(req, *parts):
    """The same without a version: it stays good when the version is gone."""
    return '/'.join([addresses_of(req)[1], *parts])


def links(req, *parts):
    return [{'rel': 'self', 'href': href(req, *parts)}, {'rel': 'bookmark', 'href': bookmark(req, *parts)}]


def next_links(req, collection, limit, ids):
    """[] or the link to the next page, for a page that is full. ids: what is on this one."""
    if not limit or len(ids) < limit:
        return []
    query = dict(sorted(req.GET.items()))
    query['marker'] = ids[-1]
    return [{'rel': 'next', 'href': f'{href(req, collection)}?{urlencode(query)}'}]


def with_links(document, req, noun, collection, limit, ids):
    """The document, a page of a collection, with the link to the next one where there may be one."""
    found = next_links(req, collection, limit, ids)
    return {**document, f'{noun}_links': found} if found else document


def truth_of(text, default=None):
    """A query's value as a boolean; the default for what is neither true nor false."""
    try:
        return bool_from_string(text)
    except (ValueError, AttributeError):
        return default
