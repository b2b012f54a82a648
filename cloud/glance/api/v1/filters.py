"""Which filters a list's query may have, and in which form. (The registry checks limit, marker and sort order.)

Use: read_query(req) -> {'filters': {'name': 'cirros', 'property-os': 'linux'}, 'limit': '20', 'marker': ...}
Real: glance 2014.2 glance/api/v1/filters.py validate, glance/api/v1/__init__.py SUPPORTED_FILTERS, SUPPORTED_PARAMS
"""

import re

from webob.exc import HTTPBadRequest

from cloud.glance.api.v1.headers import is_none
from cloud.glance.common import wsgi
from cloud.oslo.utils.strutils import DIGITS, PLAIN, is_whole_number
from cloud.oslo.utils.timeutils import parse_isotime

PARAMS = ('limit', 'marker', 'sort_key', 'sort_dir')


def is_anything(text):
    return True


def is_number(text):
    return is_whole_number(text, DIGITS)


def is_boolean(text):
    return text.lower() in PLAIN


def is_boolean_or_none(text):
    return is_boolean(text) or text.lower() == 'none'


def is_time(text):
    try:
        parse_isotime(spelled_out(text))
    except ValueError:
        return False
    return True


def spelled_out(text):
    """The time as every supported Python reads it: 3.10 does not know Z. And a plus in a query arrives as a space."""
    return re.sub('(?<=:[0-9]{2}) (?=[0-9]{2}:)', '+', re.sub('[zZ]$', '+00:00', text))


FILTERS = {
    'name': is_anything,
    'status': is_anything,
    'container_format': is_anything,
    'disk_format': is_anything,
    'min_ram': is_number,
    'min_disk': is_number,
    'size_min': is_number,
    'size_max': is_number,
    'is_public': is_boolean_or_none,
    'protected': is_boolean,
    'changes-since': is_time,
}


def is_unset(name, value):
    return is_none(value) and (name in PARAMS or FILTERS.get(name) in (is_number, is_boolean, is_time))


def read_query(req):
    """The page and the filters, as the registry's client takes them; HTTPBadRequest.

    Unknown names are ignored, as always in this version; so is the None of clients in Python, where it says nothing.
    """
    query = {name: value for name, value in wsgi.read_query(req).items() if not is_unset(name, value)}
    filters = {name: value for name, value in query.items() if name in FILTERS or name.startswith('property-')}
    for name, value in filters.items():
        if not FILTERS.get(name, is_anything)(value):
            raise HTTPBadRequest(f'Bad value passed to filter {name}: {value[:60]}.')
    if 'changes-since' in filters:
        filters['changes-since'] = spelled_out(filters['changes-since'])
    return {'filters': filters, **{name: query[name] for name in PARAMS if name in query}}
