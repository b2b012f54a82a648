"""What the lesson's driver does to a disk once it is there: keeps it as an image, resizes it, rescues its instance.

    INSTANCES_PATH/ID/disk.rescue    the disk that it was rescued with
    INSTANCES_PATH/ID/disk.before    its disk before a resize, until that is confirmed

Use: a part of the LessonDriver
Real: nova 2014.2 nova/virt/libvirt/driver.py LibvirtDriver.snapshot, rescue, unrescue, migrate_disk_and_power_off,
    finish_revert_migration, confirm_migration
"""

import os

from cloud.nova import cancel
from cloud.nova.compute import power_state
from cloud.nova.openstack.common import fileutils
from cloud.oslo.utils.units import Gi


class Disks:
    def snapshot(self, context, instance, image_id, disk_format='raw', container_format='bare'):
        """Store the disk as the data of an image that is queued."""
        sent = {'disk_format': disk_format, 'container_format': container_format, 'properties': {}}
        with open(self.disk_of(instance['uuid']), 'rb') as disk:
            end = end_of_data(disk, instance['root_gb'] * Gi)
            disk.seek(0)
            data = fileutils.Beginning(disk, end)
            self.image_service.update(context, image_id, {**sent, 'size': end}, data, purge_props=False)

    def rescue(self, context, instance, image_ref, image_meta):
        """Boot it from another image, with its own disk beside."""
        cancel.sleep(self.options.action_delay)
        self._fetch(
            context, {**instance, 'root_gb': 0}, image_ref, self.disk_of(instance['uuid'], '.rescue'), image_meta
        )
        self.power_of(instance['uuid']).set(power_state.RUNNING, f'boots from image {image_ref} to be rescued')

    def unrescue(self, instance):
        """Boot it from its own disk again."""
        fileutils.delete_if_exists(self.disk_of(instance['uuid'], '.rescue'))
        self.set_power(instance, power_state.RUNNING, 'boots from its own disk again')

    def resize(self, instance, root_gb):
        """Give it a disk of so many GiB, or leave it as it is for 0, and keep the one of before. Holes take no room."""
        disk, before = self.disk_of(instance['uuid']), self.disk_of(instance['uuid'], '.before')
        if not os.path.exists(disk):
            return
        if not os.path.exists(before):  # else this is the second time
            with open(disk, 'rb', buffering=0) as source:
                fileutils.copy(source, f'{before}.new')
            os.replace(f'{before}.new', before)
        if root_gb * Gi > os.path.getsize(disk):
            os.truncate(disk, root_gb * Gi)

    def confirm_resize(self, instance):
        fileutils.delete_if_exists(self.disk_of(instance['uuid'], '.before'))

    def revert_resize(self, instance):
        """The disk is what it was. What was written since is lost."""
        before = self.disk_of(instance['uuid'], '.before')
        if os.path.exists(before):
            os.replace(before, self.disk_of(instance['uuid']))


def end_of_data(disk, resized_to):
    """How many bytes of the disk an image needs: all, but of one that a resize has made longer not what is empty."""
    size = os.fstat(disk.fileno()).st_size
    if size < (resized_to or size + 1):
        return size
    return max((end for _start, end in fileutils.data_ranges(disk, size)), default=0)
