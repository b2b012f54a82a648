"""Database files of before: what today's tables have and the file's do not is added when the service starts.

Columns may be added to the models as long as they may be NULL: that is what the old rows have in them then.
Use: upgrade(session, metadata), once its tables are there
Real: glance 2014.2 glance/db/sqlalchemy/migrate_repo/versions/: a numbered script for each change, run by an operator
    with `glance-manage db sync`; since Ocata glance/db/sqlalchemy/alembic_migrations/
Left out: everything but new columns and new indexes; the way back.
"""

import sqlalchemy
from sqlalchemy.schema import CreateColumn


def upgrade(session, metadata):
    """Add the columns and indexes that the models have and the database has not. session: oslo.db's; DBError."""
    with session.writing() as connection:
        for table in metadata.sorted_tables:
            add_missing(connection, table)


def add_missing(connection, table):
    there = {column['name'] for column in sqlalchemy.inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in there:
            definition = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f'ALTER TABLE {table.name} ADD COLUMN {definition}')
    for index in table.indexes:
        index.create(connection, checkfirst=True)
