"""Requests about images as the controller understands them, and its records as answers.

Use: wsgi.Resource(controller, RequestDeserializer(options), ResponseSerializer())
Real: glance 2014.2 glance/api/v1/images.py ImageDeserializer, ImageSerializer
"""

from urllib.parse import quote

from webob.exc import HTTPBadRequest

from cloud.glance.api.v1 import filters, headers
from cloud.glance.api.v1.controller import redact
from cloud.glance.api.v1.sources import read_source
from cloud.glance.api.v1.upload_utils import MEDIA_TYPE
from cloud.glance.common import wsgi
from cloud.oslo.utils.units import CHUNK

PURGE_PROPS = 'x-glance-registry-purge-props'


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
    response.location = f'/v1/images/{quote(image["id"])}'
    wsgi.write_checksum(response, 'ETag', image['checksum'])  # without the quotes that HTTP asks for, as the real one
