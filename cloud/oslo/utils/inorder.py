"""A dict that can go on after any of its keys, as quickly with a million of them as with ten.

A dict keeps its keys in the order in which they came, but only ever starts at the first of them. To go on after a
marker, one would have to look at all the keys before it.

Use: table = InOrder(); table['a'] = 1; table['b'] = 2; list(table.after('a'))  ->  ['b']
Real: none; nova 2014.2 leaves that to its database, and so do the services here
"""

import itertools
from collections.abc import MutableMapping

from sortedcontainers import SortedKeyList


class InOrder(MutableMapping, dict):
    """Not for several writers at once, nor for a writer beside whoever goes on after a key: hold a lock."""

    # To read is as quick as with any dict. The ways to write (pop, clear, update, setdefault) are MutableMapping's, for
    # they use the two below, and a dict's own do not.
    __getitem__, __contains__, get = dict.__getitem__, dict.__contains__, dict.get
    __iter__, __len__ = dict.__iter__, dict.__len__

    def __init__(self):
        super().__init__()
        self.count = itertools.count()
        self.numbers = {}  # key: how many had come before it
        self.order = SortedKeyList(key=self.numbers.get)

    def __setitem__(self, key, value):
        if key not in self:
            self.numbers[key] = next(self.count)
            self.order.add(key)
        dict.__setitem__(self, key, value)

    def __delitem__(self, key):
        dict.__delitem__(self, key)
        self.order.remove(key)
        del self.numbers[key]

    def after(self, key):
        """The keys that came after this one (all, if it is None), as an iterator. KeyError if there is no such key."""
        if key is not None:
            self[key]
        return self.order.irange(key, inclusive=(False, True))
