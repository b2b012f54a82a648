"""One thing that is wrong, in one line. Real: none."""

from typing import NamedTuple


class Finding(NamedTuple):
    """kind: of the fault, in a word or two; id: of the image, instance or file; what is wrong; hint: what to do."""

    kind: str
    id: str
    what: str
    hint: str

    def __str__(self):
        return f'{self.what}: {self.hint}'
