"""A service's database, opened for reading only, and asked in pages: however long a table is, memory stays small.

Use: database = Database('sqlite:////tmp/glance.sqlite')
     for rows in database.pages(images, images.c.status == 'active'): ...
Real: none; oslo_db/sqlalchemy/utils.py paginate_query pages so
"""

import fcntl
import os
import sqlite3
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import exc, select
from sqlalchemy.pool import NullPool

from cloud.oslo.utils.timeutils import utcnow

PAGE = 1000  # rows read at once
AT_WORK = 60  # seconds for which what a living service has begun may look half-done


class Database:
    """sql_connection: an SQLAlchemy URL; ValueError, in one line, for one that is none. Nothing is created."""

    def __init__(self, sql_connection):
        try:
            url = sqlalchemy.make_url(sql_connection)
            self.file = file_of(url)
            self.engine = sqlalchemy.create_engine(url, **self.options(url))
        except (exc.ArgumentError, ImportError) as error:
            raise ValueError(f'sql_connection: {error}') from None
        self.name = url.render_as_string()  # without its password

    def options(self, url):
        if url.get_backend_name() != 'sqlite':
            return {}
        return {'creator': self.open_file, 'poolclass': NullPool}

    def open_file(self):
        # Nobody has it open where there is no write-ahead log: then not even SQLite's own two files need be made.
        mode = 'mode=ro' if os.path.exists(f'{self.file}-wal') else 'mode=ro&immutable=1'
        return sqlite3.connect(f'file:{quote(self.file)}?{mode}', uri=True, timeout=60)

    def is_there(self):
        """Whether there is anything to read: a service that never ran has no file, one in memory leaves none."""
        return self.engine.dialect.name != 'sqlite' or bool(self.file and os.path.exists(self.file))

    def rows(self, statement):
        """What a select answers, a list of rows; ValueError if the database cannot be read."""
        if not self.is_there():
            return []
        try:
            with self.engine.connect() as connection:
                return connection.execute(statement).all()
        except exc.DBAPIError as error:
            raise ValueError(f'{self.name}: {error.orig}') from None

    def pages(self, table, *conditions):
        """Lists of the table's rows under the conditions, in the order of their ids."""
        wanted = select(table).where(*conditions).order_by(table.c.id).limit(PAGE)
        page = self.rows(wanted)
        while page:
            yield page
            page = self.rows(wanted.where(table.c.id > page[-1].id))

    def is_worked_on(self):
        """Whether the service lives: then it holds the lock beside its database. (We have it for a moment.)"""
        try:
            descriptor = os.open(f'{self.file}.lock', os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def close(self):
        self.engine.dispose()


def file_of(url):
    """The path of an SQLite database; None for one in memory, or on a server."""
    is_file = url.get_backend_name() == 'sqlite' and url.database not in (None, '', ':memory:')
    return os.path.abspath(url.database) if is_file else None


def is_recent(moment):
    """Whether it was just now: what a living service has written then, it may be at work on still."""
    return (utcnow() - moment).total_seconds() < AT_WORK
