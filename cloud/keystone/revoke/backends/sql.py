"""What is remembered of tokens that count no longer: until they would have expired anyway.

Use: revoke_by_audit_id(connection, audit_id, expires, now); is_revoked(connection, payload)
Real: keystone 2015.1 keystone/contrib/revoke/backends/sql.py, keystone/contrib/revoke/model.py
"""

from sqlalchemy import or_, select

from cloud.keystone.common.sql import revocation_event as events

FOR_EVER = 10**9  # seconds, as long as any token may be valid


def revoke_by_audit_id(connection, audit_id, expires_at, now):
    add(connection, now, audit_id=audit_id, expires_at=expires_at)


def revoke_by_user(connection, user_id, now):
    """All of a user's tokens so far."""
    add(connection, now, user_id=user_id, expires_at=now + FOR_EVER)


def add(connection, now, **values):
    connection.execute(events.delete().where(events.c.expires_at < now))
    connection.execute(events.insert(), {'issued_before': now, **values})


def is_revoked(connection, payload):
    """Whether the token of this payload counts no longer."""
    whose = or_(events.c.audit_id == payload['audit_ids'][0], events.c.user_id == payload['user'])
    return connection.scalar(select(events.c.id).where(whose, events.c.issued_before >= payload['issued'])) is not None
