"""By an application credential: a secret that is good for one project, and goes with fewer roles if its maker likes.

Use: ApplicationCredential(database, brake).authenticate(req, {'id': ..., 'secret': ...})
Real: keystone 2018.1 (Queens) keystone/auth/plugins/application_credential.py
"""

import types

from sqlalchemy import select

from cloud.keystone import exception
from cloud.keystone.auth.core import find_user
from cloud.keystone.auth.plugins.password import Password
from cloud.keystone.common.sql import application_credential
from cloud.oslo.utils.timeutils import utcnow

NONE = types.MappingProxyType({'id': None, 'secret_hash': None, 'expires_at': None})


class ApplicationCredential:
    """database: Keystone's; brake: a Brake."""

    def __init__(self, database, brake):
        self.database, self.checks = database, Password(database, brake)

    def authenticate(self, req, part):
        """(user id, the scope and the credential that the token is for); Unauthorized, TooManyRequests."""
        with self.database.reading() as connection:
            row = self.find(connection, part) or NONE
        secret = {'id': row['id'], 'password': row['secret_hash']}
        self.checks.check(req, secret, part, part.get('secret') or '')
        if row['expires_at'] is not None and row['expires_at'] <= utcnow():
            raise exception.Unauthorized('the application credential has expired')
        return row['user_id'], {'scope': {'project': row['project_id']}, 'application_credential_id': row['id']}

    def find(self, connection, part):
        wanted = select(application_credential)
        if 'id' in part:
            wanted = wanted.where(application_credential.c.id == part['id'])
        else:
            if 'name' not in part or 'user' not in part:
                raise exception.ValidationError(attribute='id or name', target='application_credential')
            try:
                user = find_user(connection, part['user'])
            except exception.Unauthorized:
                return None
            named = application_credential.c.name == part['name']
            wanted = wanted.where(named, application_credential.c.user_id == user['id'])
        return connection.execute(wanted).mappings().first()
