"""What was asked for of an instance (an action, by the request's id), and what came of it (its events).

    create        req-1   started by the API              compute__do_build_and_run_instance   Success   by the host

Use: db_api.instance_action_start(instance_uuid, 'create', context)
     db_api.action_event_start(instance_uuid, request_id, 'compute__do_build_and_run_instance', host)
Real: nova 2014.2 nova/db/sqlalchemy/api.py action_start, action_finish, actions_get, action_get_by_request_id,
    action_event_start, action_event_finish, action_events_get
"""

from sqlalchemy import select

from cloud.nova.db.sqlalchemy.models import instance_actions, instance_actions_events
from cloud.oslo.utils.timeutils import utcnow

SUCCESS, ERROR = 'Success', 'Error'


class Actions:
    """A part of the Database."""

    def instance_action_start(self, instance_uuid, action, context):
        """Write down that the caller's request asks for this, and return it as a dict."""
        now = utcnow()
        row = {'instance_uuid': instance_uuid, 'action': action, 'request_id': context.request_id or '-'}
        who = {'user_id': context.user_id, 'project_id': context.project_id}
        with self.writing() as connection:
            stored = connection.execute(
                instance_actions.insert(), {**row, **who, 'start_time': now, 'updated_at': now}
            ).inserted_primary_key
            return one(connection, instance_actions.c.id == stored[0])

    def instance_action_finish(self, instance_uuid, request_id, message=None):
        """Say when it ended, and with what message. Nothing happens if there is no such action."""
        now = utcnow()
        with self.writing() as connection:
            ended = {'finish_time': now, 'updated_at': now, **({'message': message} if message else {})}
            connection.execute(instance_actions.update().where(*of(instance_uuid, request_id)).values(ended))

    def instance_actions_get(self, instance_uuid, limit=None, marker=None, changes_since=None, changes_before=None):
        """The actions of an instance, the newest first. marker: the request id of the one to go on after."""
        table = instance_actions.c
        conditions = [table.instance_uuid == instance_uuid]
        if changes_since is not None:
            conditions.append(table.updated_at >= changes_since)
        if changes_before is not None:
            conditions.append(table.updated_at <= changes_before)
        with self.reading() as connection:
            if marker is not None:
                last = one(connection, *of(instance_uuid, marker))
                conditions.append(table.id < (last['id'] if last else 0))
            wanted = select(instance_actions).where(*conditions).order_by(table.id.desc()).limit(limit)
            return [dict(row) for row in connection.execute(wanted).mappings()]

    def instance_action_get_by_request_id(self, instance_uuid, request_id):
        """The action, or None."""
        with self.reading() as connection:
            return one(connection, *of(instance_uuid, request_id))

    def action_event_start(self, instance_uuid, request_id, event, host=None):
        """Write down that a host begins with its part; its id, or None if the request has no such action."""
        with self.writing() as connection:
            action = one(connection, *of(instance_uuid, request_id))
            if action is None:
                return None
            row = {'action_id': action['id'], 'event': event, 'host': host, 'start_time': utcnow()}
            return connection.execute(instance_actions_events.insert(), row).inserted_primary_key[0]

    def action_event_finish(self, event_id, result=SUCCESS, traceback=None):
        """Say how it ended. An event with an error makes its action one."""
        now, table = utcnow(), instance_actions_events
        with self.writing() as connection:
            ended = {'finish_time': now, 'result': result, 'traceback': traceback}
            connection.execute(table.update().where(table.c.id == event_id).values(ended))
            action_id = select(table.c.action_id).where(table.c.id == event_id).scalar_subquery()
            changed = {'updated_at': now, **({'message': ERROR} if result == ERROR else {})}
            connection.execute(instance_actions.update().where(instance_actions.c.id == action_id).values(changed))

    def action_events_get(self, action_id):
        """The events of an action, the newest first."""
        table = instance_actions_events
        with self.reading() as connection:
            wanted = select(table).where(table.c.action_id == action_id).order_by(table.c.id.desc())
            return [dict(row) for row in connection.execute(wanted).mappings()]


def of(instance_uuid, request_id):
    return instance_actions.c.instance_uuid == instance_uuid, instance_actions.c.request_id == request_id


def one(connection, *conditions):
    wanted = select(instance_actions).where(*conditions).order_by(instance_actions.c.id.desc()).limit(1)
    row = connection.execute(wanted).mappings().first()
    return None if row is None else dict(row)
