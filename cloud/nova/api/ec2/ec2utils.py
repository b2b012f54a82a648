"""EC2's ids: a kind and a number in hexadecimals, where we have UUIDs.

    7b2c...-...  <->  1  <->  ami-00000001

Use: ids = ImageIds(db_api); ids.glance_id_to_ec2_id(context, image_uuid); ec2_id_to_id('ami-00000001')
Real: nova 2013-04 (c8067d1b70) nova/api/ec2/ec2utils.py; what it remembers is in a global, or in memcached
Left out: volumes and snapshots.
"""

import functools
import re
import time

from cloud.nova import exception

CACHE_TIME = 7 * 24 * 60 * 60  # seconds
IMAGE_TYPES = {'kernel': 'aki', 'ramdisk': 'ari', 'aki': 'aki', 'ari': 'ari'}


def memoize(method):
    """Decorator: what the method answered is remembered for a week, by its name and its argument."""

    @functools.wraps(method)
    def memoizer(self, context, argument):
        key = f'{method.__name__}:{argument}'
        value, expires = self.cache.get(key, (None, None))
        if expires is None or self.clock() >= expires:
            value = method(self, context, argument)
            self.cache[key] = value, self.clock() + CACHE_TIME
        return value

    return memoizer


class ImageIds:
    """The numbers that images have for EC2's API; they are kept in nova's database.

    clock: a function to the seconds that have passed since some moment.
    """

    def __init__(self, db_api, clock=time.monotonic):
        self.db_api = db_api
        self.clock = clock
        self.cache = {}

    @memoize
    def id_to_glance_id(self, context, image_id):
        """The image's UUID; ImageNotFound if no image has that number."""
        return self.db_api.s3_image_get(image_id)['uuid']

    @memoize
    def glance_id_to_id(self, context, glance_id):
        """The image's number; it gets the next one if it has none yet."""
        try:
            return self.db_api.s3_image_get_by_uuid(glance_id)['id']
        except exception.ImageNotFound:
            return self.db_api.s3_image_create(glance_id)['id']

    def glance_id_to_ec2_id(self, context, glance_id, image_type='ami'):
        return image_ec2_id(self.glance_id_to_id(context, glance_id), image_type)

    def ec2_id_to_glance_id(self, context, ec2_id):
        return self.id_to_glance_id(context, ec2_id_to_id(ec2_id))


def ec2_id_to_id(ec2_id):
    """1 for ami-00000001: what is behind the last dash; InvalidEc2Id."""
    digits = ec2_id.rpartition('-')[2]
    if not re.fullmatch('[0-9a-fA-F]{1,8}', digits):
        raise exception.InvalidEc2Id(ec2_id=ec2_id)
    return int(digits, 16)


def instance_number(ec2_id):
    """1 for i-00000001; InvalidInstanceIDMalformed."""
    match = re.fullmatch('i-([0-9a-f]{8,16})', ec2_id)
    if not match or int(match[1], 16) >= 2**63:
        raise exception.InvalidInstanceIDMalformed(ec2_id=ec2_id)
    return int(match[1], 16)


def image_ec2_id(image_id, image_type='ami'):
    """ami-00000001 for 1."""
    return id_to_ec2_id(image_id, image_type + '-%08x')


def id_to_ec2_id(instance_id, template='i-%08x'):
    """i-00000001 for 1."""
    return template % instance_id


def image_type(text):
    """aki for kernels, ari for ramdisks, ami for everything else. text: a type, or a container format, or None."""
    return IMAGE_TYPES.get(text, 'ami')
