"""Tokens: issued, validated and revoked. How one is written is the formatter's job, what counts no longer revoke's.

A token says who and where; whether the user is still there and which roles count is looked up each time. So whoever
is disabled, or has lost the role, is out at once.

Use: token_id, token = provider.issue(user_id, ['password'], {'project': project_id}); provider.validate(token_id)
Real: keystone 2015.1 keystone/token/provider.py Manager
Left out: trusts, OAuth, and a cache.
"""

import base64
import os
from datetime import timezone

from cloud.keystone import exception
from cloud.keystone.assignment.backends import sql as assignments
from cloud.keystone.common import sql
from cloud.keystone.revoke.backends import sql as revocations
from cloud.keystone.token.model import Token
from cloud.oslo.utils.timeutils import utcnow_ts

SCOPES = ('project', 'domain', 'system')


class Provider:
    """database: Keystone's; formatter: a TokenFormatter; lessons: from a token to the Token it stands for, or None.

    expiration: seconds; clock: a function to the seconds since 1970.
    """

    def __init__(self, database, formatter, lessons, expiration, clock=utcnow_ts):
        self.database, self.formatter, self.lessons = database, formatter, lessons
        self.expiration, self.clock = expiration, clock

    def issue(self, user_id, methods, scope, parent=None, application_credential_id=None):
        """(the token's text, the Token) for a user. scope: {} or one of SCOPES with an id.

        parent: the Token by which the user has come in: the new one expires with it, and no later than its application
        credential. Unauthorized, without a reason.
        """
        now = self.clock()
        payload = {
            'user': user_id,
            'methods': methods,
            'audit_ids': [new_audit_id(), *(parent.audit_ids[-1:] if parent else ())],
            'issued': now,
            'expires': parent.expires_at if parent else now + self.expiration,
            'application_credential': application_credential_id,
            **scope,
        }
        token = self.read(payload)
        return self.formatter.create_token({**payload, 'expires': token.expires_at}), token

    def validate(self, subject_token):
        """The Token of that text; TokenNotFound if it is none, has expired, is revoked, or means nothing any more."""
        if not subject_token:
            raise exception.TokenNotFound('No token in the request')
        lesson = self.lessons(subject_token)
        if lesson is not None:
            return lesson
        payload = self.formatter.validate_token(subject_token)
        try:
            if payload['expires'] <= self.clock():
                raise exception.Unauthorized('the token has expired')
            return self.read(payload)
        except exception.Unauthorized as error:
            failed = exception.TokenNotFound('Failed to validate token')
            failed.reason = error.reason
            raise failed from None

    def revoke(self, token):
        """This Token counts no longer, anywhere. Those that were made of it still do."""
        with self.database.writing() as connection:
            revocations.revoke_by_audit_id(connection, token.audit_ids[0], token.expires_at, self.clock())

    def read(self, payload):
        """The Token that a payload means today; Unauthorized."""
        with self.database.reading() as connection:
            if revocations.is_revoked(connection, payload):
                raise exception.Unauthorized('the token is revoked')
            token = Token(
                enabled_with_domain(connection, sql.user, payload['user']),
                payload['methods'],
                payload['audit_ids'],
                payload['issued'],
                payload['expires'],
            )
            set_scope(connection, token, payload)
            if 'application_credential' in payload and payload['application_credential']:
                set_application_credential(connection, token, payload['application_credential'], self.clock())
            if token.is_scoped and not token.roles:
                raise exception.Unauthorized('the user has no role there')
        return token


def set_scope(connection, token, payload):
    """What the token is for, and the roles that its user has there, with the roles that those imply."""
    for target in SCOPES:
        if payload.get(target):
            target_id = payload[target]
            if target == 'system':
                token.system = True
            else:
                setattr(token, target, target_of(connection, target, target_id))
            token.roles = assignments.effective_roles(connection, token.user['id'], target, target_id)


def target_of(connection, target, target_id):
    if target == 'project':
        return enabled_with_domain(connection, sql.project, target_id)
    domain = enabled(connection, sql.project, target_id)
    if not domain['is_domain']:
        raise exception.Unauthorized(f'{target_id} is no domain')
    return {'id': domain['id'], 'name': domain['name']}


def set_application_credential(connection, token, credential_id, now):
    """The credential of the token, which takes roles from it, and its time, but never adds any; Unauthorized."""
    row = sql.find(connection, sql.application_credential, credential_id)
    if row is None:
        raise exception.Unauthorized('the application credential is gone')
    if row['expires_at'] is not None:
        end = row['expires_at'].replace(tzinfo=timezone.utc).timestamp()
        if end <= now:
            raise exception.Unauthorized('the application credential has expired')
        token.expires_at = min(token.expires_at, end)
    restricted = not row['unrestricted']
    token.application_credential = {'id': row['id'], 'name': row['name'], 'restricted': restricted}
    given = set(row['roles'])
    token.roles = [role for role in token.roles if role['id'] in given]


def enabled(connection, table, row_id):
    row = sql.find(connection, table, row_id)
    if row is None or not row['enabled']:
        raise exception.Unauthorized(f'the {table.name} {row_id} is gone or disabled')
    return row


def enabled_with_domain(connection, table, row_id):
    """{id, name, domain: {id, name}} of a user or a project; Unauthorized unless it and its domain are enabled."""
    row = enabled(connection, table, row_id)
    if row.get('is_domain'):
        raise exception.Unauthorized(f'{row_id} is a domain')
    domain = enabled(connection, sql.project, row['domain_id'])
    return {'domain': {'id': domain['id'], 'name': domain['name']}, 'id': row['id'], 'name': row['name']}


def new_audit_id():
    """Sixteen random bytes, as text: it names a token in a log without letting its reader in."""
    return base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip('=')
