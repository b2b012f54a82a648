"""Users and groups.

Use: UserV3(database, brake), GroupV3(database), as the router's `user` and `group`
Real: keystone 2015.1 keystone/identity/controllers.py UserV3, GroupV3
Left out: passwords that expire, options of a user.
"""

from cloud.keystone import exception
from cloud.keystone.auth.plugins.password import Password
from cloud.keystone.common import sql
from cloud.keystone.common.controller import V3Controller, split
from cloud.keystone.common.password_hashing import LONGEST, hash_password
from cloud.keystone.common.validation import BOOLEAN, NAME, NULL_ID, TEXT, noun, validate
from cloud.keystone.common.wsgi import read_body
from cloud.keystone.identity.backends import sql as identity
from cloud.keystone.resource.controllers import domain_of
from cloud.keystone.revoke.backends import sql as revocations
from cloud.oslo.utils.timeutils import utcnow_ts

PASSWORD = {'type': ['string', 'null'], 'maxLength': LONGEST}
USER = {
    'name': NAME, 'domain_id': NULL_ID, 'default_project_id': NULL_ID, 'enabled': BOOLEAN, 'password': PASSWORD,
    'description': TEXT,
}  # fmt: skip
GROUP = {'name': NAME, 'domain_id': NULL_ID, 'description': TEXT}
SECRET = {'type': 'string', 'minLength': 1, 'maxLength': LONGEST}
CHANGE = noun('user', {'original_password': SECRET, 'password': SECRET}, ['original_password', 'password'])
COLUMNS = ('name', 'domain_id', 'default_project_id', 'enabled', 'password')


class UserV3(V3Controller):
    """database: Keystone's; brake: a Brake, for the old password that a new one needs."""

    collection_name, member_name = 'users', 'user'
    filters = ('name', 'domain_id', 'enabled')
    public = ('change_password',)

    def __init__(self, database, brake):
        super().__init__(database)
        self.checks = Password(database, brake)

    def view(self, req, row):
        default = {'default_project_id': row['default_project_id']} if row['default_project_id'] else {}
        return {
            **row['extra'],
            'id': row['id'],
            'name': row['name'],
            'domain_id': row['domain_id'],
            'enabled': row['enabled'],
            **default,
            'password_expires_at': None,
            'options': {},
        }

    def list_users(self, req):
        return self.wrap_collection(req, identity.list_users(self.database))

    def list_users_in_group(self, req, group_id):
        self.find(sql.group, group_id)
        return self.wrap_collection(req, identity.list_users_in_group(self.database, group_id))

    def get_user(self, req, user_id):
        return self.wrap_member(req, self.find(sql.user, user_id))

    def create_user(self, req):
        values = self.read(req, noun('user', USER, ['name']))
        values['domain_id'] = values.get('domain_id') or domain_of(req.token)
        row = {'id': sql.new_id(), 'enabled': True, **stored(values)}  # the hash takes time: outside the transaction
        with self.database.writing() as connection:
            check_domain(connection, values['domain_id'])
            return self.wrap_member(req, sql.insert(connection, sql.user, row), 201)

    def update_user(self, req, user_id):
        before = self.find(sql.user, user_id)
        values = self.read(req, noun('user', USER))
        check_same_domain(before, values)
        known = stored(values)
        known['extra'] = {**before['extra'], **known['extra']}
        with self.database.writing() as connection:
            row = sql.change(connection, sql.user, user_id, known)
            if 'password' in values or values.get('enabled') is False:
                revocations.revoke_by_user(connection, user_id, utcnow_ts())
        return self.wrap_member(req, row)

    def delete_user(self, req, user_id):
        self.find(sql.user, user_id)
        with self.database.writing() as connection:
            identity.remove_user(connection, user_id)

    def change_password(self, req, user_id):
        """Whoever knows the old password may set a new one; all tokens of before are revoked."""
        body = read_body(req)
        validate(CHANGE, body)
        row = self.database.get(sql.user, user_id) or {'id': None, 'password': None, 'enabled': False}
        self.checks.check(req, row, {'id': user_id}, body['user']['original_password'])
        if not row['enabled']:
            raise exception.Unauthorized('the user is disabled')
        hashed = hash_password(body['user']['password'])
        with self.database.writing() as connection:
            sql.change(connection, sql.user, user_id, {'password': hashed})
            revocations.revoke_by_user(connection, user_id, utcnow_ts())

    def find(self, table, row_id):
        return find(self.database, table, row_id)


class GroupV3(V3Controller):
    collection_name, member_name = 'groups', 'group'
    filters = ('name', 'domain_id')

    def view(self, req, row):
        description = row['description'] or ''
        names = {'id': row['id'], 'name': row['name'], 'domain_id': row['domain_id']}
        return {**row['extra'], **names, 'description': description}

    def list_groups(self, req):
        return self.wrap_collection(req, identity.list_groups(self.database))

    def list_groups_for_user(self, req, user_id):
        find(self.database, sql.user, user_id)
        return self.wrap_collection(req, identity.list_groups_for_user(self.database, user_id))

    def get_group(self, req, group_id):
        return self.wrap_member(req, find(self.database, sql.group, group_id))

    def create_group(self, req):
        values = self.read(req, noun('group', GROUP, ['name']))
        values['domain_id'] = values.get('domain_id') or domain_of(req.token)
        known, extra = split(values, ('name', 'domain_id', 'description'))
        with self.database.writing() as connection:
            check_domain(connection, values['domain_id'])
            row = sql.insert(connection, sql.group, {'id': sql.new_id(), **known, 'extra': extra})
        return self.wrap_member(req, row, 201)

    def update_group(self, req, group_id):
        before = find(self.database, sql.group, group_id)
        values = self.read(req, noun('group', GROUP))
        check_same_domain(before, values)
        known, extra = split(values, ('name', 'domain_id', 'description'))
        with self.database.writing() as connection:
            row = sql.change(connection, sql.group, group_id, {**known, 'extra': {**before['extra'], **extra}})
        return self.wrap_member(req, row)

    def delete_group(self, req, group_id):
        find(self.database, sql.group, group_id)
        with self.database.writing() as connection:
            identity.remove_group(connection, group_id)

    def add_user_to_group(self, req, group_id, user_id):
        self.both(identity.add_user_to_group, group_id, user_id)

    def remove_user_from_group(self, req, group_id, user_id):
        self.check_user_in_group(req, group_id, user_id)
        self.both(identity.remove_user_from_group, group_id, user_id)

    def check_user_in_group(self, req, group_id, user_id):
        if not self.both(identity.is_in_group, group_id, user_id):
            raise exception.NotFound(f"Could not find user '{user_id}' in group '{group_id}'.")

    def both(self, do, group_id, user_id):
        """do(connection, user_id, group_id); NotFound if there is no such group, or user."""
        with self.database.writing() as connection:
            sql.find_or_fail(connection, sql.group, group_id)
            sql.find_or_fail(connection, sql.user, user_id)
            return do(connection, user_id, group_id)


def find(database, table, row_id):
    with database.reading() as connection:
        return sql.find_or_fail(connection, table, row_id)


def check_domain(connection, domain_id):
    domain = sql.find(connection, sql.project, domain_id)
    if domain is None or not domain['is_domain']:
        raise exception.not_found('domain', domain_id)


def check_same_domain(row, values):
    if values.get('domain_id', row['domain_id']) != row['domain_id']:
        raise exception.ValidationError('Cannot change Domain ID')


def stored(values):
    """A user's fields as columns: the password as a hash, all that has no column in `extra`."""
    known, extra = split(values, COLUMNS)
    if known.get('password') is not None:
        known['password'] = hash_password(known['password'])
    extra.pop('options', None)
    return {**known, 'extra': extra}
