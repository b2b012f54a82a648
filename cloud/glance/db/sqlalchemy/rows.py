"""Between rows and the dicts that api.py takes and answers: reading an image with all its parts, and writing them.

An image as a dict: its columns, and properties (a list of name, value, deleted), tags (a list of text), locations
(a list of id, url, metadata, status). Values to write: see Database.image_create and image_update.
Real: glance 2014.2 glance/db/sqlalchemy/api.py _image_update, _set_properties_for_image, _image_locations_set
"""

from sqlalchemy import JSON, String, bindparam, cast, false, func, literal_column, null, select, true, union_all

from cloud.glance.common import exception
from cloud.glance.common.paging import STRETCH
from cloud.glance.db.sqlalchemy.limits import CHARACTERS
from cloud.glance.db.sqlalchemy.models import images, locations, members, properties, tags

PARTS = ('properties', 'drop_properties', 'add_tags', 'drop_tags', 'locations')
BATCH = 1000  # ids in one question: an IN (...) has its limits


IDS = bindparam('ids', expanding=True, type_=String)  # ours, so they need no looking at, as Text does it


def question(part):
    """All rows of a part that hang on some images; of deleted images only the properties, marked as deleted."""
    wanted = select(part).where(part.c.image_id.in_(IDS)).order_by(part.c.id)
    return wanted if part is properties else wanted.where(part.c.deleted == false())


# Put together once, which takes SQLAlchemy longer than to ask them.
ONE_IMAGE = select(images).where(images.c.id == bindparam('image_id'))
ROWS_OF = {part: question(part) for part in (properties, tags, locations)}
SIZES = select(properties.c.image_id, func.sum(CHARACTERS)).where(properties.c.image_id.in_(IDS))
SIZES = SIZES.group_by(properties.c.image_id)


def parts_of_one():
    """All parts of one image in one question: for a single image, each question costs more than its answer."""
    nothing, no_data = cast(null(), String), cast(null(), JSON)
    kinds = (
        (properties, properties.c.name, properties.c.value, properties.c.deleted, no_data, nothing),
        (tags, nothing, tags.c.value, tags.c.deleted, no_data, nothing),
        (locations, nothing, locations.c.value, locations.c.deleted, locations.c.meta_data, locations.c.status),
    )
    names = ('name', 'value', 'deleted', 'meta_data', 'status')
    found = []
    for part, *columns in kinds:
        labeled = [column.label(name) for column, name in zip(columns, names, strict=True)]
        chosen = select(literal_column(f"'{part.name}'", String).label('part'), part.c.id.label('id'), *labeled)
        there = true() if part is properties else part.c.deleted == false()
        found.append(chosen.where(part.c.image_id == bindparam('image_id', type_=String), there))
    return union_all(*found).order_by('part', 'id')


PARTS_OF_ONE = parts_of_one()


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
    row = connection.execute(ONE_IMAGE, {'image_id': image_id}).first()
    if row is None:
        return None
    image = with_room(row)
    for part in connection.execute(PARTS_OF_ONE, {'image_id': image_id}):
        add_part(image, part.part, part)
    return image


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
    found = {row.id: with_room(row) for row in rows}
    ids = list(found)
    for start in range(0, len(ids), BATCH):
        add_parts(connection, found, ids[start : start + BATCH])
    return list(found.values())


def add_parts(connection, found, ids):
    for part in ROWS_OF:
        for row in rows_of(connection, part, ids):
            add_part(found[row.image_id], part.name, row)


def with_room(row):
    return {**row._mapping, 'properties': [], 'tags': [], 'locations': []}


def add_part(image, part, row):
    if part == properties.name:
        image['properties'].append({'name': row.name, 'value': row.value, 'deleted': row.deleted})
    elif part == tags.name:
        image['tags'].append(row.value)
    else:
        location = {'id': row.id, 'url': row.value, 'metadata': row.meta_data, 'status': row.status}
        image['locations'].append(location)


def no_more_than(connection, rows, at_most):
    """The rows up to that whose properties fill the measure. at_most: (characters, rows that there are in any case).

    The database is asked how long the properties are before they are read, where there are many.
    """
    characters, least = at_most
    if len(rows) <= STRETCH:
        return rows
    sizes = {}
    for start in range(0, len(rows), BATCH):
        ids = [row.id for row in rows[start : start + BATCH]]
        sizes.update(connection.execute(SIZES, {'ids': ids}).all())
    total = 0
    for number, row in enumerate(rows, 1):
        total += sizes.get(row.id, 0)
        if total >= characters and number >= least:
            return rows[:number]
    return rows


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
