"""JSON schema as nova reads it: formats of its own, numbers that may be texts, and the words of its refusals.

Use: SchemaValidator(schema, is_body=True).validate(body)  ->  None, or ValidationError
Real: nova 2014.2 nova/api/validation/validators.py _SchemaValidator
"""

import base64
import binascii
import ipaddress
import re
import unicodedata

import jsonschema
from jsonschema import Draft4Validator

from cloud.nova import exception
from cloud.nova.utils import is_uuid_like
from cloud.oslo.utils.timeutils import parse_isotime

FORMATS = jsonschema.FormatChecker(())
NAME = 'An invalid {!r} value was provided. The name must be: printable characters. {}'
NO_SPACES = 'Can not start or end with whitespace.'


class InvalidName(ValueError):
    """Its text is all that is said; where it stood is not."""


def format_of(name, raises=()):
    return FORMATS.checks(name, raises)


@format_of('uuid')
def is_uuid(value):
    text = str(value).lower()
    return is_uuid_like(text) or re.fullmatch('[0-9a-f]{32}', text) is not None


@format_of('base64', (ValueError, TypeError, binascii.Error))
def is_base64(value):
    base64.b64decode(value.encode() if isinstance(value, str) else value)
    return True


@format_of('date-time', (ValueError, TypeError))
def is_date_time(value):
    return parse_isotime(value) is not None


@format_of('regex', (re.error, TypeError, ValueError, OverflowError, RecursionError, FutureWarning))
def is_regex(value):
    return re.compile(value) is not None


@format_of('ipv4', (ValueError, TypeError))
def is_ipv4(value):
    return ipaddress.IPv4Address(value) is not None


@format_of('ipv6', (ValueError, TypeError))
def is_ipv6(value):
    return ipaddress.IPv6Address(value) is not None


@format_of('cidr', (ValueError, TypeError))
def is_cidr(value):
    return '/' in value and ipaddress.ip_network(value, strict=False) is not None


@format_of('name', InvalidName)
def is_name(value):
    if not isinstance(value, str):  # its type is checked elsewhere, and may come later
        return True
    return check_name(value, value.strip() == value, NO_SPACES)


@format_of('name_with_leading_trailing_spaces', InvalidName)
def is_name_with_spaces(value):
    if not isinstance(value, str):
        return True
    return check_name(value.strip(), bool(value.strip()), 'Can not be all whitespace.')


def check_name(value, is_fitting, rule):
    if not is_fitting or any(unicodedata.category(letter) in ('Cc', 'Cs', 'Zl', 'Zp') for letter in value):
        raise InvalidName(NAME.format('name', rule))
    return True


def number_of(instance):
    """A number that may have been sent as text; None if it is none."""
    try:
        return int(instance)
    except (TypeError, ValueError):
        pass
    try:
        return float(instance)
    except (TypeError, ValueError):
        return None


def limit(keyword):
    def check(validator, bound, instance, schema):
        number = None if isinstance(instance, bool) else number_of(instance)
        if number is not None:
            yield from Draft4Validator.VALIDATORS[keyword](validator, bound, number, schema) or ()

    return check


def min_length(validator, bound, instance, schema):
    if isinstance(instance, str) and len(instance) < bound:
        yield jsonschema.ValidationError(
            f'{instance!r} should be non-empty' if bound == 1 else f'{instance!r} is too short'
        )


def drop_additional(validator, allowed, instance, schema):
    """For version 2, which never minded: what the schema does not know is taken out."""
    if isinstance(instance, dict) and allowed is False:
        patterns = schema.get('patternProperties', {})
        for name in list(instance):
            if name not in schema.get('properties', {}) and not any(re.search(each, name) for each in patterns):
                del instance[name]
    return ()


OURS = {'minimum': limit('minimum'), 'maximum': limit('maximum'), 'minLength': min_length}
STRICT = jsonschema.validators.extend(Draft4Validator, OURS)
RELAXED = jsonschema.validators.extend(Draft4Validator, {**OURS, 'additionalProperties': drop_additional})


class SchemaValidator:
    """is_body: a body; else a query, each of whose names has a list of values."""

    def __init__(self, schema, is_body=True, relax_additional_properties=False):
        self.is_body = is_body
        self.validator = (RELAXED if relax_additional_properties else STRICT)(schema, format_checker=FORMATS)

    def validate(self, document):
        """ValidationError for the first thing that is wrong, in nova's words."""
        try:
            for error in self.validator.iter_errors(document):
                raise exception.ValidationError(self.say(error))
        except (TypeError, RecursionError) as error:
            raise exception.ValidationError(str(error)) from None

    def say(self, error):
        if isinstance(error.cause, InvalidName):
            return str(error.cause)
        if not error.path:
            return error.message
        where, what = ('field/attribute', error.path[-1]) if self.is_body else ('query parameters', error.path[0])
        return f'Invalid input for {where} {what}. Value: {error.instance}. {error.message}'
