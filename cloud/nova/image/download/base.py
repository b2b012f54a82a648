"""The interface of a transfer module's handler.

Real: nova 2013-10 nova/image/download/base.py TransferBase, which takes whatever size comes
"""

import abc


class TransferBase(abc.ABC):
    @abc.abstractmethod
    def download(self, context, url, dst_path, metadata, size=None):
        """Copy what is at the url (text) to the file dst_path. After any error, the image comes from glance instead.

        metadata: what glance knows about that location, a dict. size: how many bytes it has to be, or None if unknown.
        """
