"""The engine and its two kinds of transaction: reading sees one moment, writing is alone.

SQLite lets one writer in at a time. A transaction that reads first and wants to write later can find that another
was faster, and fails with "database is locked". So whoever means to write says so when it begins (BEGIN IMMEDIATE)
and waits its turn; readers never wait, thanks to the write-ahead log.
Use: session = Session('sqlite:////tmp/x.sqlite'); with session.writing() as connection: connection.execute(...)
Real: oslo.db 1.0 oslo/db/sqlalchemy/session.py (before 2014.2 a copy of it in each project, glance/openstack/common/db)
Left out: retries after lost connections, and slaves to read from.
"""

import contextlib
import json
import logging
import os
import sqlite3
import threading
import time
import weakref

import sqlalchemy
from sqlalchemy import event, exc
from sqlalchemy.pool import QueuePool

LOG = logging.getLogger(__name__)
BUSY_TIMEOUT = 60  # seconds that a writer waits for those of other processes


class DBError(Exception):
    """The database cannot do it now: it is locked, its disk is full, it has gone. One line, for the client too.

    Whatever was to be written is not. Real: oslo.db 1.0 oslo/db/exception.py DBError
    """


class Session:
    """Connections to one database, for any number of threads.

    sql_connection: an SQLAlchemy URL; the folder of an SQLite file is made if need be.
    metadata: the tables to create. ValueError, in one line, if there is no such database to be had.
    """

    def __init__(self, sql_connection, metadata):
        try:
            self.engine = create_engine(sql_connection)
            # Whoever forgets to close() has it done when the session goes, or the process.
            weakref.finalize(self, self.engine.dispose)
            self.writer = self.engine.execution_options(begin='BEGIN IMMEDIATE')
            # Threads queue here, which is fair and quick; SQLite's own queue is for the other processes.
            self.lock = threading.Lock() if self.engine.dialect.name == 'sqlite' else contextlib.nullcontext()
            with self.writing() as connection:
                metadata.create_all(connection)
        except (exc.ArgumentError, exc.DBAPIError, DBError, ImportError, OSError) as error:
            raise ValueError(f'sql_connection = {without_password(sql_connection)}: {reason(error)}') from None

    @property
    def file(self):
        """The path of an SQLite database; None for one in memory, or on a server."""
        url = self.engine.url
        return url.database if url.get_backend_name() == 'sqlite' and not is_in_memory(url) else None

    def reading(self):
        """Context manager: a connection whose queries all see the same moment."""
        return self.transaction(self.engine)

    @contextlib.contextmanager
    def writing(self):
        """Context manager: a connection that no other writer disturbs; all is stored at its end, or nothing."""
        with self.lock, self.transaction(self.writer) as connection:
            yield connection

    @contextlib.contextmanager
    def transaction(self, engine):
        try:
            with engine.begin() as connection:
                yield connection
        except (exc.OperationalError, exc.TimeoutError, sqlite3.OperationalError) as error:
            LOG.error('the database fails: %s', reason(error))
            raise DBError(f'The database cannot be used now ({reason(error)}): try again later.') from None

    def close(self):
        self.engine.dispose()


def create_engine(sql_connection):
    url = sqlalchemy.make_url(sql_connection)
    if url.get_backend_name() != 'sqlite':
        return sqlalchemy.create_engine(url, pool_pre_ping=True, json_deserializer=read_json)
    if is_in_memory(url):
        size = {'pool_size': 1, 'max_overflow': 0}  # such a database lives in its one connection: all take turns
    else:
        os.makedirs(os.path.dirname(os.path.abspath(url.database)), exist_ok=True)
        size = {'pool_size': 16, 'max_overflow': -1}
    options = {'check_same_thread': False, 'timeout': BUSY_TIMEOUT}
    engine = sqlalchemy.create_engine(
        url, poolclass=QueuePool, connect_args=options, json_deserializer=read_json, **size
    )
    event.listen(engine, 'connect', prepare)
    event.listen(engine, 'begin', begin)
    return engine


def read_json(text):
    """What a JSON column has; most of them have nothing, which need not be parsed."""
    if text == '{}':
        return {}
    return [] if text == '[]' else json.loads(text)


def is_in_memory(url):
    return url.database in (None, '', ':memory:')


def prepare(connection, record):
    connection.isolation_level = None  # Python's sqlite3 would begin transactions where it likes: begin() does
    use_write_ahead_log(connection)
    # What is committed survives kill -9. A power cut may take the last commits with it, never the database.
    connection.execute('PRAGMA synchronous = NORMAL')
    connection.execute('PRAGMA foreign_keys = ON')


def use_write_ahead_log(connection):
    """Two processes that switch a new file over at once do not wait for each other: SQLite tells one to try again."""
    give_up = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            return connection.execute('PRAGMA journal_mode = WAL')
        except sqlite3.OperationalError as error:
            if 'locked' not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def begin(connection):
    # Right to sqlite3: on SQLAlchemy's way, this alone takes a tenth of the time of reading one row.
    statement = connection.get_execution_options().get('begin', 'BEGIN')
    connection.connection.dbapi_connection.execute(statement)


def without_password(sql_connection):
    try:
        return sqlalchemy.make_url(sql_connection).render_as_string()
    except exc.ArgumentError:
        return sql_connection


def reason(error):
    return ' '.join(str(getattr(error, 'orig', None) or error).split())
