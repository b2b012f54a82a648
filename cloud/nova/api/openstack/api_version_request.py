"""Microversions: a client says which state of the API it was written for, and is answered as it was then.

    OpenStack-API-Version: compute 2.26      the header of all services; its last word on `compute` counts
    X-OpenStack-Nova-API-Version: 2.26       nova's own, from before; asked when the first one says nothing

Nothing said is 2.1, and `latest` is the newest. 2.1 is the API of 2013; each number after it changed one thing that the
clients see, so a new field never surprises an old client.
Use: requested(headers)  ->  APIVersionRequest(2, 26);  str() of it  ->  '2.26'
Real: nova 2014.2 nova/api/openstack/wsgi.py Request, which knew none yet; since 2015
    nova/api/openstack/api_version_request.py APIVersionRequest, and microversion_parse for the headers
"""

import functools
import re
from typing import NamedTuple

from cloud.nova import exception

HEADER = 'OpenStack-API-Version'
LEGACY_HEADER = 'X-OpenStack-Nova-API-Version'
SERVICE = 'compute'


class APIVersionRequest(NamedTuple):
    """Compares as numbers do: 2.9 comes before 2.10."""

    major: int
    minor: int

    def __str__(self):
        return f'{self.major}.{self.minor}'


@functools.lru_cache(1024)
def parse(text):
    """'2.26' as an APIVersionRequest; InvalidAPIVersionString."""
    match = re.fullmatch('([1-9][0-9]{0,8})\\.([1-9][0-9]{0,8}|0)', text, re.ASCII)
    if not match:
        raise exception.InvalidAPIVersionString(version=text)
    return APIVersionRequest(int(match[1]), int(match[2]))


DEFAULT = MIN = parse('2.1')
MAX = parse('2.104')


def requested(headers):
    """The version that a request's headers ask for; InvalidAPIVersionString, InvalidGlobalAPIVersion."""
    text = standard(headers.get(HEADER, '')) or headers.get(LEGACY_HEADER, '').strip()
    if not text:
        return DEFAULT
    if text == 'latest':
        return MAX
    version = parse(text)
    if not MIN <= version <= MAX:
        raise exception.InvalidGlobalAPIVersion(wanted=version, minimum=MIN, maximum=MAX)
    return version


def standard(value):
    """What the header of all services says about this one: of 'volume 3.0, compute 2.26', '2.26'; '' if nothing."""
    for part in reversed(value.split(',')):
        name, _, version = part.strip().partition(' ')
        if name.lower() == SERVICE:
            return version.strip()
    return ''


def is_supported(req, first, last=None):
    """Whether the request's version is `first` (text) or newer, and not newer than `last`."""
    version = req.api_version_request
    return parse(first) <= version and (last is None or version <= parse(last))
