"""Booleans, sizes and whole numbers, read from text.

Use: bool_from_string('yes')  ->  True;  whole_number('0042')  ->  42;  string_to_bytes('10GB')  ->  10737418240
Real: oslo.utils 1.0 oslo/utils/strutils.py bool_from_string, string_to_bytes (which has more units). There, text
    that is neither true nor false is false, unless `strict` is asked for.
"""

import re

TRUE = ('1', 't', 'true', 'on', 'y', 'yes')
FALSE = ('0', 'f', 'false', 'off', 'n', 'no')
PLAIN = ('true', '1', 'false', '0')  # what the filters of a list take: nothing else can be meant by chance
UNITS = {'': 1, 'B': 1, 'KB': 1024, 'MB': 1024**2, 'GB': 1024**3, 'TB': 1024**4}
DIGITS = 18  # a number of so many digits fits the largest integer of every database


def bool_from_string(text):
    """The boolean that the text stands for, in any case; ValueError if it stands for none."""
    word = text.strip().lower()
    if word not in TRUE + FALSE:
        raise ValueError('give true or false')
    return word in TRUE


def is_whole_number(text, digits=None):
    """Whether the text is nothing but ASCII digits, and at most so many. (str.isdigit alone takes Arabic ones, int()
    takes 1_000.)
    """
    return text.isascii() and text.isdigit() and (digits is None or len(text) <= digits)


def whole_number(digits):
    """The number that ASCII digits stand for; of a very long one the first 18 digits, which are large enough.

    Python refuses to make a number of thousands of digits.
    """
    return int((digits.lstrip('0') or '0')[:DIGITS])


def signed_number(text):
    """The number that a sign, or none, and at most 18 ASCII digits stand for; ValueError if they stand for none."""
    if not re.fullmatch(f'[+-]?[0-9]{{1,{DIGITS}}}', text):
        raise ValueError('give a whole number')
    return int(text)


def string_to_bytes(text):
    """The bytes that a number with B, KB, MB, GB or TB behind it stands for (powers of 1024); ValueError."""
    match = re.fullmatch('([0-9]{1,12})(|B|KB|MB|GB|TB)', text)
    if not match:
        raise ValueError('give a number of bytes, or one with B, KB, MB, GB or TB behind it, without a space')
    return int(match[1]) * UNITS[match[2]]
