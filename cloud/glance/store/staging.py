"""The staging area: a folder for bytes that wait for their import. They are no image's data yet, and have no location.

A store like that of the images, but for this: what is in it belongs to whoever is `uploading`, one file for each.
Use: staging.add(image_id, data, size); staging.get(staging.location_of(image_id)); staging.delete_leftovers(image_id)
Real: none in 2014.2; since Pike node_staging_uri (glance/common/config.py), and since Zed glance/housekeeping.py
    StagingStoreCleaner
"""

import os

from cloud.glance.common import exception
from cloud.glance.store import filesystem
from cloud.glance.store.location import Location


class Staging(filesystem.Store):
    """node_staging_uri: file:// and a folder, made when something comes; none: `staging`, beside the images."""

    def configure(self):
        uri = self.options.node_staging_uri
        if uri and not uri.startswith('file:///'):
            raise ValueError(f'node_staging_uri = {uri}: write file:// and the path of a folder')
        self.priorities = {os.path.abspath(uri.removeprefix('file://') if uri else beside_images(self.options)): 0}
        self.locks = []

    def configure_add(self):
        """At start: lock the folder, and remove what dead processes had not finished, if there is anything yet."""
        if all(map(os.path.isdir, self.priorities)):
            super().configure_add()

    def add(self, image_id, data, size):
        try:
            if not self.locks:
                super().configure_add()
        except exception.BadStoreConfiguration as error:
            raise exception.StorageWriteDenied(f'No data can be staged now: {error.msg}') from None
        return super().add(image_id, data, size)

    def location_of(self, image_id):
        [path] = self.paths_of(image_id)
        return Location('staging', filesystem.StoreLocation, f'file://{path}')


def beside_images(options):
    several = options.filesystem_store_datadirs
    folder = filesystem.read_datadir(several[0])[0] if several else options.filesystem_store_datadir or 'images'
    return os.path.join(os.path.dirname(os.path.abspath(folder)), 'staging')
