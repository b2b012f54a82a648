"""Where an image's bytes are: a URL, taken apart by the store that is in charge of its scheme.

Use: Location('filesystem', filesystem.StoreLocation, 'file:///srv/images/1').store_location.path
Real: glance 2014.1 glance/store/location.py Location, StoreLocation, and SCHEME_TO_CLS_MAP, a module global, which here
    is an attribute of StoreApi; since 2014.2 glance_store/location.py, in a library of its own
"""

import re


def without_password(uri):
    """The URL as it may be logged and told: without USER:PASSWORD@."""
    return re.sub('//[^/?#]*@', '//', uri, count=1)


class StoreLocation:
    """The parts of a URL, as attributes. Each store has a subclass of its own."""

    def __init__(self, **parts):
        vars(self).update(parts)

    @classmethod
    def parse_uri(cls, uri):
        """The parts of the URL (text), or BadStoreUri."""
        raise NotImplementedError

    def get_uri(self):
        """The URL again: what parse_uri takes."""
        raise NotImplementedError


class Location:
    """A URL that a store has read. store_name: text; location_class: a StoreLocation; BadStoreUri as its parse_uri."""

    def __init__(self, store_name, location_class, uri):
        self.store_name = store_name
        self.store_location = location_class.parse_uri(uri)

    def get_uri(self):
        return self.store_location.get_uri()
