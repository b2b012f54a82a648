"""Signatures of EC2's clients: version 2 signs the query, version 4 the whole request.

What the client has signed is put together again from what arrived, and signed with the secret key that we know: the two
are the same, or somebody else has written it.

    version 2   verb, host, path and the sorted query, a line each          base64(HMAC-SHA256(secret))
    version 4   the canonical request, hashed, with the day, region, service  hex(HMAC-SHA256(a key for that day))

Use: is_right({'access': ..., 'signature': ..., 'verb': 'POST', 'host': ..., 'path': ..., 'params': {...}}, secret)
Real: keystoneclient 0.11 keystoneclient/contrib/ec2/utils.py Ec2Signer; keystone 2014.2 keystone/contrib/ec2/core.py
Left out: versions 0 and 1, and SHA-1, which nobody sends any more.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

from cloud.keystone import exception

ALGORITHM = 'AWS4-HMAC-SHA256'
LATE = timedelta(minutes=15)  # how far a client's clock may be off
TEXT = {'type': 'string'}


def check_form(sent):
    """ValidationError unless it is a dict with texts where there have to be some."""
    texts = ('access', 'signature', 'verb', 'host', 'path')
    if not isinstance(sent, dict) or not all(isinstance(sent.get(name), str) for name in texts):
        raise exception.ValidationError(attribute=', '.join(texts), target='credentials')
    for name in ('params', 'headers'):
        part = sent.get(name) or {}
        if not isinstance(part, dict) or not all(isinstance(value, str) for value in part.values()):
            raise exception.ValidationError(attribute=f'{name} with texts', target='credentials')
    if not isinstance(sent.get('body_hash', ''), str):
        raise exception.ValidationError(attribute='body_hash', target='credentials')


def is_right(sent, secret, now=None):
    """Whether the secret made this signature, and lately."""
    now = now or datetime.now(timezone.utc)
    params = sent.get('params') or {}
    headers = {name.lower(): value for name, value in (sent.get('headers') or {}).items()}
    if params.get('SignatureVersion') == '2':
        made, when = version_2(sent, params, secret), params.get('Timestamp') or params.get('Expires', '')
    else:
        made, when = version_4(sent, params, headers, secret), headers.get('x-amz-date') or params.get('X-Amz-Date', '')
    is_same = made is not None and hmac.compare_digest(made.encode(), sent['signature'].encode())
    return is_same and is_recent(when, now, bool(params.get('Expires')))


def is_recent(text, now, is_end):
    """Whether a moment of that text is about now; is_end: it says until when the signature counts."""
    digits = re.sub('[-:]|[.][0-9]+', '', text)
    try:
        when = datetime.strptime(digits.rstrip('Z'), '%Y%m%dT%H%M%S').replace(tzinfo=timezone.utc)
    except ValueError:
        return False
    return now <= when if is_end else abs(now - when) <= LATE


def version_2(sent, params, secret):
    if params.get('SignatureMethod') != 'HmacSHA256':
        return None
    signed = {name: value for name, value in params.items() if name != 'Signature'}
    text = '\n'.join([sent['verb'], sent['host'].lower(), sent['path'], canonical_query(signed)])
    return base64.b64encode(sign(secret.encode(), text)).decode()


def version_4(sent, params, headers, secret):
    found = re.search(r'Credential=[^/]+/([^,\s]+),?\s*SignedHeaders=([^,\s]+)', headers.get('authorization', ''))
    if found and headers['authorization'].startswith(ALGORITHM):
        scope, names, query = found[1], found[2], params if sent['verb'] == 'GET' else {}
    elif params.get('X-Amz-Algorithm') == ALGORITHM:
        scope = params.get('X-Amz-Credential', '').partition('/')[2]
        names = params.get('X-Amz-SignedHeaders', '')
        query = {name: value for name, value in params.items() if name != 'X-Amz-Signature'}
    else:
        return None
    if 'host' not in names.split(';') or len(scope.split('/')) != 4:
        return None
    lines = [f'{name}:{" ".join(headers.get(name, "").split())}' for name in names.split(';')]
    body_hash = sent.get('body_hash') or hashlib.sha256(b'').hexdigest()
    request = [sent['verb'], sent['path'], canonical_query(query), *lines, '', names, body_hash]
    moment = headers.get('x-amz-date') or params.get('X-Amz-Date', '')
    text = '\n'.join([ALGORITHM, moment, scope, hashlib.sha256('\n'.join(request).encode()).hexdigest()])
    key = ('AWS4' + secret).encode()
    for part in scope.split('/'):  # day, region, service, aws4_request
        key = sign(key, part)
    return sign(key, text).hex()


def canonical_query(params):
    pairs = sorted((quote(name, safe='-_.~'), quote(value, safe='-_.~')) for name, value in params.items())
    return '&'.join(f'{name}={value}' for name, value in pairs)


def sign(key, text):
    return hmac.digest(key, text.encode(), 'sha256')
