"""A database of before becomes one of today when nova starts: each file in migrations/versions is one step.

The table alembic_version says how far a database has come. A new one gets the tables of today (models.py) at once; one
of an older release the steps that it lacks, by Alembic. Either happens in one transaction that writes, and there is
only one of those at a time: processes that start at once wait for each other, and one that dies leaves what was.
Use: Session(sql_connection, migration), which calls create_all(connection)
     a new step: a file versions/NNN_what.py with the next number, and the same change in models.py
Real: nova 2014.2 nova/db/sqlalchemy/migrate_repo/versions/ (sqlalchemy-migrate), run by an operator with
    `nova-manage db sync`; Alembic since 2022, in nova/db/main/migrations/
Left out: the way back; locks of other databases than SQLite and PostgreSQL.
"""

import os

import sqlalchemy
from sqlalchemy import Column, MetaData, String, Table, select

from cloud.nova.db.sqlalchemy.api_models import metadata

MIGRATIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'migrations')
LOCK = 0x6E6F7661  # PostgreSQL locks a number while a transaction lasts; SQLite lets one writer in anyway
alembic_version = Table('alembic_version', MetaData(), Column('version_num', String(32), primary_key=True))


def head():
    """The number of the last step, text such as '002'."""
    names = os.listdir(os.path.join(MIGRATIONS, 'versions'))
    return max(name for name in names if name[0].isdigit()).partition('_')[0]


def create_all(connection):
    """Bring the database of an SQLAlchemy connection, in a transaction that writes, to what models.py says."""
    if connection.dialect.name == 'postgresql':
        connection.exec_driver_sql(f'SELECT pg_advisory_xact_lock({LOCK})')
    inspector = sqlalchemy.inspect(connection)
    if not inspector.has_table('instances'):
        metadata.create_all(connection)
        alembic_version.create(connection, checkfirst=True)
        connection.execute(alembic_version.insert(), {'version_num': head()})
    elif not inspector.has_table('alembic_version') or connection.scalar(select(alembic_version)) != head():
        upgrade(connection)


def upgrade(connection):
    from alembic import command  # late: it takes longer to import than the rest of a start, and is rarely needed
    from alembic.config import Config

    config = Config(attributes={'connection': connection})
    config.set_main_option('script_location', MIGRATIONS.replace('%', '%%'))
    command.upgrade(config, 'head')
