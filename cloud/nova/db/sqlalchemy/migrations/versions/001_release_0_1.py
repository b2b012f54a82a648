"""What release 0.1 has, and whatever led to it: a database without a number had its missing columns added at a start.

Real: none
"""

import sqlalchemy
from alembic import op
from sqlalchemy import Column, Integer, String, Table

revision, down_revision = '001', None

# The columns that came to the table instances before there were numbers. All may be NULL.
ADDED = {'user_id': String(255), 'project_id': String(255)}


def upgrade():
    connection = op.get_bind()
    there = {column['name'] for column in sqlalchemy.inspect(connection).get_columns('instances')}
    for name, kind in ADDED.items():
        if name not in there:
            op.add_column('instances', Column(name, kind))
    if not sqlalchemy.inspect(connection).has_table('s3_images'):
        numbers = Column('id', Integer, primary_key=True), Column('uuid', String(36), nullable=False, unique=True)
        Table('s3_images', sqlalchemy.MetaData(), *numbers).create(connection)
