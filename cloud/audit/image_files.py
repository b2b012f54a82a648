"""The image folders: each file there is the bytes of an image, or of an upload that goes on.

Use: for path, name in strays(folder, database, at_work): ...
Real: glance 2014.2 glance/store/scrubber.py ScrubFileQueue looks after files that wait for their removal
"""

import itertools
import os
import re
import time

from sqlalchemy import false, or_, select

from cloud.audit.database import AT_WORK, PAGE, is_recent
from cloud.glance.db.sqlalchemy.models import images, locations

SCHEMES = ('file://', 'filesystem://')
PART = re.compile(r'\.(.+)\.part')  # an upload's file until it is complete


def strays(folder, database, at_work):
    """(path, whether it is part of an upload) of each file that nobody needs. at_work: whether the service lives."""
    for names in batches(folder):
        claimed = claimed_of(database, folder, names)
        for name in (name for name in names if name not in claimed):
            path = os.path.join(folder, name)
            if not (at_work and is_needed(database, folder, name)) and os.path.lexists(path):
                yield path, bool(PART.fullmatch(name))


def batches(folder):
    """Lists of the names of the folder's files; none if there is no such folder."""
    if not os.path.isdir(folder):
        return
    with os.scandir(folder) as entries:
        files = (entry.name for entry in entries if not entry.is_dir(follow_symlinks=False))
        while names := list(itertools.islice(files, PAGE)):
            yield names


def claimed_of(database, folder, names):
    """Those of the names under which a living image, or one that waits for a scrubber, has its bytes there."""
    kept = or_(images.c.deleted == false(), images.c.status == 'pending_delete')
    found = select(locations.c.image_id, locations.c.value).join_from(images, locations)
    rows = database.rows(found.where(locations.c.image_id.in_(names), kept))
    return {row.image_id for row in rows if row.value in [f'{scheme}{folder}/{row.image_id}' for scheme in SCHEMES]}


def is_needed(database, folder, name):
    """Whether the living service is at work on the file, or has finished just now."""
    part = PART.fullmatch(name)
    found = database.rows(select(images).where(images.c.id == (part[1] if part else name)))
    if any(image.status == 'saving' or is_recent(image.updated_at) for image in found):
        return True
    return bool(part) and is_young(os.path.join(folder, name)) or bool(claimed_of(database, folder, [name]))


def is_young(path):
    """Whether the file has been written to just now. One that is not there is not."""
    try:
        return time.time() - os.lstat(path).st_mtime < AT_WORK
    except OSError:
        return False
