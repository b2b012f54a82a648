"""The handler for images whose file is on this machine: the disk is copied from it, without HTTP.

On file systems that can share blocks (btrfs, xfs), a boot then costs next to nothing. It takes only a
file of the right size that is named by the image's id, as glance names them, in one of the folders of the ini. All
others it leaves to the next handler: image_handlers = file, download.

Use: image_handlers = file, download
     image_file_folders = /var/lib/glance/images
     and in glance's ini, so that nova is told where the files are: show_multiple_locations = True
Real: none in nova; it is what the design was for (there: disks on Ceph). Like nova 2013-10 nova/image/download/file.py.
Left out: reading all of the file to compare its checksum, since that costs as much as a copy; its size is compared.
"""

import logging
import os

from cloud.nova.openstack.common import fileutils
from cloud.nova.virt.imagehandler import download

LOG = logging.getLogger(__name__)


class FileImageHandler(download.DownloadImageHandler):
    """Fetches a file. Removing and moving are those of download."""

    def get_schemes(self):
        return ('file', 'filesystem')

    def _fetch_image(self, context, image_id, image_meta, path, user_id, project_id, location):
        try:
            source = self._open(location['url'], image_meta)
        except (OSError, ValueError) as error:
            LOG.warning('image %s: its file cannot be used: %s', image_id, error)
            return False
        with source:
            fileutils.copy(source, path, image_meta['size'])
        return True

    def _open(self, url, image_meta):
        path = url.partition('://')[2]
        # Glance may let users set locations. Without this, a user could boot from another one's image.
        if os.path.basename(path) != image_meta['id']:
            raise ValueError(f"{path} is not named by the image's id")
        source = fileutils.open_inside(path, self.driver.options.image_file_folders)
        found = os.fstat(source.fileno()).st_size
        if found != image_meta['size']:
            source.close()
            raise ValueError(f'it has {found} bytes, and should have {image_meta["size"]}')
        return source
