"""Bytes go out: from the first location that opens; afterwards a notification says how many were sent.

Use: data, size = open_data(tools, req, image)
Real: glance 2014.2 glance/api/v1/images.py Controller._get_from_store, glance/api/common.py image_send_notification
"""

import logging

from cloud.glance.common import exception
from cloud.glance.common.utils import SentData, no_more_than

LOG = logging.getLogger(__name__)


def open_data(tools, req, image):
    """(an iterable of bytes, how many there are) of an active image; ImageNotFound, or what the last store raised."""
    if not image['size']:
        data, size = [], 0
    else:
        data, size = open_first(tools.store_api, req.context, image)
    size = image['size'] if size is None else min(size, image['size'])
    return SentData(data, lambda sent: has_sent(tools.notifier, req, image, sent, size)), size


def open_first(store_api, context, image):
    """Open it now, not at the first chunk: by then status 200 has been sent, and an error can no longer be reported."""
    error = exception.ImageNotFound(f'Image {image["id"]} has no data.')
    for place in store_api.in_order(image['location_data']):
        if place['status'] == 'active':
            try:
                data, size = store_api.get_from_backend(context, place['url'], image_id=image['id'])
                return no_more_than(data, image['size']), size
            except (exception.GlanceException, OSError) as refusal:
                LOG.warning('Image %s cannot be read at one of its places: %s', image['id'], refusal)
                error = refusal
    raise error


def has_sent(notifier, req, image, sent, expected):
    notify = notifier.info if sent == expected else notifier.error
    payload = {
        'bytes_sent': sent,
        'image_id': image['id'],
        'owner_id': image['owner'],
        'receiver_tenant_id': req.context.tenant,
        'receiver_user_id': req.context.user,
        'destination_ip': req.remote_addr,
    }
    notify('image.send', payload)
