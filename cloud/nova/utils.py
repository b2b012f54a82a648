"""Moments and ids, as all of nova writes them.

Real: nova 2013-04 (c8067d1b70) nova/openstack/common/timeutils.py utcnow and isotime, uuidutils.py is_uuid_like
"""

import re
from datetime import datetime, timezone

UUID = re.compile('[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')


def utcnow():
    """A naive datetime in UTC."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


def isotime(moment):
    """A naive datetime in UTC as clients see it."""
    return moment.isoformat(timespec='seconds') + 'Z'


def is_uuid_like(text):
    """Whether text is an id in the one form that we make ourselves: lower case, with dashes."""
    return UUID.fullmatch(text) is not None
