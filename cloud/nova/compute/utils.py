"""What several parts of compute need: a fault out of an error, an event of an action, patience with a database.

Use: save(db_api, uuid, {'vm_state': vm_states.ERROR, 'fault': fault_of(error)})
     with EventReporter(db_api, context, instance_uuid, 'compute_stop_instance', host): ...
Real: nova 2014.2 nova/compute/utils.py add_instance_fault_from_exc, exception_to_dict
"""

import logging
import time
import traceback

from cloud.nova import exception
from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.messaging import MessagingException
from cloud.oslo.utils.timeutils import isotime, utcnow

LOG = logging.getLogger(__name__)

SAVE_PATIENCE = 600  # seconds that a worker tries to save how its work has ended
LONGEST_PAUSE = 10  # seconds between two tries; the first ones come sooner


def fault_of(error, context=None):
    """{'code', 'message', 'details', 'created_at'}: the message for clients; the details, of the inside, for admins."""
    if isinstance(error, exception.NovaException):
        code, message = error.code, str(error)
    elif isinstance(error, DBError | MessagingException):
        code, message = 503, str(error)
    else:
        why = getattr(error, 'strerror', None) or 'the log of the service says why.'
        code, message = 500, f'The instance could not be built: {why}'
    return {'code': code, 'message': message, 'details': details_of(error), 'created_at': isotime(utcnow())}


def details_of(error):
    """What the error says for admins; of one that nobody expected, where it came from."""
    details = getattr(error, 'details', None)
    if details is None and is_unexpected(error):
        return ''.join(traceback.format_exception(error))
    return details


def is_unexpected(error):
    return not isinstance(error, exception.NovaException | DBError | MessagingException | OSError)


class EventReporter:
    """Context manager: what is done inside is an event of the request's action, a success unless it fails.

    Use: with EventReporter(db_api, context, instance_uuid, 'compute_stop_instance', host): ...
    Real: nova 2014.2 nova/compute/utils.py EventReporter, nova/compute/manager.py wrap_instance_event
    """

    def __init__(self, db_api, context, instance_uuid, event, host):
        self.db_api, self.context, self.instance_uuid, self.event, self.host = (
            db_api, context, instance_uuid, event, host)  # fmt: skip

    def __enter__(self):
        begun = self.instance_uuid, self.context.request_id, self.event, self.host
        self.event_id = recorded(self.db_api.action_event_start, *begun)
        return self

    def __exit__(self, kind, error, where):
        if self.event_id is not None:
            ended = ('Error', ''.join(traceback.format_exception(error))) if error else ('Success',)
            recorded(self.db_api.action_event_finish, self.event_id, *ended)


def recorded(write, *args):
    """What write(*args) returns. A database that is locked must not undo what was done: it is logged then."""
    try:
        return write(*args)
    except DBError as error:
        LOG.warning('an event cannot be written down: %s', error)
        return None


def save(db_api, instance_uuid, values, expected_vm_state=None, expected_task_state=None):
    """Change the instance as soon as the database can. If it cannot for long, the next start of the service mends it.

    InstanceNotFound, and what instance_update raises if its states are not the expected ones.
    """
    what = values.get('vm_state', 'what was done')
    for pause in pauses(SAVE_PATIENCE, LONGEST_PAUSE):
        try:
            db_api.instance_update(instance_uuid, values, expected_vm_state, expected_task_state)
            LOG.info('instance %s: %s', instance_uuid, what)
            return
        except DBError as error:
            LOG.warning('instance %s: %s cannot be saved: %s', instance_uuid, what, error)
        time.sleep(pause)
    LOG.error('instance %s: stays as it is; the next start of the service mends it', instance_uuid)


def pauses(patience, longest):
    """Seconds to wait between tries: 0.1, 0.2, 0.4 ... and no more than `longest` each, `patience` in all."""
    pause = 0.1
    while patience > 0:
        yield min(pause, patience)
        patience -= pause
        pause = min(2 * pause, longest)
