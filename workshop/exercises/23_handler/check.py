"""An image handler is a class that is found by its name: whoever writes one changes nothing in nova.

Real: nova 9e8513e6fe (2014-03-05) nova/virt/imagehandler/__init__.py ImageHandler, load_image_handlers. A
    copy of each image below _base is what nova's libvirt driver keeps, and nova/virt/libvirt/imagecache.py clears up.
"""

import re

from workshop.exercises.seen import boot, check_options, upload
from workshop.student import NotYet

CHAPTER = 10
SERVICES = {'registry': 'glance-registry.ini', 'glance': 'glance-api.ini', 'nova': 'my-nova.ini'}
DATA = b'the bytes of an image, which are no text: \xff\n' * 100


def check(student):
    with student.cloud() as cloud:
        check_options(cloud, 'nova')
        check_loaded(cloud.log('nova'))
        image_id = upload(cloud, DATA)
        first = check_disk(cloud, boot(cloud, image_id))
        first.write_bytes(b'what the first instance has written')
        check_disk(cloud, boot(cloud, image_id))
        asked = [each for each in cloud.exchanges if (each.method, each.path) == ('GET', f'/v1/images/{image_id}')]
        if not asked:
            raise NotYet(
                'The disks are right, but Glance was never asked for the bytes: download them, the first time.'
            )
        if len(asked) > 1:
            raise NotYet(why_again(len(asked), first.parent.parent / '_base'))


def check_loaded(log):
    """What nova says about handlers that it cannot find or make."""
    if unknown := re.search('image_handlers names (.*), and no entry point', log):
        raise NotYet(
            f'my-nova.ini names the handler {unknown[1]}, and no entry point is called so: give entry_points.txt a '
            f'line {unknown[1]} = handler:CacheImageHandler.'
        )
    if broken := re.search('the image handler (.*) cannot be used: (.*)', log):
        raise NotYet(f'The handler {broken[1]} cannot be made: {broken[2].rstrip(".")}.')


def check_disk(cloud, instance):
    """The path of the instance's disk."""
    if instance['status'] != 'ACTIVE':
        raise NotYet(f'An instance could not be built: {reason(cloud.log("nova"), instance)}')
    disk = cloud.run_folder / 'data' / 'nova' / 'instances' / instance['id'] / 'disk'
    if not disk.exists():
        raise NotYet('The instance is ACTIVE, but it has no disk: return True once the image is laid out at path.')
    if disk.read_bytes() != DATA:
        raise NotYet('The disk of an instance is not the image. Is it a link to the file that another one writes to?')
    return disk


def reason(log, instance):
    """Line and error in handler.py, if that is where it was; else the instance's fault."""
    lines = re.findall(r'File ".*[/\\]handler\.py", line (\d+)', log)
    errors = re.findall(r'^(\w*(?:Error|Exception)\b.*)$', log, flags=re.M)
    if lines and errors:
        return f'handler.py, line {lines[-1]}: {errors[-1].rstrip(".")}.'
    return instance['fault']['message']


def why_again(times, base):
    asked = f'For two instances of one image, Glance was asked for the bytes {times} times'
    if not base.exists():
        return f'{asked}: your handler was not tried. Give it its entry point, and put cache first in image_handlers.'
    if not any(base.iterdir()):
        return f'{asked}: your handler was tried, and the file kept is not there. Download to it, and copy it to path.'
    return f'{asked}, though there is a copy: download if there is none yet, and return True once path is laid out.'
