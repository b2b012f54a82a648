"""The image service: images as dicts, whichever server answers.

    compute -> GlanceImageService.show -> GlanceClientWrapper.call (client.py) -> HTTP: HEAD /v1/images/ID
            -> _translate_from_glance (translation.py) -> a dict

API v1 of glance is asked for everything but locations, which only v2 shows; and but for an image that does not fit
into headers. What becomes part of a URL of glance is an id: anything else is no image's (ImageNotFound).
Use: image_service = get_default_image_service(options); image_service.show(context, image_id)['status']
Real: nova 2013-04 (c8067d1b70) nova/image/glance.py GlanceImageService, get_default_image_service,
    get_remote_image_service; get_locations from nova 9e8513e6fe (2014-03-05), dst_path and transfer modules
    from nova 2013-10. api_servers.py, client.py and translation.py are in that one file, too. There, a call has
    succeeded as soon as its answer begins: if a list breaks off at its second page, or an image in the middle, it is
    not tried again. A second attempt to upload sends only what the first one has not read. An image with too many
    properties cannot be booted, and an id such as `../..` asks for another URL.
"""

import contextlib
import functools
import logging
from urllib.parse import urlsplit

from cloud.nova import exception
from cloud.nova.image import download
from cloud.nova.image.api_servers import address, parse_image_ref, read_api_server
from cloud.nova.image.client import GlanceClientWrapper, HeadersTooLarge
from cloud.nova.image.streams import Stream, received, write_file
from cloud.nova.image.transfer import Transfer
from cloud.nova.image.translation import (
    _is_image_available,
    _translate_from_glance,
    _translate_image_exception,
    _translate_plain_exception,
    _translate_to_glance,
    from_header,
    from_v2,
    translated,
)
from cloud.nova.utils import is_uuid_like

LOG = logging.getLogger(__name__)
QUERY_PARAMS = ('filters', 'marker', 'limit', 'page_size', 'sort_key', 'sort_dir')


def get_default_image_service(options):
    return GlanceImageService(options)


def get_remote_image_service(context, image_href, image_service):
    """(image service, image id) for an id, or for a URL that ends in an id: then the service at the URL's host.

    image_service: the one for ids. The caller's token is sent to that host, so the ini must name it; the real nova
    sends it to any host. InvalidImageRef.
    """
    if '/' not in str(image_href):
        return image_service, image_href
    options = image_service.options
    image_id, *server = parse_image_ref(image_href)
    if tuple(server) not in map(read_api_server, options.glance_api_servers):
        raise exception.InvalidImageRef(f'{address(*server)} is not one of the image services that nova knows.')
    return GlanceImageService(options, GlanceClientWrapper(options, context, *server)), image_id


class GlanceImageService:
    """Images of glance, as dicts of 15 attributes and `properties` (see translation.py).

    client: a GlanceClientWrapper, or none for one of the ini's servers.
    Every method raises GlanceConnectionFailed when no glance answers, and what glance refuses as
    ImageNotFound, ImageNotAuthorized and Invalid (detail and create, which are about no one image: NotFound,
    NotAuthorized); other errors of glanceclient pass as they are.
    """

    def __init__(self, options, client=None):
        self.options = options
        self._client = client or GlanceClientWrapper(options)
        schemes = options.allowed_direct_url_schemes
        self._download_handlers = download.get_download_handlers(options) if schemes else {}

    def detail(self, context, **kwargs):
        """All images that the caller may see. filters, marker, limit, page_size, sort_key, sort_dir: as glance's."""
        params = {name: kwargs[name] for name in QUERY_PARAMS if kwargs.get(name)}
        params['filters'] = {'is_public': 'none', **params.get('filters', {})}  # 'none' means: public and private ones
        with translated(_translate_plain_exception):
            images = self._client.call(context, 1, 'list', consume=list, **params)
        return [_translate_from_glance(image.to_dict()) for image in images if _is_image_available(context, image)]

    def show(self, context, image_id):
        check_id(image_id)
        with translated(_translate_image_exception, image_id):
            try:
                image = self._client.call(context, 1, 'get', image_id)
                attributes = from_header(image.to_dict())
            except HeadersTooLarge:
                image = self._client.call(context, 2, 'get', image_id)
                attributes = from_v2(image)
        if not _is_image_available(context, image):
            raise exception.ImageNotFound(image_id=image_id)
        return _translate_from_glance(attributes)

    def get_locations(self, context, image_id):
        """[{'url': ..., 'metadata': {...}}] for each place where the bytes are. Many glances show none."""
        check_id(image_id)
        with translated(_translate_image_exception, image_id):
            image = self._client.call(context, 2, 'get', image_id)
        if not _is_image_available(context, image):
            raise exception.ImageNotFound(image_id=image_id)
        locations, direct_url = getattr(image, 'locations', None), getattr(image, 'direct_url', None)
        locations = list(locations) if isinstance(locations, list) else []  # a property of a user may have that name
        if direct_url and direct_url not in [location['url'] for location in locations]:
            locations.append({'url': direct_url, 'metadata': {}})
        return locations

    def download(self, context, image_id, data=None, dst_path=None, transfer=None):
        """The image's bytes, into the file `data`, or one of the name dst_path; with neither an iterator of them.

        If the ini allows the scheme of one of its locations, dst_path is filled from there, past glance. A download
        that breaks off starts again, as often as glance_num_retries allows.
        transfer: a Transfer; what it raises. It is for a download into a file.
        """
        check_id(image_id)
        if data is None and dst_path is None:
            return self._data(context, image_id, received)
        with transfer or Transfer(image_id) as limits:
            limits.check()
            if dst_path is not None and self._transfer(context, image_id, dst_path, limits.size):
                return None
            if data is None:
                write, how = functools.partial(write_file, dst_path), {}
            else:
                stream = Stream(data)
                write, how = stream.write, {'again': stream.rewind}
            return self._data(context, image_id, lambda chunks: write(limits.watched(chunks)), transfer=transfer, **how)

    def _data(self, context, image_id, consume, **how):
        with translated(_translate_image_exception, image_id):
            try:
                return self._client.call(context, 1, 'data', image_id, consume=consume, **how)
            except HeadersTooLarge:
                return self._client.call(context, 2, 'data', image_id, consume=consume, **how)

    def _transfer(self, context, image_id, dst_path, size):
        """Whether one of the transfer modules has brought the image. Failures are only logged."""
        if not self._download_handlers:
            return False
        with logged(f'image {image_id}: its locations cannot be asked for'):
            for location in self.get_locations(context, image_id):
                url = location['url']
                handler = self._download_handlers.get(urlsplit(url).scheme)
                with logged(f'image {image_id}: cannot be had from {url}'):
                    if handler:
                        handler.download(context, url, dst_path, location['metadata'], size=size)
                        LOG.info('image %s: copied from %s', image_id, url)
                        return True
        return False

    def create(self, context, image_meta, data=None):
        """Store an image and return it. data: a file with its bytes."""
        sent = _translate_to_glance(image_meta)
        with translated(_translate_plain_exception):
            return self._send(context, data, 'create', **sent)

    def update(self, context, image_id, image_meta, data=None, purge_props=True):
        """Change an image and return it. purge_props: remove the properties that image_meta does not name."""
        check_id(image_id)
        sent = _translate_to_glance(image_meta)
        sent.pop('id', None)
        with translated(_translate_image_exception, image_id):
            return self._send(context, data, 'update', image_id, purge_props=purge_props, **sent)

    def _send(self, context, data, method, *args, **sent):
        if data is None:
            return _translate_from_glance(self._client.call(context, 1, method, *args, **sent).to_dict())
        stream = Stream(data)
        image = self._client.call(context, 1, method, *args, again=stream.rewind, data=stream, **sent)
        return _translate_from_glance(image.to_dict())

    def delete(self, context, image_id):
        check_id(image_id)
        with translated(_translate_image_exception, image_id):
            self._client.call(context, 1, 'delete', image_id)
        return True


def check_id(image_id):
    """ImageNotFound if this can be no image's id. Glance takes capitals in one, too."""
    if not is_uuid_like(str(image_id).lower()):
        raise exception.ImageNotFound(image_id=image_id)


@contextlib.contextmanager
def logged(message):
    try:
        yield
    except Exception:
        LOG.warning(message, exc_info=True)
