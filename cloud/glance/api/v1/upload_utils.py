"""Bytes come in, from a request or copied from elsewhere; and what happens when that fails.

    queued -> saving -> active        or, when anything fails: -> killed, and the bytes are deleted

Record and bytes are kept by two services, and either may fail at any moment. What holds nevertheless:
- An active record has its bytes: they are complete in the store before the one call that makes it active.
- Bytes being stored have a record that says saving: they are deleted when it is killed, or found to be deleted.
- When the registry does not answer, nobody knows whether it has done what it was told. It is asked again in the
  background until it answers. Bytes that the registry may know of are deleted only when the record is certainly
  killed; if the record turns out to be active after all, they stay.
A process that dies in between leaves the record saving. At the next start the service makes it queued again, and
deletes what bytes there are (api/parts.py).

Use: Upload(tools, context, image, announced).upload_and_activate(reader, store)
Real: glance 2014.2 glance/api/v1/upload_utils.py upload_data_to_store, safe_kill, initiate_deletion;
    glance/api/v1/images.py Controller._upload, _activate. There a safe_kill that fails is only logged,
    and the image stays saving.
"""

import contextlib
import logging
from types import SimpleNamespace

from webob.exc import HTTPBadRequest, HTTPConflict, HTTPGone

from cloud.glance.api.v1.controller import UNANSWERED, redact
from cloud.glance.common import exception
from cloud.glance.common.utils import LimitingReader, WantedReader

LOG = logging.getLogger(__name__)

MEDIA_TYPE = 'application/octet-stream'


class Upload:
    """One attempt to give an image its bytes.

    image: its record, queued; announced: its `size` and `checksum` as the client says they will be, or None each.
    states: those that the record may be in because of this upload; told: whether the registry may know the bytes.
    """

    def __init__(self, tools, context, image, announced):
        self.tools, self.context, self.image, self.announced = tools, context, image, announced
        self.image_id = image['id']
        self.client = tools.registry.client(context)
        self.states, self.location, self.told = (), None, False

    def upload_and_activate(self, data, store):
        """The record, active. data: has read(n); store: the name of one that there is.

        HTTPBadRequest if other bytes came than were announced, HTTPConflict if someone else has begun an upload,
        HTTPGone if the image was deleted meanwhile; and whatever store, quota and registry have against it.
        """
        try:
            self.begin()
            stored = self.upload_data_to_store(data, store)
            with self.tools.quotas.storage_lock(self.image['owner']):
                self.check_storage(stored['size'])
                return self.activate(stored)
        except Exception as error:
            self.safe_kill(error)
            if isinstance(error, exception.NotFound):
                raise HTTPGone(f'Image {self.image_id} was deleted during the upload: its data is removed.') from None
            raise

    def check_media_type(self, media_type):
        """HTTPBadRequest, and a killed image, unless the body is said to be bytes."""
        if media_type.lower() != MEDIA_TYPE:
            self.states = ('queued',)
            refusal = HTTPBadRequest(f'The Content-Type is {media_type or "missing"}: send {MEDIA_TYPE}.')
            self.safe_kill(refusal)
            raise refusal

    def begin(self):
        """Of two uploads at once, the second one fails here, and has touched nothing."""
        self.states = ('queued', 'saving')
        try:
            self.client.update_image(self.image_id, {'status': 'saving'}, from_state='queued')
        except exception.GlanceException as error:
            if not isinstance(error, UNANSWERED):
                self.states = ()
            if isinstance(error, exception.Duplicate):
                raise HTTPConflict(f'Image {self.image_id} is not queued any more: look again.') from None
            raise
        self.states = ('saving',)

    def upload_data_to_store(self, data, store):
        """Store the bytes. Returns what the record is to say about them: size and checksum."""
        self.tools.notifier.info('image.prepare', redact(self.image))
        left = self.check_storage(self.announced['size'])
        data = self.limited(data, self.announced['size'])
        if left is not None:
            data = LimitingReader(data, left, exception.StorageQuotaFull)
        url, size, checksum, metadata = self.tools.store_api.add_to_backend(
            self.context, store, self.image_id, data, self.announced['size']
        )
        self.location = {'url': url, 'metadata': metadata, 'status': 'active'}
        stored = {'size': size, 'checksum': checksum}
        for name, value in stored.items():
            if self.announced[name] not in (None, value):
                raise HTTPBadRequest(
                    f'Supplied {name} ({self.announced[name]}) differs from that of the data: {value}.'
                )
        return stored

    def limited(self, data, size):
        """The data, which ends with an error at the first byte above image_size_cap, or above what was announced."""
        cap = self.tools.options.image_size_cap
        if size is not None and size > cap:
            raise exception.ImageSizeLimitExceeded(f'The data has {size} bytes: an image may have {cap}.')
        data = LimitingReader(data, cap, exception.ImageSizeLimitExceeded)
        if size is None:
            return data
        refusal = HTTPBadRequest(f'Supplied size ({size}) differs from that of the data: it has more.')
        return LimitingReader(data, size, lambda _message: refusal)

    def check_storage(self, size):
        return check_storage(self.tools, self.context, self.image['owner'], self.image_id, size)

    def activate(self, stored):
        self.tools.notifier.info('image.upload', redact({**self.image, **stored, 'status': 'saving'}))
        self.told = True
        try:
            return activate(self.tools, self.client, self.image_id, self.location, stored, 'saving')
        except exception.GlanceException as error:
            self.told = isinstance(error, UNANSWERED)
            if isinstance(error, exception.Duplicate):
                raise HTTPConflict(
                    f'Image {self.image_id} was changed during the upload: its data is removed.'
                ) from None
            raise

    def copy_from(self, url, store):
        """In the background, where no client waits for an error: the record's status shows it."""
        try:
            data, size = self.tools.store_api.get_from_backend(self.context, url, background=True)
        except Exception as error:
            self.states = ('queued',)
            self.safe_kill(error)
            return
        self.announced['size'] = self.announced['size'] or size
        with contextlib.closing(data), contextlib.suppress(Exception):  # safe_kill has logged it
            self.upload_and_activate(WantedReader(data, self.check_wanted), store)

    def check_wanted(self):
        """NotFound if the image is not being saved any more: whoever deletes it ends its copy, too."""
        with contextlib.suppress(*UNANSWERED, exception.Forbidden, exception.NotAuthenticated):  # nobody said no
            image = self.client.get_image(self.image_id)
            if image['deleted'] or image['status'] != 'saving':
                raise exception.ImageNotFound(f'Image {self.image_id} is {image["status"]} by now.')

    def safe_kill(self, reason):
        """Give up. If the registry cannot be told now, it is told later."""
        message = f'The data of image {self.image_id} is not stored: {type(reason).__name__}: {reason}'
        LOG.info('upload: %s', message)
        self.tools.notifier.error('image.upload', message)
        if not self.told:
            self.initiate_deletion()
        try:
            self.kill()
        except UNANSWERED:
            self.tools.retries.add(self.kill)
        except exception.GlanceException as error:
            LOG.error('upload: image %s cannot be killed: %s', self.image_id, error.msg)

    def kill(self):
        """The record is killed and what bytes are left are deleted; or neither, if it is active with them after all."""
        for state in self.states:
            with contextlib.suppress(exception.Duplicate, exception.NotFound):
                self.client.update_image(self.image_id, {'status': 'killed'}, from_state=state)
                break
        else:
            if self.location and self.is_recorded():
                LOG.info('upload: image %s turns out to be active', self.image_id)
                return
        self.initiate_deletion()

    def is_recorded(self):
        try:
            image = self.client.get_image(self.image_id)
        except exception.NotFound:
            return False
        return self.location['url'] in [place['url'] for place in image['location_data']]

    def initiate_deletion(self):
        location, self.location = self.location, None
        if location:
            delete_data(self.tools, self.context, location['url'], self.image_id)


def check_storage(tools, context, owner, image_id, size):
    """StorageQuotaFull if so many bytes (None: unknown) are too many for the owner; how many may come, or None."""
    return tools.quotas.check_storage(context, SimpleNamespace(owner=owner, image_id=image_id), size)


def activate(tools, client, image_id, location, stored, from_state):
    """One call for everything, so that the record is active with all that it says, or not at all; the record."""
    values = {**stored, 'status': 'active', 'location_data': [location]}
    image = client.update_image(image_id, values, from_state=from_state)
    tools.notifier.info('image.activate', redact(image))
    tools.notifier.info('image.update', redact(image))
    return image


def delete_data(tools, context, url, image_id):
    """Tidy up. The outcome is settled by now: a store's failure is only logged."""
    try:
        tools.store_api.safe_delete_from_backend(context, url, image_id)
    except (exception.GlanceException, OSError) as error:
        LOG.warning('upload: data of image %s stays behind: %s', image_id, error)
