"""The tables of metadata definitions: a namespace, and the four kinds of things that are in one.

    metadef_namespaces  <  metadef_objects, metadef_properties, metadef_tags, metadef_namespace_resource_types

The four are alike: a name, which is one of its kind in its namespace, and a document with all that there is to say.
Real: glance 2014.2 glance/db/sqlalchemy/models_metadef.py
Left out: soft deletion: what is deleted is gone, as in the real one.
"""

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, Table, UniqueConstraint

from cloud.glance.db.sqlalchemy.models import Text, metadata


def moments():
    return Column('created_at', DateTime, nullable=False), Column('updated_at', DateTime, nullable=False)


namespaces = Table(
    'metadef_namespaces', metadata,
    Column('id', Integer, primary_key=True),
    Column('namespace', Text(80), nullable=False, unique=True),
    Column('display_name', Text(80)),
    Column('description', Text()),
    Column('visibility', Text(20), nullable=False),
    Column('protected', Boolean, nullable=False, default=False),
    Column('owner', Text(255)),
    *moments(),
    Index('ix_metadef_namespaces_created_at', 'created_at', 'namespace'),
)  # fmt: skip


def part_of_namespace(name):
    return Table(
        name, metadata,
        Column('id', Integer, primary_key=True),
        Column('namespace_id', Integer, ForeignKey('metadef_namespaces.id', ondelete='CASCADE'), nullable=False),
        Column('name', Text(80), nullable=False),
        Column('document', JSON, nullable=False, default=dict),
        *moments(),
        UniqueConstraint('namespace_id', 'name'),
        Index(f'ix_{name}_name', 'name'),
    )  # fmt: skip


PARTS = {
    'objects': part_of_namespace('metadef_objects'),
    'properties': part_of_namespace('metadef_properties'),
    'tags': part_of_namespace('metadef_tags'),
    'resource_types': part_of_namespace('metadef_namespace_resource_types'),
}
resource_types = Table(
    'metadef_resource_types', metadata,
    Column('name', Text(80), primary_key=True),
    *moments(),
)  # fmt: skip
