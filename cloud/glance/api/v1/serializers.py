"""Requests about images as the controller understands them, and its records as answers.

Use: wsgi.Resource(controller, RequestDeserializer(options), ResponseSerializer())
Real: glance 2014.2 glance/api/v1/images.py ImageDeserializer, ImageSerializer
"""

from typing import NamedTuple

from webob.exc import HTTPBadRequest

from cloud.glance.api.v1 import filters, headers
from cloud.glance.api.v1.controller import redact
from cloud.glance.api.v1.upload_utils import MEDIA_TYPE
from cloud.glance.common import wsgi

CHUNK = 65536  # bytes
COPY_FROM, PURGE_PROPS = 'x-glance-api-copy-from', 'x-glance-registry-purge-props'


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


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    """Reads headers and queries; whatever is wrong with one is found here, before anything is touched."""

    def __init__(self, options):
        self.size_cap = options.image_size_cap

    def index(self, req):
        return {'query': filters.read_query(req)}

    detail = index

    def create(self, req):
        image_meta = headers.read_image_meta(req)
        size = max(req.content_length or 0, image_meta.get('size') or 0)
        if size > self.size_cap:
            raise HTTPBadRequest(f'Denying attempt to upload {size} bytes: send at most {self.size_cap}.')
        return {'image_meta': image_meta, 'source': read_source(req, image_meta)}

    def update(self, req):
        arguments = self.create(req)
        purge_props = headers.read_boolean(PURGE_PROPS, req.headers.get(PURGE_PROPS, 'true'))
        return {**arguments, 'purge_props': purge_props and not arguments['source'].data}


def read_source(req, image_meta):
    """The Source; what of it is among the fields is taken out there. HTTPBadRequest if there are several."""
    copy_from = image_meta.pop('copy_from', None)
    is_there = has_body(req)
    source = Source(
        data=req.body_file if is_there else None,
        location=image_meta.pop('location', None),
        copy_from=headers.read_text(COPY_FROM, req.headers.get(COPY_FROM, '')) or copy_from,
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


class ResponseSerializer(wsgi.JSONResponseSerializer):
    """Writes records: as JSON, as headers, or as headers with the data."""

    def index(self, response, images):
        wsgi.write_json(response, {'images': [redact(image) for image in images]})

    detail = index

    def create(self, response, image):
        response.status = 201
        self.update(response, image)

    def update(self, response, image):
        wsgi.write_json(response, {'image': redact(image)})
        write_address(response, image)

    def meta(self, response, image):
        response.content_type = 'text/plain'  # an empty one: of an empty application/json today's clients despair
        headers.write_image_meta(response, image)
        write_address(response, image)

    def show(self, response, result):
        image, data = result
        self.meta(response, image)
        response.content_type = MEDIA_TYPE
        wrap = response.request.environ.get('wsgi.file_wrapper')
        response.app_iter = wrap(data, CHUNK) if wrap and hasattr(data, 'fileno') else data
        response.content_length = image['size']  # after app_iter, which resets it

    def delete(self, response, result):
        response.content_type = 'text/plain'


def write_address(response, image):
    response.location = f'/v1/images/{image["id"]}'
    if image['checksum']:
        response.headers['ETag'] = image['checksum']  # without the quotes that HTTP asks for, as the real one
