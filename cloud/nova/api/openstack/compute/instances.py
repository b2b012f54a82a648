"""The lesson's instances over HTTP: the ground floor's five actions, with a database and images to boot from.

    POST {"name": "web", "image": ID or URL, "flavor": "m1.tiny"}  ->  202, BUILD; later ACTIVE, or ERROR and a fault
    POST {"name": "web"}                                           ->  201, ACTIVE
    GET ?all_tenants=1, by an admin                                ->  200, the instances of all tenants

The same instances as /v2.1/servers shows, with less to say about each: read this first, then servers.py.
Pages, names, and the next page's link are read and written by the ground floor's own functions.
Real: nova 2013-04 (c8067d1b70) nova/api/openstack/compute/servers.py Controller, nova/api/openstack/compute/views/
    servers.py ViewBuilder; there image and flavor are imageRef and flavorRef, and shown as ids with links
Left out: everything else that the real one does to a server.
"""

from webob.exc import HTTPBadRequest, HTTPServiceUnavailable, status_map

import wsgi
from cloud.nova import exception, policy
from cloud.nova.api.openstack.common import status_from_state
from cloud.nova.compute import vm_states
from cloud.nova.context import RequestContext
from cloud.nova.utils import is_uuid_like
from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.messaging import MessagingException
from cloud.oslo.utils.strutils import bool_from_string
from cloud.oslo.utils.timeutils import isotime
from controllers import next_page, read_name, read_page
from wsgi import answer, read_fields, read_query

NO_IMAGE = "The field 'image' is {}: send an image's id, or leave the field out for an instance without an image."

# Not found, but named in the body: that is wrong then, and the path is right.
NAMED_IN_BODIES = (exception.ImageNotFound, exception.FlavorNotFound)


class Controller(wsgi.Resource):
    """The instances of compute_api, a compute.api.API; in a new database, the ground floor's three are there.

    max_limit: instances on a page.
    """

    def __init__(self, compute_api, max_limit=1000):
        self.compute_api = compute_api
        self.max_limit = max_limit
        if compute_api.is_new():
            create_first(compute_api)

    def perform(self, req, action, variables):
        """Actions find the RequestContext in req.context, and may raise any NovaException."""
        req.context = req.environ['nova.context']
        try:
            return super().perform(req, action, variables)
        except (DBError, MessagingException) as error:
            raise HTTPServiceUnavailable(str(error)) from None
        except exception.NovaException as error:
            code = 400 if isinstance(error, NAMED_IN_BODIES) else error.code
            if code == 500:
                raise
            raise status_map[code](str(error)) from error

    def index(self, req):
        limit, marker = read_page(req, self.max_limit)
        try:
            instances = self.compute_api.get_all(req.context, marker, limit + 1, read_all_tenants(req))
        except exception.InstanceNotFound:
            message = f'There is no instance {marker} to go on after: send the last id you saw.'
            raise HTTPBadRequest(message) from None
        page = {'instances': [view(instance) for instance in instances[:limit]]}
        if len(instances) > limit:
            page['instances_links'] = [{'rel': 'next', 'href': next_page(req, instances[limit - 1]['uuid'])}]
        return page

    def create(self, req):
        policy.enforce(req.context, policy.V21 + 'servers:create')
        fields = read_fields(req, 'instance')
        name, image_id, flavor_name = read_name(fields), read_image(fields), read_flavor(fields)
        instance = self.compute_api.create(req.context, name, image_id, flavor_name)
        response = answer({'instance': view(instance)}, 201 if image_id is None else 202)
        response.location = f'{req.path_url}/{instance["uuid"]}'
        return response

    def show(self, req, instance_id):
        return {'instance': view(self.compute_api.get(req.context, instance_id))}

    def update(self, req, instance_id):
        policy.enforce(req.context, policy.V21 + 'servers:update')
        self.compute_api.get_own(req.context, instance_id)
        name = read_name(read_fields(req, 'instance'))
        return {'instance': view(self.compute_api.rename(req.context, instance_id, name))}

    def delete(self, req, instance_id):
        policy.enforce(req.context, policy.V21 + 'servers:delete')
        self.compute_api.delete(req.context, instance_id)


def create_first(compute_api):
    """The instances that are there at the first start, of nobody and without an image."""
    for number in range(3):
        compute_api.create(RequestContext(), f'inst-{number}')


def view(instance):
    """The instance, a row of the database, as clients see it."""
    shown = {
        'id': instance['uuid'],
        'name': instance['display_name'],
        'status': status_from_state(instance['vm_state'], instance['task_state']),
        'image': instance['image_ref'],
        'flavor': instance['flavor']['name'],
        'created': isotime(instance['created_at']),
    }
    fault = instance['fault']
    if fault and instance['vm_state'] == vm_states.ERROR:
        shown['fault'] = {'code': fault['code'], 'message': fault['message'], 'created': fault['created_at']}
    return shown


def read_all_tenants(req):
    """Whether the query asks for the instances of all tenants; HTTPBadRequest. Named without a value, it does."""
    text = read_query(req).get('all_tenants') if req.query_string else None
    try:
        return text is not None and (text == '' or bool_from_string(text))
    except ValueError:
        raise HTTPBadRequest(f'all_tenants={text} is neither true nor false: send all_tenants=1.') from None


def read_image(fields):
    """The id of the image in a body's fields, or None if it is not there; HTTPBadRequest, InvalidImageRef."""
    if 'image' not in fields:
        return None
    if not isinstance(fields['image'], str) or not fields['image']:
        raise HTTPBadRequest(NO_IMAGE.format('empty' if fields['image'] == '' else 'not text'))
    return image_uuid_from_href(fields['image'])


def image_uuid_from_href(image_href):
    """The id at the end of a URL, or all of an id. Whose URL it is does not matter: nobody goes there."""
    image_uuid = image_href.split('/')[-1]
    if not is_uuid_like(image_uuid):
        raise exception.InvalidImageRef(image_href=image_href)
    return image_uuid


def read_flavor(fields):
    """The name of the flavor in a body's fields, or None if it is not there; HTTPBadRequest."""
    if 'flavor' not in fields:
        return None
    name = fields['flavor']
    if not isinstance(name, str) or not name:
        raise HTTPBadRequest("The field 'flavor' is not a name: send one as text, or leave the field out.")
    return name
