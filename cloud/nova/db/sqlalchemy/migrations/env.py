"""What Alembic runs to run the steps: on the connection, and in the transaction, of whoever called it.

Real: none in nova 2014.2; since 2022 nova/db/main/migrations/env.py
"""

from alembic import context

from cloud.nova.db.sqlalchemy.models import metadata

context.configure(connection=context.config.attributes['connection'], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
