"""What Keystone lets testers do behind its back, where the ini says `toycloud = True`.

Use: make_app's application has it: app.controls()  ->  a Controls
Real: none
"""

import http
import json

from cloud.keystone import exception
from cloud.keystone.cmd.bootstrap import bootstrap
from cloud.keystone.common import sql
from cloud.keystone.common.wsgi import render
from cloud.oslo.db.sqlalchemy.session import DBError

NAMED = (sql.user, sql.project, sql.role)  # whose rows keep their ids when all begins anew


class Controls:
    """identities: those of the lessons' tokens; provider: of tokens; brake: of passwords."""

    service = 'keystone'
    tables = sql.metadata.sorted_tables
    headers = {'HTTP_X_SUBJECT_TOKEN'}
    folders = {}

    def __init__(self, options, database, identities, provider, brake):
        self.options, self.session, self.identities = options, database, identities
        self.provider, self.brake = provider, brake

    def fault(self, code, message):
        return render(code, message, http.HTTPStatus(code).phrase if code in set(http.HTTPStatus) else 'Fault')

    def find_token(self, token):
        """Whose token it is, as authtoken has it; None if it is nobody's, or of no project."""
        try:
            found = self.provider.validate(token)
        except (exception.Error, DBError, UnicodeError):
            return None
        if not found.project:
            return None
        more = {'PROJECT_NAME': found.project['name']}
        return {'user': found.user['id'], 'tenant': found.project['id'], 'roles': found.role_names, 'more': more}

    def problems(self):
        """What is wrong with the service, a line each."""
        try:
            self.session.get(sql.project, 'default')
        except DBError as error:
            return [str(error)]
        return []

    def name_of(self, row_id):
        """What the user or project of that id is called, or None."""
        try:
            rows = [self.session.get(table, row_id) for table in NAMED]
        except DBError:
            return None
        return next((row['name'] for row in rows if row), None)

    def first_rows(self, dump):
        """The rows that a first start makes; who is there already keeps the id."""
        scratch = sql.Database('sqlite://')
        bootstrap(scratch, self.options, self.identities)
        with scratch.reading() as connection:
            made = dump(connection, self.tables)
        scratch.close()
        with self.session.reading() as connection:
            there = dump(connection, NAMED)
        text = json.dumps(made)
        for table in NAMED:
            ids = {(row['domain_id'], row['name']): row['id'] for row in there[table.name]}
            for row in made[table.name]:
                text = text.replace(
                    json.dumps(row['id']), json.dumps(ids.get((row['domain_id'], row['name']), row['id']))
                )
        return json.loads(text)

    def owns(self, folder, name):
        return False

    def remove_files(self):
        """There are none but the keys, which stay: tokens of before are still tokens of this Keystone."""

    def stop_work(self):
        """Nothing goes on in the background."""

    def resume(self):
        """Wrong passwords of before are forgotten."""
        self.brake.clear()

    def clock_moved(self):
        """Tokens are compared with the clock whenever they are shown."""
