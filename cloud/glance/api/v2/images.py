"""Images: create, list, show, change, delete.

The deserializer reads and checks what a request says, the controller asks the gateway's chain to do it,
the serializer writes the image document. Who may do what, and how much, is the chain's business.

Use: create_resource(gateway, options, schema) is the WSGI application for the routes of /images.
Real: glance 2014.2 glance/api/v2/images.py ImagesController, RequestDeserializer, ResponseSerializer
What a list may be asked for is queries.py's.
"""

import functools
from urllib.parse import quote, urlencode

from webob.exc import HTTPBadRequest, HTTPForbidden

from cloud.glance.api.v2 import image_changes, json_patch, queries
from cloud.glance.api.v2.schemas import INSIDE, READ_ONLY, READ_ONLY_LINKS, RESERVED, SETTABLE
from cloud.glance.async_.flows.api_image_import import METHODS
from cloud.glance.common import exception, paging, wsgi
from cloud.glance.domain import RESERVED_PREFIX
from cloud.oslo.utils.timeutils import isotime

# How many steps a pointer into the locations has; everywhere else it has one.
LOCATION_DEPTH = {'add': 2, 'remove': 2, 'replace': 1}


class ImagesController:
    """The actions, in terms of domain images."""

    def __init__(self, gateway):
        self.gateway = gateway

    def create(self, req, image, extra_properties, tags):
        new = self.gateway.get_image_factory(req.context).new_image(
            extra_properties=extra_properties, tags=tags, **image
        )
        self.gateway.get_repo(req.context).add(new)
        return new

    def index(self, req, page, query):
        """page: the arguments of the repo's list; query: what the client asked, without a marker."""
        repo, limit, marker = self.gateway.get_repo(req.context), page.pop('limit'), page.pop('marker')
        try:
            images, is_full = paging.read_page(
                functools.partial(repo.list, **page, at_most=(paging.ENOUGH, 1)),
                limit,
                marker,
                size_of=lambda image: paging.size_in_json(image.extra_properties),
            )
        except exception.NotFound:
            raise HTTPBadRequest('There is no image for this marker: send the last id you saw.') from None
        return {'images': images, 'query': query, 'next_marker': images[-1].image_id if is_full else None}

    def show(self, req, image_id):
        return self.gateway.get_repo(req.context).get(image_id)

    def update(self, req, image_id, changes):
        """All changes on the domain's image, then one save: so either all are stored or none."""
        repo = self.gateway.get_repo(req.context)
        image = repo.get(image_id)
        self.check_locations_are_shown(changes)
        for change in changes:
            image_changes.apply(image, change)
        if changes:
            repo.save(image)
        return image

    def check_locations_are_shown(self, changes):
        # Real: a later release's answer to CVE-2016-0757; in 2014.2 whoever owned an image could change them unseen.
        if not self.gateway.options.show_multiple_locations and any(
            change.path[0] == 'locations' for change in changes
        ):
            raise HTTPForbidden('The locations of images are not shown here, so they cannot be changed.')

    def delete(self, req, image_id):
        repo = self.gateway.get_repo(req.context)
        image = repo.get(image_id)
        image.delete()
        repo.remove(image)


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    """Reads requests; whatever is wrong with one is found here, before anything is touched."""

    def __init__(self, options, schema):
        self.options = options
        self.schema = schema

    def create(self, req):
        document = wsgi.read_json(req)
        if not isinstance(document, dict):
            raise HTTPBadRequest('The body is not a JSON object: send {"name": ..., ...}.')
        for name in document:
            if name in READ_ONLY_LINKS or name in INSIDE:
                raise HTTPForbidden(f'The property {name} is read-only.')
            check_new_name(name)
        self.schema.validate(document)
        tags = document.pop('tags', [])
        image = {name: document.pop(name) for name in (*SETTABLE, *READ_ONLY) if name in document}
        if 'id' in document:
            image['image_id'] = document.pop('id')
        for name in [name for name in document if document[name] is None and self.schema.takes_null(name)]:
            del document[name]  # null is no value
        return {'image': image, 'extra_properties': document, 'tags': tags}

    def update(self, req):
        changes = json_patch.read_changes(req)
        for change in changes:
            self.check_depth(change)
            if change.op != 'remove':
                self.check_name(change.path[0])
                self.check_value(change)
        return {'changes': changes}

    def check_depth(self, change):
        depth = LOCATION_DEPTH[change.op] if change.path[0] == 'locations' else 1
        if len(change.path) != depth:
            raise HTTPBadRequest(f'The path /{"/".join(change.path)} leads nowhere for {change.op}.'[:300])

    def check_name(self, name):
        if name == 'id' or name in READ_ONLY or name in READ_ONLY_LINKS:
            raise HTTPForbidden(f'The property {name} is read-only.')
        if name in RESERVED or name in INSIDE:
            raise HTTPForbidden(f'The property {name} is reserved.')
        check_new_name(name)

    def check_value(self, change):
        in_list = len(change.path) == 2
        self.schema.validate({change.path[0]: [change.value] if in_list else change.value})

    def index(self, req):
        query = wsgi.read_query(req)
        page = queries.read_page(query, self.options)
        query.pop('marker', None)
        return {'page': page, 'query': query}


def check_new_name(name):
    if name.startswith(RESERVED_PREFIX):
        raise HTTPForbidden(f'Names that begin with {RESERVED_PREFIX} are reserved for the service.')
    # A pointer's tokens are trimmed: what has space around it could never be changed again.
    if not 1 <= len(name) <= 255 or name != name.strip():
        raise HTTPBadRequest('The name of a property is empty, too long, or has space around it: use 1 to 255 letters.')


class ResponseSerializer(wsgi.JSONResponseSerializer):
    """Writes image documents."""

    def __init__(self, options, schema):
        self.options = options
        self.schema = schema

    def create(self, response, image):
        response.status = 201
        self.default(response, image)
        response.location = path_of(image)
        response.headers['OpenStack-image-import-methods'] = ','.join(METHODS)

    def index(self, response, result):
        query = result['query']
        document = {
            'images': [self.document(image) for image in result['images']],
            'first': path_of_list(query),
            'schema': '/v2/schemas/images',
        }
        if result['next_marker']:
            query.add('marker', result['next_marker'])
            document['next'] = path_of_list(query)
        wsgi.write_json(response, document)

    def default(self, response, image):
        super().default(response, image and self.document(image))

    def document(self, image):
        """The image as its schema describes it; what is not known (None) is left out, or by the option it is null."""
        path = path_of(image)
        document = {
            **self.properties(image),
            **image.fields(SHOWN),
            'id': image.image_id,
            'tags': sorted(image.tags),
            'created_at': isotime(image.created_at),
            'updated_at': isotime(image.updated_at),
            'self': path,
            'file': f'{path}/file',
            'schema': '/v2/schemas/image',
        }
        self.show_locations(document, image)
        if self.options.show_unset_properties:
            return document | {'os_hidden': bool(image.os_hidden)}
        return {name: value for name, value in document.items() if value is not None}

    def properties(self, image):
        """Its properties, but for what API v1 lets one set and this version's clients could not read.

        A name that means where the bytes are, and what breaks the published schema: an empty kernel_id is none.
        """
        return {
            name: text
            for name, text in image.extra_properties.items()
            if text is not None and name not in ('direct_url', 'locations') and self.schema.fits(name, text)
        }

    def show_locations(self, document, image):
        if not (self.options.show_multiple_locations or self.options.show_image_direct_url):
            return
        try:
            locations = [{'url': place['url'], 'metadata': place['metadata']} for place in image.locations]
        except exception.Forbidden:  # by the policy get_image_location: the rest of the document may be seen
            locations = []
        if self.options.show_multiple_locations:
            document['locations'] = locations
        if self.options.show_image_direct_url and locations:
            document['direct_url'] = locations[0]['url']


# In the order of 2014.2; what has come since, behind it.
SHOWN = ('name', 'visibility', 'protected', 'min_disk', 'min_ram', 'disk_format', 'container_format', 'status',
         'checksum', 'owner', 'size', 'virtual_size', 'os_hidden', 'os_hash_algo', 'os_hash_value')  # fmt: skip


def path_of(image):
    return f'/v2/images/{quote(image.image_id)}'


def path_of_list(query):
    return f'/v2/images?{urlencode(list(query.items()))}' if query else '/v2/images'


def create_resource(gateway, options, schema):
    """The WSGI application for a Router's table. schema: of an image."""
    deserializer = RequestDeserializer(options, schema)
    return wsgi.Resource(ImagesController(gateway), deserializer, ResponseSerializer(options, schema))
