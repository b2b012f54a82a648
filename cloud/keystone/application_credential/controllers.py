"""Application credentials: a secret that a user makes for a program, good for one project.

The secret is shown once, when it is made; what is kept is its hash.
Use: ApplicationCredentialV3(database), as the router's `application_credential`
Real: keystone 2018.1 (Queens) keystone/application_credential/controllers.py
Left out: access rules.
"""

import secrets

from sqlalchemy import select

from cloud.keystone import exception
from cloud.keystone.common import sql
from cloud.keystone.common.controller import V3Controller
from cloud.keystone.common.password_hashing import LONGEST, hash_password
from cloud.keystone.common.validation import NAME, TEXT, noun
from cloud.keystone.common.wsgi import base_url
from cloud.oslo.utils.timeutils import parse_isotime, strtime, utcnow

ROLE = {'type': 'object', 'properties': {'id': {'type': 'string'}, 'name': {'type': 'string'}}}
SCHEMA = {
    'name': NAME,
    'description': TEXT,
    'secret': {'type': ['string', 'null'], 'minLength': 1, 'maxLength': LONGEST},
    'expires_at': {'type': ['string', 'null'], 'maxLength': 64},
    'unrestricted': {'type': ['boolean', 'null']},
    'roles': {'type': 'array', 'items': ROLE, 'maxItems': 100},
}
TABLE = sql.application_credential


class ApplicationCredentialV3(V3Controller):
    collection_name, member_name = 'application_credentials', 'application_credential'
    filters = ('name',)

    def view(self, req, row):
        with self.database.reading() as connection:
            roles = [sql.find(connection, sql.role, role_id) for role_id in row['roles']]
        shown = ('id', 'name', 'description', 'user_id', 'project_id', 'unrestricted')
        return {
            **{name: row[name] for name in shown},
            'roles': [{'id': role['id'], 'name': role['name'], 'domain_id': None} for role in roles if role],
            'expires_at': row['expires_at'] and strtime(row['expires_at']),
            'system': None,
        }

    def linked(self, req, row):
        path = f'/users/{row["user_id"]}/application_credentials/{row["id"]}'
        return {**self.view(req, row), 'links': {'self': base_url(req) + path}}

    def list_application_credentials(self, req, user_id):
        with self.database.reading() as connection:
            wanted = select(TABLE).where(TABLE.c.user_id == user_id).order_by(TABLE.c.name)
            rows = connection.execute(wanted).mappings().all()
        return self.wrap_collection(req, rows)

    def get_application_credential(self, req, user_id, application_credential_id):
        return self.wrap_member(req, self.find(user_id, application_credential_id))

    def create_application_credential(self, req, user_id):
        token = req.token
        values = self.read(req, noun('application_credential', SCHEMA, ['name']))
        if token.project is None:
            raise exception.ValidationError('An application credential needs a project: ask with a token for one.')
        secret = values.get('secret') or secrets.token_urlsafe(64)
        row = {
            'id': sql.new_id(),
            'name': values['name'],
            'user_id': user_id,
            'project_id': token.project['id'],
            'secret_hash': hash_password(secret),
            'description': values.get('description'),
            'expires_at': moment(values.get('expires_at')),
            'unrestricted': values.get('unrestricted'),
            'roles': chosen(values.get('roles'), token.roles),
        }
        with self.database.writing() as connection:
            sql.find_or_fail(connection, sql.user, user_id)  # not one of the lessons' users
            row = sql.insert(connection, TABLE, row)
        response = self.wrap_member(req, row, 201)
        shown = response.json_body
        shown['application_credential']['secret'] = secret
        response.json_body = shown
        return response

    def delete_application_credential(self, req, user_id, application_credential_id):
        self.database.delete(TABLE, self.find(user_id, application_credential_id)['id'])

    def find(self, user_id, credential_id):
        row = self.database.get(TABLE, credential_id)
        if row is None or row['user_id'] != user_id:
            raise exception.not_found('application_credential', credential_id)
        return row


def moment(text):
    """The moment that the text means, None for none; ValidationError if it means none, or is over."""
    if text is None:
        return None
    try:
        when = parse_isotime(text)
    except ValueError:
        raise exception.ValidationError(f'expires_at is {text}: send a moment such as 2027-01-01T00:00:00Z.') from None
    if when <= utcnow():
        raise exception.ValidationError('expires_at is over: send a moment to come.')
    return when


def chosen(wanted, roles):
    """The ids of the roles that are wanted, out of those that the caller has; all without a wish."""
    if not wanted:
        return [role['id'] for role in roles]
    found = [
        role['id'] for role in roles if any(asked in ({'id': role['id']}, {'name': role['name']}) for asked in wanted)
    ]
    if len(found) < len(wanted):
        raise exception.ValidationError('An application credential can have no role that its maker has not.')
    return found
