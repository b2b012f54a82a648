"""How a client says what to change: a PATCH body, in either of the two dialects that the API speaks.

    application/openstack-images-v2.1-json-patch    [{"op": "replace", "path": "/name", "value": "cirros"}]
    application/openstack-images-v2.0-json-patch    [{"replace": "/name", "value": "cirros"}]

Use: for change in read_changes(req): change.op, change.path, change.value
Real: glance 2014.2 glance/api/v2/images.py RequestDeserializer._get_change_operation_d10, _get_change_operation_d4
Left out: the operations move, copy and test, which the API has never had.
"""

import re
from typing import Any, NamedTuple

from webob.exc import HTTPBadRequest, HTTPRequestEntityTooLarge, HTTPUnsupportedMediaType

from cloud.glance.common.wsgi import read_json

MAX_CHANGES = 256  # each that adds a location has another server asked
OPERATIONS = ('add', 'replace', 'remove')


class Change(NamedTuple):
    """One change. op: one of OPERATIONS; path: the pointer's tokens; value: None for remove."""

    op: str
    path: list
    value: Any
    replaces: bool  # whether an add may replace what is there, as in the newer dialect


def read_changes(req):
    """The changes in the body, a list of Change.

    HTTPBadRequest, HTTPUnsupportedMediaType or HTTPRequestEntityTooLarge says what is wrong.
    """
    read_change = DIALECTS.get(req.content_type.lower())
    if read_change is None:
        accepted = ', '.join(DIALECTS)
        message = f'The Content-Type is {req.content_type or "missing"}: use one of {accepted}.'
        raise HTTPUnsupportedMediaType(message, headers={'Accept-Patch': accepted})
    document = read_json(req)
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        raise HTTPBadRequest('The body is not a list of changes: send [{...}, ...].')
    if len(document) > MAX_CHANGES:
        raise HTTPRequestEntityTooLarge(f'These are {len(document)} changes: send at most {MAX_CHANGES} at once.')
    return [read_change(item) for item in document]


def read_v2_1(item):
    if not {'op', 'path'} <= item.keys():
        raise HTTPBadRequest('A change has no op or no path: send {"op": ..., "path": ..., "value": ...}.')
    return make_change(item['op'], item['path'], item, replaces=True)


def read_v2_0(item):
    verbs = [name for name in item if name != 'value']
    if len(verbs) != 1:
        raise HTTPBadRequest(f'A change has {len(verbs)} verbs: send one, such as {{"replace": PATH, "value": ...}}.')
    return make_change(verbs[0], item[verbs[0]], item, replaces=False)


def make_change(op, path, item, replaces):
    if op not in OPERATIONS:
        raise HTTPBadRequest(f'There is no operation {str(op)[:40]}: use one of {", ".join(OPERATIONS)}.')
    if op != 'remove' and 'value' not in item:
        raise HTTPBadRequest(f'The operation {op} needs a value.')
    return Change(op, split_pointer(path), item['value'] if op != 'remove' else None, replaces)


def split_pointer(path):
    """The tokens of a JSON pointer such as /locations/0, each trimmed and with its escapes undone."""
    tokens = [token.strip() for token in path.split('/')] if isinstance(path, str) else []
    if len(tokens) < 2 or tokens[0] or not all(tokens[1:]):
        raise HTTPBadRequest('A path is not a pointer: send / and the name of a property.')
    if re.search('~(?![01])', path):
        raise HTTPBadRequest('A path has a lone ~: write it ~0, and a slash within a name ~1.')
    return [token.replace('~1', '/').replace('~0', '~') for token in tokens[1:]]


DIALECTS = {
    'application/openstack-images-v2.1-json-patch': read_v2_1,
    'application/openstack-images-v2.0-json-patch': read_v2_0,
}
