"""The driver makes an instance on this machine. The only one here is for lessons: it makes no more than the disk.

    INSTANCES_PATH/ID/disk           the bytes of the image
    INSTANCES_PATH/ID/power          whether it runs; console.log: what it says (power.py)

What is done to the disk later is in disks.py.

Use: driver = LessonDriver(options, image_service); driver.spawn(context, instance, image_meta)
Real: nova 2014.2 nova/virt/driver.py ComputeDriver, its constructor with the image handlers from nova
    9e8513e6fe (2014-03-05); beside it a driver for each hypervisor. Libvirt's keeps each image once, below
    INSTANCES_PATH/_base, and disks that hold only what differs from it.
Left out: the hypervisor: nothing runs.
"""

import os
import shutil

from cloud.nova import cancel
from cloud.nova.compute import power_state
from cloud.nova.image.transfer import Transfer, seconds_for
from cloud.nova.utils import is_uuid_like
from cloud.nova.virt import images
from cloud.nova.virt.disks import Disks
from cloud.nova.virt.imagehandler import load_image_handlers
from cloud.nova.virt.machines import read_machines
from cloud.nova.virt.power import Power
from cloud.oslo.utils.units import Gi


class ComputeDriver:
    """What every driver has: the image handlers, loaded once, and these methods.

    options: nova's; image_service: as image.glance.GlanceImageService. instance: a row of the database, as a dict.
    """

    def __init__(self, options, image_service):
        self.options = options
        self.image_service = image_service
        self.image_handlers = load_image_handlers(self, options, image_service)

    def spawn(self, context, instance, image_meta):
        """Make the instance of the image that image_meta describes, and start it."""
        raise NotImplementedError

    def destroy(self, instance_uuid):
        """Remove all files of the instance, if any. Its build may still go on. A second call changes nothing."""
        raise NotImplementedError

    def list_instances(self):
        """The uuids of the instances that have something on this machine."""
        raise NotImplementedError

    def get_info(self, instance_uuid):
        """Its power state."""
        raise NotImplementedError

    def set_power(self, instance, state, what):
        """Bring the instance's machine into a power state. what: happened, in a word, for its console."""
        raise NotImplementedError

    def get_available_resource(self, host):
        """What the host's machine has: columns of a compute node."""
        raise NotImplementedError


class LessonDriver(Disks, ComputeDriver):
    """A boot waits spawn_delay seconds, and makes a folder with a disk; what is done later takes action_delay seconds.

    ValueError without instances_path, or for compute_hosts that are none.
    """

    def __init__(self, options, image_service):
        self.machines = read_machines(options.compute_hosts)
        try:
            os.makedirs(options.instances_path, exist_ok=True)
        except OSError as error:
            raise ValueError(f'instances_path = {options.instances_path}: {error.strerror}') from None
        super().__init__(options, image_service)

    def spawn(self, context, instance, image_meta):
        cancel.sleep(self.options.spawn_delay)
        disk = self.disk_of(instance['uuid'])
        os.makedirs(os.path.dirname(disk), exist_ok=True)
        self._fetch(context, instance, instance['image_ref'], disk, image_meta)
        self.power_of(instance['uuid']).set(power_state.RUNNING, f'boots from image {instance["image_ref"]}')

    def _fetch(self, context, instance, image_ref, path, image_meta):
        transfer = limits_of(instance, image_meta, self.options)
        user_id, project_id = instance['user_id'], instance['project_id']
        images.fetch(context, image_ref, path, user_id, project_id, self.image_handlers, transfer)

    def destroy(self, instance_uuid):
        disk = self.disk_of(instance_uuid)
        if os.path.exists(disk):
            images.remove(disk, self.image_handlers)
        shutil.rmtree(os.path.dirname(disk), ignore_errors=True)

    def list_instances(self):
        return [name for name in os.listdir(self.options.instances_path) if is_uuid_like(name)]

    def get_info(self, instance_uuid):
        return self.power_of(instance_uuid).get()

    def set_power(self, instance, state, what):
        cancel.sleep(self.options.action_delay)
        os.makedirs(os.path.dirname(self.disk_of(instance['uuid'])), exist_ok=True)  # one without an image has no disk
        self.power_of(instance['uuid']).set(state, what)

    def get_console_output(self, instance, tail_length=None):
        """The text of its console, or the last lines of it."""
        return self.power_of(instance['uuid']).tail(tail_length)

    def get_available_resource(self, host):
        machine = self.machines[host]
        sizes = {'vcpus': machine.vcpus, 'memory_mb': machine.memory_mb, 'local_gb': machine.local_gb}
        return {**sizes, 'hypervisor_type': 'lesson', 'hypervisor_version': 1000000, 'host_ip': '127.0.0.1'}

    def power_of(self, instance_uuid):
        return Power(os.path.join(self.options.instances_path, instance_uuid))

    def disk_of(self, instance_uuid, suffix=''):
        return os.path.join(self.options.instances_path, instance_uuid, 'disk' + suffix)


def limits_of(instance, image_meta, options):
    """The Transfer for the instance's disk: the smaller of the image's size and the flavor's disk bounds it."""
    size, disk = image_meta.get('size'), instance['root_gb'] * Gi or None
    sizes = [limit for limit in (size, disk) if limit is not None]
    seconds = seconds_for(size, options.image_download_timeout, options.image_download_min_rate)
    return Transfer(instance['image_ref'], min(sizes, default=None), seconds, options.image_download_min_rate)
