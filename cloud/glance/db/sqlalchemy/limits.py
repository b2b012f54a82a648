"""How many parts an image may have, held in the transaction that adds them.

Whoever counts first and writes later counts together with others: of twelve at once, each sees room for one more. In
the transaction that writes, nobody else does, so the one who finds too many there takes the write back.

Use: with at_most(connection, image_id, {'tags': 5}): ...the writes; LimitExceeded if they bring it above five
Real: none; 2014.2 counts before it writes (glance/quota/__init__.py), so that many at once can pass together
"""

import contextlib

from sqlalchemy import false, func, select

from cloud.glance.common import exception
from cloud.glance.db.sqlalchemy.models import members, properties, tags

CHARACTERS = func.length(properties.c.name) + func.coalesce(func.length(properties.c.value), 0)
COUNTED = {
    'properties': (properties, func.count(), exception.ImagePropertyLimitExceeded),
    'characters of properties': (properties, func.sum(CHARACTERS), exception.ImagePropertyLimitExceeded),
    'tags': (tags, func.count(), exception.ImageTagLimitExceeded),
    'members': (members, func.count(), exception.ImageMemberLimitExceeded),
}


@contextlib.contextmanager
def at_most(connection, image_id, limits):
    """limits: {part of an image, as COUNTED names it: number}. What has too many already may keep or lose some."""
    before = {part: count(connection, image_id, part) for part in limits}
    yield
    for part, limit in limits.items():
        after = count(connection, image_id, part)
        if after > max(limit, before[part]):
            raise COUNTED[part][2](f'The image would have {after} {part}: it may have {limit}.')


def count(connection, image_id, part):
    table, counted, _ = COUNTED[part]
    number = select(counted).where(table.c.image_id == image_id, table.c.deleted == false())
    return connection.scalar(number) or 0
