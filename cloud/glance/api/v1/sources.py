"""Where an image's bytes come from: one source for each request, or none.

    the body                  stored now, by the worker that answers
    x-image-meta-location     they stay where they are; their size is asked for
    x-glance-api-copy-from    stored later, in the background, when the answer has long been sent

Use: source = read_source(req, image_meta)
     size = sources.size_of(...); with sources.place_for(req, source) as start: image = sources.give(..., start)
Real: glance 2014.2 glance/api/v1/images.py Controller._external_source, _copy_from, _get_size, _handle_source,
    _upload_and_activate. There several sources are refused only when the image has been reserved already.
"""

import contextlib
import functools
from typing import NamedTuple

from webob.exc import HTTPBadRequest, HTTPConflict

from cloud.glance.api.v1 import headers, upload_utils
from cloud.glance.common import exception

COPY_FROM = 'x-glance-api-copy-from'


class Source(NamedTuple):
    """Where an image's bytes are to come from: one of the first three, or nowhere yet."""

    data: object = None  # the request's body, a file-like
    location: str = None  # a URL, where they stay
    copy_from: str = None  # a URL
    size: int = None  # of the body, if it is known
    media_type: str = ''  # of the body
    store: str = None  # where to put them; without it the default store

    def has_any(self):
        return bool(self.data or self.location or self.copy_from)


def read_source(req, image_meta):
    """The Source; what of it is among the fields is taken out there. HTTPBadRequest if there are several."""
    copy_from = image_meta.pop('copy_from', None)
    is_there = has_body(req)
    source = Source(
        data=req.body_file if is_there else None,
        location=image_meta.pop('location', None),
        copy_from=headers.read_text(req, COPY_FROM, req.headers.get(COPY_FROM, '')) or copy_from,
        size=req.content_length if is_there else None,
        media_type=req.content_type,
        store=image_meta.pop('store', None),
    )
    if sum(map(bool, source[:3])) > 1:
        raise HTTPBadRequest("It's invalid to provide multiple image sources: send one of body, location, copy-from.")
    return source


def has_body(req):
    # A chunked body has no length; where the server has put it together already, it has one, and is not chunked.
    return bool(req.content_length) or 'chunked' in req.headers.get('Transfer-Encoding', '').lower()


class Sources:
    """How an image gets its bytes from a Source. tools: the service's Tools."""

    def __init__(self, tools):
        self.tools = tools

    def size_of(self, req, image_meta, source, owner, image_id=None):
        """The image's size as it is to be stored, None if unknown. What is announced has to fit.

        StorageQuotaFull, ImageSizeLimitExceeded; of a location BadStoreUri if there is nothing, HTTPConflict if there
        is something else.
        """
        size = image_meta.get('size')
        if source.location:
            size = self.size_at(req, source.location, size)
        if source.has_any():
            announced = source.size if source.data else size
            upload_utils.check_storage(self.tools, req.context, owner, image_id, announced)
        return size

    def size_at(self, req, url, announced):
        """The bytes at a location; where its store does not say, as many as are announced."""
        found = self.look_at(req, url)
        if found and announced and found != announced:
            raise HTTPConflict(f'Provided image size {announced} must match the stored size: it is {found}.')
        size = found or announced
        if not size:
            raise exception.BadStoreUri('Invalid location: there is no data.')
        if size > self.tools.options.image_size_cap:
            raise exception.ImageSizeLimitExceeded(f'The location has {size} bytes: that is too large an image.')
        return size

    def look_at(self, req, url):
        try:
            return self.tools.store_api.get_size_from_backend(req.context, url)
        except exception.RemoteServiceBusy:
            raise
        except (exception.GlanceException, OSError):
            return 0

    def place_for(self, req, source):
        """A place for the copy that is to come, before anything is changed; a context, of its starter or None."""
        return self.tools.pool.place(req.context.owner) if source.copy_from else contextlib.nullcontext()

    def give(self, req, image, image_meta, source, start):
        """Let the image have its bytes; the record as it is then. start: what place_for gave."""
        upload = upload_utils.Upload(self.tools, req.context, image, announced_by(image, image_meta, source))
        store = source.store or self.tools.store_api.default_store
        if source.copy_from:
            start(functools.partial(upload.copy_from, source.copy_from, store))
        elif source.data:
            upload.check_media_type(source.media_type)
            return upload.upload_and_activate(source.data, store)
        elif source.location:
            place = {'url': source.location, 'metadata': {}, 'status': 'active'}
            return upload_utils.activate(self.tools, upload.client, image['id'], place, {}, 'queued')
        return image


def announced_by(image, image_meta, source):
    """What the client says its bytes will be: `size` and `checksum`, each None if it says nothing."""
    announced = {name: image_meta.get(name, image[name] or None) for name in ('size', 'checksum')}
    if announced['size'] is None:
        announced['size'] = source.size
    return announced
