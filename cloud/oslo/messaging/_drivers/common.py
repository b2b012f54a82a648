"""Messages and errors as bytes, and back.

Use: decode(encode({'args': {'launched_at': utcnow()}}))
     raise deserialize_remote_exception(serialize_remote_exception(error), ['cloud.nova.exception'])
Real: oslo.messaging 1.4 oslo/messaging/_drivers/common.py serialize_msg, serialize_remote_exception,
    deserialize_remote_exception
"""

import json
import sys
from datetime import datetime

from cloud.oslo.messaging.exceptions import RemoteError

MOMENT = '__datetime__'


def encode(document):
    """TypeError for what cannot travel."""
    return json.dumps(document, default=to_json).encode()


def decode(data):
    return json.loads(data, object_hook=from_json)


def to_json(value):
    if isinstance(value, datetime):
        return {MOMENT: value.isoformat()}
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f'{type(value).__name__} cannot be part of a message')


def from_json(document):
    return datetime.fromisoformat(document[MOMENT]) if MOMENT in document else document


def serialize_remote_exception(error):
    named = {'module': type(error).__module__, 'class': type(error).__name__, 'message': str(error)}
    return {**named, 'details': getattr(error, 'details', None)}


def deserialize_remote_exception(failure, allowed):
    """The exception again if its module is one of the allowed ones, else RemoteError with its name and text.

    Whoever can write to the queue names a class here: so it must be an exception, and of a module that we name.
    """
    module, name, message = failure['module'], failure['class'], failure['message']
    found = getattr(sys.modules.get(module), name, None) if module in allowed else None
    if isinstance(found, type) and issubclass(found, Exception):
        error = found(message)
        error.details = failure.get('details')
        return error
    return RemoteError(name, message)
