"""The tables: an image, and what hangs on it: properties, tags, locations, members.

An image that is deleted stays as a row with deleted=True, and so does what hung on it then. What is taken
off an image that lives on (a tag, a property, a member) is gone at once.
Real: glance 2014.2 glance/db/sqlalchemy/models.py Image, ImageProperty, ImageTag, ImageLocation, ImageMember;
    classes for the ORM there, plain tables here, since rows leave api.py as plain dicts anyway
Columns that came later may be NULL (migration.py adds them to the files of before), and NULL means as in 2014.2:
not hidden, without a hash, of the two visibilities of then. Metadata definitions: models_metadef.py.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    types,
)
from sqlalchemy.exc import DontWrapMixin

from cloud.glance.common import exception

metadata = MetaData()


class Unstorable(exception.Invalid, DontWrapMixin):
    """A value that no database could keep. The mixin lets it through SQLAlchemy as it is."""


class Text(types.TypeDecorator):
    """Text, refused if it has half characters: JSON can write them ("\\ud800"), UTF-8 cannot."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if not isinstance(value, str | None):
            raise Unstorable(f'{value!a} is not text.')
        try:
            return value and value.encode().decode()
        except UnicodeEncodeError:
            raise Unstorable(f'{value!a} has characters that UTF-8 does not have.') from None


class Number(types.TypeDecorator):
    """A whole number, refused if it does not fit the column: databases differ in what they do then."""

    impl = Integer
    cache_ok = True
    max = 2**31 - 1

    def process_bind_param(self, value, dialect):
        if value is not None and not (isinstance(value, int) and -self.max <= value <= self.max):
            raise Unstorable(f'{value!a} is not a whole number from {-self.max} to {self.max}.')
        return value


class BigNumber(Number):
    """The same with 64 bits, for what is counted in bytes."""

    impl = BigInteger
    cache_ok = True
    max = 2**63 - 1


images = Table(
    'images', metadata,
    Column('id', Text(36), primary_key=True),
    Column('name', Text(255)),
    Column('status', Text(30), nullable=False),
    Column('is_public', Boolean, nullable=False, default=False),
    Column('owner', Text(255)),
    Column('disk_format', Text(20)),
    Column('container_format', Text(20)),
    Column('size', BigNumber),
    Column('virtual_size', BigNumber),
    Column('checksum', Text(32)),
    Column('min_disk', Number, nullable=False, default=0),
    Column('min_ram', Number, nullable=False, default=0),
    Column('protected', Boolean, nullable=False, default=False),
    Column('created_at', DateTime, nullable=False),
    Column('updated_at', DateTime, nullable=False),
    Column('deleted_at', DateTime),
    Column('deleted', Boolean, nullable=False, default=False),
    Column('visibility', Text(20)),  # of what is not public: shared, community, or NULL for private
    Column('os_hidden', Boolean),
    Column('os_hash_algo', Text(64)),
    Column('os_hash_value', Text(128)),
)  # fmt: skip

# One index for each way a list is sorted or usually narrowed: what is not deleted, in the order of a page.
# A page then starts at its marker, however deep in the table that is. Other columns are sorted when asked for.
Index('ix_images_id', images.c.deleted, images.c.id)
Index('ix_images_created_at', images.c.deleted, images.c.created_at, images.c.id)
for _name in ('updated_at', 'name', 'status', 'size', 'disk_format', 'container_format', 'owner', 'is_public',
              'visibility', 'os_hidden'):  # fmt: skip
    Index(f'ix_images_{_name}', images.c.deleted, images.c[_name], images.c.created_at, images.c.id)


def part_of_image(name, *columns):
    """A table of what hangs on images: each row has its image's id, and deleted once that image is."""
    return Table(
        name, metadata,
        Column('id', Integer, primary_key=True),
        Column('image_id', Text(36), ForeignKey('images.id'), nullable=False),
        Column('deleted', Boolean, nullable=False, default=False),
        *columns,
    )  # fmt: skip


# What the service does for images when the answer has long been sent. It outlives its image.
tasks = Table(
    'tasks', metadata,
    Column('id', Text(36), primary_key=True),
    Column('type', Text(30), nullable=False),
    Column('status', Text(30), nullable=False),
    Column('owner', Text(255)),
    Column('image_id', Text(36), nullable=False),
    Column('user_id', Text(255)),
    Column('request_id', Text(64)),
    Column('input', JSON),
    Column('result', JSON),
    Column('message', Text(), nullable=False, default=''),
    Column('created_at', DateTime, nullable=False),
    Column('updated_at', DateTime, nullable=False),
    Column('expires_at', DateTime, nullable=False),
    Index('ix_tasks_owner', 'owner', 'created_at', 'id'),
    Index('ix_tasks_created_at', 'created_at', 'id'),
    Index('ix_tasks_image_id', 'image_id'),
    Index('ix_tasks_expires_at', 'expires_at'),
)  # fmt: skip

properties = part_of_image(
    'image_properties',
    Column('name', Text(255), nullable=False),
    Column('value', Text()),
    UniqueConstraint('image_id', 'name'),
    Index('ix_image_properties_name_value', 'name', 'value'),
)
tags = part_of_image(
    'image_tags',
    Column('value', Text(255), nullable=False),
    UniqueConstraint('image_id', 'value'),
    Index('ix_image_tags_value', 'value'),
)
locations = part_of_image(
    'image_locations',
    Column('value', Text(), nullable=False),
    Column('meta_data', JSON, nullable=False, default=dict),
    Column('status', Text(30), nullable=False, default='active'),
    Index('ix_image_locations_image_id', 'image_id'),
)
members = part_of_image(
    'image_members',
    Column('member', Text(255), nullable=False),
    Column('can_share', Boolean, nullable=False, default=False),
    Column('status', Text(20), nullable=False, default='pending'),
    Column('created_at', DateTime, nullable=False),
    Column('updated_at', DateTime, nullable=False),
    UniqueConstraint('image_id', 'member'),
    Index('ix_image_members_member_status', 'member', 'status'),
)
