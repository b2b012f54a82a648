"""What is secret: values by their names, wherever these stand, and private keys by how they begin.

Names of secrets are those of headers, fields of a body, arguments, options, and of the pairs in a query.
Use: is_secret('X-Auth-Token');  masked_query('token=x&limit=1')  ->  'token=***&limit=1';  secrets_in(document)
     Mask(secrets)(document)  ->  the same document with *** for each of them
Real: oslo.utils 1.0 oslo/utils/strutils.py mask_password, which knows names only
Left out: secrets that no name gives away, such as a password in the middle of a sentence.
"""

import functools
import re
from urllib.parse import unquote_plus

MASK = '***'
SECRET = re.compile(
    r'(?i)(^|[_\-.])(auth[_-]?token|service[_-]?token|subject[_-]?token|token|tokens|secret|secrets|password|adminpass'
    r'|admin_pass|user_?data|blob|private_key|authorization|cookie|credential|credentials|signature|api[_-]?key'
    r'|passwd)$'
)
USERINFO = re.compile(r'(?<=://)[^/@\s\'"]+@')
PRIVATE_KEY = re.compile(r'-----BEGIN [A-Z0-9 ]*PRIVATE KEY')
PAIR = re.compile(r"""(?<![^?&'"])([\w.%+-]+)=([^&\s'"#]+)""")  # of a query, in any text
# Keystone tells tokens, credentials and ways to log in by objects. These parts of one are shown, all others are secret.
SHOWN = frozenset(
    ('access', 'audit_ids', 'catalog', 'description', 'domain', 'expires', 'expires_at', 'is_domain', 'issued_at',
     'links', 'methods', 'name', 'project', 'project_id', 'roles', 'serviceCatalog', 'system', 'tenant', 'tenant_id',
     'trust_id', 'type', 'unrestricted', 'user', 'user_id')
)  # fmt: skip


@functools.lru_cache(maxsize=4096)
def is_secret(name):
    return isinstance(name, str) and SECRET.search(name) is not None


def has_private_key(text):
    return '-----BEGIN ' in text and PRIVATE_KEY.search(text) is not None


def secrets_in(value):
    """The texts under the names of secrets in dicts, lists and tuples, however deep. No class's own code is called."""
    found, seen, todo = set(), set(), [(value, False)]
    while todo:
        value, hidden = todo.pop()
        kind = type(value)
        if kind is str and hidden:
            found.add(value)
        elif kind in (dict, list, tuple) and (id(value), hidden) not in seen:
            seen.add((id(value), hidden))
            if kind is dict:
                todo += [(item, is_hidden(name, hidden)) for name, item in list(value.items())]
            else:
                todo += [(item, hidden) for item in value]
    return found


def is_hidden(name, within):
    """Whether what has this name is secret. within: whether it is a part of what is."""
    return is_secret(name) or within and name not in SHOWN


def masked_query(query):
    """The text of a query, or of a form, without its secrets."""
    return '&'.join([name + equals + (MASK if secret else value) for name, equals, value, secret in pairs_of(query)])


def secrets_in_query(query):
    """The values of secrets in a query, as they are written there and as they are meant."""
    found = {value for _, _, value, secret in pairs_of(query) if secret}
    return found | {unquote_plus(value) for value in found}


def pairs_of(query):
    """(name, '=', value, whether it is secret) of each pair."""
    for pair in query.split('&'):
        name, equals, value = pair.partition('=')
        yield name, equals, value, bool(value) and is_secret(unquote_plus(name))


def masked_pair(match):
    return f'{match[1]}={MASK}' if is_secret(unquote_plus(match[1])) else match[0]


class Mask:
    """Replaces what was found to be secret in a request wherever it shows up, even under another name."""

    def __init__(self, secrets):
        known = sorted({secret for secret in secrets if secret and len(secret) >= 4}, key=len, reverse=True)
        self.pattern = re.compile('|'.join(map(re.escape, known))) if known else None

    def __call__(self, value):
        """Text, or dicts and lists of it, without what is secret."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: MASK if is_secret(name) and value[name] is not None else self(value[name]) for name in value}
        if isinstance(value, list | tuple):
            return [self(item) for item in value]
        return value

    def text(self, value):
        if has_private_key(value):
            return MASK
        if self.pattern:
            value = self.pattern.sub(MASK, value)
        return PAIR.sub(masked_pair, value) if '=' in value else value
