"""nova-compute: python -m cloud.nova.cmd.compute INI --host compute2

The host is one of the ini's compute_hosts, the first unless said. There is one process for each host.
Real: nova 2014.2 nova/cmd/compute.py main
"""

import os
import sys

from cloud.nova import service
from cloud.nova.cmd.launch import launch
from cloud.nova.image import glance
from cloud.nova.virt.driver import LessonDriver
from cloud.oslo.concurrency import lockutils


def create(parts, host):
    """ValueError if the host has a process already."""
    options = parts.options
    image_service = glance.get_default_image_service(options)
    driver = LessonDriver(options, image_service)
    locks = os.path.join(options.instances_path, 'locks')
    os.makedirs(locks, exist_ok=True)
    compute = service.create_compute(options, parts.db_api, parts.transport, host, image_service, driver)
    compute.lock = lockutils.own(os.path.join(locks, host), f'nova-compute of {host}')
    return compute


if __name__ == '__main__':
    sys.exit(launch('nova-compute', create))
