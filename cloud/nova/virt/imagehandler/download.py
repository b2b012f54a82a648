"""The handler that always works: the image comes from glance, over HTTP, wherever its bytes are.

Use: image_handlers = download
Real: nova 9e8513e6fe (2014-03-05) nova/virt/imagehandler/download.py DownloadImageHandler
"""

import os

from cloud.nova.image import glance
from cloud.nova.openstack.common import fileutils
from cloud.nova.virt.imagehandler import base


class DownloadImageHandler(base.ImageHandler):
    def get_schemes(self):
        return ()

    def is_local(self):
        return True

    def _fetch_image(self, context, image_id, image_meta, path, user_id, project_id, location):
        image_service, image_id = glance.get_remote_image_service(context, image_id, self.driver.image_service)
        with fileutils.remove_path_on_error(path):
            image_service.download(context, image_id, dst_path=path, transfer=self.transfer)
        return os.path.exists(path)

    def _remove_image(self, context, image_id, image_meta, path, user_id, project_id, location):
        fileutils.delete_if_exists(path)
        return not os.path.exists(path)

    def _move_image(self, context, image_id, image_meta, src_path, dst_path, user_id, project_id, location):
        os.rename(src_path, dst_path)
        return os.path.exists(dst_path)
