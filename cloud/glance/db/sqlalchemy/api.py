"""glance.db: what the image service asks of its database, each question in one transaction.

Use: db_api = Database('sqlite:////tmp/glance.sqlite')
     db_api.image_create(context, {'name': 'cirros', 'status': 'queued', 'properties': {'os': 'linux'}})
An image comes back as a dict: its columns, and what hangs on it as rows.py words it.
Real: glance 2014.2 glance/db/sqlalchemy/api.py: functions there, and the engine is a module global
Left out: tasks and metadefs; functions for one tag, property or location: image_update does those.
"""

import logging

from sqlalchemy import Float, cast, false, func, select, true
from sqlalchemy.exc import IntegrityError

from cloud.glance.common import exception
from cloud.glance.db.sqlalchemy import limits, migration, order, query, rows
from cloud.glance.db.sqlalchemy.models import images, locations, members, metadata
from cloud.oslo.db.sqlalchemy.session import Session
from cloud.oslo.utils.timeutils import utcnow
from cloud.oslo.utils.uuidutils import generate_uuid

LOG = logging.getLogger(__name__)

ON_THE_WAY = ('uploading', 'importing')  # statuses of images that may have something in the staging area
OF_DATA = ('size', 'virtual_size', 'checksum', 'os_hash_algo', 'os_hash_value')  # what an image without data has not

# As floats, since a sum of integers can overflow.
SIZES = select(func.coalesce(func.sum(cast(images.c.size, Float)), 0)).select_from(images)
STAGED = SIZES.where(images.c.status.in_(ON_THE_WAY))


class Database:
    """One database, for any number of threads; each write happens as a whole or not at all.

    sql_connection: an SQLAlchemy URL; ValueError if it cannot be opened. only_shared: as query.visible has it.
    Every method takes the caller's context first (is_admin, owner, show_deleted). Invalid is raised for text that
    UTF-8 cannot encode and numbers too large for their column.
    """

    def __init__(self, sql_connection, only_shared=False):
        self.only_shared = only_shared
        self.session = Session(sql_connection, metadata)
        migration.upgrade(self.session, metadata)
        self.reading, self.writing, self.close = self.session.reading, self.session.writing, self.session.close

    def image_create(self, context, values):
        """Store an image and return it.

        values: columns by name, and properties {name: value}, add_tags [text], locations [{url, metadata, status}].
        Duplicate if its id is taken, even by an image that is deleted.
        """
        image_id = values.get('id') or generate_uuid()
        now = utcnow()
        columns = {'status': 'queued', 'created_at': now, 'updated_at': now, **rows.columns_of(values), 'id': image_id}
        try:
            with self.writing() as connection:
                connection.execute(images.insert(), columns)
                rows.write_parts(connection, image_id, values)
                return rows.fetch(connection, image_id)
        except IntegrityError:
            raise exception.Duplicate(f'There is an image {image_id} already.') from None

    def image_get(self, context, image_id, force_show_deleted=False):
        """The image; ImageNotFound if there is none, or none for this caller. Admins see what is deleted, too."""
        with self.reading() as connection:
            image = rows.fetch(connection, image_id)
            hidden = image and image['deleted'] and not (force_show_deleted or context.show_deleted)
            if image is None or hidden or not is_visible(connection, context, image, self.only_shared):
                raise no_image(image_id)
        return image

    def image_get_all(self, context, filters=None, marker=None, limit=None, sort_key='created_at', sort_dir='desc',
                      member_status='accepted', is_public=None, visibility=None, deleted=False,
                      os_hidden=None, at_most=None):  # fmt: skip
        """The images that the caller may list, in order.

        filters: as query.matching takes them; is_public, visibility: as query.visible does. marker: the id of the
        image after which to go on; limit: how many, None for all; sort_key: a column; sort_dir: 'asc' or 'desc'; or
        each a list, of one length.
        os_hidden: as query.hidden takes it. at_most: where to end early, as rows.no_more_than has it.
        deleted: True for what is deleted, None for all there ever was, False for what is neither that nor killed.
        InvalidParameterValue, InvalidFilterRangeValue, InvalidSortKey, or Invalid for a marker that is not there.
        """
        conditions = query.living(deleted) + query.hidden(os_hidden)
        conditions += query.visible(context, member_status, is_public, visibility, self.only_shared)
        conditions += query.matching(filters or {})
        by = order.read(sort_key, sort_dir)
        statement = select(images).where(*conditions).order_by(*order.clauses(by))
        with self.reading() as connection:
            start = None if marker is None else find_marker(connection, context, marker, deleted, self.only_shared)
            found = []
            for stretch in order.after(start, by):
                rest = None if limit is None else limit - len(found)
                found += connection.execute(statement.where(stretch).limit(rest)).all() if rest != 0 else []
            return rows.with_parts(connection, rows.no_more_than(connection, found, at_most) if at_most else found)

    def image_update(self, context, image_id, values, purge_props=False, from_state=None, from_locations=None,
                     at_most=None):  # fmt: skip
        """Change an image and return it.

        values: columns by name, and properties {name: value} to set, drop_properties [name], add_tags and drop_tags
        [text], locations [{url, metadata, status}] instead of all there were. purge_props: the properties are
        instead of all there were. from_state: the status that the image must still have, from_locations: the URLs;
        else Conflict. at_most: {'properties': n, 'tags': n}, how many there may be afterwards, else LimitExceeded.
        ImageNotFound if there is none (or none for this caller), Forbidden if it is not the caller's.
        """
        with self.writing() as connection:
            find_mutable(connection, context, image_id, from_state, self.only_shared)
            if from_locations not in (None, rows.fetch_urls(connection, image_id)):
                raise refused(exception.Conflict(f'Image {image_id} has other locations by now: look again.'))
            changes = {'updated_at': utcnow(), **rows.columns_of(values)}
            connection.execute(images.update().where(images.c.id == image_id).values(changes))
            with limits.at_most(connection, image_id, at_most or {}):
                rows.write_parts(connection, image_id, values, purge_props)
            return rows.fetch(connection, image_id)

    def image_destroy(self, context, image_id, status='deleted', from_state=None):
        """Mark an image, and what hangs on it, as deleted, and return it as it is then.

        status: 'deleted', or 'pending_delete' if a scrubber is to remove its bytes. Errors as in image_update, and
        ProtectedImageDelete: whoever protects it first has it protected.
        """
        with self.writing() as connection:
            if find_mutable(connection, context, image_id, from_state, self.only_shared)['protected']:
                raise refused(protected(image_id))
            now = utcnow()
            changes = {'status': status, 'deleted': True, 'deleted_at': now, 'updated_at': now}
            connection.execute(images.update().where(images.c.id == image_id).values(changes))
            rows.delete_parts(connection, image_id, status)
            return rows.fetch(connection, image_id)

    def image_restore(self, context, image_id, status):
        """Take image_destroy back, and return the image; status: what it becomes. ImageNotFound."""
        with self.writing() as connection:
            changes = {'status': status, 'deleted': False, 'deleted_at': None, 'updated_at': utcnow()}
            gone = images.update().where(images.c.id == image_id, images.c.deleted == true())
            if not connection.execute(gone.values(changes)).rowcount:
                raise no_image(image_id)
            rows.restore_parts(connection, image_id)
            return rows.fetch(connection, image_id)

    def recover(self):
        """At start: make those images queued again that a dead process was saving, or importing from elsewhere.

        What is staged completely (it has a size) waits for its import again.

        Call this only in the one service that uploads into this database: another service's uploads under way would
        be lost.
        """
        with self.writing() as connection:
            half_way = images.c.status.in_(['saving', *ON_THE_WAY]) & (images.c.deleted == false())
            staged = images.c.status.in_(ON_THE_WAY) & images.c.size.is_not(None)
            connection.execute(images.update().where(half_way, staged).values(status='uploading'))
            for image_id in connection.scalars(select(images.c.id).where(half_way, ~staged)).all():
                changes = {'status': 'queued', **dict.fromkeys(OF_DATA)}
                connection.execute(images.update().where(images.c.id == image_id).values(changes))
                rows.write_parts(connection, image_id, {'locations': []})

    def without_location(self, image_ids):
        """Those of the ids that are images whose bytes nothing points to, deleted images too.

        What bytes of theirs there are, a dead process has stored and not made known, or let go of and not removed.
        What a scrubber is to remove (pending_delete) does not count.
        """
        living = select(locations.c.id).where(locations.c.image_id == images.c.id, locations.c.deleted == false())
        wanted = images.c.id.in_(image_ids) & (images.c.status != 'pending_delete') & ~living.exists()
        with self.reading() as connection:
            return connection.scalars(select(images.c.id).where(wanted)).all()

    def not_staged(self, image_ids):
        """Those of the ids that are images, and wait for no import of what is staged of theirs."""
        wanted = images.c.id.in_(image_ids) & ((images.c.status != 'uploading') | images.c.deleted)
        with self.reading() as connection:
            return connection.scalars(select(images.c.id).where(wanted)).all()

    def user_get_storage_usage(self, context, owner_id, image_id=None):
        """The bytes that an owner's images take, one copy for each location, and what is staged; all but image_id's."""
        kept = SIZES.join_from(images, locations).where(locations.c.deleted == false(), images.c.status != 'killed')
        others = [images.c.deleted == false(), images.c.owner == owner_id, images.c.id != (image_id or '')]
        with self.reading() as connection:
            sizes = [connection.scalar(each.where(*others)) for each in (kept, STAGED)]
        return sum(map(int, sizes))

    def count_images(self, context):
        """(bytes staged, images, images on their way) of the caller."""
        own = [images.c.deleted == false(), images.c.owner == context.owner]
        count = select(func.count()).where(*own)
        on_the_way = count.where(images.c.status.in_(['saving', *ON_THE_WAY]))
        with self.reading() as connection:
            staged, *counts = [connection.scalar(each) for each in (STAGED.where(*own), count, on_the_way)]
        return int(staged), *counts

    def is_image_mutable(self, context, image):
        """Whether the caller may change the image (a dict as image_get answers)."""
        return is_mutable(context, image)

    def image_member_create(self, context, values, at_most=None):
        """Share an image and return the membership, a dict of its columns.

        values: image_id, member, and perhaps status and can_share. at_most: {'members': n}, else LimitExceeded.
        ImageNotFound, Duplicate.
        """
        now = utcnow()
        try:
            with self.writing() as connection:
                find_row(connection, values['image_id'])
                with limits.at_most(connection, values['image_id'], at_most or {}):
                    added = connection.execute(members.insert(), {'created_at': now, 'updated_at': now, **values})
                return rows.fetch_member(connection, added.inserted_primary_key[0])
        except IntegrityError:
            raise exception.Duplicate(f'{values["member"]} is a member of the image already.') from None

    def image_member_find(self, context, image_id=None, member=None, status=None):
        """The memberships, oldest first, of an image, of a member, in a status: whatever is given.

        Those of the caller's images, and the caller's own: an admin sees all.
        """
        wanted = {'image_id': image_id, 'member': member, 'status': status}
        conditions = [members.c[name] == value for name, value in wanted.items() if value is not None]
        conditions += query.visible_members(context)
        found = select(members).where(members.c.deleted == false(), *conditions).order_by(members.c.id)
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(found).mappings()]

    def image_member_update(self, context, member_id, values):
        """Change the membership of that id (a number): status, can_share. Return it; NotFound."""
        with self.writing() as connection:
            changes = {'updated_at': utcnow(), **values}
            connection.execute(members.update().where(members.c.id == member_id).values(changes))
            return rows.fetch_member(connection, member_id)

    def image_member_delete(self, context, member_id):
        """Share no more: the membership of that id (a number) is gone. NotFound."""
        with self.writing() as connection:
            rows.fetch_member(connection, member_id)
            connection.execute(members.delete().where(members.c.id == member_id))

    def image_members_update(self, context, image_id, wanted, purge=False, at_most=None):
        """Share an image with these, too. wanted: {member: can_share}, None where that stays as it is.

        purge: and with nobody else. Of the memberships there are, those change that image_member_find would show.
        at_most: {'members': n}, how many there may be afterwards, else LimitExceeded. ImageNotFound.
        """
        now, of_image = utcnow(), members.c.image_id == image_id
        mine = query.visible_members(context)
        with self.writing() as connection, limits.at_most(connection, image_id, at_most or {}):
            find_row(connection, image_id)
            if purge:
                connection.execute(members.delete().where(of_image, members.c.member.not_in(wanted), *mine))
            there = set(connection.scalars(select(members.c.member).where(of_image)))
            for member, can_share in wanted.items():
                if member not in there:
                    new = {'image_id': image_id, 'member': member, 'created_at': now, 'updated_at': now}
                    connection.execute(members.insert(), {**new, 'can_share': bool(can_share)})
                elif can_share is not None:
                    changed = members.update().where(of_image, members.c.member == member, *mine)
                    connection.execute(changed.values(can_share=can_share, updated_at=now))

    def image_member_count(self, context, image_id):
        counted = select(func.count()).where(members.c.image_id == image_id, members.c.deleted == false())
        with self.reading() as connection:
            return connection.scalar(counted)


def find_row(connection, image_id):
    """The image's columns, held until the transaction ends; ImageNotFound if there is none, or it is deleted."""
    found = select(images).where(images.c.id == image_id, images.c.deleted == false()).with_for_update()
    row = connection.execute(found).mappings().first()
    if row is None:
        raise no_image(image_id)
    return row


def find_mutable(connection, context, image_id, from_state, only_shared):
    image = find_row(connection, image_id)
    if not is_mutable(context, image):
        if not is_visible(connection, context, image, only_shared):
            raise no_image(image_id)
        raise refused(exception.Forbidden(f'Image {image_id} is not yours to change.'))
    if from_state is not None and image['status'] != from_state:
        message = f'Image {image_id} is {image["status"]} by now, not {from_state}: look again.'
        raise refused(exception.Conflict(message))
    return image


def find_marker(connection, context, marker, deleted, only_shared):
    row = connection.execute(select(images).where(images.c.id == marker)).mappings().first()
    hidden = row is None or row['deleted'] and deleted is False
    if hidden or not is_visible(connection, context, row, only_shared):
        raise exception.InvalidParameterValue(f'There is no image {marker} to go on after: send the last id you saw.')
    return row


def is_mutable(context, image):
    return context.is_admin or context.owner is not None and image['owner'] == context.owner


def is_visible(connection, context, image, only_shared):
    if context.is_admin or image['owner'] is None or image['is_public'] or image['owner'] == context.owner:
        return True
    if image['visibility'] == 'community':
        return True
    if only_shared and image['visibility'] != 'shared':
        return False
    shared = select(members.c.id).where(members.c.image_id == image['id'], members.c.member == context.owner)
    return connection.scalar(shared) is not None


def protected(image_id):
    return exception.ProtectedImageDelete(
        f'Image {image_id} is protected: set protected to false before you delete it.'
    )


def no_image(image_id):
    return refused(exception.ImageNotFound(f'There is no image {image_id}.'))


def refused(error):
    LOG.debug('db refuses: %s', error.msg)
    return error
