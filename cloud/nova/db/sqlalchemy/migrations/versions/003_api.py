"""Tables for what the API itself keeps: flavors, keypairs, server groups, quotas.

Real: none
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column, DateTime, Integer, String, Text

revision, down_revision = '003', '002'


def text(name, **more):
    return Column(name, String(255), nullable=False, **more)


def number(name):
    return Column(name, Integer, nullable=False)


def upgrade():
    create_flavors()
    op.create_table(
        'key_pairs',
        Column('id', Integer, primary_key=True),
        *map(text, ('user_id', 'name')),
        Column('type', String(16), nullable=False),
        text('fingerprint'),
        Column('public_key', Text, nullable=False),
        Column('created_at', DateTime, nullable=False),
        sa.UniqueConstraint('user_id', 'name', name='uniq_key_pairs_user_id_name'),
    )
    create_groups()
    op.create_table(
        'quotas',
        text('project_id', primary_key=True),
        Column('resource', String(64), primary_key=True),
        number('hard_limit'),
    )


def create_flavors():
    op.create_table(
        'flavors',
        Column('id', Integer, primary_key=True),
        *map(text, ('flavorid', 'name')),
        Column('description', Text),
        *map(number, ('memory_mb', 'vcpus', 'root_gb', 'ephemeral_gb', 'swap')),
        Column('rxtx_factor', sa.Float, nullable=False),
        *(Column(name, sa.Boolean, nullable=False) for name in ('disabled', 'is_public')),
        Column('extra_specs', sa.JSON, nullable=False),
        Column('created_at', DateTime, nullable=False),
        Column('updated_at', DateTime),
        Column('deleted', sa.Boolean, nullable=False),
    )
    for name in ('flavorid', 'name'):
        op.create_index(f'ix_flavors_{name}', 'flavors', ['deleted', name])
    op.create_table(
        'flavor_projects',
        Column('flavor_id', Integer, sa.ForeignKey('flavors.id'), primary_key=True),
        text('project_id', primary_key=True),
    )


def create_groups():
    op.create_table(
        'instance_groups',
        Column('id', Integer, primary_key=True),
        Column('uuid', String(36), nullable=False, unique=True),
        *map(text, ('name', 'user_id', 'project_id', 'policy')),
        Column('rules', sa.JSON, nullable=False),
        Column('created_at', DateTime, nullable=False),
    )
    op.create_index('ix_instance_groups_project_id', 'instance_groups', ['project_id', 'id'])
    op.create_table(
        'instance_group_member',
        Column('id', Integer, primary_key=True),
        Column('group_id', Integer, sa.ForeignKey('instance_groups.id', ondelete='CASCADE'), nullable=False),
        Column('instance_uuid', String(36), nullable=False),
    )
    for name in ('group_id', 'instance_uuid'):
        op.create_index(f'ix_instance_group_member_{name}', 'instance_group_member', [name])
