"""The notifier layer: it reports what happened to an image, after it happened.

    repo.add image.create    repo.save image.update    repo.remove image.delete
    image.set_data   image.prepare, then image.upload and image.activate, or image.upload as an error
    image.get_data   image.send, after the last chunk; as an error if fewer bytes were sent than asked for

So a whole upload is image.update (saving), image.prepare, image.upload, image.activate, image.update (active).
The policy layer, which checks upload_image, is further in: when it refuses, image.prepare has been sent already.

Use: notifier = Notifier(); ...; notifier.sent[-1]['event_type']
Real: glance 2014.2 glance/notifier.py; there this layer also turns store errors into HTTP, here the edge alone does
Left out: the message queue (the log and `sent` stand for it), disabled_notifications, tasks.
"""

import logging
import threading
from collections import deque

from cloud.glance.common.utils import SentData
from cloud.glance.domain import proxy
from cloud.oslo.utils.timeutils import isotime, utcnow
from cloud.oslo.utils.units import Mi

LOG = logging.getLogger(__name__)

LONGEST_LOGGED = 255  # characters of a value
FIELDS = [
    'name',
    'status',
    'min_disk',
    'min_ram',
    'protected',
    'checksum',
    'owner',
    'disk_format',
    'container_format',
    'size',
    'virtual_size',
]


class Notifier:
    """Logs every event, and keeps the last of them in `sent`, the latest last: at most `keep`, and `keep_bytes`.

    An event: event_type, publisher_id, priority (INFO or ERROR), payload, timestamp.
    """

    publisher_id = 'image.localhost'

    def __init__(self, keep=1000, keep_bytes=16 * Mi):
        self.sent = deque(maxlen=keep)
        self.sizes = deque(maxlen=keep)  # of the payloads in `sent`, in bytes of their text
        self.keep_bytes = keep_bytes
        self.lock = threading.Lock()

    def info(self, event_type, payload):
        self._send('INFO', event_type, payload)

    def error(self, event_type, payload):
        self._send('ERROR', event_type, payload)

    def _send(self, priority, event_type, payload):
        event = {
            'event_type': event_type,
            'publisher_id': self.publisher_id,
            'priority': priority,
            'payload': payload,
            'timestamp': utcnow().isoformat(' ', 'seconds'),
        }
        self._keep(event, len(str(payload).encode(errors='replace')))
        LOG.info('notifier: %s %s %s', priority, event_type, shortened(payload))

    def _keep(self, event, size):
        with self.lock:
            self.sent.append(event)
            self.sizes.append(size)
            while sum(self.sizes) > self.keep_bytes:
                self.sent.popleft()
                self.sizes.popleft()


def shortened(value):
    """A payload as the log has it: long text in it is cut."""
    if isinstance(value, dict):
        return {name: shortened(item) for name, item in value.items()}
    if isinstance(value, str) and len(value) > LONGEST_LOGGED:
        return f'{value[:LONGEST_LOGGED]}... ({len(value)} characters)'
    return value


def format_image(image):
    """An image as events carry it; never its locations, which may hold passwords."""
    payload = {name: getattr(image, name) for name in FIELDS}
    payload |= {
        'id': image.image_id,
        'created_at': isotime(image.created_at),
        'updated_at': isotime(image.updated_at),
        'is_public': image.visibility == 'public',
        'properties': dict(image.extra_properties),
        'tags': sorted(image.tags),
        'deleted': False,
        'deleted_at': None,
    }
    return payload


class ImageFactoryProxy(proxy.ImageFactory):
    """Overrides nothing, but its images wear this layer's skin."""

    def __init__(self, base, context, notifier):
        super().__init__(base, ImageProxy, {'context': context, 'notifier': notifier})


class ImageRepoProxy(proxy.Repo):
    def __init__(self, base, context, notifier):
        self.notifier = notifier
        super().__init__(base, ImageProxy, {'context': context, 'notifier': notifier})

    def add(self, image):
        result = super().add(image)
        self.notifier.info('image.create', format_image(image))
        return result

    def save(self, image):
        result = super().save(image)
        self.notifier.info('image.update', format_image(image))
        return result

    def remove(self, image):
        result = super().remove(image)
        gone = {'deleted': True, 'deleted_at': isotime(utcnow())}
        self.notifier.info('image.delete', format_image(image) | gone)
        return result


class ImageProxy(proxy.Image):
    def __init__(self, base, context, notifier):
        super().__init__(base)
        self.context = context
        self.notifier = notifier

    def set_data(self, data, size=None):
        self.notifier.info('image.prepare', format_image(self.base))
        try:
            super().set_data(data, size)
        except Exception as error:
            message = f'The data of image {self.image_id} is not stored: {type(error).__name__}: {error}'
            self.notifier.error('image.upload', message)
            raise
        self.notifier.info('image.upload', format_image(self.base))
        self.notifier.info('image.activate', format_image(self.base))

    def get_data(self, offset=0, length=None):
        # Opened now and not at the first chunk: by then 200 has been sent, too late for an error to be one.
        data = super().get_data(offset, length)
        expected = length
        if length is None and self.size is not None:
            expected = self.size - offset
        return SentData(data, lambda sent: self._has_sent(sent, expected))

    def _has_sent(self, sent, expected):
        payload = {
            'bytes_sent': sent,
            'image_id': self.image_id,
            'owner_id': self.owner,
            'receiver_tenant_id': self.context.tenant,
            'receiver_user_id': self.context.user,
        }
        complete = expected is None or sent == expected
        notify = self.notifier.info if complete else self.notifier.error
        notify('image.send', payload)
