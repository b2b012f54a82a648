"""Who has which role where: the rows of `assignment`, by themselves and with all that follows from them.

What follows: what a group has, each of its users has; what is inherited from a domain counts on its projects; and a
role implies others (admin > manager > member > reader).

Use: effective_roles(connection, user_id, 'project', project_id)  ->  [{'id': ..., 'name': 'admin'}, ...]
Real: keystone 2015.1 keystone/assignment/backends/sql.py; keystone/assignment/core.py Manager
"""

from sqlalchemy import and_, or_, select

from cloud.keystone.common.sql import ROOT, assignment, implied_role, membership, project, role


def effective_roles(connection, user_id, target, target_id):
    """The roles a user has on a target, with those that they imply, as dicts with id and name, in order of name."""
    wanted = select(assignment.c.role_id).where(of_user(user_id), on_target(connection, target, target_id))
    return described(connection, with_implied(connection, set(connection.scalars(wanted))))


def of_user(user_id):
    """Condition: the actor is this user, or one of their groups."""
    groups = select(membership.c.group_id).where(membership.c.user_id == user_id)
    return or_(
        and_(assignment.c.actor == 'user', assignment.c.actor_id == user_id),
        and_(assignment.c.actor == 'group', assignment.c.actor_id.in_(groups)),
    )


def on_target(connection, target, target_id):
    """Condition: on this target itself, or inherited by it from its domain."""
    itself = and_(assignment.c.target == target, assignment.c.target_id == target_id, ~assignment.c.inherited)
    if target != 'project':
        return itself
    domain_id = select(project.c.domain_id).where(project.c.id == target_id).scalar_subquery()
    from_domain = and_(assignment.c.target == 'domain', assignment.c.target_id == domain_id)
    above = ancestors(connection, target_id)
    from_above = and_(assignment.c.target == 'project', assignment.c.target_id.in_(above))
    return or_(itself, and_(assignment.c.inherited, or_(from_domain, from_above)))


def ancestors(connection, project_id):
    """The ids of the projects above one; its domain is the last."""
    found = []
    while project_id is not None:
        project_id = connection.scalar(select(project.c.parent_id).where(project.c.id == project_id))
        found.append(project_id)
    return found[:-1]


def descendants(connection, project_ids):
    """The ids of the projects below any of these."""
    found, new = set(), set(project_ids)
    while new:
        new = set(connection.scalars(select(project.c.id).where(project.c.parent_id.in_(new)))) - found
        found |= new
    return found


def with_implied(connection, role_ids):
    """These roles' ids, and those of all that they imply, however far."""
    found, new = set(role_ids), set(role_ids)
    while new:
        wanted = select(implied_role.c.implied_role_id).where(implied_role.c.prior_role_id.in_(new))
        new = set(connection.scalars(wanted)) - found
        found |= new
    return found


def described(connection, role_ids):
    """The roles as dicts. One of a domain's own is there for what it implies alone: no token has it."""
    wanted = select(role.c.id, role.c.name).where(role.c.id.in_(role_ids), role.c.domain_id == ROOT)
    rows = connection.execute(wanted.order_by(role.c.name))
    return [dict(row) for row in rows.mappings()]


def roles_by_names(connection, names):
    """The roles of no domain that have these names, with those that they imply."""
    wanted = select(role.c.id).where(role.c.name.in_(names), role.c.domain_id == ROOT)
    return described(connection, with_implied(connection, set(connection.scalars(wanted))))


def target_ids(connection, user_id, target):
    """The ids of the projects, or of the domains, on which a user has a role."""
    own = select(assignment.c.target_id).where(of_user(user_id), assignment.c.target == target, ~assignment.c.inherited)
    found = set(connection.scalars(own))
    if target == 'project':
        from_above = select(assignment.c.target_id).where(of_user(user_id), assignment.c.inherited)
        found |= descendants(connection, connection.scalars(from_above).all())
    return found


def list_grants(connection, **key):
    """The rows that have these columns, in a fixed order."""
    same = [assignment.c[name] == value for name, value in key.items()]
    columns = assignment.columns
    rows = connection.execute(select(assignment).where(*same).order_by(*columns)).mappings()
    return [dict(row) for row in rows]


def has_grant(connection, **key):
    return bool(list_grants(connection, **key))


def create_grant(connection, **key):
    """Give a role; that it is given already changes nothing."""
    if not has_grant(connection, **key):
        connection.execute(assignment.insert(), key)


def delete_grants(connection, **key):
    """Take roles; how many there were."""
    same = [assignment.c[name] == value for name, value in key.items()]
    return connection.execute(assignment.delete().where(*same)).rowcount


def effective(connection, rows):
    """The rows with what follows from them instead: users for groups, projects for domains, implied roles as well."""
    found = {}
    for row in rows:
        for actor_id in members(connection, row):
            for target, target_id in targets(connection, row):
                for each in described(connection, with_implied(connection, {row['role_id']})):
                    ours = {'actor': 'user', 'actor_id': actor_id, 'target': target, 'target_id': target_id}
                    key = actor_id, target, target_id, each['id']
                    found[key] = {**ours, 'role_id': each['id'], 'inherited': False}
    return [found[key] for key in sorted(found)]


def members(connection, row):
    if row['actor'] == 'user':
        return [row['actor_id']]
    return connection.scalars(select(membership.c.user_id).where(membership.c.group_id == row['actor_id'])).all()


def targets(connection, row):
    if not row['inherited']:
        return [(row['target'], row['target_id'])]
    return [('project', project_id) for project_id in sorted(descendants(connection, [row['target_id']]))]


def implied_by(connection, prior_role_id):
    """The roles that a role implies by itself, as dicts."""
    wanted = select(implied_role.c.implied_role_id).where(implied_role.c.prior_role_id == prior_role_id)
    rows = connection.execute(select(role).where(role.c.id.in_(wanted)).order_by(role.c.name)).mappings()
    return [dict(row) for row in rows]


def create_implied(connection, prior_role_id, implied_role_id):
    if implied_role_id not in [row['id'] for row in implied_by(connection, prior_role_id)]:
        values = {'prior_role_id': prior_role_id, 'implied_role_id': implied_role_id}
        connection.execute(implied_role.insert(), values)


def delete_implied(connection, prior_role_id, implied_role_id):
    same = implied_role.c.prior_role_id == prior_role_id, implied_role.c.implied_role_id == implied_role_id
    connection.execute(implied_role.delete().where(*same))


def delete_role(connection, role_id):
    """A role, with what it implies and whoever has it."""
    delete_grants(connection, role_id=role_id)
    either = or_(implied_role.c.prior_role_id == role_id, implied_role.c.implied_role_id == role_id)
    connection.execute(implied_role.delete().where(either))
    connection.execute(role.delete().where(role.c.id == role_id))
