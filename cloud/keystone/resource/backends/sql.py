"""Projects and domains, and what goes with them when they go.

Use: delete_project(database, project_id)
Real: keystone 2015.1 keystone/resource/backends/sql.py; keystone/resource/core.py Manager
"""

from sqlalchemy import select

from cloud.keystone import exception
from cloud.keystone.assignment.backends import sql as assignments
from cloud.keystone.common import sql
from cloud.keystone.common.sql import project
from cloud.keystone.identity.backends import sql as identity


def list_projects(database, are_domains=False):
    with database.reading() as connection:
        wanted = select(project).where(project.c.is_domain == are_domains).order_by(project.c.name, project.c.id)
        return connection.execute(wanted).mappings().all()


def list_user_projects(database, user_id):
    """The projects where a user has a role; NotFound without such a user."""
    with database.reading() as connection:
        sql.find_or_fail(connection, sql.user, user_id)
        ids = assignments.target_ids(connection, user_id, 'project')
        wanted = select(project).where(project.c.id.in_(ids), ~project.c.is_domain).order_by(project.c.name)
        return connection.execute(wanted).mappings().all()


def update(database, project_id, values):
    with database.writing() as connection:
        return sql.change(connection, project, project_id, values)


def delete_project(database, project_id):
    """With its grants, keys and application credentials. Forbidden while other projects are below it."""
    with database.writing() as connection:
        if connection.scalar(select(project.c.id).where(project.c.parent_id == project_id).limit(1)):
            message = (
                'since it is not a leaf in the hierarchy. Use the cascade option if you want to delete a whole subtree'
            )
            raise exception.ForbiddenAction(f'Cannot delete the project {project_id} {message}')
        remove(connection, project_id)


def remove(connection, project_id):
    assignments.delete_grants(connection, target='project', target_id=project_id)
    for table in (sql.credential, sql.application_credential):
        connection.execute(table.delete().where(table.c.project_id == project_id))
    connection.execute(project.delete().where(project.c.id == project_id))


def delete_domain(database, domain_id):
    """With all that is in it."""
    with database.writing() as connection:
        for project_id in connection.scalars(select(project.c.id).where(project.c.domain_id == domain_id)).all():
            remove(connection, project_id)
        for user_id in connection.scalars(select(sql.user.c.id).where(sql.user.c.domain_id == domain_id)).all():
            identity.remove_user(connection, user_id)
        for group_id in connection.scalars(select(sql.group.c.id).where(sql.group.c.domain_id == domain_id)).all():
            identity.remove_group(connection, group_id)
        connection.execute(sql.role.delete().where(sql.role.c.domain_id == domain_id))
        assignments.delete_grants(connection, target='domain', target_id=domain_id)
        connection.execute(project.delete().where(project.c.id == domain_id))
