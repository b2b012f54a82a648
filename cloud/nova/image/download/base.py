"""What a transfer module's handler has to offer.

Real: nova 2013-10 nova/image/download/base.py TransferBase, which takes whatever size comes
"""

import abc


class TransferBase(abc.ABC):
    @abc.abstractmethod
    def download(self, context, url, dst_path, metadata, size=None):
        """Bring what is at the url (text) to a file; whatever is raised makes the download go the usual way.

        metadata: what glance knows about that location, a dict. size: how many bytes it has to be, or None if unknown.
        """
