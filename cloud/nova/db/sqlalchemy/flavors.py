"""The flavors' rows: how large an instance may be, and which projects may use the ones that are not for all.

Use: table = FlavorTable(db_api); table.get('1')['name']  ->  'm1.tiny'
A flavor comes back as a dict of its columns.
Real: nova 2014.2 nova/db/sqlalchemy/api.py flavor_create, flavor_get_all, flavor_get_by_flavor_id, flavor_destroy,
    flavor_access_add, flavor_extra_specs_update_or_create
"""

from sqlalchemy import and_, false, or_, select

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.api_models import flavor_projects, flavors
from cloud.nova.db.sqlalchemy.filters import order_of
from cloud.oslo.utils.timeutils import utcnow
from cloud.oslo.utils.uuidutils import generate_uuid


class FlavorTable:
    """db_api: a Database. FlavorNotFound is raised for an id that no flavor has, or only a deleted one."""

    def __init__(self, db_api):
        self.reading, self.writing = db_api.reading, db_api.writing

    def get_all(
        self, project_id=None, filters=(), sort_keys=('flavorid',), sort_dirs=('asc',), limit=None, marker=None
    ):
        """Flavors that fit. project_id: whose, the public ones among them; None: all there are; filters: conditions on
        columns, as sequence; marker: the flavorid to go on after; MarkerNotFound."""
        conditions = [flavors.c.deleted == false(), *filters]
        if project_id is not None:
            conditions.append(or_(flavors.c.is_public, flavors.c.id.in_(shared_with(project_id))))
        with self.reading() as connection:
            last = marker and self._marker(connection, marker)
            order, behind = order_of(sort_keys, sort_dirs, last or None, flavors)
            page = select(flavors).where(*conditions, *behind).order_by(*order).limit(limit)
            return [dict(row) for row in connection.execute(page).mappings()]

    def _marker(self, connection, flavorid):
        try:
            return find(connection, flavorid)
        except exception.FlavorNotFound:
            raise exception.MarkerNotFound(marker=flavorid) from None

    def get(self, flavorid, project_id=None):
        """One flavor. project_id: if given, one that the project may not use is not found either."""
        with self.reading() as connection:
            return find(connection, flavorid, project_id)

    def get_by_name(self, name):
        """One flavor, or None."""
        with self.reading() as connection:
            row = connection.execute(select(flavors).where(living(flavors.c.name == name))).mappings().first()
            return row and dict(row)

    def names(self, deleted_too=False):
        """The names of all, in the order in which they were made."""
        wanted = select(flavors.c.name).order_by(flavors.c.id)
        with self.reading() as connection:
            return list(connection.scalars(wanted if deleted_too else wanted.where(flavors.c.deleted == false())))

    def first(self):
        """The flavor that was made first; None if there is none."""
        with self.reading() as connection:
            wanted = select(flavors).where(flavors.c.deleted == false()).order_by(flavors.c.id).limit(1)
            row = connection.execute(wanted).mappings().first()
            return row and dict(row)

    def create(self, values, project_id=None):
        """Store a flavor and return it; its flavorid is made if it has none. project_id: who may use it, if it is not
        public. FlavorExists, FlavorIdExists."""
        values = {'flavorid': generate_uuid(), 'created_at': utcnow(), **values}
        with self.writing() as connection:
            for column, error in (('flavorid', exception.FlavorIdExists), ('name', exception.FlavorExists)):
                taken = select(flavors.c.id).where(living(flavors.c[column] == values[column]))
                if connection.scalar(taken) is not None:
                    raise error(flavor_id=values['flavorid'], name=values['name'])
            connection.execute(flavors.insert(), values)
            flavor = find(connection, values['flavorid'])
            if project_id is not None and not flavor['is_public']:
                connection.execute(flavor_projects.insert(), {'flavor_id': flavor['id'], 'project_id': project_id})
            return flavor

    def update(self, flavorid, values):
        with self.writing() as connection:
            flavor = find(connection, flavorid)
            changed = {**values, 'updated_at': utcnow()}
            connection.execute(flavors.update().where(flavors.c.id == flavor['id']).values(changed))
            return {**flavor, **changed}

    def change_extra_specs(self, flavorid, change):
        """change(extra specs, a dict) changes them; what it raises leaves them as they are. Returns them."""
        with self.writing() as connection:
            flavor = find(connection, flavorid)
            specs = dict(flavor['extra_specs'])
            change(specs)
            connection.execute(flavors.update().where(flavors.c.id == flavor['id']).values(extra_specs=specs))
            return specs

    def destroy(self, flavorid):
        with self.writing() as connection:
            flavor = find(connection, flavorid)
            connection.execute(flavors.update().where(flavors.c.id == flavor['id']).values(deleted=True))
            connection.execute(flavor_projects.delete().where(flavor_projects.c.flavor_id == flavor['id']))

    def access(self, flavorid):
        """The projects that may use a flavor which is not public."""
        with self.reading() as connection:
            wanted = flavor_projects.c.flavor_id == find(connection, flavorid)['id']
            return list(connection.scalars(select(flavor_projects.c.project_id).where(wanted).order_by('project_id')))

    def add_access(self, flavorid, project_id):
        """FlavorAccessExists."""
        with self.writing() as connection:
            row = {'flavor_id': find(connection, flavorid)['id'], 'project_id': project_id}
            if connection.scalar(select(flavor_projects.c.flavor_id).where(is_row(row))) is not None:
                raise exception.FlavorAccessExists(flavor_id=flavorid, project_id=project_id)
            connection.execute(flavor_projects.insert(), row)

    def remove_access(self, flavorid, project_id):
        """FlavorAccessNotFound."""
        with self.writing() as connection:
            row = {'flavor_id': find(connection, flavorid)['id'], 'project_id': project_id}
            if not connection.execute(flavor_projects.delete().where(is_row(row))).rowcount:
                raise exception.FlavorAccessNotFound(flavor_id=flavorid, project_id=project_id)


def living(condition):
    return and_(flavors.c.deleted == false(), condition)


def shared_with(project_id):
    return select(flavor_projects.c.flavor_id).where(flavor_projects.c.project_id == project_id)


def is_row(row):
    return and_(*(flavor_projects.c[name] == value for name, value in row.items()))


def find(connection, flavorid, project_id=None):
    wanted = living(flavors.c.flavorid == flavorid)
    if project_id is not None:
        wanted = and_(wanted, or_(flavors.c.is_public, flavors.c.id.in_(shared_with(project_id))))
    row = connection.execute(select(flavors).where(wanted)).mappings().first()
    if row is None:
        raise exception.FlavorNotFound(flavor_id=flavorid, flavors='those that GET /v2.1/flavors lists')
    return dict(row)
