"""How large an instance may be: the flavors, which the ini lists.

Use: flavors = Flavors(['m1.tiny:512:1', 'm1.small:2048:20']); flavors.get('m1.tiny').memory_mb  ->  512
Real: nova 2013-04 (c8067d1b70) nova/compute/instance_types.py (flavors.py from 2013.2 on), a table of the database;
    which one an instance gets that asks for none is the option default_instance_type; here it is the first.
Left out: ids, virtual CPUs, ephemeral disks, swap, extra specs.
"""

import re
from typing import NamedTuple

from cloud.nova import exception


class Flavor(NamedTuple):
    """memory_mb: MiB of memory; root_gb: GiB of the disk, 0 for a disk as large as its image."""

    name: str
    memory_mb: int
    root_gb: int
    vcpus: int = 1

    def to_dict(self):
        """The flavor as an instance remembers it."""
        rest = {'ephemeral_gb': 0, 'swap': 0, 'rxtx_factor': 1.0, 'extra_specs': {}, 'is_public': True}
        return {'flavorid': self.name, **self._asdict(), **rest, 'disabled': False, 'description': None}


class Flavors:
    """The flavors by name.

    texts: NAME:MEMORY_MB:ROOT_GB for each; ValueError, in one line, for another form or a name that comes twice.
    """

    def __init__(self, texts):
        flavors = [read_flavor(text) for text in texts]
        self.by_name = {flavor.name: flavor for flavor in flavors}
        self.default = flavors[0]
        if len(self.by_name) < len(flavors):
            raise ValueError(f'flavors = {", ".join(texts)}: a name comes twice: give each its own')

    def get(self, name=None):
        """The flavor of that name, or the first one for None; FlavorNotFound."""
        if name is None:
            return self.default
        try:
            return self.by_name[name]
        except KeyError:
            raise exception.FlavorNotFound(flavor_id=name, flavors=', '.join(self.by_name)) from None


def read_flavor(text):
    match = re.fullmatch('([^:]+):([0-9]{1,9}):([0-9]{1,9})', text)
    if not match:
        raise ValueError(f'flavors = {text}: give NAME:MEMORY_MB:ROOT_GB, for example m1.tiny:512:1')
    return Flavor(match[1].strip(), int(match[2]), int(match[3]))
