"""Services, their endpoints, and regions.

Use: ServiceV3(database), EndpointV3(database), RegionV3(database), as the router's `service`, `endpoint` and `region`
Real: keystone 2015.1 keystone/catalog/controllers.py ServiceV3, EndpointV3, RegionV3
"""

from sqlalchemy import select

from cloud.keystone import exception
from cloud.keystone.common import sql
from cloud.keystone.common.controller import V3Controller, split
from cloud.keystone.common.validation import BOOLEAN, NAME, TEXT, noun
from cloud.keystone.common.wsgi import read_body

URL = {'type': 'string', 'minLength': 1, 'maxLength': 2048, 'pattern': '^[a-zA-Z0-9+.-]+:.+'}
INTERFACE = {'type': 'string', 'enum': ['admin', 'internal', 'public']}
REGION_ID = {'type': ['string', 'null'], 'maxLength': 255}


class Rows(V3Controller):
    """Create, get, list, update and delete rows of one table. schema: of the fields; must: those that must be there."""

    table, schema, must, columns = None, {}, (), ()

    def get(self, row_id):
        with self.database.reading() as connection:
            return sql.find_or_fail(connection, self.table, row_id)

    def all(self, req):
        with self.database.reading() as connection:
            rows = connection.execute(select(self.table).order_by(self.table.c.id)).mappings().all()
        return self.wrap_collection(req, rows)

    def create(self, req):
        known, extra = split(self.read(req, noun(self.member_name, self.schema, self.must)), self.columns)
        with self.database.writing() as connection:
            self.check(connection, known)
            row = sql.insert(connection, self.table, {'id': sql.new_id(), **known, 'extra': extra})
        return self.wrap_member(req, row, 201)

    def update(self, req, row_id):
        before = self.get(row_id)
        known, extra = split(self.read(req, noun(self.member_name, self.schema)), self.columns)
        with self.database.writing() as connection:
            self.check(connection, known)
            row = sql.change(connection, self.table, row_id, {**known, 'extra': {**before['extra'], **extra}})
        return self.wrap_member(req, row)

    def delete(self, row_id):
        self.get(row_id)
        with self.database.writing() as connection:
            self.remove(connection, row_id)
            connection.execute(self.table.delete().where(self.table.c.id == row_id))

    def check(self, connection, known):
        """Raise what is wrong with the fields, beyond their schema."""

    def remove(self, connection, row_id):
        """What goes with the row."""


class ServiceV3(Rows):
    collection_name, member_name, table = 'services', 'service', sql.service
    schema = {
        'type': NAME,
        'name': {'type': ['string', 'null'], 'maxLength': 255},
        'enabled': BOOLEAN,
        'description': TEXT,
    }
    must, columns, filters = ('type',), ('type', 'enabled'), ('type', 'name')

    def view(self, req, row):
        return {'name': '', **row['extra'], 'id': row['id'], 'type': row['type'], 'enabled': row['enabled']}

    def list_services(self, req):
        return self.all(req)

    def get_service(self, req, service_id):
        return self.wrap_member(req, self.get(service_id))

    def create_service(self, req):
        return self.create(req)

    def update_service(self, req, service_id):
        return self.update(req, service_id)

    def delete_service(self, req, service_id):
        self.delete(service_id)

    def remove(self, connection, row_id):
        connection.execute(sql.endpoint.delete().where(sql.endpoint.c.service_id == row_id))


class EndpointV3(Rows):
    collection_name, member_name, table = 'endpoints', 'endpoint', sql.endpoint
    schema = {
        'interface': INTERFACE, 'region': REGION_ID, 'region_id': REGION_ID, 'service_id': NAME, 'url': URL,
        'enabled': BOOLEAN,
    }  # fmt: skip
    must = ('interface', 'service_id', 'url')
    columns = ('interface', 'region_id', 'service_id', 'url', 'enabled')
    filters = ('interface', 'service_id', 'region_id')

    def view(self, req, row):
        ours = {name: row[name] for name in ('id', *self.columns)}
        return {**row['extra'], **ours, 'region': row['region_id']}

    def read(self, req, schema):
        values = super().read(req, schema)
        region = values.pop('region', None)
        return {'region_id': region, **values} if region else values

    def check(self, connection, known):
        if 'service_id' in known and sql.find(connection, sql.service, known['service_id']) is None:
            raise exception.ValidationError(f'Could not find service: {known["service_id"]}.')
        region_id = known.get('region_id')
        if region_id and sql.find(connection, sql.region, region_id) is None:
            sql.insert(connection, sql.region, {'id': region_id, 'description': '', 'extra': {}})

    def list_endpoints(self, req):
        return self.all(req)

    def get_endpoint(self, req, endpoint_id):
        return self.wrap_member(req, self.get(endpoint_id))

    def create_endpoint(self, req):
        return self.create(req)

    def update_endpoint(self, req, endpoint_id):
        return self.update(req, endpoint_id)

    def delete_endpoint(self, req, endpoint_id):
        self.delete(endpoint_id)


class RegionV3(Rows):
    collection_name, member_name, table = 'regions', 'region', sql.region
    schema = {'id': {'type': 'string', 'maxLength': 255}, 'description': TEXT, 'parent_region_id': REGION_ID}
    columns, filters = ('id', 'description', 'parent_region_id'), ('parent_region_id',)

    def view(self, req, row):
        description = row['description'] or ''
        ours = {'id': row['id'], 'description': description, 'parent_region_id': row['parent_region_id']}
        return {**row['extra'], **ours}

    def list_regions(self, req):
        return self.all(req)

    def get_region(self, req, region_id):
        return self.wrap_member(req, self.get(region_id))

    def create_region(self, req):
        return self.create(req)

    def create_region_with_id(self, req, region_id):
        if wanted_id(req) not in (None, region_id):
            raise exception.ValidationError('The id in the body is not that in the path: send one of them.')
        region = read_body(req).setdefault('region', {})
        if isinstance(region, dict):
            region['id'] = region_id
        return self.create(req)

    def update_region(self, req, region_id):
        return self.update(req, region_id)

    def delete_region(self, req, region_id):
        self.delete(region_id)

    def read(self, req, schema):
        """A region may be called what its maker likes."""
        values = super().read(req, schema)
        wanted = wanted_id(req)
        return {**values, 'id': wanted} if wanted and req.method in ('POST', 'PUT') else values

    def check(self, connection, known):
        parent = known.get('parent_region_id')
        if parent:
            sql.find_or_fail(connection, sql.region, parent)

    def remove(self, connection, row_id):
        below = select(sql.region.c.id).where(sql.region.c.parent_region_id == row_id).limit(1)
        used = select(sql.endpoint.c.id).where(sql.endpoint.c.region_id == row_id).limit(1)
        if connection.scalar(below) or connection.scalar(used):
            raise exception.ForbiddenAction(
                f'Unable to delete region {row_id} because it or its child regions have associated endpoints'
            )


def wanted_id(req):
    region = read_body(req).get('region')
    return region.get('id') if isinstance(region, dict) else None
