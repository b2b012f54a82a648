"""A value as a short text that anybody may see: no secret in it, no image's bytes, and no end of it.

Nothing of the value's own is called for it: a student's __repr__ may fail, or take for ever.

Use: brief(value)  ->  "'inst-0'", '<Image 71c6...>';  mask(headers)  ->  the same with *** for a token
Real: oslo.utils 1.0 oslo/utils/strutils.py mask_password, which knows names only
"""

import itertools
import re

MOST = 160  # characters of one text
ITEMS = 8  # of a dict or list
SECRET = re.compile(
    r'(?i)(^|[_\-.])(auth[_-]?token|service[_-]?token|subject[_-]?token|token|tokens|secret|secrets|password|adminpass'
    r'|admin_pass|user_data|private_key|authorization|cookie|credential|credentials|signature|api[_-]?key|passwd)$'
)
USERINFO = re.compile(r'(?<=://)[^/@\s\'"]+@')
PLAIN = (int, float, bool, type(None))
MASK = '***'


def is_secret(name):
    return isinstance(name, str) and SECRET.search(name) is not None


def brief(value, depth=2):
    """The value as text, shown as Python would write it. What is not plain data is shown by its class and its name."""
    kind = type(value)
    if kind is str:
        return text(value)
    if kind in PLAIN:
        return str(value) if abs(value or 0) < 10**30 else '<a large number>'
    if kind in (bytes, bytearray, memoryview):
        return f'<{len(value)} bytes>'
    if kind is dict:
        return pairs(first_of(value.items()), len(value), depth)
    if kind in (list, tuple, set, frozenset):
        return items(value, kind, depth)
    return of_object(value)


def text(value):
    shown = value[:MOST]
    if '://' in shown:
        shown = USERINFO.sub(f'{MASK}@', shown)
    return repr(shown) if len(value) <= MOST else f'{shown!r}... ({len(value)} characters)'


def pairs(some, count, depth):
    if not depth:
        return '{...}'
    shown = [f'{brief(key, 0)}: {MASK if is_secret(key) else brief(value, depth - 1)}' for key, value in some]
    return '{' + ', '.join(shown + [f'... {count} in all'] * (count > ITEMS)) + '}'


def items(value, kind, depth):
    left, right = {list: '[]', tuple: '()'}.get(kind, '{}')
    if not depth:
        return f'{left}...{right}' if value else left + right
    shown = [brief(item, depth - 1) for item in first_of(value)]
    return left + ', '.join(shown + [f'... {len(value)} in all'] * (len(value) > ITEMS)) + right


def first_of(values):
    try:
        return list(itertools.islice(values, ITEMS))
    except RuntimeError:  # another thread changes them
        return []


def of_object(value):
    """<Class name>: with what its own attributes say it is, as far as these are plain."""
    kind = type(value)
    if isinstance(value, BaseException):
        return f'<{kind.__name__}: {message_of(value)}>'
    if isinstance(value, type):
        return f'<class {value.__qualname__}>'
    try:
        own = object.__getattribute__(value, '__dict__')
    except AttributeError:
        own = {}
    if type(own) is dict:
        if 'environ' in own and 'REQUEST_METHOD' in (own['environ'] or ()):
            return f'<{kind.__name__} {own["environ"]["REQUEST_METHOD"]} {own["environ"].get("PATH_INFO", "")}>'
        for name in ('_status', 'image_id', 'uuid', 'id', 'user', 'user_id', 'member_id', 'name'):
            if type(own.get(name)) is str:
                return f'<{kind.__name__} {own[name][:80]}>'
    return f'<{getattr(value, "__qualname__", None) or kind.__name__}>' if callable(value) else f'<{kind.__name__}>'


def message_of(error):
    """The error's own words. Its __str__ may be a student's, and fail."""
    detail = vars(error).get('detail') if hasattr(error, '__dict__') else None
    try:
        return ' '.join(str(detail or error).split())[:500]
    except Exception:
        return '(its text cannot be had)'


class Mask:
    """Replaces what was found to be secret in a request wherever it shows up, even under another name."""

    def __init__(self, secrets):
        known = sorted({secret for secret in secrets if secret and len(secret) >= 4}, key=len, reverse=True)
        self.pattern = re.compile('|'.join(map(re.escape, known))) if known else None

    def __call__(self, value):
        """Text, or dicts and lists of it, without what is secret."""
        if isinstance(value, str):
            return self.pattern.sub(MASK, value) if self.pattern else value
        if isinstance(value, dict):
            return {name: MASK if is_secret(name) and value[name] is not None else self(value[name]) for name in value}
        if isinstance(value, list | tuple):
            return [self(item) for item in value]
        return value
