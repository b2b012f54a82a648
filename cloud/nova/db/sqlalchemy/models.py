"""The tables: instances, and the numbers by which EC2's API knows images.

An instance that is deleted stays as a row with deleted=True, so its number is never given to another.
Real: nova 2013-04 (c8067d1b70) nova/db/sqlalchemy/models.py Instance, S3Image. There a fault and each entry of the
    system metadata is a row of a table of its own, and vm_state (building, active, error) is translated for clients.
Left out: some fifty more columns of an instance.
"""

from sqlalchemy import JSON, Boolean, Column, DateTime, Index, Integer, MetaData, String, Table

metadata = MetaData()

instances = Table(
    'instances', metadata,
    Column('id', Integer, primary_key=True),
    Column('uuid', String(36), nullable=False, unique=True),
    Column('display_name', String(255), nullable=False),
    Column('status', String(16), nullable=False),
    Column('fault', JSON(none_as_null=True)),
    Column('image_ref', String(36)),
    Column('instance_type', String(255), nullable=False),
    Column('memory_mb', Integer, nullable=False),
    Column('root_gb', Integer, nullable=False),
    Column('system_metadata', JSON, nullable=False, default=dict),
    Column('user_id', String(255)),
    Column('project_id', String(255)),
    Column('created_at', DateTime, nullable=False),
    Column('updated_at', DateTime, nullable=False),
    Column('deleted_at', DateTime),
    Column('deleted', Boolean, nullable=False, default=False),
)  # fmt: skip

# What is not deleted, in the order of creation: a page starts at its marker, however deep in the table that is.
Index('ix_instances_id', instances.c.deleted, instances.c.id)
# The same for one tenant, however many instances the others have.
Index('ix_instances_project_id', instances.c.deleted, instances.c.project_id, instances.c.id)
Index('ix_instances_status', instances.c.deleted, instances.c.status)

s3_images = Table(
    's3_images', metadata,
    Column('id', Integer, primary_key=True),
    Column('uuid', String(36), nullable=False, unique=True),
)  # fmt: skip
