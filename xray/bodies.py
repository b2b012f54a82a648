"""A body as it may be shown: short, text, and without the secrets in its fields.

Use: shown_body(b'{"auth": {"password": "x"}}', 'application/json')  ->  '{"auth": {"password": "***"}}'
Real: oslo.utils 1.0 oslo/utils/strutils.py mask_password
"""

import json
import re

from xray.masking import MASK, USERINFO, has_private_key, is_hidden, masked_query, secrets_in, secrets_in_query

MAX_BODY = 16384  # bytes of a body that are shown
NOTE = re.compile(r'<\d+ bytes [^\n]*>')  # about a body that is not shown
TEXTUAL = (
    'application/json',
    'application/vnd.openstack',
    'application/openstack',
    'application/x-www-form-urlencoded',
    'application/xml',
    'text/',
)


def is_textual(content_type):
    return (content_type or '').startswith(TEXTUAL)


def shown_body(body, content_type=''):
    """body: bytes, a note (text) about those that were not kept, or None."""
    if not body or isinstance(body, str):
        return body or None
    if len(body) > MAX_BODY or not is_textual(content_type):
        return f'<{len(body)} bytes of {content_type or "no Content-Type"}>'
    text = body.decode('utf-8', 'replace')
    if 'form-urlencoded' in content_type:
        return masked_query(text)
    if 'json' in content_type or 'openstack' in content_type:
        return masked_json(body)
    return USERINFO.sub(f'{MASK}@', text)


def masked_json(body):
    """The same text, unless a field in it is secret; a note about what cannot be read, for it may hold anything."""
    try:
        document = json.loads(body, object_pairs_hook=unequivocal)
        masked = without_secrets(document)
        text = body.decode() if masked == document else json.dumps(masked, ensure_ascii=False)
    except (ValueError, RecursionError):
        return f'<{len(body)} bytes that are no JSON>'
    return USERINFO.sub(f'{MASK}@', text)


def unequivocal(pairs):
    """The object of these pairs; ValueError if one name has two values, of which no reader sees the first."""
    names = dict(pairs)
    if len(names) < len(pairs):
        raise ValueError('a name is there twice')
    return names


def without_secrets(value, depth=50, hidden=False):
    if not depth:
        return '...'
    if isinstance(value, dict):
        return {name: without_secrets(value[name], depth - 1, is_hidden(name, hidden)) for name in value}
    if isinstance(value, list):
        return [without_secrets(item, depth - 1, hidden) for item in value]
    is_key = isinstance(value, str) and has_private_key(value)
    return MASK if is_key or hidden and value is not None else value


def texts_of_secrets(body, content_type=''):
    """The values of a body's secret fields: so that they are masked elsewhere, too."""
    if not body or isinstance(body, str):
        return set()
    if 'form-urlencoded' in (content_type or ''):
        return secrets_in_query(body.decode('utf-8', 'replace'))
    try:
        return secrets_in(json.loads(body))
    except (ValueError, RecursionError):
        return set()


def is_note(text):
    """Whether this stands for a body that is not shown."""
    return NOTE.fullmatch(text) is not None
