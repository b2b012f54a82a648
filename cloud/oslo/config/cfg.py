"""Typed options: a table says what may stand in an ini's [DEFAULT], parse() reads it once, at start.

Use: OPTS = [IntOpt('image_tag_quota', 128, 'tags an image may have')]
     parse(OPTS, {'image_tag_quota': '7'}).image_tag_quota  ->  7
     unread({'image_tag_quotas': '7'})  ->  [('image_tag_quotas', 'image_tag_quota')], names that nobody has asked for
Real: oslo.config 1.4 oslo/config/cfg.py Opt, StrOpt, IntOpt, FloatOpt, BoolOpt, ListOpt
Left out: groups, command line, interpolation, deprecated names, and the global CONF: options are an argument.
"""

import difflib
import math
import re
from types import SimpleNamespace

from cloud.oslo.utils.strutils import bool_from_string, signed_number, string_to_bytes

# Names in [DEFAULT] that are in no table: server.py and factories of filters ask for them, Paste Deploy sets them.
READ_ELSEWHERE = ('first_curl', 'auth_uri', 'xray_store', 'here', '__file__')
DECLARED = set()  # the names in the tables that this process has parsed


def parse(opts, global_config):
    """A namespace with an attribute for each option: what the ini says, else the default.

    opts: the table; global_config: the ini's [DEFAULT], text by name. Names that no option has belong to
    another service and are ignored. ValueError, in one line and naming the option, for a value it cannot take.
    """
    DECLARED.update(opt.name for opt in opts)
    return SimpleNamespace(**{opt.name: read(opt, global_config) for opt in opts})


def unread(global_config):
    """[(name, the declared name that is like it, or None)] of what an ini's [DEFAULT] sets and nobody has asked for.

    To be asked when the services of this process are made, each of which has parsed its table by then.
    """
    known = {*DECLARED, *READ_ELSEWHERE}
    unknown = [name for name, value in global_config.items() if name not in known and isinstance(value, str)]
    return [(name, next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.75)), None)) for name in unknown]


def read(opt, global_config):
    if opt.name not in global_config:
        return opt.default
    text = global_config[opt.name]
    try:
        return opt.convert(text.strip())
    except ValueError as error:
        raise ValueError(f'{opt.name} = {text}: {error}') from None


class Opt:
    """One option. Each kind has its own convert: text in, value out; ValueError says what to give instead."""

    def __init__(self, name, default=None, help=''):
        self.name, self.default, self.help = name, default, help


class StrOpt(Opt):
    """Text; nothing behind the equals sign means the default. choices: the only texts it may be, if given."""

    def __init__(self, name, default=None, help='', choices=()):
        super().__init__(name, default, help)
        self.choices = choices

    def convert(self, text):
        if self.choices and text not in self.choices:
            raise ValueError(f'give one of {", ".join(self.choices)}')
        return text or self.default


class IntOpt(Opt):
    """A whole number from min to max, where given."""

    def __init__(self, name, default=None, help='', min=None, max=None):
        super().__init__(name, default, help)
        self.min, self.max = min, max

    def convert(self, text):
        return within(self, signed_number(text))


class FloatOpt(IntOpt):
    """A number from min to max, where given; no infinities."""

    def convert(self, text):
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise ValueError('give a number')
        return within(self, number)


def within(opt, number):
    if opt.min is not None and number < opt.min:
        raise ValueError(f'give at least {opt.min}')
    if opt.max is not None and number > opt.max:
        raise ValueError(f'give at most {opt.max}')
    return number


class BoolOpt(Opt):
    """true or false, in any of the ways that inis write it."""

    def convert(self, text):
        return bool_from_string(text)


class ListOpt(Opt):
    """Texts with commas or line ends between them; at least one."""

    def convert(self, text):
        items = [item.strip() for item in re.split('[,\n]', text) if item.strip()]
        if not items:
            raise ValueError('give at least one, with commas between them')
        return items


class SizeOpt(Opt):
    """Bytes: a number with B, KB, MB, GB or TB right behind it, powers of 1024. Real: user_storage_quota's form."""

    def convert(self, text):
        return string_to_bytes(text)
