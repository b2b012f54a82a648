"""Ids, as nova writes them.

Use: is_uuid_like('0123abcd-0123-4567-89ab-0123456789ab')  ->  True
Real: nova 2013-04 (c8067d1b70) nova/openstack/common/uuidutils.py is_uuid_like
"""

import re

UUID = re.compile('[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')


def is_uuid_like(text):
    """Whether text is an id in the one form that we make ourselves: lower case, with dashes."""
    return UUID.fullmatch(text) is not None
