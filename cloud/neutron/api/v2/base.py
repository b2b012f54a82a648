"""The two things that can be done with a collection: list it, and show one of it.

    GET /v2.0/networks?name=private&fields=id  ->  {"networks": [{"id": ...}]}

Use: Controller(Plugin()), as the router's `resource`
Real: neutron 2014.2 neutron/api/v2/base.py Controller; neutron/api/api_common.py get_filters
Left out: create, update, delete: they are 405.
"""

import wsgi
from cloud.oslo.utils.strutils import is_whole_number, whole_number

KNOWN = ('fields', 'limit', 'marker', 'page_reverse', 'sort_key', 'sort_dir')  # in a query, and no filters
TYPES = {400: 'BadRequest', 401: 'HTTPUnauthorized', 404: 'HTTPNotFound', 405: 'HTTPMethodNotAllowed'}


def fault(code, message, headers=(), kind=None):
    """An error in neutron's shape, as a Response."""
    error = {'type': kind or TYPES.get(code, 'HTTPInternalServerError'), 'message': message, 'detail': ''}
    response = wsgi.answer({'NeutronError': error}, code)
    response.headers.update(headers)
    return response


class Controller(wsgi.Resource):
    """plugin: what each project has."""

    def __init__(self, plugin):
        self.plugin = plugin

    def root(self, req):
        """What collections there are."""
        links = {kind: f'{req.application_url}/{dashed(kind)}' for kind in self.plugin.kinds}
        resources = [
            {'name': singular(kind), 'collection': kind, 'links': [{'rel': 'self', 'href': link}]}
            for kind, link in links.items()
        ]
        return {'resources': resources}

    def index(self, req, collection):
        kind = collection.replace('-', '_')
        if kind not in self.plugin.kinds:
            return not_here(collection)
        try:
            query = wsgi.read_query(req)
        except wsgi.HTTPBadRequest as refusal:
            return fault(400, refusal.detail)
        rows = [row for row in self.owned(req, kind, query) if is_wanted(row, query)]
        return {kind: [chosen(row, query.getall('fields')) for row in page(rows, query)]}

    def show(self, req, collection, resource_id):
        kind = collection.replace('-', '_')
        if kind not in self.plugin.kinds:
            return not_here(collection)
        for row in self.plugin.resources(kind, req.environ['neutron.context'].tenant_id):
            if resource_id in (row.get('id'), row.get('alias')):
                return {singular(kind): row}
        noun = singular(kind).title().replace('_', '')
        return fault(404, f'{noun} {resource_id} could not be found.', kind=f'{noun}NotFound')

    def quota(self, req, project_id):
        return {'quota': self.plugin.quota()}

    def owned(self, req, kind, query):
        """What the caller has; an admin may ask for what another project has."""
        context = req.environ['neutron.context']
        asked = query.get('project_id') or query.get('tenant_id')
        return self.plugin.resources(kind, asked if asked and context.is_admin else context.tenant_id)


def not_here(collection):
    return fault(404, f'The resource could not be found: there are no {collection} here.')


def singular(kind):
    return kind.removesuffix('s')


def dashed(kind):
    return kind.replace('_', '-')


def is_wanted(row, query):
    """Whether the row has, of each name in the query, one of the values there."""
    names = [name for name in dict.fromkeys(query) if name not in KNOWN and name in row]
    return all(text_of(row[name]) in map(str.lower, query.getall(name)) for name in names)


def text_of(value):
    return str(value).lower()


def page(rows, query):
    """The rows after the marker, as many as the limit says."""
    ids = [row.get('id') for row in rows]
    start = ids.index(query['marker']) + 1 if 'marker' in query and query['marker'] in ids else 0
    limit = query.get('limit', '')
    return rows[start : start + whole_number(limit)] if is_whole_number(limit) and whole_number(limit) else rows[start:]


def chosen(row, fields):
    return {name: value for name, value in row.items() if name in fields} if fields else row
