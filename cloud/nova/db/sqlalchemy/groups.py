"""The server groups' rows, and which instances are in them.

Use: table = GroupTable(db_api); table.get(uuid)['policy']  ->  'anti-affinity'
Real: nova 2014.2 nova/db/sqlalchemy/api.py instance_group_create, instance_group_get, instance_group_delete,
    instance_group_members_add
"""

from sqlalchemy import func, select

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.api_models import instance_group_member, instance_groups
from cloud.nova.db.sqlalchemy.models import instances
from cloud.oslo.utils.timeutils import utcnow
from cloud.oslo.utils.uuidutils import generate_uuid


class GroupTable:
    """db_api: a Database. InstanceGroupNotFound for a uuid that no group of the project has (None: of any)."""

    def __init__(self, db_api):
        self.reading, self.writing = db_api.reading, db_api.writing

    def create(self, values, allowed):
        """Store a group and return it. allowed: how many a project may have, or -1; ServerGroupLimitExceeded."""
        row = {'uuid': generate_uuid(), 'created_at': utcnow(), **values}
        with self.writing() as connection:
            if 0 <= allowed <= count(connection, row['project_id']):
                raise exception.ServerGroupLimitExceeded()
            connection.execute(instance_groups.insert(), row)
            return find(connection, row['uuid'])

    def get(self, group_uuid, project_id=None):
        with self.reading() as connection:
            return find(connection, group_uuid, project_id)

    def get_all(self, project_id=None, limit=None, offset=0):
        """The groups in the order in which they were made; of all projects for None."""
        wanted = select(instance_groups).order_by(instance_groups.c.id).limit(limit).offset(offset)
        if project_id is not None:
            wanted = wanted.where(instance_groups.c.project_id == project_id)
        with self.reading() as connection:
            rows = [dict(row) for row in connection.execute(wanted).mappings()]
            return [{**row, 'members': members(connection, row['id'])} for row in rows]

    def destroy(self, group_uuid, project_id=None):
        with self.writing() as connection:
            group = find(connection, group_uuid, project_id)
            for table, column in ((instance_group_member, 'group_id'), (instance_groups, 'id')):
                connection.execute(table.delete().where(table.c[column] == group['id']))

    def add_members(self, group_uuid, uuids, allowed, project_id=None):
        """Put instances into a group. allowed: how many it may have, or -1; GroupMembersExceeded."""
        with self.writing() as connection:
            group = find(connection, group_uuid, project_id)
            if 0 <= allowed < len(group['members']) + len(uuids):
                raise exception.ServerGroupMembersExceeded()
            rows = [{'group_id': group['id'], 'instance_uuid': each} for each in uuids]
            connection.execute(instance_group_member.insert(), rows)

    def of_instance(self, instance_uuid):
        """The uuids of the groups that the instance is in: one, or none."""
        joined = instance_groups.join(instance_group_member)
        wanted = select(instance_groups.c.uuid).select_from(joined)
        with self.reading() as connection:
            return list(connection.scalars(wanted.where(instance_group_member.c.instance_uuid == instance_uuid)))

    def count(self, project_id):
        with self.reading() as connection:
            return count(connection, project_id)


def count(connection, project_id):
    return connection.scalar(select(func.count()).where(instance_groups.c.project_id == project_id))


def find(connection, group_uuid, project_id=None):
    wanted = select(instance_groups).where(instance_groups.c.uuid == group_uuid)
    if project_id is not None:
        wanted = wanted.where(instance_groups.c.project_id == project_id)
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise exception.InstanceGroupNotFound(group_uuid=group_uuid)
    return {**row, 'members': members(connection, row['id'])}


def members(connection, group_id):
    """The uuids of the group's instances that are not deleted."""
    wanted = select(instances.c.uuid).join(
        instance_group_member, instance_group_member.c.instance_uuid == instances.c.uuid
    )
    living = instance_group_member.c.group_id == group_id, instances.c.deleted.is_(False)
    return list(connection.scalars(wanted.where(*living).order_by(instances.c.id)))
