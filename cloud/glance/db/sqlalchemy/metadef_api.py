"""Metadata definitions in the database: namespaces, and the parts that are in them.

Use: metadefs = Metadefs(db_api); metadefs.create(values, {'tags': {'small': {}}}); metadefs.add('ns', 'tags', 'x', {})
A namespace comes back as a dict of its columns; a part as a dict of name, document, created_at, updated_at. What a
caller may see is decided here, and what they may change by whoever asks (api/v2/metadef_namespaces.py).
NotFound, Duplicate, Conflict.
Real: glance 2014.2 glance/db/sqlalchemy/metadef_api/, one file for each kind
"""

import contextlib

from sqlalchemy import or_, select, tuple_
from sqlalchemy.exc import IntegrityError

from cloud.glance.common import exception
from cloud.glance.db.sqlalchemy.models_metadef import PARTS, namespaces, resource_types
from cloud.oslo.utils.timeutils import utcnow

SORT_KEYS = ('created_at', 'namespace')
NOUNS = {'objects': 'object', 'properties': 'property', 'tags': 'tag', 'resource_types': 'resource type'}


class Metadefs:
    """db_api: a Database."""

    def __init__(self, db_api):
        self.reading, self.session_writing = db_api.reading, db_api.writing

    @contextlib.contextmanager
    def writing(self, what):
        """A transaction in which a name that is taken is a Duplicate of `what`."""
        try:
            with self.session_writing() as connection:
                yield connection
        except IntegrityError:
            raise exception.Duplicate(f'There is {what} already.') from None

    def create(self, values, parts):
        """A new namespace with its parts, {kind: {name: document}}: all of it or nothing."""
        now = utcnow()
        with self.writing(f'namespace {values["namespace"]}') as connection:
            moments = {'created_at': now, 'updated_at': now}
            added = connection.execute(namespaces.insert(), {**values, **moments})
            for kind, documents in parts.items():
                insert(connection, added.inserted_primary_key[0], kind, documents)
        return {**values, **moments}

    def get(self, context, name):
        with self.reading() as connection:
            return dict(find(connection, context, name))

    def list(self, context, filters=None, marker=None, limit=None, sort_key='created_at', sort_dir='desc'):
        """A page of those that the caller may see. filters: visibility, resource_types (a list: one of these)."""
        column = namespaces.c[sort_key]
        order = [(each.desc if sort_dir == 'desc' else each.asc)() for each in (column, namespaces.c.namespace)]
        conditions = visible(context) + matching(filters or {})
        with self.reading() as connection:
            if marker is not None:
                row = find(connection, context, marker)
                place, start = tuple_(column, namespaces.c.namespace), tuple_(row[sort_key], row['namespace'])
                conditions.append(place < start if sort_dir == 'desc' else place > start)
            found = select(namespaces).where(*conditions).order_by(*order).limit(limit)
            return [dict(row) for row in connection.execute(found).mappings()]

    def update(self, name, values):
        with self.writing(f'namespace {values["namespace"]}') as connection:
            changes = {**values, 'updated_at': utcnow()}
            connection.execute(namespaces.update().where(namespaces.c.namespace == name).values(changes))
            return dict(find(connection, None, values['namespace']))

    def delete(self, name):
        """ProtectedImageDelete if it is protected by now."""
        with self.session_writing() as connection:
            if find(connection, None, name)['protected']:
                raise exception.Forbidden(f'Namespace {name} is protected: set protected to false first.')
            connection.execute(namespaces.delete().where(namespaces.c.namespace == name))

    def is_empty(self):
        with self.reading() as connection:
            return connection.scalar(select(namespaces.c.id).limit(1)) is None

    def parts(self, names, kind):
        """The parts of that kind in each of the namespaces: {namespace: [part]}, each list by its names."""
        part = PARTS[kind]
        found = {name: [] for name in names}
        wanted = select(namespaces.c.namespace, part).join_from(part, namespaces)
        wanted = wanted.where(namespaces.c.namespace.in_(found)).order_by(part.c.name)
        with self.reading() as connection:
            for row in connection.execute(wanted).mappings() if found else ():
                found[row['namespace']].append(part_of(row))
        return found

    def part(self, namespace, kind, name):
        with self.reading() as connection:
            return part_of(find_part(connection, namespace, kind, name))

    def add(self, namespace, kind, name, document):
        with self.writing(f'{NOUNS[kind]} {name}') as connection:
            insert(connection, find(connection, None, namespace)['id'], kind, {name: document})
            return part_of(find_part(connection, namespace, kind, name))

    def replace_all(self, namespace, kind, documents, keep=False):
        """These parts instead of all there were of the kind, or with keep beside those."""
        with self.writing('a name of these') as connection:
            namespace_id = find(connection, None, namespace)['id']
            if not keep:
                connection.execute(PARTS[kind].delete().where(PARTS[kind].c.namespace_id == namespace_id))
            insert(connection, namespace_id, kind, documents)

    def update_part(self, namespace, kind, name, new_name, document):
        with self.writing(f'{NOUNS[kind]} {new_name}') as connection:
            row = find_part(connection, namespace, kind, name)
            changes = {'name': new_name, 'document': document, 'updated_at': utcnow()}
            connection.execute(PARTS[kind].update().where(PARTS[kind].c.id == row['id']).values(changes))
            return part_of(find_part(connection, namespace, kind, new_name))

    def delete_part(self, namespace, kind, name):
        with self.session_writing() as connection:
            row = find_part(connection, namespace, kind, name)
            connection.execute(PARTS[kind].delete().where(PARTS[kind].c.id == row['id']))

    def resource_types(self):
        with self.reading() as connection:
            found = connection.execute(select(resource_types).order_by(resource_types.c.name)).mappings()
            return [dict(row) for row in found]


def insert(connection, namespace_id, kind, documents):
    now = utcnow()
    moments = {'created_at': now, 'updated_at': now}
    rows = [{'namespace_id': namespace_id, 'name': name, 'document': documents[name], **moments} for name in documents]
    if rows:
        connection.execute(PARTS[kind].insert(), rows)
    if kind == 'resource_types':
        there = set(connection.scalars(select(resource_types.c.name)))
        for name in [name for name in documents if name not in there]:
            connection.execute(resource_types.insert(), {'name': name, **moments})


def visible(context):
    """The conditions of what the caller may see. context: None for the service itself."""
    if context is None or context.is_admin:
        return []
    return [or_(namespaces.c.visibility == 'public', namespaces.c.owner == context.owner)]


def matching(filters):
    conditions = [namespaces.c.visibility == filters['visibility']] if 'visibility' in filters else []
    if 'resource_types' in filters:
        association = PARTS['resource_types']
        with_these = select(association.c.namespace_id).where(association.c.name.in_(filters['resource_types']))
        conditions.append(namespaces.c.id.in_(with_these))
    return conditions


def find(connection, context, name):
    wanted = select(namespaces).where(namespaces.c.namespace == name, *visible(context))
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise exception.NotFound(f'There is no namespace {name}.')
    return row


def find_part(connection, namespace, kind, name):
    part = PARTS[kind]
    wanted = select(part).join_from(part, namespaces).where(namespaces.c.namespace == namespace, part.c.name == name)
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise exception.NotFound(f'The namespace {namespace} has no {NOUNS[kind]} {name}.')
    return row


def part_of(row):
    return {name: row[name] for name in ('name', 'document', 'created_at', 'updated_at')}
