"""A value as a short text that anybody may see: no secret in it, no image's bytes, and no end of it.

Nothing of the value's own is called for it: a student's __repr__ may fail, or take for ever.

Use: brief(value)  ->  "'inst-0'", '<Image 71c6...>', "{'password': ***}"
Real: none
"""

import functools
import inspect
import itertools

from xray.masking import MASK, USERINFO, has_private_key, is_secret, secrets_in

MOST = 160  # characters of one text
ITEMS = 8  # of a dict or list
PLAIN = frozenset((int, float, bool, type(None)))
SIMPLE = frozenset((*PLAIN, str))
BYTES = frozenset((bytes, bytearray, memoryview))
ENDS = {list: '[]', tuple: '()', set: '{}', frozenset: '{}'}
NAMING = ('_status', 'image_id', 'uuid', 'id', 'user', 'user_id', 'member_id', 'name')
tell_secret = None  # the recorder's function that is told each secret


def brief(value, depth=2):
    """The value as text, shown as Python would write it. What is not plain data is shown by its class and its name."""
    kind = type(value)
    if kind is str:
        return repr(value) if len(value) <= MOST and '://' not in value and '-----' not in value else text(value)
    if kind in PLAIN:
        return str(value) if kind is not int or value.bit_length() < 100 else '<a large number>'
    if kind is dict:
        return pairs(value, depth) if value else '{}'
    if kind in ENDS:
        return items(value, ENDS[kind], depth) if value else ENDS[kind]
    if kind in BYTES:
        return f'<{len(value)} bytes>'
    return of_object(value, kind)


def kept(value):
    """What is kept of a value until it is shown: plain data as it is, the text of anything else."""
    kind = type(value)
    if kind is str:
        return value if len(value) <= MOST else Told(text(value))
    if kind in PLAIN:
        return value
    if kind is dict and 0 < len(value) <= ITEMS:  # most are small: a copy now, and its text when somebody asks for it
        kinds = set(map(type, value.values()))
        if kinds <= SIMPLE:
            return dict(value)
        if kinds == {dict} and len(value) == 1:
            ((name, inner),) = value.items()
            if len(inner) <= ITEMS and SIMPLE.issuperset(map(type, inner.values())):
                return {name: dict(inner)}
    return Told(brief(value))


class Told(str):
    """A value's text, as it is shown."""

    __slots__ = ()


def tell(value):
    """The text of what was kept."""
    return str(value) if type(value) is Told else brief(value)


def text(value):
    if has_private_key(value):
        return MASK
    shown = value[:MOST]
    if '://' in shown:
        shown = USERINFO.sub(f'{MASK}@', shown)
    return repr(shown) if len(value) <= MOST else f'{shown!r}... ({len(value)} characters)'


def pairs(value, depth):
    if not depth:
        return '{...}'
    shown = [
        f'{brief(n, 0)}: {masked(n, item) if is_secret(n) else brief(item, depth - 1)}'
        for n, item in first_of(value.items())
    ]
    return '{' + ', '.join(shown) + (f', ... {len(value)} in all}}' if len(value) > ITEMS else '}')


def masked(name, value):
    """MASK; and the secret is known from now on, whatever it is called elsewhere in the request."""
    if tell_secret is not None:
        for secret in secrets_in({name: value}):
            tell_secret(secret)
    return MASK


def items(value, ends, depth):
    if not depth:
        return f'{ends[0]}...{ends[1]}'
    shown = ', '.join([brief(item, depth - 1) for item in first_of(value)])
    return f'{ends[0]}{shown}, ... {len(value)} in all{ends[1]}' if len(value) > ITEMS else f'{ends[0]}{shown}{ends[1]}'


def first_of(values):
    try:
        return values if len(values) <= ITEMS and type(values) in ENDS else list(itertools.islice(values, ITEMS))
    except RuntimeError:  # another thread changes them
        return ()


def of_object(value, kind):
    """<Class name>: with what its own attributes say it is, as far as these are plain."""
    if isinstance(value, BaseException):
        return f'<{kind.__name__}: {message_of(value)}>'
    if isinstance(value, type):
        return f'<class {value.__qualname__}>'
    if has_attributes(kind):
        own = object.__getattribute__(value, '__dict__')
        if kind.__name__ == 'RequestContext':
            return context_of(own)
        if 'environ' in own and type(own['environ']) is dict:
            return f'<{kind.__name__} {own["environ"].get("REQUEST_METHOD")} {own["environ"].get("PATH_INFO")}>'
        for name in NAMING:
            if name in own and type(own[name]) is str:
                return f'<{kind.__name__} {own[name][:80]}>'
    if callable(value):
        name = getattr(value, '__qualname__', None)
        return f'<{name if type(name) is str else kind.__name__}>'
    return f'<{kind.__name__}>'


@functools.lru_cache(maxsize=4096)
def has_attributes(kind):
    """Whether its objects have a dict of their own, and it is asked for as usual."""
    return (
        bool(getattr(kind, '__dictoffset__', 0))
        and type(inspect.getattr_static(kind, '__dict__', None)) is not property
    )


def context_of(own):
    """Who asks, as the services' contexts have it."""
    user, tenant = own.get('user', own.get('user_id')), own.get('tenant', own.get('project_id'))
    roles = ', '.join([str(role) for role in own.get('roles') or ()][:ITEMS])
    return f'<RequestContext user {user} of {tenant}, roles {roles or "none"}>'


def message_of(error):
    """The error's own words. Its __str__ may be a student's, and fail."""
    detail = vars(error).get('detail') if hasattr(error, '__dict__') else None
    try:
        return ' '.join(str(detail or error).split())[:500]
    except Exception:
        return '(its text cannot be had)'
