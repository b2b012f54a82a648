"""Roles, which of them imply which, and who has them where.

Use: RoleV3(database), GrantAssignmentV3(database), RoleAssignmentV3(database), as the router's `role`, `grant` and
    `role_assignment`
Real: keystone 2015.1 keystone/assignment/controllers.py RoleV3, GrantAssignmentV3, RoleAssignmentV3
"""

from sqlalchemy import select

import wsgi
from cloud.keystone import exception
from cloud.keystone.assignment.backends import sql as assignments
from cloud.keystone.auth.core import SYSTEM
from cloud.keystone.common import sql
from cloud.keystone.common.controller import V3Controller, page_links, split
from cloud.keystone.common.validation import NAME, NULL_ID, TEXT, noun
from cloud.keystone.common.wsgi import Resource, base_url

ROLE = {'name': NAME, 'description': TEXT, 'domain_id': NULL_ID}
COLUMNS = ('name', 'description', 'domain_id')
TABLES = {'user': sql.user, 'group': sql.group, 'project': sql.project, 'domain': sql.project}


class RoleV3(V3Controller):
    collection_name, member_name = 'roles', 'role'
    filters = ('name', 'domain_id')

    def view(self, req, row):
        return {**row['extra'], **without_extra(row), 'options': {}}

    def list_roles(self, req):
        with self.database.reading() as connection:
            rows = connection.execute(select(sql.role).order_by(sql.role.c.name)).mappings().all()
        if 'domain_id' not in wsgi.read_query(req):
            rows = [row for row in rows if row['domain_id'] == sql.ROOT]
        return self.wrap_collection(req, rows)

    def get_role(self, req, role_id):
        return self.wrap_member(req, find(self.database, role_id))

    def create_role(self, req):
        known, extra = split(self.read(req, noun('role', ROLE, ['name'])), COLUMNS)
        known['domain_id'] = known.get('domain_id') or sql.ROOT
        extra.pop('options', None)
        with self.database.writing() as connection:
            row = sql.insert(connection, sql.role, {'id': sql.new_id(), **known, 'extra': extra})
        return self.wrap_member(req, row, 201)

    def update_role(self, req, role_id):
        before = find(self.database, role_id)
        known, extra = split(self.read(req, noun('role', ROLE)), COLUMNS)
        if (known.pop('domain_id', None) or before['domain_id']) != before['domain_id']:
            raise exception.ValidationError('Cannot change the domain_id of a role.')
        extra.pop('options', None)
        with self.database.writing() as connection:
            row = sql.change(connection, sql.role, role_id, {**known, 'extra': {**before['extra'], **extra}})
        return self.wrap_member(req, row)

    def delete_role(self, req, role_id):
        find(self.database, role_id)
        with self.database.writing() as connection:
            assignments.delete_role(connection, role_id)

    # -- which implies which

    def list_implied_roles(self, req, prior_role_id):
        prior = find(self.database, prior_role_id)
        with self.database.reading() as connection:
            implied = assignments.implied_by(connection, prior_role_id)
        links = {'self': f'{base_url(req)}/roles/{prior_role_id}/implies'}
        return {'role_inference': self.inference(req, prior, implied), 'links': links}

    def get_implied_role(self, req, prior_role_id, implied_role_id):
        prior, implied = find(self.database, prior_role_id), find(self.database, implied_role_id)
        with self.database.reading() as connection:
            if implied not in assignments.implied_by(connection, prior_role_id):
                raise exception.NotFound(f'{prior_role_id} does not imply {implied_role_id}.')
        return self.pair(req, prior, implied)

    def check_implied_role(self, req, prior_role_id, implied_role_id):
        self.get_implied_role(req, prior_role_id, implied_role_id)

    def create_implied_role(self, req, prior_role_id, implied_role_id):
        prior, implied = find(self.database, prior_role_id), find(self.database, implied_role_id)
        if implied['domain_id'] != sql.ROOT == prior['domain_id']:
            raise exception.Forbidden(f'{implied_role_id} cannot be an implied role: it is of a domain.')
        with self.database.writing() as connection:
            if prior_role_id in assignments.with_implied(connection, {implied_role_id}):
                raise exception.ValidationError(
                    f'{implied_role_id} implies {prior_role_id}: that would go in a circle.'
                )
            assignments.create_implied(connection, prior_role_id, implied_role_id)
        return self.pair(req, prior, implied, 201)

    def delete_implied_role(self, req, prior_role_id, implied_role_id):
        self.get_implied_role(req, prior_role_id, implied_role_id)
        with self.database.writing() as connection:
            assignments.delete_implied(connection, prior_role_id, implied_role_id)

    def list_role_inference_rules(self, req):
        with self.database.reading() as connection:
            rows = connection.execute(select(sql.role).order_by(sql.role.c.name)).mappings().all()
            pairs = [(prior, assignments.implied_by(connection, prior['id'])) for prior in rows]
        inferences = [self.inference(req, prior, implied) for prior, implied in pairs if implied]
        return {'role_inferences': inferences, 'links': page_links(req)}

    def pair(self, req, prior, implied, status=200):
        names = {'prior_role': self.brief(req, prior), 'implies': self.brief(req, implied)}
        links = {'self': f'{base_url(req)}/roles/{prior["id"]}/implies/{implied["id"]}'}
        return wsgi.answer({'role_inference': names, 'links': links}, status)

    def inference(self, req, prior, implied):
        return {'prior_role': self.brief(req, prior), 'implies': [self.brief(req, row) for row in implied]}

    def brief(self, req, row):
        links = {'self': f'{base_url(req)}/roles/{row["id"]}'}
        return {'id': row['id'], 'name': row['name'], 'description': row['description'], 'links': links}


class GrantAssignmentV3(Resource):
    """A role for a user or a group, on a project, a domain or the system. The path has all of it.

    inherited: on the domain's projects, instead of on the domain itself.
    """

    def __init__(self, database, inherited=False):
        self.database, self.inherited, self.roles = database, inherited, RoleV3(database)

    def list_grants(self, req, **variables):
        with self.database.reading() as connection:
            rows = assignments.list_grants(connection, **self.key(connection, variables))
            roles = [sql.find(connection, sql.role, row['role_id']) for row in rows]
        return {'roles': [self.roles.linked(req, row) for row in roles], 'links': page_links(req)}

    def check_grant(self, req, **variables):
        with self.database.reading() as connection:
            key = self.key(connection, variables)
            if not assignments.has_grant(connection, **key):
                raise no_grant(key)

    def create_grant(self, req, **variables):
        with self.database.writing() as connection:
            assignments.create_grant(connection, **self.key(connection, variables))

    def revoke_grant(self, req, **variables):
        with self.database.writing() as connection:
            key = self.key(connection, variables)
            if not assignments.delete_grants(connection, **key):
                raise no_grant(key)

    list_system_grants, check_system_grant = list_grants, check_grant
    create_system_grant, revoke_system_grant = create_grant, revoke_grant

    def key(self, connection, variables):
        """The columns of the grant that a path means; NotFound if a part of it is not there."""
        key = {'target': 'system', 'target_id': SYSTEM, 'inherited': self.inherited}
        if 'role_id' in variables:
            key['role_id'] = sql.find_or_fail(connection, sql.role, variables['role_id'])['id']
        for kind, table in TABLES.items():
            row_id = variables.get(f'{kind}_id')
            if row_id is not None:
                row = sql.find(connection, table, row_id)
                if row is None or table is sql.project and row['is_domain'] != (kind == 'domain'):
                    raise exception.not_found(kind, row_id)
                side = 'actor' if kind in ('user', 'group') else 'target'
                key.update({side: kind, f'{side}_id': row_id})
        return key


class RoleAssignmentV3(Resource):
    """All grants in one list."""

    def __init__(self, database):
        self.database = database

    def list_role_assignments(self, req):
        query = wsgi.read_query(req)
        with self.database.reading() as connection:
            rows = assignments.list_grants(connection, **column_filters(query))
            if is_asked(query, 'effective'):
                rows = assignments.effective(connection, rows)
            rows = [row for row in rows if is_wanted(row, query)]
            views = [view(req, row) for row in rows]
            if is_asked(query, 'include_names'):
                for shown in views:
                    add_names(connection, shown)
        return {'role_assignments': views, 'links': page_links(req)}


def find(database, role_id):
    with database.reading() as connection:
        return sql.find_or_fail(connection, sql.role, role_id)


def without_extra(row):
    domain_id = None if row['domain_id'] == sql.ROOT else row['domain_id']
    return {'id': row['id'], 'name': row['name'], 'domain_id': domain_id, 'description': row['description']}


def no_grant(key):
    actor, target = key['actor_id'], key['target_id']
    return exception.NotFound(
        f'Could not find role assignment with role: {key["role_id"]}, user or group: {actor}, '
        f'project, domain, or system: {target}.'
    )


def is_asked(query, name):
    """Whether ?name is there: alone, or as anything but 0."""
    return name in query and query[name] != '0'


def column_filters(query):
    """What of the query is a column's value. What may follow from other rows is left to is_wanted."""
    names = {} if is_asked(query, 'effective') else {'user.id': 'user', 'group.id': 'group'}
    found = {}
    for name, actor in names.items():
        if name in query:
            found.update(actor=actor, actor_id=query[name])
    for target in ('project', 'domain'):
        if f'scope.{target}.id' in query and names:
            found.update(target=target, target_id=query[f'scope.{target}.id'])
    return found


def is_wanted(row, query):
    wanted = {
        'role.id': row['role_id'],
        'user.id': row['actor_id'] if row['actor'] == 'user' else None,
        'group.id': row['actor_id'] if row['actor'] == 'group' else None,
        'scope.project.id': row['target_id'] if row['target'] == 'project' else None,
        'scope.domain.id': row['target_id'] if row['target'] == 'domain' else None,
        'scope.system': 'all' if row['target'] == 'system' else None,
        'scope.OS-INHERIT:inherited_to': 'projects' if row['inherited'] else None,
    }
    return all(query[name] == value for name, value in wanted.items() if name in query)


def view(req, row):
    if row['target'] == 'system':
        scope, path = {'system': {'all': True}}, '/system'
    else:
        scope, path = {row['target']: {'id': row['target_id']}}, f'/{row["target"]}s/{row["target_id"]}'
    path += f'/{row["actor"]}s/{row["actor_id"]}/roles/{row["role_id"]}'
    if row['inherited']:
        scope['OS-INHERIT:inherited_to'], path = 'projects', f'/OS-INHERIT{path}/inherited_to_projects'
    links = {'assignment': base_url(req) + path}
    return {'role': {'id': row['role_id']}, row['actor']: {'id': row['actor_id']}, 'scope': scope, 'links': links}


def add_names(connection, shown):
    """Put names beside the ids of an assignment that is shown."""
    parts = [(sql.role, shown['role'])]
    parts += [(TABLES[kind], shown[kind]) for kind in ('user', 'group') if kind in shown]
    parts += [(sql.project, shown['scope'][kind]) for kind in ('project', 'domain') if kind in shown['scope']]
    for table, part in parts:
        row = sql.find(connection, table, part['id']) or {}
        part['name'] = row.get('name')
        if table is not sql.role and not row.get('is_domain'):
            domain = sql.find(connection, sql.project, row.get('domain_id')) or {}
            part['domain'] = {'id': domain.get('id'), 'name': domain.get('name')}
