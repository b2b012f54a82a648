"""A body as it may be shown: short, text, and without the secrets in its fields.

Use: shown_body(b'{"auth": {"password": "x"}}', 'application/json')  ->  '{"auth": {"password": "***"}}'
Real: oslo.utils 1.0 oslo/utils/strutils.py mask_password
"""

import json
from urllib.parse import parse_qsl, urlencode

from xray.safe import MASK, USERINFO, is_secret

MAX_BODY = 16384  # bytes of a body that are shown
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
        fields = parse_qsl(text, keep_blank_values=True)
        return text if not any(is_secret(name) for name, _ in fields) else urlencode(masked_pairs(fields), safe='*')
    if 'json' in content_type or 'openstack' in content_type:
        return masked_json(text)
    return USERINFO.sub(f'{MASK}@', text)


def masked_json(text):
    """The same text, unless a field in it is secret."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return USERINFO.sub(f'{MASK}@', text)
    masked = without_secrets(document)
    return USERINFO.sub(f'{MASK}@', text if masked == document else json.dumps(masked, ensure_ascii=False))


def without_secrets(value, depth=50):
    if not depth:
        return '...'
    if isinstance(value, dict):
        return {name: without_secret(name, value[name], depth) for name in value}
    if isinstance(value, list):
        return [without_secrets(item, depth - 1) for item in value]
    return value


def without_secret(name, value, depth):
    """A token is told by an object, too: its parts are shown, but for the id, which is the token itself."""
    if is_secret(name) and isinstance(value, dict):
        return without_secrets({key: MASK if key in ('id', 'secret') else value[key] for key in value}, depth - 1)
    return MASK if is_secret(name) and value is not None else without_secrets(value, depth - 1)


def masked_pairs(fields):
    return [(name, MASK if is_secret(name) else value) for name, value in fields]


def texts_of_secrets(body, content_type=''):
    """The values of a body's secret fields: so that they are masked elsewhere, too."""
    if not body or isinstance(body, str) or len(body) > MAX_BODY:
        return set()
    found = set()
    if 'form-urlencoded' in (content_type or ''):
        found = {value for name, value in parse_qsl(body.decode('utf-8', 'replace')) if is_secret(name)}
    elif is_textual(content_type):
        try:
            collect(json.loads(body), found)
        except (ValueError, RecursionError):
            return set()
    return found


def secrets_in(value):
    """The texts under the names of secrets in dicts and lists."""
    found = set()
    collect(value, found)
    return found


def collect(value, found):
    if isinstance(value, dict):
        for name, item in value.items():
            if is_secret(name) and isinstance(item, str):
                found.add(item)
            elif is_secret(name) and isinstance(item, dict) and isinstance(item.get('id'), str):
                found.add(item['id'])
                collect({key: item[key] for key in item if key != 'id'}, found)
            else:
                collect(item, found)
    elif isinstance(value, list):
        for item in value:
            collect(item, found)
