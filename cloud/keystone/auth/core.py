"""What a request for a token says: by which methods, and for what scope.

Use: info = AuthInfo(auth); info.methods; scope_of(connection, auth)  ->  {'project': its id}
Real: keystone 2014.2 keystone/auth/controllers.py AuthInfo; later keystone/auth/core.py
Left out: trusts.
"""

from sqlalchemy import select

from cloud.keystone import exception
from cloud.keystone.common import sql

SYSTEM = 'system'
KINDS = ('project', 'domain', 'system')


class AuthInfo:
    """auth: the body's "auth", as its schema wants it. ValidationError if parts of it do not go together."""

    def __init__(self, auth):
        self.identity = auth['identity']
        self.methods = list(dict.fromkeys(self.identity['methods']))
        self.scope = auth.get('scope')
        for method in self.methods:
            if method not in self.identity:
                raise exception.ValidationError(attribute=method, target='identity')
        self.unscoped = self.scope == 'unscoped' or isinstance(self.scope, dict) and 'unscoped' in self.scope
        if self.scope is not None and not self.unscoped:
            self.check_scope()

    def check_scope(self):
        if not isinstance(self.scope, dict) or len([kind for kind in KINDS if kind in self.scope]) != 1:
            raise exception.ValidationError(attribute='project, domain, OS-TRUST:trust or system', target='scope')

    def find_scope(self, connection):
        """{'project': id}, {'domain': id}, {'system': 'system'}, or {} for a token without one. Unauthorized."""
        if self.scope is None or self.unscoped:
            return {}
        if 'project' in self.scope:
            return {'project': find_project(connection, self.scope['project'])['id']}
        if 'domain' in self.scope:
            return {'domain': find_domain(connection, self.scope['domain'])['id']}
        if not self.scope['system'].get('all'):
            raise exception.ValidationError(attribute='all', target='system')
        return {'system': SYSTEM}


def find_project(connection, wanted):
    return find_named(connection, sql.project, 'project', wanted)


def find_user(connection, wanted):
    return find_named(connection, sql.user, 'user', wanted)


def find_domain(connection, wanted):
    """The domain that {'id': ...} or {'name': ...} means; Unauthorized if there is none."""
    name = 'id' if 'id' in wanted else 'name'
    found = select(sql.project).where(sql.project.c[name] == wanted[name], sql.project.c.is_domain)
    return only(connection, found, 'domain', wanted)


def find_named(connection, table, noun, wanted):
    """The row of {'id': ...} or {'name': ..., 'domain': {...}}; Unauthorized if there is none."""
    if 'id' in wanted:
        return only(connection, select(table).where(table.c.id == wanted['id']), noun, wanted)
    if 'domain' not in wanted:
        raise exception.ValidationError(attribute='domain', target=noun)
    domain = find_domain(connection, wanted['domain'])
    found = select(table).where(table.c.domain_id == domain['id'], table.c.name == wanted['name'])
    return only(connection, found, noun, wanted)


def only(connection, query, noun, wanted):
    row = connection.execute(query).mappings().first()
    if row is None:
        raise exception.Unauthorized(f'there is no {noun} {wanted.get("id") or wanted.get("name")}')
    return dict(row)
