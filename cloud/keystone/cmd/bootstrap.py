"""The first users, projects, roles and services, made at each start where they are not there.

    domain default   admin (admin of project admin), demo (member) and reader (reader) of project demo, alt (member of
                     project alt), and whoever has a token in cloud/tokens.ini; all with the password of the ini
    roles            admin > manager > member > reader, and service
    catalog          what the ini says: its endpoints are written anew at each start

What somebody has changed stays: a user who is there keeps their password and their roles.
Use: bootstrap(database, options, identities)  ->  whether this was the first start
Real: keystone 2015.1 keystone/cmd/cli.py BootStrap (`keystone-manage bootstrap`), which makes the admin alone
"""

import uuid

from sqlalchemy import select

from cloud.keystone.assignment.backends import sql as assignments
from cloud.keystone.auth.core import SYSTEM
from cloud.keystone.common import sql
from cloud.keystone.common.password_hashing import hash_password

DEFAULT = {'id': 'default', 'name': 'Default', 'description': 'The default domain'}
USERS = (
    # user    project  role
    ('admin',  'admin', 'admin'),
    ('demo',   'demo',  'member'),
    ('reader', 'demo',  'reader'),
    ('alt',    'alt',   'member'),
)  # fmt: skip
ROLES = ('admin', 'manager', 'member', 'reader', 'service')
IMPLIED = (('admin', 'manager'), ('manager', 'member'), ('member', 'reader'))
SERVICES = (
    ('identity', 'keystone', 'identity_endpoint'),
    ('compute', 'nova', 'compute_endpoint'),
    ('image', 'glance', 'image_endpoint'),
    ('network', 'neutron', 'network_endpoint'),
    ('ec2', 'ec2', 'ec2_endpoint'),
)
INTERFACES = ('public', 'internal', 'admin')
OURS = uuid.UUID('5f3a1c8e-5a0f-4bd1-9d6e-3f3b2f6c0d11')  # makes a service's ids out of its type, the same each time


def bootstrap(database, options, identities):
    """identities: the lessons', dicts with user, tenant and roles. ValueError, in one line, if it cannot be done."""
    is_first = is_empty(database)
    hashed = hash_password(options.seed_password) if is_first else None
    with database.writing() as connection:
        if is_first and sql.find(connection, sql.project, DEFAULT['id']) is None:  # else another start was quicker
            make_people(connection, hashed, [*USERS, *lessons_users(identities)])
        for service_type, name, option in SERVICES:
            make_service(connection, service_type, name, getattr(options, option), options.region)
    return is_first


def is_empty(database):
    return database.get(sql.project, DEFAULT['id']) is None


def lessons_users(identities):
    known = {name for name, _, _ in USERS}
    people = [(each['user'], each['tenant'], role) for each in identities for role in each['roles']]
    return dict.fromkeys(person for person in people if person[0] not in known)


def make_people(connection, hashed, people):
    connection.execute(sql.project.insert(), {**DEFAULT, 'domain_id': sql.ROOT, 'is_domain': True})
    names = dict.fromkeys([*ROLES, *(role for _, _, role in people)])
    roles = {name: make(connection, sql.role, name=name, domain_id=sql.ROOT) for name in names}
    for prior, implied in IMPLIED:
        connection.execute(
            sql.implied_role.insert(), {'prior_role_id': roles[prior], 'implied_role_id': roles[implied]}
        )
    for name, project, role in people:
        user_id = make(connection, sql.user, name=name, domain_id=DEFAULT['id'], password=hashed)
        project_id = make(connection, sql.project, name=project, domain_id=DEFAULT['id'], parent_id=DEFAULT['id'])
        grant(connection, user_id, 'project', project_id, roles[role])
        if name == 'admin':
            grant(connection, user_id, 'system', SYSTEM, roles[role])


def make(connection, table, **values):
    """The id of the row of that name and domain, which is made if need be."""
    same = table.c.name == values['name'], table.c.domain_id == values['domain_id']
    row_id = connection.scalar(select(table.c.id).where(*same))
    if row_id is None:
        row_id = sql.new_id()
        connection.execute(table.insert(), {'id': row_id, **values})
    return row_id


def grant(connection, user_id, target, target_id, role_id):
    key = {'actor': 'user', 'actor_id': user_id, 'target': target, 'target_id': target_id, 'role_id': role_id}
    assignments.create_grant(connection, **key, inherited=False)


def make_service(connection, service_type, name, url, region):
    """The service and its three endpoints as the ini has them; none if it names no address."""
    service_id = uuid.uuid5(OURS, service_type).hex
    ours = [(interface, uuid.uuid5(OURS, f'{service_type} {interface}').hex) for interface in INTERFACES]
    connection.execute(sql.endpoint.delete().where(sql.endpoint.c.id.in_([endpoint_id for _, endpoint_id in ours])))
    if not url:
        return
    if sql.find(connection, sql.region, region) is None:
        connection.execute(sql.region.insert(), {'id': region, 'description': ''})
    if sql.find(connection, sql.service, service_id) is None:
        connection.execute(sql.service.insert(), {'id': service_id, 'type': service_type, 'extra': {'name': name}})
    for interface, endpoint_id in ours:
        place = {'interface': interface, 'region_id': region, 'service_id': service_id, 'url': url}
        connection.execute(sql.endpoint.insert(), {'id': endpoint_id, **place})
