"""Between rows and the dicts that api.py takes and answers: reading an image with all its parts, and writing them.

An image as a dict: its columns, and properties (a list of name, value, deleted), tags (a list of text), locations
(a list of id, url, metadata, status). Values to write: see Database.image_create and image_update.
Real: glance 2014.2 glance/db/sqlalchemy/api.py _image_update, _set_properties_for_image, _image_locations_set
"""

from sqlalchemy import bindparam, false, select

from cloud.glance.common import exception
from cloud.glance.db.sqlalchemy.models import images, locations, members, properties, tags

PARTS = ('properties', 'drop_properties', 'add_tags', 'drop_tags', 'locations')
BATCH = 1000  # ids in one question: an IN (...) has its limits


def question(part):
    """All rows of a part that hang on some images; of deleted images only the properties, marked as deleted."""
    wanted = select(part).where(part.c.image_id.in_(bindparam('ids', expanding=True))).order_by(part.c.id)
    return wanted if part is properties else wanted.where(part.c.deleted == false())


# Put together once, which takes SQLAlchemy longer than to ask them.
ONE_IMAGE = select(images).where(images.c.id == bindparam('image_id'))
ROWS_OF = {part: question(part) for part in (properties, tags, locations)}


def columns_of(values):
    """The values that are the image's own columns. Invalid if a name is neither a column nor one of PARTS."""
    unknown = [name for name in values if name not in images.c and name not in PARTS]
    if unknown:
        raise exception.Invalid(f'An image has no {", ".join(unknown)}.')
    columns = {name: value for name, value in values.items() if name in images.c}
    # Whoever knows only of public and not public, as API v1 does, takes what is between them away with it.
    return {'visibility': None, **columns} if columns.get('is_public') else columns


def fetch(connection, image_id):
    """The image of that id as a dict, deleted or not; None if there never was one."""
    found = connection.execute(ONE_IMAGE, {'image_id': image_id}).all()
    return with_parts(connection, found)[0] if found else None


def fetch_urls(connection, image_id):
    return [row.value for row in rows_of(connection, locations, [image_id])]


def fetch_member(connection, member_id):
    """The membership of that id (a number) as a dict; NotFound."""
    found = select(members).where(members.c.id == member_id, members.c.deleted == false())
    row = connection.execute(found).mappings().first()
    if row is None:
        raise exception.NotFound('There is no such member.')
    return dict(row)


def with_parts(connection, rows):
    """The rows as dicts, in their order, each with its parts: three questions for all of them."""
    found = {row.id: {**row._mapping, 'properties': [], 'tags': [], 'locations': []} for row in rows}
    ids = list(found)
    for start in range(0, len(ids), BATCH):
        add_parts(connection, found, ids[start : start + BATCH])
    return list(found.values())


def add_parts(connection, found, ids):
    for row in rows_of(connection, properties, ids):
        found[row.image_id]['properties'].append({'name': row.name, 'value': row.value, 'deleted': row.deleted})
    for row in rows_of(connection, tags, ids):
        found[row.image_id]['tags'].append(row.value)
    for row in rows_of(connection, locations, ids):
        location = {'id': row.id, 'url': row.value, 'metadata': row.meta_data, 'status': row.status}
        found[row.image_id]['locations'].append(location)


def rows_of(connection, part, ids):
    return connection.execute(ROWS_OF[part], {'ids': ids})


def write_parts(connection, image_id, values, purge_props=False):
    """Change the parts as the values say; what they do not name stays, or with purge_props no property does."""
    new = values.get('properties', {})
    if purge_props:
        drop(connection, properties, image_id)
    else:
        drop(connection, properties, image_id, properties.c.name.in_([*new, *values.get('drop_properties', ())]))
    insert(connection, properties, image_id, [{'name': name, 'value': value} for name, value in new.items()])
    add, gone = values.get('add_tags', ()), values.get('drop_tags', ())
    drop(connection, tags, image_id, tags.c.value.in_([*add, *gone]))
    insert(connection, tags, image_id, [{'value': tag} for tag in dict.fromkeys(add)])
    if 'locations' in values:
        drop(connection, locations, image_id)
        insert(connection, locations, image_id, [location_row(location) for location in values['locations']])


def location_row(location):
    """The columns of a location {url, metadata, status}; the last two may be missing."""
    status, meta_data = location.get('status') or 'active', location.get('metadata') or {}
    return {'value': location['url'], 'meta_data': meta_data, 'status': status}


def drop(connection, part, image_id, *conditions):
    connection.execute(part.delete().where(part.c.image_id == image_id, *conditions))


def insert(connection, part, image_id, rows):
    if rows:
        connection.execute(part.insert(), [{'image_id': image_id, **row} for row in rows])


def restore_parts(connection, image_id):
    """Take delete_parts back."""
    for part in (properties, tags, locations, members):
        changes = {'deleted': False, 'status': 'active'} if part is locations else {'deleted': False}
        connection.execute(part.update().where(part.c.image_id == image_id).values(changes))


def delete_parts(connection, image_id, status):
    """Mark what hangs on an image as deleted; status is what its locations become, for the scrubber."""
    for part in (properties, tags, locations, members):
        changes = {'deleted': True, 'status': status} if part is locations else {'deleted': True}
        connection.execute(part.update().where(part.c.image_id == image_id).values(changes))
