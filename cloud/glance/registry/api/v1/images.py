"""Images as records: {"image": {...}} in and out, {"images": [...]} for a list.

A record has the image's fields, `properties` {name: value}, `location` (the first active URL, or None) and
`location_data` [{id, url, metadata, status}]. What a caller may not see is 404; what is seen, but someone else's, is
403 when it is to be changed.

    PUT {"image": {"status": "saving"}, "from_state": "queued"}

This is how one of two uploads at once is refused: if the image is no longer queued, the answer is 409.

A third key, `at_most` {"properties": n}, is how glance-api hands its quotas along: more are 413, nothing is changed.
A list ends early when it gets too large (common/paging.py): go on behind its last id until one is empty.

    DELETE /images/{image_id}?status=pending_delete&from_state=active

marks an image as deleted in one step, as long as it is active. A PUT with the from_state deleted
takes that back: some store has said that the bytes are in use.

What an image's status is and where its bytes are is the image service's to say, by its X-Service-Token, or an admin's:
whoever could set a location could read and delete another tenant's file. Real: 2014.2 takes both from everybody.

Use: create_resource(db_api, options) is the WSGI application for the routes of /images.
Real: glance 2014.2 glance/registry/api/v1/images.py Controller, make_image_dict
"""

import functools

from webob.exc import HTTPBadRequest, HTTPForbidden

from cloud.glance.common import paging, wsgi
from cloud.glance.registry.api.v1 import queries
from cloud.glance.registry.api.v1.records import make_image_dict, read_record

SHOWN_IN_INDEX = ('id', 'name', 'size', 'disk_format', 'container_format', 'checksum')
PURGE_PROPS = 'X-Glance-Registry-Purge-Props'


class Controller:
    """The actions, in terms of the database's rows."""

    def __init__(self, db_api):
        self.db_api = db_api

    def index(self, req, page):
        images = self.read_page(req, page)
        return {'images': [{name: image[name] for name in SHOWN_IN_INDEX} for image in images]}

    def detail(self, req, page):
        return {'images': [make_image_dict(image) for image in self.read_page(req, page)]}

    def read_page(self, req, page):
        limit, marker = page.pop('limit'), page.pop('marker')
        at_most = (paging.ENOUGH, paging.STRETCH)
        list_some = functools.partial(self.db_api.image_get_all, req.context, at_most=at_most, **page)
        return paging.read_page(list_some, limit, marker, size_of, paging.STRETCH)[0]

    def show(self, req, image_id):
        return document_of(self.db_api.image_get(req.context, image_id))

    def create(self, req, values, from_state, at_most):
        """The owner is the caller's own, unless an admin says otherwise; without a status the image is active."""
        check_may_set(req.context, values)
        if not req.context.is_admin or 'owner' not in values:
            values['owner'] = req.context.owner
        return document_of(self.db_api.image_create(req.context, {'status': 'active', **values}))

    def update(self, req, image_id, values, from_state, at_most):
        """The owner stays, unless an admin says otherwise; properties that are not named do too, unless purged."""
        check_may_set(req.context, values)
        if not req.context.is_admin:
            values.pop('owner', None)
        if values.pop('id', image_id) != image_id:
            raise HTTPBadRequest('The id of an image cannot change.')
        if from_state == 'deleted' and 'status' in values:
            return document_of(self.db_api.image_restore(req.context, image_id, values['status']))
        purge_props = req.headers.get(PURGE_PROPS, 'false').lower() == 'true'
        image = self.db_api.image_update(req.context, image_id, values, purge_props, from_state, at_most=at_most)
        return document_of(image)

    def delete(self, req, image_id, status, from_state):
        """The record stays, marked as deleted; one that waits for a scrubber keeps saying so."""
        if status is not None:
            check_may_set(req.context, {'status': status})
        else:
            from_state = self.db_api.image_get(req.context, image_id)['status']
            status = 'pending_delete' if from_state == 'pending_delete' else 'deleted'
        return document_of(self.db_api.image_destroy(req.context, image_id, status, from_state))


def size_of(image):
    return paging.size_in_json({each['name']: each['value'] for each in image['properties']})


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    """Reads bodies and queries; whatever is wrong with one is found here, before anything is touched."""

    def __init__(self, options):
        self.options = options

    def index(self, req):
        return {'page': queries.read_page(req, self.options)}

    detail = index

    def create(self, req):
        values, from_state, at_most = read_record(wsgi.read_json(req))
        return {'values': values, 'from_state': from_state, 'at_most': at_most}

    update = create

    def delete(self, req):
        query = wsgi.read_query(req)
        status = query.get('status')
        if status not in (None, 'deleted', 'pending_delete'):
            raise HTTPBadRequest(f'status={status} is not one of deleted, pending_delete.')
        return {'status': status, 'from_state': query.get('from_state')}


def check_may_set(context, values):
    kept = [name for name in ('status', 'locations') if name in values]
    if kept and not (context.is_admin or context.is_service):
        message = (
            f'Only the image service itself may set {" and ".join(kept)}: is service_token in its ini a right one?'
        )
        raise HTTPForbidden(message)


def document_of(image):
    return {'image': make_image_dict(image)}


def create_resource(db_api, options):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(Controller(db_api), RequestDeserializer(options))
