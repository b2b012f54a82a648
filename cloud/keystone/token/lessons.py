"""The tokens of the lessons (cloud/tokens.ini), which never expire: known here, too, and marked as what they are.

    open-sesame  ->  methods: ["lesson"], user and project of the domain "lessons", whose ids are their names

So what a lesson's tenant owns is not what a project of the same name in the domain default owns.

Use: lessons = Lessons(TokenTable('cloud/tokens.ini'), database); lessons('open-sesame')  ->  a Token, or None
Real: none
"""

from cloud.keystone.assignment.backends import sql as assignments
from cloud.keystone.token.model import Token
from cloud.oslo.utils.timeutils import utcnow_ts

DOMAIN = {'id': 'lessons', 'name': 'Lessons'}
VALID = 365 * 24 * 3600  # seconds from now, each time it is asked
AUDIT_ID = 'for-lessons-only'


class Lessons:
    """table: from a token to {'user', 'tenant', 'roles'}, or None."""

    def __init__(self, table, database):
        self.table, self.database = table, database

    def __call__(self, token):
        try:
            identity = self.table(token)
        except UnicodeError:
            identity = None
        if identity is None:
            return None
        now = utcnow_ts()
        user, project = named(identity['user']), named(identity['tenant'])
        return Token(user, ['lesson'], [AUDIT_ID], now, now + VALID, project, roles=self.roles(identity['roles']))

    def roles(self, names):
        """The roles of these names, with those that they imply; one that Keystone does not know is its own id."""
        with self.database.reading() as connection:
            known = assignments.roles_by_names(connection, names)
        there = {role['name'] for role in known}
        return known + [{'id': name, 'name': name} for name in names if name not in there]


def named(name):
    return {'domain': DOMAIN, 'id': name, 'name': name}
