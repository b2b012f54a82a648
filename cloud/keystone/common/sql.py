"""The tables, and the database that holds them.

A domain is a project, too (is_domain), as in the real one since its release Mitaka: so both are found by one id.
A grant is a row of `assignment`: an actor (user or group) has a role on a target (project, domain or the system).

Use: database = Database('sqlite:////tmp/keystone.sqlite'); with database.reading() as connection: ...
Real: keystone 2015.1 keystone/common/sql/core.py, and the backends/sql.py of each part, where the real tables are
Left out: migrations (there is one version of these tables yet), and foreign keys between the parts.
"""

import hashlib
import json

from sqlalchemy import JSON, Boolean, Column, DateTime, Float, Index, Integer, MetaData, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.exc import IntegrityError

from cloud.keystone import exception
from cloud.oslo.db.sqlalchemy.session import Session
from cloud.oslo.utils.uuidutils import generate_uuid

metadata = MetaData()
ROOT = '<<keystone.domain.root>>'  # the domain_id of domains, so that (domain_id, name) is unique for them as well
ID = String(64)
NAME = String(255)


def named(*others):
    """The columns that most tables begin with."""
    return Column('id', ID, primary_key=True), *others, Column('extra', JSON, nullable=False, default=dict)


project = Table(
    'project', metadata,
    *named(
        Column('name', NAME, nullable=False),
        Column('domain_id', ID, nullable=False),
        Column('parent_id', ID),
        Column('description', Text),
        Column('enabled', Boolean, nullable=False, default=True),
        Column('is_domain', Boolean, nullable=False, default=False),
        Column('tags', JSON, nullable=False, default=list),
    ),
    Unique('domain_id', 'name'),
)  # fmt: skip

user = Table(
    'user', metadata,
    *named(
        Column('name', NAME, nullable=False),
        Column('domain_id', ID, nullable=False),
        Column('password', String(255)),  # its hash; None: this user cannot come in by a password
        Column('enabled', Boolean, nullable=False, default=True),
        Column('default_project_id', ID),
    ),
    Unique('domain_id', 'name'),
)  # fmt: skip

group = Table(
    'group', metadata,
    *named(
        Column('name', NAME, nullable=False),
        Column('domain_id', ID, nullable=False),
        Column('description', Text),
    ),
    Unique('domain_id', 'name'),
)  # fmt: skip

membership = Table(
    'user_group_membership', metadata,
    Column('user_id', ID, primary_key=True),
    Column('group_id', ID, primary_key=True, index=True),
)  # fmt: skip

role = Table(
    'role', metadata,
    *named(
        Column('name', NAME, nullable=False),
        Column('domain_id', ID, nullable=False, default=ROOT),
        Column('description', Text),
    ),
    Unique('domain_id', 'name'),
)  # fmt: skip

implied_role = Table(
    'implied_role', metadata,
    Column('prior_role_id', ID, primary_key=True),
    Column('implied_role_id', ID, primary_key=True),
)  # fmt: skip

assignment = Table(
    'assignment', metadata,
    Column('actor', String(8), primary_key=True),  # user or group
    Column('actor_id', ID, primary_key=True),
    Column('target', String(8), primary_key=True),  # project, domain or system
    Column('target_id', ID, primary_key=True),  # 'system' for the system
    Column('role_id', ID, primary_key=True),
    Column('inherited', Boolean, primary_key=True, default=False),
)  # fmt: skip
Index('ix_assignment_target', assignment.c.target, assignment.c.target_id)

region = Table(
    'region', metadata,
    *named(Column('description', Text), Column('parent_region_id', String(255))),
)  # fmt: skip

service = Table(
    'service', metadata,
    *named(Column('type', NAME), Column('enabled', Boolean, nullable=False, default=True)),
)  # fmt: skip

endpoint = Table(
    'endpoint', metadata,
    *named(
        Column('interface', String(8), nullable=False),
        Column('region_id', String(255)),
        Column('service_id', ID, nullable=False, index=True),
        Column('url', Text, nullable=False),
        Column('enabled', Boolean, nullable=False, default=True),
    ),
)  # fmt: skip

credential = Table(
    'credential', metadata,
    *named(
        Column('user_id', ID, nullable=False, index=True),
        Column('project_id', ID),
        Column('type', NAME, nullable=False),
        Column('blob', Text, nullable=False),
    ),
)  # fmt: skip

application_credential = Table(
    'application_credential', metadata,
    Column('id', ID, primary_key=True),
    Column('name', NAME, nullable=False),
    Column('user_id', ID, nullable=False),
    Column('project_id', ID, nullable=False),
    Column('secret_hash', String(255), nullable=False),
    Column('description', Text),
    Column('expires_at', DateTime),
    Column('unrestricted', Boolean),
    Column('roles', JSON, nullable=False),
    Unique('user_id', 'name'),
)  # fmt: skip

revocation_event = Table(
    'revocation_event', metadata,
    Column('id', Integer, primary_key=True),
    Column('audit_id', String(32), index=True),
    Column('user_id', ID, index=True),
    Column('issued_before', Float, nullable=False),
    Column('expires_at', Float, nullable=False, index=True),
)  # fmt: skip


class Database(Session):
    """The database of one Keystone. sql_connection: an SQLAlchemy URL; ValueError if there is none to be had."""

    def __init__(self, sql_connection):
        super().__init__(sql_connection, metadata)

    def get(self, table, row_id):
        """The row of that id as a dict, or None."""
        with self.reading() as connection:
            return find(connection, table, row_id)

    def delete(self, table, row_id):
        with self.writing() as connection:
            connection.execute(table.delete().where(table.c.id == row_id))


def find(connection, table, row_id):
    row = connection.execute(table.select().where(table.c.id == row_id)).mappings().first()
    return None if row is None else dict(row)


def find_or_fail(connection, table, row_id):
    """The row of that id as a dict; NotFound, which names the table's noun."""
    row = find(connection, table, row_id)
    if row is None:
        raise exception.not_found(table.name, row_id)
    return row


def insert(connection, table, values):
    """Store a row, and return it as it is now; Conflict if its name is taken."""
    with conflicts(table, values):
        connection.execute(table.insert(), values)
    return find(connection, table, values['id'])


def change(connection, table, row_id, values):
    """Change some columns of the row of that id, and return it; Conflict, NotFound."""
    row = find_or_fail(connection, table, row_id)
    with conflicts(table, {**row, **values}):
        if values:
            connection.execute(table.update().where(table.c.id == row_id).values(values))
    return find(connection, table, row_id)


class conflicts:
    """Context manager: a name that is taken becomes a Conflict."""

    def __init__(self, table, values):
        self.table, self.values = table, values

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is not None and issubclass(kind, IntegrityError):
            raise exception.duplicate(self.table.name, self.values) from None


def new_id():
    return generate_uuid(dashed=False)


def access_id(access):
    """The id of the credential with that access key. Real: keystone/common/utils.py hash_access_key"""
    return hashlib.sha256(access.encode()).hexdigest()


def blob_of(row):
    """The dict in a credential's blob; {} if it is none."""
    try:
        document = json.loads(row['blob'])
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
