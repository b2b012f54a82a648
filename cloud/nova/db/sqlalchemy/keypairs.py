"""The keypairs' rows: public keys, each a user's own.

Use: table = KeyPairTable(db_api); table.get('alice', 'laptop')['public_key']
Real: nova 2014.2 nova/db/sqlalchemy/api.py key_pair_create, key_pair_get, key_pair_get_all_by_user, key_pair_destroy
"""

from sqlalchemy import and_, func, select

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.api_models import key_pairs
from cloud.oslo.utils.timeutils import utcnow


class KeyPairTable:
    """db_api: a Database. KeypairNotFound for a name that the user has given to none."""

    def __init__(self, db_api):
        self.reading, self.writing = db_api.reading, db_api.writing

    def create(self, values, allowed):
        """Store a keypair and return it. allowed: how many a user may have, or -1.

        KeyPairExists, KeypairLimitExceeded.
        """
        row = {'created_at': utcnow(), **values}
        with self.writing() as connection:
            used = connection.scalar(select(func.count()).where(key_pairs.c.user_id == row['user_id']))
            if 0 <= allowed <= used:
                raise exception.KeypairLimitExceeded()
            if connection.scalar(select(key_pairs.c.id).where(is_named(row['user_id'], row['name']))) is not None:
                raise exception.KeyPairExists(key_name=row['name'])
            connection.execute(key_pairs.insert(), row)
            return find(connection, row['user_id'], row['name'])

    def get(self, user_id, name):
        with self.reading() as connection:
            return find(connection, user_id, name)

    def get_all(self, user_id, limit=None, marker=None):
        """A user's keypairs by name, after the one named `marker`; MarkerNotFound."""
        wanted = select(key_pairs).where(key_pairs.c.user_id == user_id).order_by(key_pairs.c.name).limit(limit)
        with self.reading() as connection:
            if marker is not None:
                if connection.scalar(select(key_pairs.c.id).where(is_named(user_id, marker))) is None:
                    raise exception.MarkerNotFound(marker=marker)
                wanted = wanted.where(key_pairs.c.name > marker)
            return [dict(row) for row in connection.execute(wanted).mappings()]

    def count(self, user_id):
        with self.reading() as connection:
            return connection.scalar(select(func.count()).where(key_pairs.c.user_id == user_id))

    def destroy(self, user_id, name):
        with self.writing() as connection:
            if not connection.execute(key_pairs.delete().where(is_named(user_id, name))).rowcount:
                raise exception.KeypairNotFound(user_id=user_id, name=name)


def is_named(user_id, name):
    return and_(key_pairs.c.user_id == user_id, key_pairs.c.name == name)


def find(connection, user_id, name):
    row = connection.execute(select(key_pairs).where(is_named(user_id, name))).mappings().first()
    if row is None:
        raise exception.KeypairNotFound(user_id=user_id, name=name)
    return dict(row)
