"""The tasks in the database: what the service does, or has done, when the answer was sent already.

    pending -> processing -> success, or failure with a message

Use: tasks = Tasks(db_api, 48); task = tasks.create(context, image_id, {...}); tasks.end(task['id'], 'success')
A task comes back as a dict of its columns. Each step names the status that it leaves: of two that end one task, the
second one changes nothing.
Real: glance 2014.2 glance/db/__init__.py TaskRepo, glance/db/sqlalchemy/api.py task_create, task_update and the like
Left out: tasks that clients make themselves: they are the service's own, one for each import.
"""

from datetime import timedelta

from sqlalchemy import select, tuple_

from cloud.glance.common import exception
from cloud.glance.db.sqlalchemy.models import tasks
from cloud.oslo.utils.timeutils import utcnow
from cloud.oslo.utils.uuidutils import generate_uuid

SORT_KEYS = ('created_at', 'updated_at', 'expires_at', 'id', 'type', 'status')
FILTERS = ('type', 'status')
UNFINISHED = ('pending', 'processing')
RESTARTED = 'The service ended before the task did: start it anew.'


class Tasks:
    """db_api: a Database; hours: how long a task is kept, from when it is made."""

    def __init__(self, db_api, hours):
        self.reading, self.writing = db_api.reading, db_api.writing
        self.time_to_live = timedelta(hours=hours)

    def create(self, context, image_id, input):
        """A new task, pending, of the caller's; what is past its time goes."""
        now = utcnow()
        row = {
            'id': generate_uuid(),
            'type': 'api_image_import',
            'status': 'pending',
            'owner': context.owner,
            'image_id': image_id,
            'user_id': context.user,
            'request_id': context.request_id,
            'input': input,
            'created_at': now,
            'updated_at': now,
            'expires_at': now + self.time_to_live,
        }
        with self.writing() as connection:
            connection.execute(tasks.delete().where(tasks.c.expires_at < now))
            connection.execute(tasks.insert(), row)
        return row

    def begin(self, task_id):
        self._change([tasks.c.id == task_id, tasks.c.status == 'pending'], status='processing')

    def end(self, task_id, status, message='', result=None):
        """status: success or failure. Nothing, if the task has ended already."""
        unfinished = tasks.c.status.in_(UNFINISHED)
        self._change([tasks.c.id == task_id, unfinished], status=status, message=message, result=result)

    def recover(self):
        """At start: what is not finished belongs to a process that is dead."""
        self._change([tasks.c.status.in_(UNFINISHED)], status='failure', message=RESTARTED)

    def _change(self, conditions, **values):
        with self.writing() as connection:
            connection.execute(tasks.update().where(*conditions).values(updated_at=utcnow(), **values))

    def get(self, context, task_id):
        """NotFound if there is none, or none of the caller's."""
        with self.reading() as connection:
            return find(connection, context, task_id)

    def list(self, context, filters=None, marker=None, limit=None, sort_key='created_at', sort_dir='desc'):
        """A page of one's own tasks, for an admin of all. filters: {one of FILTERS: text}; marker: an id, NotFound."""
        column = tasks.c[sort_key]
        conditions = [*visible(context), *(tasks.c[name] == value for name, value in (filters or {}).items())]
        order = [(each.desc if sort_dir == 'desc' else each.asc)() for each in (column, tasks.c.id)]
        with self.reading() as connection:
            if marker is not None:
                row = find(connection, context, marker)
                place, values = tuple_(column, tasks.c.id), tuple_(row[sort_key], row['id'])
                conditions.append(place < values if sort_dir == 'desc' else place > values)
            found = select(tasks).where(*conditions).order_by(*order).limit(limit)
            return [dict(row) for row in connection.execute(found).mappings()]

    def of_image(self, image_id):
        """The tasks of an image, the newest first. Whoever may see the image may see them."""
        found = select(tasks).where(tasks.c.image_id == image_id).order_by(tasks.c.created_at.desc(), tasks.c.id)
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(found).mappings()]


def visible(context):
    return [] if context.is_admin else [tasks.c.owner == context.owner]


def find(connection, context, task_id):
    row = connection.execute(select(tasks).where(tasks.c.id == task_id, *visible(context))).mappings().first()
    if row is None:
        raise exception.NotFound(f'There is no task {task_id}.')
    return dict(row)
