"""By a user's password.

Use: Password(database, brake).authenticate(req, {'user': {'id': ..., 'password': ...}})  ->  (the user's id, {})
Real: keystone 2014.2 keystone/auth/plugins/password.py Password
"""

import hashlib

from cloud.keystone import exception
from cloud.keystone.auth.core import find_user
from cloud.keystone.common import password_hashing


class Password:
    """database: Keystone's; brake: a Brake."""

    def __init__(self, database, brake):
        self.database, self.brake = database, brake

    def authenticate(self, req, part):
        """(user id, {}); Unauthorized, TooManyRequests. A user who is not there takes as long as one who is."""
        wanted = part.get('user')
        if wanted is None:
            raise exception.ValidationError(attribute='user', target='password')
        try:
            with self.database.reading() as connection:
                user = find_user(connection, wanted)
        except exception.Unauthorized:
            user = {'id': None, 'password': None}
        self.check(req, user, wanted, wanted.get('password') or '')
        return user['id'], {}

    def check(self, req, user, wanted, password):
        """Nothing, if the password is this user's; Unauthorized. wanted: what the request calls the user."""
        if len(password) > password_hashing.LONGEST:
            raise exception.Unauthorized('the password is too long')
        pair = who_and_where(req, user, wanted)
        self.brake.check(pair)
        is_right = password_hashing.check_password(password, user['password'])
        self.brake.check(pair)  # again: many who try at once learn no more than one who waits
        if not is_right:
            self.brake.failed(pair)
            raise exception.Unauthorized('wrong password, or no such user')
        self.brake.succeeded(pair)


def who_and_where(req, user, wanted):
    """What the brake counts by: 32 bytes, however long the names are."""
    name = user['id'] or f'{wanted.get("id")}\n{wanted.get("name")}\n{wanted.get("domain")}'
    return hashlib.sha256(f'{name}\n{req.remote_addr}'.encode()).digest()
