"""nova.db: what compute asks of its database, one transaction a question.

Use: db_api = Database('sqlite:////tmp/nova.sqlite')
     db_api.instance_create({'display_name': 'web', 'status': BUILD, ...})['uuid']
An instance comes back as a dict of its columns.
Real: nova 2013-04 (c8067d1b70) nova/db/sqlalchemy/api.py: functions there, and the engine is a module global
Left out: who may do what: there each function takes the caller's context. Here compute.api decides, and asks for the
    instances of one project.
"""

import uuid

from sqlalchemy import false, func, select, union_all
from sqlalchemy.exc import IntegrityError

from cloud.nova import exception
from cloud.nova.db.sqlalchemy import api_models, migration
from cloud.nova.db.sqlalchemy.models import instances, s3_images
from cloud.oslo.db.sqlalchemy.session import DBError, Session
from cloud.oslo.utils.timeutils import utcnow

BUILD, ACTIVE, ERROR = 'BUILD', 'ACTIVE', 'ERROR'  # what an instance's status may be


class Database:
    """One database, for any number of threads; each write happens as a whole or not at all.

    sql_connection: an SQLAlchemy URL; ValueError if there is no such database to be had.
    InstanceNotFound is raised for a uuid that no instance has, or none that is not deleted.
    """

    def __init__(self, sql_connection):
        self.session = Session(sql_connection, api_models.metadata)
        try:
            migration.upgrade(self.session)
        except DBError as error:
            raise ValueError(f'sql_connection: {error}') from None
        self.reading, self.writing, self.close = self.session.reading, self.session.writing, self.session.close

    def instance_create(self, values, check_quota=None):
        """Store an instance and return it. values: columns by name; a uuid is made if there is none.

        check_quota: called with how many instances the project has already; what it raises passes, and nothing is
        stored. No other instance comes in between, since a transaction that writes is alone.
        """
        now = utcnow()
        columns = {'uuid': str(uuid.uuid4()), 'created_at': now, 'updated_at': now, **values}
        with self.writing() as connection:
            if check_quota is not None:
                check_quota(count(connection, columns['project_id']))
            connection.execute(instances.insert(), columns)
            return find(connection, columns['uuid'])

    def instance_get_by_uuid(self, instance_uuid, read_deleted=False):
        with self.reading() as connection:
            return find(connection, instance_uuid, read_deleted)

    def instance_get_all(self, marker=None, limit=None):
        """The instances in the order of creation. marker: the uuid of the one to go on after; limit: how many."""
        with self.reading() as connection:
            wanted = select(instances).where(*after(connection, marker)).order_by(instances.c.id).limit(limit)
            return [dict(row) for row in connection.execute(wanted).mappings()]

    def instance_get_all_by_project(self, project_id, marker=None, limit=None):
        """The same of one project's instances, and of those that belong to nobody. The marker is one of them."""
        with self.reading() as connection:
            wanted = after(connection, marker, projects=(project_id, None))
            # Each half starts at the marker in an index, and the database merges them; an OR it would have to sort.
            halves = [select(instances).where(*wanted, instances.c.project_id == owner) for owner in {project_id, None}]
            merged = union_all(*halves).order_by('id').limit(limit)
            return [dict(row) for row in connection.execute(merged).mappings()]

    def instance_update(self, instance_uuid, values):
        """Change the columns that values names, and return the instance."""
        with self.writing() as connection:
            return change(connection, instance_uuid, values)

    def instance_destroy(self, instance_uuid):
        """Mark the instance as deleted, and return it as it was."""
        with self.writing() as connection:
            instance = find(connection, instance_uuid)
            change(connection, instance_uuid, {'deleted': True, 'deleted_at': utcnow()})
            return instance

    def instance_get_all_by_status(self, status):
        wanted = select(instances).where(instances.c.deleted == false(), instances.c.status == status)
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(wanted.order_by(instances.c.id)).mappings()]

    def is_new(self):
        """Whether there never was an instance."""
        with self.reading() as connection:
            return connection.scalar(select(instances.c.id).limit(1)) is None

    def s3_image_get(self, image_id):
        """{'id': ..., 'uuid': ...} for a number; ImageNotFound if it has been given to no image."""
        if image_id >= 2**63:  # what no database could keep
            raise exception.ImageNotFound(image_id=f'{image_id:#x}')  # Python writes no decimals this long
        return self._s3_image(s3_images.c.id == image_id, image_id)

    def s3_image_get_by_uuid(self, image_uuid):
        """The same for the image's id; ImageNotFound if it has no number yet."""
        return self._s3_image(s3_images.c.uuid == image_uuid, image_uuid)

    def s3_image_create(self, image_uuid):
        """Give the image a number, the next one, and return both; if another thread was faster, what it gave."""
        try:
            with self.writing() as connection:
                connection.execute(s3_images.insert(), {'uuid': image_uuid})
        except IntegrityError:
            pass
        return self.s3_image_get_by_uuid(image_uuid)

    def _s3_image(self, condition, wanted):
        with self.reading() as connection:
            row = connection.execute(select(s3_images).where(condition)).mappings().first()
        if row is None:
            raise exception.ImageNotFound(image_id=wanted)
        return dict(row)


def count(connection, project_id):
    owned = instances.c.deleted == false(), instances.c.project_id == project_id
    return connection.scalar(select(func.count()).where(*owned))


def after(connection, marker, projects=None):
    """Conditions for what comes after the marker (None: for all). projects: who may own it, or None: anybody."""
    there = [instances.c.deleted == false()]
    if marker is None:
        return there
    last = find(connection, marker)
    if projects is not None and last['project_id'] not in projects:
        raise exception.InstanceNotFound(instance_id=marker)
    return [*there, instances.c.id > last['id']]


def find(connection, instance_uuid, read_deleted=False):
    row = connection.execute(select(instances).where(instances.c.uuid == instance_uuid)).mappings().first()
    if row is None or row['deleted'] and not read_deleted:
        raise exception.InstanceNotFound(instance_id=instance_uuid)
    return dict(row)


def change(connection, instance_uuid, values):
    condition = (instances.c.uuid == instance_uuid, instances.c.deleted == false())
    connection.execute(instances.update().where(*condition).values({'updated_at': utcnow(), **values}))
    return find(connection, instance_uuid, read_deleted=values.get('deleted', False))
