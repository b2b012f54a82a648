"""Images, in API v1: metadata in headers, data in the body, both in one request.

    POST, PUT   the bytes are in the body, or stay where x-image-meta-location says, or are copied in the background
                from where x-glance-api-copy-from says; without any of these the image is reserved for later
    HEAD        the metadata, as headers
    GET         the same, and the bytes

Each action asks the policy, then the property protections, then the quotas, and only then the registry and a store.
Where the bytes come from is sources.py's.

Use: create_resource(tools) is the WSGI application for the routes of /images.
Real: glance 2014.2 glance/api/v1/images.py Controller. There a client can set the status (CVE-2015-5251), and give a
    location filesystem://, which opens any file of the service, and change the formats of an active image (v2: 403).
Left out: the cache.
"""

import functools
import logging

from webob.exc import HTTPBadRequest, HTTPConflict, HTTPForbidden

from cloud.glance.api.v1 import serializers
from cloud.glance.api.v1.controller import UNANSWERED, BaseController, no_image, redact
from cloud.glance.api.v1.download_utils import open_data
from cloud.glance.api.v1.formats import FORMATS, check_formats, complete_formats
from cloud.glance.api.v1.protections import Guard
from cloud.glance.api.v1.sources import Sources
from cloud.glance.common import exception, wsgi

LOG = logging.getLogger(__name__)

ACTIVE_IMMUTABLE = ('size', 'checksum')
DEFAULTS = {'is_public': False, 'protected': False, 'min_disk': 0, 'min_ram': 0}


class Controller(BaseController):
    """The actions, in terms of the registry's records. source: a sources.Source."""

    def __init__(self, tools):
        super().__init__(tools)
        self.sources = Sources(tools)

    def guard(self, req):
        return Guard(self.tools.property_rules, req.context)

    def index(self, req, query):
        return self.find(req, query, self.client(req).get_images)

    def detail(self, req, query):
        images = self.find(req, query, self.client(req).get_images_detailed)
        return [self.guard(req).readable(image) for image in images]

    def find(self, req, query, get_images):
        self.enforce(req, 'get_images')
        asked = [name.removeprefix('property-') for name in query['filters'] if name.startswith('property-')]
        self.guard(req).check('read', asked)  # or filters could find out what is hidden
        return get_images(**query)

    def meta(self, req, image_id):
        return self.guard(req).readable(self.get_image_meta(req, image_id, 'get_image'))

    def show(self, req, image_id):
        """(record, an iterable of its bytes)"""
        image = self.get_image_meta(req, image_id, 'get_image')
        self.enforce(req, 'download_image', image)
        if image['status'] != 'active':
            raise exception.ImageNotFound(f'Image {image_id} is {image["status"]}: it has no data.')
        data, size = open_data(self.tools, req, image)
        return {**self.guard(req).readable(image), 'size': size}, data

    def create(self, req, image_meta, source):
        values = values_of_new(req.context, image_meta, source)
        self.enforce(req, 'add_image', values)
        self.check_request(req, values, source, values)
        check_formats(values, needed=source.data or source.location)
        self.guard(req).check('create', image_meta['properties'])
        self.tools.quotas.check_properties(len(image_meta['properties']))
        self.tools.quotas.check_property_size(image_meta['properties'])
        values['size'] = self.sources.size_of(req, image_meta, source, values['owner']) or 0
        with self.sources.place_for(req, source) as start:
            image = self.client(req).add_image(values)
            self.tools.notifier.info('image.create', redact(image))
            image = self.sources.give(req, image, image_meta, source, start)
        if not source.copy_from:
            self.update_store_acls(req, image)
        return self.guard(req).readable(image)

    def update(self, req, image_id, image_meta, source, purge_props):
        image = self.get_image_meta(req, image_id, 'modify_image')
        self.check_request(req, image_meta, source, image)
        if not req.context.is_admin:
            image_meta.pop('owner', None)
        check_state(req.context, image, image_meta, source)
        values = check_formats(image_meta, image, needed=source.data or source.location)
        values['properties'] = self.new_properties(req, image, image_meta, purge_props)
        if (size := self.sources.size_of(req, image_meta, source, image['owner'], image_id)) is not None:
            values['size'] = size
        with self.sources.place_for(req, source) as start:
            limits = self.tools.quotas.limits('properties', 'characters of properties')
            image = self.client(req).update_image(image_id, values, purge_props, image['status'], limits)
            self.tools.notifier.info('image.update', redact(image))
            image = self.sources.give(req, image, image_meta, source, start)
        if not source.copy_from:
            self.update_store_acls(req, image)
        return self.guard(req).readable(image)

    def delete(self, req, image_id):
        """First the record goes, then the bytes: whatever fails, no record promises bytes that are not there."""
        image = self.get_image_meta(req, image_id, 'delete_image')
        check_deletable(image)
        client = self.client(req)
        status = 'pending_delete' if self.tools.options.delayed_delete and image['location'] else 'deleted'
        try:
            deleted = client.delete_image(image_id, status, image['status'])
        except UNANSWERED:
            self.tools.retries.add(functools.partial(self.delete_later, req, client, image, status))
            raise
        self.delete_data(req, client, image, status)
        # As v1 tells it: the record as it was when only its status had changed.
        self.tools.notifier.info('image.delete', redact({**deleted, 'deleted': False, 'deleted_at': None}))

    def delete_later(self, req, client, image, status):
        """Nobody knows whether the registry has done it: ask again, and delete the bytes once it is certain."""
        try:
            client.delete_image(image['id'], status, image['status'])
        except exception.NotFound:
            LOG.debug('image %s was deleted at the first try', image['id'])
        except exception.Duplicate as error:
            LOG.info('image %s is not deleted: %s', image['id'], error.msg)
            return
        self.delete_data(req, client, image, status)

    def delete_data(self, req, client, image, status):
        if image['status'] in ('uploading', 'importing'):  # as only API v2 has it
            self.tools.store_api.unstage(image['id'])
        for place in image['location_data'] if status == 'deleted' else ():
            try:
                self.tools.store_api.safe_delete_from_backend(req.context, place['url'], image['id'])
            except exception.InUseByStore:
                client.restore_image(image['id'], image['status'])
                raise
            except (exception.GlanceException, OSError) as error:
                LOG.warning('data of image %s stays behind: %s', image['id'], error)

    def check_request(self, req, image_meta, source, target):
        """The policy, and the stores' word on names and addresses. target: the image, as far as there is one."""
        for asked, action in (
            (image_meta.get('is_public'), 'publicize_image'),
            (source.location, 'set_image_location'),
            (source.copy_from, 'copy_from'),
            (source.copy_from or source.data, 'upload_image'),
        ):
            if asked:
                self.enforce(req, action, target)
        self.tools.store_api.store_of(source.store or self.tools.store_api.default_store)
        if source.location or source.copy_from:
            self.tools.store_api.check_location_scheme(source.location or source.copy_from)

    def new_properties(self, req, image, image_meta, purge_props):
        old = image['properties']
        properties = self.guard(req).replacement(old, image_meta['properties'], purge_props)
        # An image may have more than a quota that was lowered later: it can still be changed, and made smaller.
        if set(properties) - set(old):
            self.tools.quotas.check_properties(len(properties if purge_props else {**old, **properties}))
        return properties


def values_of_new(context, image_meta, source):
    """The record as it will be stored, but for its size: what the policy is asked about.

    Real: 2014.2 asks about what the client sends, an owner that it may not set included.
    """
    values = complete_formats({**DEFAULTS, **image_meta})
    if not context.is_admin or 'owner' not in values:
        values['owner'] = context.owner
    is_empty = image_meta.get('size') == 0 and not source.has_any()
    return {**values, 'status': 'active' if is_empty else 'queued'}


def check_state(context, image, image_meta, source):
    """What cannot be changed in the state that an image is in: HTTPForbidden, HTTPConflict, HTTPBadRequest."""
    if image['deleted'] or image['status'] == 'deleted':
        raise HTTPForbidden('Forbidden to update a deleted image.')
    if image_meta.pop('status', None) not in (None, image['status']):
        raise HTTPForbidden('Forbidden to modify the status of an image: it follows from what happens to it.')
    if image['status'] != 'queued' and source.data:
        raise HTTPConflict(f'Cannot upload to an unqueued image: it is {image["status"]}.')
    if image['status'] != 'queued' and source.has_any():
        raise HTTPBadRequest(f'The location can be set while an image is queued: this one is {image["status"]}.')
    changed = [name for name in (*FORMATS, *ACTIVE_IMMUTABLE) if image_meta.get(name, image[name]) != image[name]]
    for name in changed:
        if name in FORMATS and image['status'] != 'queued':
            raise HTTPForbidden(
                f'Forbidden to modify the {name} of an image that is not queued: it is {image["status"]}.'
            )
        if name in ACTIVE_IMMUTABLE and image['status'] == 'active' and not context.is_admin:
            raise HTTPForbidden(f'Forbidden to modify the {name} of an active image.')


def check_deletable(image):
    if image['protected']:
        raise exception.ProtectedImageDelete(f'Image {image["id"]} is protected: set protected to false first.')
    if image['deleted'] and image['status'] == 'pending_delete':
        raise HTTPForbidden(f'Forbidden to delete image {image["id"]}: it is pending_delete already.')
    if image['deleted']:
        raise no_image(image['id'])


def create_resource(tools):
    """The WSGI application for a Router's table."""
    deserializer = serializers.RequestDeserializer(tools.options)
    return wsgi.Resource(Controller(tools), deserializer, serializers.ResponseSerializer())
