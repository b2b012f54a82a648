"""Image data: bytes in, bytes out.

    PUT  queued -> saving -> active, or back to queued with no bytes left behind
    GET  all bytes (200), a range of them (206), none because there are none (204)

Use: create_resource(gateway) is the WSGI application for the routes of /images/{image_id}/file.
Real: glance 2014.2 glance/api/v2/image_data.py ImageDataController. Its half-made ranges (by the request header
    Content-Range, with the whole image's length announced) leave clients waiting; here Range is done as HTTP has it.
Left out: several ranges in one request (they are answered with all bytes, as HTTP allows), If-Range's validators.
"""

import logging
import re

from webob.exc import HTTPGone, HTTPRequestRangeNotSatisfiable, HTTPUnsupportedMediaType

from cloud.glance.common import exception, wsgi
from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.utils.strutils import whole_number
from cloud.oslo.utils.units import CHUNK

LOG = logging.getLogger(__name__)

MEDIA_TYPE = 'application/octet-stream'


class ImageDataController:
    """The actions, in terms of domain images."""

    def __init__(self, gateway):
        self.gateway = gateway

    def upload(self, req, image_id, data, size):
        """data: a file-like; size: its bytes, None if not known. HTTPGone if someone deletes the image meanwhile."""
        repo = self.gateway.get_repo(req.context)
        image = repo.get(image_id)
        image.status = 'saving'
        repo.save(image)  # of two uploads at once, the second one fails here, and has touched nothing
        try:
            image.set_data(data, size)
            repo.save(image)
        except (exception.NotFound, exception.Conflict):
            self.put_back(repo, image)
            raise HTTPGone(f'Image {image_id} was deleted during the upload: its data is removed.') from None
        except Exception as error:
            LOG.debug('upload: image %s goes back to queued: %s', image_id, error)
            self.put_back(repo, image)
            raise

    def put_back(self, repo, image):
        """After a failed upload: delete the bytes, be queued again. A second error is only logged."""
        try:
            image.locations = []
            image.status = 'queued'
            repo.save(image)
        except exception.GlanceException as error:
            LOG.info('Image %s does not go back to queued: %s', image.image_id, error)
        except DBError as error:
            LOG.error('Image %s stays saving until the next start: %s', image.image_id, error)

    def download(self, req, image_id, asked):
        """(image, data, span): data is an iterable of bytes, span the (first, length) of them, or None for all.

        asked: the text of the header Range. None instead of all that if the image has no data.
        """
        image = self.gateway.get_repo(req.context).get(image_id)
        span = read_range(asked, image.size)
        try:
            data = image.get_data(*(span or ()))
        except exception.NotFound as error:
            LOG.debug('download: %s', error)
            return None
        return image, data, span


def read_range(text, size):
    """(first, length) of the range of bytes that is asked for, or None for all of them.

    HTTPRequestRangeNotSatisfiable for a range that starts behind the end. Anything but a single range is ignored.
    """
    match = re.fullmatch('bytes=([0-9]*)-([0-9]*)', text)
    if size is None or not match or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        first, last = max(size - whole_number(last), 0), size - 1
    else:
        first, last = whole_number(first), whole_number(last) if last else size - 1
        if match[2] and last < first:
            return None
    if first >= size:
        headers = {'Content-Range': f'bytes */{size}'}
        raise HTTPRequestRangeNotSatisfiable(f'The image has {size} bytes: ask for some of these.', headers=headers)
    return first, min(last, size - 1) - first + 1


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    """Reads what comes with the data, but leaves the data in the stream."""

    def upload(self, req):
        if req.content_type.lower() != MEDIA_TYPE:
            raise HTTPUnsupportedMediaType(f'The Content-Type is {req.content_type or "missing"}: send {MEDIA_TYPE}.')
        return {'data': req.body_file, 'size': req.content_length}

    def download(self, req):
        # We give out no validators, so an If-Range can match none: then the answer is the whole.
        return {'asked': '' if 'If-Range' in req.headers else req.headers.get('Range', '')}


class ResponseSerializer(wsgi.JSONResponseSerializer):
    """Writes the data out, through the server's file wrapper where there is one and the data is a file."""

    def download(self, response, result):
        if result is None:
            return self.default(response, None)
        image, data, span = result
        response.content_type = MEDIA_TYPE
        wrap = response.request.environ.get('wsgi.file_wrapper')
        response.app_iter = wrap(data, CHUNK) if wrap and hasattr(data, 'seek') else data
        # After app_iter, which resets them.
        response.headers['Accept-Ranges'] = 'bytes'
        if span is None:
            response.content_length = image.size
            wsgi.write_checksum(response, 'Content-MD5', image.checksum)
        else:
            first, length = span
            response.status = 206
            response.content_length = length
            response.headers['Content-Range'] = f'bytes {first}-{first + length - 1}/{image.size}'


def create_resource(gateway):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(ImageDataController(gateway), RequestDeserializer(), ResponseSerializer())
