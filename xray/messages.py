"""Messages: the parts of a service that are processes of their own are asked by these, and not over HTTP.

    nova-api: cast build_instances --rabbit--> nova-conductor: a recording of its own, with the same global id

Where a message comes in the context of a recorded request (in one process), it is a step of that. Elsewhere it begins a
recording, whose method is RPC and whose path is the name of what is called.
Use: listen(service, store), once, in a process that a pipeline's filter does not stand in; install() in any
Real: none; osprofiler puts its trace's id into oslo.messaging's context by nova/rpc.py ProfilerRequestContextSerializer
"""

from cloud.oslo.middleware.request_id import new_id
from xray import instrument
from xray.form import Exchange
from xray.landmarks import CodeInfo
from xray.recorder import ACTIVE, CURRENT, Recording, watch

listener = {}  # service, store


def listen(service, store):
    listener.update(service=service, store=store)


def install():
    """Watch the dispatcher of messages in its own way, before it is found as one function among many."""
    try:
        from cloud.oslo.messaging.rpc.dispatcher import RPCDispatcher
    except ImportError:
        return
    function = RPCDispatcher.dispatch
    if not hasattr(function, 'xray'):
        info = CodeInfo(RPCDispatcher.__module__, 'RPCDispatcher.dispatch', function.__code__)
        copy = instrument.copy_of(function, info)
        instrument.replace_body(function, info, watch_message(watch(info, copy)))


def watch_message(step_of):
    """step_of: makes the step of a message."""

    def call(args, kwargs):
        if not listener or ACTIVE.walk is not None or CURRENT.get() is not None:
            return step_of(args, kwargs)
        _, context, message = args
        exchange = begin(context or {}, message)
        error = None
        try:
            with exchange.recording.watched():
                return step_of(args, kwargs)
        except BaseException as raised:
            error = raised
            raise
        finally:
            exchange.status = 200 if error is None else 500
            exchange.finish(error)
            listener['store'].put(exchange)

    return call


def begin(context, message):
    recording = Recording(listener['service'], f'RPC {message["method"]}')
    environ = {
        'REQUEST_METHOD': 'RPC',
        'PATH_INFO': message['method'],
        'openstack.global_request_id': context.get('global_request_id') or context.get('request_id'),
        'HTTP_X_USER_ID': context.get('user_id') or '',
        'HTTP_X_TENANT_ID': context.get('project_id') or '',
    }
    exchange = Exchange(new_id(), environ, recording)
    recording.went_on = lambda: listener['store'].put(exchange)
    return exchange
