"""What drivers do with images: fetch one into a file, and remove that file.

Use: fetch(context, image_id, '/instances/ID/disk', user_id, project_id, driver.image_handlers)
Real: nova 9e8513e6fe (2014-03-05) nova/virt/images.py fetch; nova/virt/libvirt/imagecache.py removes by path alone
Left out: fetch_to_raw, which has qemu-img look for backing files in the image and turn it into a raw disk: here the
    disk is, byte for byte, the image.
"""

import logging

from cloud.nova import exception

LOG = logging.getLogger(__name__)


def fetch(context, image_href, path, user_id, project_id, image_handlers, transfer=None):
    """Write the image to path; whether it is on this machine. Errors of handlers and image_handlers pass.

    transfer: an image.transfer.Transfer, which says how many bytes and seconds it may take. (The real one has
    max_size, the flavor's disk; only fetch_to_raw looks at it, once the image is there.)
    """
    fetched_to_local = None
    for handler, location, image_meta in image_handlers.handle_image(context, image_href, user_id, project_id, path):
        # The loop ends as soon as a handler says that it has done it.
        handler.fetch_image(context, image_href, image_meta, path, user_id, project_id, location, transfer)
        fetched_to_local = handler.is_local()
        LOG.info('the handler %s has fetched image %s', type(handler).__name__, image_href)
    return fetched_to_local


def remove(path, image_handlers):
    """Remove the file at path, with the handler that wrote it if that is known; whether a handler could."""
    try:
        for handler, location, image_meta in image_handlers.handle_image(target_path=path):
            handler.remove_image(None, None, image_meta, path, location=location)
    except exception.NoImageHandlerAvailable:
        return False
    return True
