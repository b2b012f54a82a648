"""How large an instance may be: the flavors, rows that begin with what the ini lists.

Use: flavors = Flavors(db_api, ['m1.tiny:512:1', 'm1.small:2048:20:2']); flavors.named('m1.tiny')['memory_mb']  ->  512
Real: nova 2014.2 nova/compute/flavors.py, a table of the database; which one an instance gets that asks for none is the
    option default_flavor; here it is the first.
"""

import re
from typing import NamedTuple

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.flavors import FlavorTable

FORM = 'give NAME:MEMORY_MB:ROOT_GB or NAME:MEMORY_MB:ROOT_GB:VCPUS, for example m1.tiny:512:1'


class Flavor(NamedTuple):
    """memory_mb: MiB of memory; root_gb: GiB of the disk, 0 for a disk as large as its image."""

    name: str
    memory_mb: int
    root_gb: int
    vcpus: int = 1


class Flavors:
    """The flavors. table: a FlavorTable; what of the ini's texts was never in it is added at the start.

    texts: NAME:MEMORY_MB:ROOT_GB:VCPUS for each; ValueError, in one line, for another form or a name that comes twice.
    """

    def __init__(self, db_api, texts):
        wanted = [read_flavor(text) for text in texts]
        if len({flavor.name for flavor in wanted}) < len(wanted):
            raise ValueError(f'flavors = {", ".join(texts)}: a name comes twice: give each its own')
        self.table = FlavorTable(db_api)
        self._add(wanted)

    def _add(self, wanted):
        known = self.table.names(deleted_too=True)
        number = len(known)
        for flavor in wanted:
            if flavor.name in known:
                continue
            number += 1
            try:
                self.table.create({**flavor._asdict(), 'flavorid': str(number)})
            except (exception.FlavorIdExists, exception.FlavorExists):  # another process of this service was faster
                continue

    def named(self, name=None, project_id=None):
        """The flavor of that name that the project may use, or the first one for None; FlavorNotFound."""
        flavor = self.table.first() if name is None else self.table.get_by_name(name) if is_text(name) else None
        if flavor is None:
            raise exception.FlavorNotFound(flavor_id=name, flavors=', '.join(self.table.names()))
        if not flavor['is_public'] and project_id is not None:
            return self.table.get(flavor['flavorid'], project_id)
        return flavor


def is_text(name):
    """Whether a database can be asked for it: JSON can have halves of characters, which UTF-8 has not."""
    return name.isprintable()


def read_flavor(text):
    match = re.fullmatch('([^:]+):([0-9]{1,9}):([0-9]{1,9})(?::([1-9][0-9]{0,8}))?', text)
    if not match:
        raise ValueError(f'flavors = {text}: {FORM}')
    return Flavor(match[1].strip(), int(match[2]), int(match[3]), int(match[4] or 1))


REMEMBERED = ('flavorid', 'name', 'memory_mb', 'vcpus', 'root_gb', 'ephemeral_gb', 'swap', 'rxtx_factor', 'extra_specs')
REMEMBERED += ('is_public', 'disabled', 'description')


def as_remembered(flavor):
    """What an instance keeps of its flavor, a row: it stays as it was, whatever becomes of the row."""
    return {name: flavor[name] for name in REMEMBERED}
