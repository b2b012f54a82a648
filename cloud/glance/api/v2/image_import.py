"""Import: an image's bytes in two steps, or from another server.

    PUT   /images/{image_id}/stage     keep these bytes; they are no data yet           queued -> uploading
    POST  /images/{image_id}/import    {"method": {"name": "glance-direct"}}: make them the data, or
                                       {"method": {"name": "web-download", "uri": URL}}: fetch it, as the answer is sent
    GET   /images/{image_id}/tasks     how far that is

Use: create_resource(gateway, imports) is the WSGI application for these routes.
Real: glance 16.0 (Queens) glance/api/v2/images.py ImagesController.import_image, get_task_info (since 22.0);
    glance/api/v2/image_data.py ImageDataController.stage
Left out: stores of a request's own choice: there is one that takes data, and it may be named.
"""

import logging

from webob.exc import HTTPBadRequest, HTTPGone

from cloud.glance.api.v2 import image_data, tasks
from cloud.glance.async_.flows.api_image_import import DIRECT, DOWNLOAD, METHODS
from cloud.glance.common import exception, wsgi
from cloud.oslo.db.sqlalchemy.session import DBError

LOG = logging.getLogger(__name__)

HOW = f'send {{"method": {{"name": NAME}}}}, where NAME is one of {", ".join(METHODS)}'


class ImageImportController:
    """imports: the service's Imports."""

    def __init__(self, gateway, imports):
        self.gateway, self.imports = gateway, imports

    def stage(self, req, image_id, data, size):
        """data: a file-like; size: its bytes, None if not known. HTTPGone if someone deletes the image meanwhile."""
        repo = self.gateway.get_repo(req.context)
        image = repo.get(image_id)
        image.status = 'uploading'
        repo.save(image)
        try:
            image.stage_data(data, size)
            repo.save(image)
        except (exception.NotFound, exception.Conflict):
            self.put_back(repo, image)
            raise HTTPGone(f'Image {image_id} was deleted meanwhile: its data is removed.') from None
        except Exception:
            self.put_back(repo, image)
            raise

    def put_back(self, repo, image):
        """Nothing is staged, and the image waits again. A second error is only logged."""
        self.gateway.store_api.unstage(image.image_id)
        try:
            image.status = 'queued'
            repo.save(image)
        except exception.GlanceException as error:
            LOG.info('Image %s does not go back to queued: %s', image.image_id, error)
        except DBError as error:
            LOG.error('Image %s stays uploading until the next start: %s', image.image_id, error)

    def import_image(self, req, image_id, method, uri, stores):
        self.check_stores(stores)
        return self.imports.start(req.context, image_id, method, uri)

    def check_stores(self, stores):
        store_api = self.gateway.store_api
        default = store_api.store_of(store_api.default_store)
        for name in stores:
            if store_api.store_of(name) is not default:
                raise HTTPBadRequest(f'The store {name} takes no data: leave stores out.')

    def tasks(self, req, image_id):
        image = self.gateway.get_repo(req.context).get(image_id)
        return self.imports.tasks.of_image(image.image_id)


class RequestDeserializer(image_data.RequestDeserializer):
    """Data as an upload sends them, and the one body of an import."""

    stage = image_data.RequestDeserializer.upload

    def import_image(self, req):
        document = wsgi.read_json(req)
        method = document.get('method') if isinstance(document, dict) else None
        name = method.get('name') if isinstance(method, dict) else None
        if name not in METHODS:
            raise HTTPBadRequest(f'The body names no method that there is: {HOW}.')
        uri = method.get('uri')
        if not (isinstance(uri, str) and uri if name == DOWNLOAD else uri is None):
            raise HTTPBadRequest(f'{DOWNLOAD} needs the uri of the data in its method, and {DIRECT} takes none.')
        return {'method': name, 'uri': uri, 'stores': read_stores(document)}


def read_stores(document):
    stores = document.get('stores', [])
    if not isinstance(stores, list) or not all(isinstance(name, str) for name in stores):
        raise HTTPBadRequest('stores is not a list of text.')
    return stores


class ResponseSerializer(wsgi.JSONResponseSerializer):
    def import_image(self, response, task):
        response.status = 202
        response.headers.clear()
        response.headers['Content-Length'] = '0'

    def tasks(self, response, found):
        wsgi.write_json(response, {'tasks': [tasks.document_of(task) for task in found]})


def create_resource(gateway, imports):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(ImageImportController(gateway, imports), RequestDeserializer(), ResponseSerializer())
