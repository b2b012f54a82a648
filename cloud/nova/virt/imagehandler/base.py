"""What all image handlers have in common: a lock for each image, and a note of who wrote which file.

Use: class DownloadImageHandler(base.ImageHandler): ...
Real: nova 9e8513e6fe (2014-03-05) nova/virt/imagehandler/base.py ImageHandler. One flag for all threads says there
    whether the last operation was handled; what bounds a fetch is among the keywords of the handler.
"""

import abc
import logging
import os
import threading

from cloud.nova.openstack.common import lockutils

LOG = logging.getLogger(__name__)


class ImageHandler(abc.ABC):
    """One way to bring images. A subclass has get_schemes, is_local and the three methods with an underscore.

    driver: the ComputeDriver that all is for; it has `options` and `image_service`.
    associate_fn(handler, path, location, image_meta), disassociate_fn(handler, path): called after path was
    written, or removed.
    """

    def __init__(self, driver, associate_fn=None, disassociate_fn=None):
        self.driver = driver
        self._associate_fn = associate_fn
        self._disassociate_fn = disassociate_fn
        self._last_ops = threading.local()  # one handler serves all workers

    @property
    def transfer(self):
        """The Transfer that bounds the fetch which this thread is in; None if there is none."""
        return getattr(self._last_ops, 'transfer', None)

    def fetch_image(self, context, image_id, image_meta, path, user_id=None, project_id=None, location=None,
                    transfer=None):  # fmt: skip
        """Write the image to path; whether that was done. Errors of the handler pass.

        transfer: an image.transfer.Transfer, for handlers that bring the bytes themselves.
        """
        with self._lock(image_id):
            self._last_ops.transfer = transfer
            handled = self._fetch_image(context, image_id, image_meta, path, user_id, project_id, location)
            if handled:
                self._call_hook(self._associate_fn, path, location, image_meta)
        return self._set_handled(handled)

    def remove_image(self, context, image_id, image_meta, path, user_id=None, project_id=None, location=None):
        """Remove the file at path; whether that was done."""
        with self._lock(image_id):
            handled = self._remove_image(context, image_id, image_meta, path, user_id, project_id, location)
            if handled:
                self._call_hook(self._disassociate_fn, path)
        return self._set_handled(handled)

    def move_image(self, context, image_id, image_meta, src_path, dst_path, user_id=None, project_id=None,
                   location=None):  # fmt: skip
        """Move the file at src_path to dst_path; whether that was done."""
        with self._lock(image_id):
            handled = self._move_image(context, image_id, image_meta, src_path, dst_path, user_id, project_id, location)
            if handled:
                self._call_hook(self._disassociate_fn, src_path)
                self._call_hook(self._associate_fn, dst_path, location, image_meta)
        return self._set_handled(handled)

    def last_ops_handled(self):
        """Whether this thread's last operation was done; asking again says no."""
        handled = getattr(self._last_ops, 'handled', False)
        self._last_ops.handled = False
        return handled

    def _set_handled(self, handled):
        self._last_ops.handled = bool(handled)
        return self._last_ops.handled

    def _lock(self, image_id):
        """One worker, of all processes, handles an image at a time. Removals by path (image_id None) share a lock."""
        folder = os.path.join(self.driver.options.instances_path, 'locks')
        return lockutils.lock(folder, f'imagehandler-{image_id}')

    def _call_hook(self, hook, path, *details):
        if hook is None:
            return
        if not isinstance(path, str) or not path.strip():
            LOG.warning('%s: %r is no path to remember', type(self).__name__, path)
            return
        try:
            hook(self, path.strip(), *details)
        except Exception as error:
            LOG.warning('%s: %s cannot be remembered or forgotten: %s', type(self).__name__, path, error)

    @abc.abstractmethod
    def get_schemes(self):
        """The schemes of locations that it fetches from, such as ('file',). (): it needs none, and takes any."""

    @abc.abstractmethod
    def is_local(self):
        """Whether the images that it fetches are on this machine."""

    @abc.abstractmethod
    def _fetch_image(self, context, image_id, image_meta, path, user_id, project_id, location):
        """True: done. False: it cannot, and nothing was changed; the next handler may try."""

    @abc.abstractmethod
    def _remove_image(self, context, image_id, image_meta, path, user_id, project_id, location):
        """As _fetch_image."""

    @abc.abstractmethod
    def _move_image(self, context, image_id, image_meta, src_path, dst_path, user_id, project_id, location):
        """As _fetch_image."""
