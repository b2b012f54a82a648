"""Users, groups, and who is in which.

Use: with database.writing() as connection: remove_user(connection, user_id)
Real: keystone 2015.1 keystone/identity/backends/sql.py
"""

from sqlalchemy import select

from cloud.keystone.assignment.backends import sql as assignments
from cloud.keystone.common import sql
from cloud.keystone.common.sql import group, membership, user


def list_users(database, *conditions):
    with database.reading() as connection:
        wanted = select(user).where(*conditions).order_by(user.c.name, user.c.id)
        return connection.execute(wanted).mappings().all()


def list_users_in_group(database, group_id):
    return list_users(database, user.c.id.in_(select(membership.c.user_id).where(membership.c.group_id == group_id)))


def list_groups(database, *conditions):
    with database.reading() as connection:
        wanted = select(group).where(*conditions).order_by(group.c.name, group.c.id)
        return connection.execute(wanted).mappings().all()


def list_groups_for_user(database, user_id):
    return list_groups(database, group.c.id.in_(select(membership.c.group_id).where(membership.c.user_id == user_id)))


def is_in_group(connection, user_id, group_id):
    same = membership.c.user_id == user_id, membership.c.group_id == group_id
    return connection.scalar(select(membership.c.user_id).where(*same)) is not None


def add_user_to_group(connection, user_id, group_id):
    if not is_in_group(connection, user_id, group_id):
        connection.execute(membership.insert(), {'user_id': user_id, 'group_id': group_id})


def remove_user_from_group(connection, user_id, group_id):
    same = membership.c.user_id == user_id, membership.c.group_id == group_id
    connection.execute(membership.delete().where(*same))


def remove_user(connection, user_id):
    """A user with their grants, groups, keys and application credentials."""
    assignments.delete_grants(connection, actor='user', actor_id=user_id)
    for table in (membership, sql.credential, sql.application_credential):
        connection.execute(table.delete().where(table.c.user_id == user_id))
    connection.execute(user.delete().where(user.c.id == user_id))


def remove_group(connection, group_id):
    assignments.delete_grants(connection, actor='group', actor_id=group_id)
    connection.execute(membership.delete().where(membership.c.group_id == group_id))
    connection.execute(group.delete().where(group.c.id == group_id))
