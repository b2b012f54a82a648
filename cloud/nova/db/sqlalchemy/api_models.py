"""The tables of what the API itself keeps: flavors, keypairs, server groups, quotas.

Real: nova 2014.2 nova/db/sqlalchemy/models.py InstanceTypes, InstanceTypeProjects, KeyPair, InstanceGroup,
    InstanceGroupMember, Quota; since 2017 in a database of their own, nova/db/api/models.py, hence the name
Left out: extra specs as rows of their own; quotas of single users, and quota classes.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from cloud.nova.db.sqlalchemy.models import metadata

flavors = Table(
    'flavors', metadata,
    Column('id', Integer, primary_key=True),
    Column('flavorid', String(255), nullable=False),
    Column('name', String(255), nullable=False),
    Column('description', Text),
    Column('memory_mb', Integer, nullable=False),
    Column('vcpus', Integer, nullable=False),
    Column('root_gb', Integer, nullable=False),
    Column('ephemeral_gb', Integer, nullable=False, default=0),
    Column('swap', Integer, nullable=False, default=0),
    Column('rxtx_factor', Float, nullable=False, default=1.0),
    Column('disabled', Boolean, nullable=False, default=False),
    Column('is_public', Boolean, nullable=False, default=True),
    Column('extra_specs', JSON, nullable=False, default=dict),
    Column('created_at', DateTime, nullable=False),
    Column('updated_at', DateTime),
    Column('deleted', Boolean, nullable=False, default=False),
)  # fmt: skip
Index('ix_flavors_flavorid', flavors.c.deleted, flavors.c.flavorid)
Index('ix_flavors_name', flavors.c.deleted, flavors.c.name)

flavor_projects = Table(
    'flavor_projects', metadata,
    Column('flavor_id', Integer, ForeignKey('flavors.id'), primary_key=True),
    Column('project_id', String(255), primary_key=True),
)  # fmt: skip

key_pairs = Table(
    'key_pairs', metadata,
    Column('id', Integer, primary_key=True),
    Column('user_id', String(255), nullable=False),
    Column('name', String(255), nullable=False),
    Column('type', String(16), nullable=False),
    Column('fingerprint', String(255), nullable=False),
    Column('public_key', Text, nullable=False),
    Column('created_at', DateTime, nullable=False),
    UniqueConstraint('user_id', 'name', name='uniq_key_pairs_user_id_name'),
)  # fmt: skip

instance_groups = Table(
    'instance_groups', metadata,
    Column('id', Integer, primary_key=True),
    Column('uuid', String(36), nullable=False, unique=True),
    Column('name', String(255), nullable=False),
    Column('user_id', String(255), nullable=False),
    Column('project_id', String(255), nullable=False),
    Column('policy', String(255), nullable=False),
    Column('rules', JSON, nullable=False, default=dict),
    Column('created_at', DateTime, nullable=False),
)  # fmt: skip
Index('ix_instance_groups_project_id', instance_groups.c.project_id, instance_groups.c.id)

instance_group_member = Table(
    'instance_group_member', metadata,
    Column('id', Integer, primary_key=True),
    Column('group_id', Integer, ForeignKey('instance_groups.id', ondelete='CASCADE'), nullable=False, index=True),
    Column('instance_uuid', String(36), nullable=False, index=True),
)  # fmt: skip

quotas = Table(
    'quotas', metadata,
    Column('project_id', String(255), primary_key=True),
    Column('resource', String(64), primary_key=True),
    Column('hard_limit', Integer, nullable=False),
)  # fmt: skip
