"""The flavors over HTTP: what everybody may choose from, and what an admin adds to it.

Real: nova 2014.2 nova/api/openstack/compute/flavors.py, nova/api/openstack/compute/contrib/flavormanage.py
"""

from webob.exc import HTTPBadRequest

from cloud.nova import exception, policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import pages, wsgi
from cloud.nova.api.openstack.compute.schemas import flavors as schemas
from cloud.nova.api.openstack.compute.views import flavors as views
from cloud.nova.db.sqlalchemy.api_models import flavors as columns
from cloud.oslo.utils.strutils import bool_from_string

MANAGE = 'os_compute_api:os-flavor-manage:'
QUERY = {'2.1': schemas.index_query, '2.75': schemas.index_query_v275}


class FlavorsController(wsgi.Resource):
    """flavors: compute's Flavors; max_limit: flavors on a page."""

    def __init__(self, flavors, max_limit=1000):
        self.table = flavors.table
        self.max_limit = max_limit

    @validation.query_schema(QUERY)
    @wsgi.bad_request(exception.MarkerNotFound)
    def index(self, req):
        return self._page(req, 'flavors', views.basic)

    @validation.query_schema(QUERY)
    @wsgi.bad_request(exception.MarkerNotFound)
    def detail(self, req):
        return self._page(req, 'flavors/detail', views.show)

    def _page(self, req, collection, view):
        limit, marker = pages.page_of(req, self.max_limit)
        sort_keys, sort_dirs = pages.sorting_of(req, ['flavorid'], 'asc')
        sort_keys = [key for key in sort_keys if key in columns.c]
        owner, filters = self._filters(req)
        found = self.table.get_all(owner, filters, sort_keys, sort_dirs, limit, marker) if limit else []
        document = {'flavors': [view(req, flavor) for flavor in found]}
        return pages.with_links(document, req, 'flavors', collection, limit, [each['flavorid'] for each in found])

    def _filters(self, req):
        """(the project whose flavors are meant, or None for all that there are; conditions on columns)."""
        minimums = (('minRam', columns.c.memory_mb), ('minDisk', columns.c.root_gb))
        filters = [column >= number_of(req, name) for name, column in minimums if name in req.GET]
        if not req.context.is_admin:
            return req.context.project_id, [*filters, columns.c.disabled.is_(False)]
        is_public = parse_is_public(req.GET.get('is_public'))
        if is_public is not None:
            filters.append(columns.c.is_public.is_(is_public))
        return None, filters

    def show(self, req, id):
        owner = None if req.context.is_admin else req.context.project_id
        return {'flavor': views.show(req, self.table.get(id, owner))}

    @validation.schema({'2.0': schemas.create_v20, '2.1': schemas.create, '2.55': schemas.create_v255})
    def create(self, req, body):
        policy.enforce(req.context, MANAGE + 'create')
        flavor = self.table.create(values_of(body['flavor']), req.context.project_id)
        return {'flavor': views.show(req, flavor)}

    @wsgi.api_version('2.55')
    @validation.schema({'2.55': schemas.update_v255})
    def update(self, req, id, body):
        policy.enforce(req.context, MANAGE + 'update')
        flavor = self.table.update(id, {'description': body['flavor']['description']})
        return {'flavor': views.show(req, flavor)}

    @wsgi.response(202)
    def delete(self, req, id):
        policy.enforce(req.context, MANAGE + 'delete')
        self.table.destroy(id)


def number_of(req, name):
    text = req.GET[name]
    try:
        number = int(text)
    except ValueError:
        raise HTTPBadRequest(f'Invalid {name} filter [{text}]') from None
    return max(min(number, 2**62), -(2**62))


def parse_is_public(text):
    """What an admin asks for: public ones (True, and if nothing is said), private ones (False), all (None)."""
    if text is None:
        return True
    if text.strip().lower() == 'none':
        return None
    try:
        return bool_from_string(text)
    except ValueError:
        raise HTTPBadRequest(f'Invalid is_public filter [{text}]') from None


def values_of(sent):
    """A flavor's columns out of a body that its schema has let pass."""
    values = {
        'name': sent['name'].strip(),
        'memory_mb': int(sent['ram']),
        'vcpus': int(sent['vcpus']),
        'root_gb': int(sent['disk']),
        'ephemeral_gb': int(sent.get('OS-FLV-EXT-DATA:ephemeral', 0)),
        'swap': int(sent.get('swap', 0)),
        'rxtx_factor': float(sent.get('rxtx_factor', 1.0)),
        'is_public': sent.get('os-flavor-access:is_public', True) in (True, *TRUE),
        'description': sent.get('description'),
    }
    if sent.get('id') not in (None, 'auto'):
        values['flavorid'] = str(sent['id'])
    return values


TRUE = ('True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', 'y', 't')
