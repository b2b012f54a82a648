"""The transfer module for file:// locations, when this machine has glance's file system mounted, too.

    glance: file:///var/lib/glance/images/ID, metadata {"id": "shared", "mountpoint": "/var/lib/glance"}
    nova:   image_file_url_filesystems = shared:/mnt/glance
    ->      /mnt/glance/images/ID

Use: allowed_direct_url_schemes = file
Real: nova 2013-10 nova/image/download/file.py FileTransfer, with a section of the ini for each file system
"""

import os

from cloud.nova import exception
from cloud.nova.image.download import base
from cloud.nova.openstack.common import fileutils


class FileTransfer(base.TransferBase):
    """filesystems: ID:PATH for each file system that is mounted here; ValueError for other texts."""

    def __init__(self, filesystems):
        self.mounted = dict(read_filesystem(text) for text in filesystems)

    def download(self, context, url, dst_path, metadata, size=None):
        folder = self.mounted.get(metadata.get('id'))
        mountpoint, path = metadata.get('mountpoint'), url.partition('://')[2]
        if folder is None or not isinstance(mountpoint, str):
            raise failed(url, 'its metadata name no file system that is mounted here')
        inside = os.path.relpath(path, mountpoint)
        try:
            with fileutils.open_inside(os.path.join(folder, inside), [folder]) as source:
                if size not in (None, os.fstat(source.fileno()).st_size):
                    raise failed(url, f'it does not have the {size} bytes that the image has')
                fileutils.copy(source, dst_path, size)
        except OSError as error:
            raise failed(url, error.strerror) from error


def read_filesystem(text):
    filesystem_id, colon, path = text.partition(':')
    if not colon or not os.path.isabs(path):
        raise ValueError(f'image_file_url_filesystems = {text}: give ID:PATH')
    return filesystem_id, path


def failed(url, reason):
    return exception.ImageDownloadFailed(location=url, reason=reason)


def get_download_handler(options):
    return FileTransfer(options.image_file_url_filesystems)


def get_schemes():
    return ['file', 'filesystem']
