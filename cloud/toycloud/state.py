"""All that a service keeps, as one JSON document, and a service that is as such a document says.

    {"service": "nova", "tables": {"instances": [{"uuid": ..., ...}, ...], ...},
     "folders": {"instances": "/data/nova/instances"},
     "files": {"instances/ID/disk": {"size": 512, "base64": "..."}, ...}}

Moments are texts in ISO 8601. What is loaded takes the place of all that was there; nothing is asked meanwhile, and
nothing is half-done: Gate, and the service's own stop_work(). A reset loads what the service makes at its first start.
The files come first under other names, then the rows, all at once, then the files get their names: a process that dies
leaves what was, or rows with the next start to look after them, as after any other death.
Use: state = State(controls, gate, limit); document = state.save(); state.load(document); state.reset()
Real: none
Left out: what is under way. What is saved half-built is, where it is loaded, what a killed process leaves.
"""

import base64
import contextlib
import threading
from datetime import datetime

from sqlalchemy import DateTime, select
from sqlalchemy.exc import SQLAlchemyError

from cloud.toycloud.files import Files
from cloud.toycloud.problem import Problem

FORMAT = 1
TOO_LARGE = 'The files have {} bytes, a saved state at most {}: remove some, or raise toycloud_state_limit in the ini.'
NO_FIT = 'The rows do not fit into the database, and nothing was changed: {}.'


class State:
    """controls: the service's. limit: bytes of files in a document."""

    def __init__(self, controls, gate, limit):
        self.controls, self.gate, self.limit = controls, gate, limit
        self.files = Files(controls.folders, controls.owns)
        self.first = {'tables': controls.first_rows(dump), 'files': {}}
        self.lock = threading.Lock()

    @contextlib.contextmanager
    def alone(self):
        """Context manager: no request is under way. Busy."""
        with self.lock, self.gate.alone():
            yield

    @contextlib.contextmanager
    def still(self):
        """Context manager: nor is anything in the background, and what was begun there is over. Problem (409), Busy."""
        with self.alone():
            try:
                self.controls.stop_work()
            except RuntimeError as error:
                raise Problem(409, str(error)) from None
            try:
                yield
            finally:
                self.controls.resume()

    def save(self):
        """The document. Problem (413) if the files are too large."""
        with self.alone():
            with self.controls.session.reading() as connection:
                tables = dump(connection, self.controls.tables)
            found = self.files.find()
            size = sum(each.size for each in found)
            if size > self.limit:
                raise Problem(413, TOO_LARGE.format(size, self.limit))
            files = {each.name: {'size': each.size, 'base64': each.read()} for each in found}
        named = {'format': FORMAT, 'service': self.controls.service}
        return {**named, 'tables': tables, 'folders': dict(self.controls.folders), 'files': files}

    def load(self, document):
        """Have the service be as the document says; Problem (400): then it is as it was."""
        rows, files = self.read(document)
        with self.still():
            self.replace(rows, files)

    def reset(self):
        """Have the service be as at its first start."""
        rows, files = self.read({'format': FORMAT, 'service': self.controls.service, 'folders': {}, **self.first})
        with self.still():
            self.replace(rows, files)

    def replace(self, rows, files):
        with self.files.new(files) as move_in:
            try:
                with self.controls.session.writing() as connection:
                    for table in reversed(self.controls.tables):
                        connection.execute(table.delete())
                    for table in self.controls.tables:
                        if rows[table.name]:
                            connection.execute(table.insert(), rows[table.name])
            except (SQLAlchemyError, ValueError, TypeError) as error:
                reason = ' '.join(str(getattr(error, 'orig', error)).split())
                raise Problem(400, NO_FIT.format(reason)) from None
            self.controls.remove_files()
            move_in()

    def read(self, document):
        """({table: rows}, {name: bytes}) of a document; Problem."""
        self.check(document)
        moved = moved_folders(document['folders'], self.controls.folders)
        rows = {table.name: read_rows(table, document['tables'][table.name], moved) for table in self.controls.tables}
        return rows, {name: read_file(name, file) for name, file in document['files'].items()}

    def check(self, document):
        if not isinstance(document, dict) or document.get('format') != FORMAT:
            raise Problem(400, f'A state is a JSON object with "format": {FORMAT}, as GET /toycloud/state answers.')
        if document.get('service') != self.controls.service:
            raise Problem(400, f'This state is not one of {self.controls.service}: load it where it was saved.')
        for name in ('tables', 'folders', 'files'):
            if not isinstance(document.get(name), dict):
                raise Problem(400, f'The state has no {name}: it was not saved by this service.')
        missing = [table.name for table in self.controls.tables if table.name not in document['tables']]
        if missing:
            raise Problem(400, f'The state has no table {missing[0]}: it was saved by another release.')


def dump(connection, tables):
    """{table: [row, ...]} as JSON has it."""
    found = {}
    for table in tables:
        rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        found[table.name] = [{name: written(value) for name, value in row.items()} for row in rows]
    return found


def written(value):
    return value.isoformat() if isinstance(value, datetime) else value


def read_rows(table, rows, moved):
    if not isinstance(rows, list):
        raise Problem(400, f'{table.name} is no list of rows.')
    return [read_row(table, row, moved) for row in rows]


def read_row(table, row, moved):
    if not isinstance(row, dict) or set(row) != set(table.columns.keys()):
        raise Problem(400, f'A row of {table.name} does not have the columns {", ".join(table.columns.keys())}.')
    try:
        return {column.name: read_value(column, row[column.name], moved) for column in table.columns}
    except (ValueError, TypeError) as error:
        raise Problem(400, f'A row of {table.name} is not as it was saved: {error}.') from None


def read_value(column, value, moved):
    if isinstance(column.type, DateTime) and value is not None:
        return datetime.fromisoformat(value)
    if isinstance(value, str):
        for old, new in moved:
            if value.startswith(old):
                return new + value[len(old) :]
    return value


def moved_folders(then, now):
    """(old, new) beginnings of the addresses of files, where a folder is another one now."""
    same = [(then[name], now[name]) for name in now if isinstance(then.get(name), str) and then[name] != now[name]]
    return [(f'file://{old}/', f'file://{new}/') for old, new in same]


def read_file(name, file):
    try:
        return base64.b64decode(file['base64'], validate=True)
    except (KeyError, TypeError, ValueError):
        raise Problem(400, f'The file {name} has no bytes in base64.') from None
