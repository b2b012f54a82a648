"""Images as nova has shown them until 2.35: what glance says, in nova's words.

    GET /v2.1/images -> image_service.detail -> glance

Real: nova 2014.2 nova/api/openstack/compute/images.py Controller, nova/api/openstack/compute/image_metadata.py,
    nova/api/openstack/compute/views/images.py
Left out: to create images here, which no version could.
"""

from webob.exc import HTTPBadRequest, HTTPForbidden, HTTPNotFound

from cloud.nova import exception
from cloud.nova.api import validation
from cloud.nova.api.openstack import pages, wsgi
from cloud.nova.api.openstack.compute.schemas import server_parts as schemas
from cloud.oslo.utils.timeutils import isotime, normalize_time, parse_isotime

LAST, LAST_METADATA = '2.35', '2.38'
STATUSES = {'queued': ('SAVING', 25), 'saving': ('SAVING', 50), 'importing': ('SAVING', 75), 'active': ('ACTIVE', 100)}
STATUSES.update(dict.fromkeys(('deleted', 'pending_delete'), ('DELETED', 0)))
FILTERS = {'name': 'name', 'minRam': 'min_ram', 'minDisk': 'min_disk', 'status': 'status'}


class ImagesController(wsgi.Resource):
    """image_service: as image.glance.GlanceImageService; image_url: glance's address; max_limit: images on a page."""

    def __init__(self, image_service, image_url, max_limit=1000):
        self.image_service, self.image_url, self.max_limit = image_service, image_url, max_limit

    @wsgi.api_version('2.1', LAST)
    def index(self, req):
        return self._page(req, 'images', self._basic)

    @wsgi.api_version('2.1', LAST)
    def detail(self, req):
        return self._page(req, 'images/detail', self._view)

    def _page(self, req, collection, view):
        limit, marker = pages.page_of(req, self.max_limit)
        asked = {'limit': limit, 'marker': marker, 'filters': filters_of(req)}
        try:
            found = self.image_service.detail(req.context, **asked) if limit else []
        except exception.Invalid as error:
            raise HTTPBadRequest(str(error)) from None
        found = found[:limit]
        document = {'images': [view(req, image) for image in found]}
        return pages.with_links(document, req, 'images', collection, limit, [image['id'] for image in found])

    @wsgi.api_version('2.1', LAST)
    def show(self, req, id):
        return {'image': self._view(req, self.find(req, id))}

    @wsgi.api_version('2.1', LAST)
    @wsgi.response(204)
    def delete(self, req, id):
        try:
            self.image_service.delete(req.context, id)
        except exception.ImageNotFound:
            raise HTTPNotFound('Image not found.') from None
        except exception.ImageNotAuthorized:
            raise HTTPForbidden('You are not allowed to delete the image.') from None

    def find(self, req, image_id):
        try:
            return self.image_service.show(req.context, image_id)
        except (exception.ImageNotFound, exception.ImageNotAuthorized):
            raise HTTPNotFound('Image not found.') from None

    def _basic(self, req, image):
        alternate = {'rel': 'alternate', 'type': 'application/vnd.openstack.image'}
        alternate['href'] = f'{self.image_url}/images/{image["id"]}'
        links = [*pages.links(req, 'images', image['id']), alternate]
        return {'id': image['id'], 'name': image.get('name'), 'links': links}

    def _view(self, req, image):
        status, progress = STATUSES.get(image.get('status'), ('UNKNOWN', 0))
        shown = {
            **self._basic(req, image),
            'minRam': int(image.get('min_ram') or 0),
            'minDisk': int(image.get('min_disk') or 0),
            'metadata': image.get('properties', {}),
            'created': moment(image.get('created_at')),
            'updated': moment(image.get('updated_at')),
            'status': status,
            'progress': progress,
            'OS-EXT-IMG-SIZE:size': image.get('size'),
        }
        server_id = shown['metadata'].get('instance_uuid')
        if server_id is not None:
            shown['server'] = {'id': server_id, 'links': pages.links(req, 'servers', server_id)}
        return shown


class ImageMetadataController(wsgi.Resource):
    """The properties of an image. images: an ImagesController."""

    def __init__(self, images):
        self.images, self.image_service = images, images.image_service

    @wsgi.api_version('2.1', LAST_METADATA)
    def index(self, req, image_id):
        return {'metadata': self.images.find(req, image_id)['properties']}

    @wsgi.api_version('2.1', LAST_METADATA)
    def show(self, req, image_id, id):
        metadata = self.images.find(req, image_id)['properties']
        return {'meta': {id: item_of(metadata, id)}}

    @wsgi.api_version('2.1', LAST_METADATA)
    @validation.schema(schemas.METADATA)
    def create(self, req, image_id, body):
        return self._save(req, image_id, lambda there: {**there, **body['metadata']})

    @wsgi.api_version('2.1', LAST_METADATA)
    @validation.schema(schemas.METADATA)
    def update_all(self, req, image_id, body):
        return self._save(req, image_id, lambda there: body['metadata'])

    @wsgi.api_version('2.1', LAST_METADATA)
    @validation.schema(schemas.META)
    def update(self, req, image_id, id, body):
        if id not in body['meta']:
            raise HTTPBadRequest('Request body and URI mismatch')
        self._save(req, image_id, lambda there: {**there, **body['meta']})
        return {'meta': body['meta']}

    @wsgi.api_version('2.1', LAST_METADATA)
    @wsgi.response(204)
    def delete(self, req, image_id, id):
        def without(there):
            item_of(there, id)
            return {name: value for name, value in there.items() if name != id}

        self._save(req, image_id, without)

    def _save(self, req, image_id, change):
        image = self.images.find(req, image_id)
        properties = change(dict(image['properties']))
        try:
            self.image_service.update(req.context, image_id, {**image, 'properties': properties}, purge_props=True)
        except exception.ImageNotAuthorized:
            raise HTTPForbidden('You are not allowed to change the image.') from None
        return {'metadata': properties}


def item_of(metadata, key):
    try:
        return metadata[key]
    except KeyError:
        raise exception.MetadataItemNotFound() from None


def moment(value):
    """A time of glance's, text or a datetime, as nova writes it."""
    if value is None:
        return None
    return isotime(parse_isotime(value) if isinstance(value, str) else normalize_time(value))


def filters_of(req):
    """The query's filters, in the words of glance's first version."""
    found = {ours: req.GET[name] for name, ours in FILTERS.items() if name in req.GET}
    if 'status' in found:
        known = {'ACTIVE': 'active', 'SAVING': 'queued', 'DELETED': 'deleted', 'ERROR': 'killed'}
        found['status'] = known.get(found['status'].upper(), found['status'])
    if 'changes-since' in req.GET:
        found['changes-since'] = req.GET['changes-since']
    if 'server' in req.GET:
        found['property-instance_uuid'] = req.GET['server'].split('/')[-1]
    for name in req.GET:
        if name.startswith('property-'):
            found[name] = req.GET[name]
    return found
