"""What may be asked of an instance in which state: decorators for the compute API's methods.

    @check_instance_lock                                              409 for one that is locked, but for admins
    @check_instance_host                                              409 for one that no host has made
    @check_instance_state('stop', vm_state=(ACTIVE, ERROR))           409 in another state, or while something is done
    def stop(self, context, instance): ...

The check here is for a clear answer. What makes it certain is that the change of the task state names the state that it
expects (API._begin): of two requests at once, the second finds another.
Real: nova 2014.2 nova/compute/api.py check_instance_state, check_instance_lock, check_instance_host
"""

import functools

from cloud.nova import exception
from cloud.oslo.messaging import MessageDeliveryFailure


def refuse_locked(context, instance):
    """InstanceIsLocked, but for admins."""
    if instance['locked'] and not context.is_admin:
        raise exception.InstanceIsLocked(instance_uuid=instance['uuid'])


def check_instance_lock(method):
    @functools.wraps(method)
    def checked(self, context, instance, *args, **kwargs):
        refuse_locked(context, instance)
        return method(self, context, instance, *args, **kwargs)

    return checked


def check_instance_host(method):
    @functools.wraps(method)
    def checked(self, context, instance, *args, **kwargs):
        if not instance['host']:
            raise exception.InstanceNotReady(instance_id=instance['uuid'])
        return method(self, context, instance, *args, **kwargs)

    return checked


def check_instance_state(name, vm_state=None, task_state=(None,)):
    """vm_state, task_state: those in which it may be asked for, or None for any. name: what clients call it."""

    def decorator(method):
        @functools.wraps(method)
        def checked(self, context, instance, *args, **kwargs):
            for attr, allowed in (('vm_state', vm_state), ('task_state', task_state)):
                if allowed is not None and instance[attr] not in allowed:
                    raise invalid_state(name, instance['uuid'], attr, instance[attr])
            return told(self, context, instance, *args, **kwargs)

        told = undone_unless_told(method)

        return checked

    return decorator


def undone_unless_told(method):
    """If the host, or the conductor, cannot be told, the instance is as it was before it was asked for."""

    @functools.wraps(method)
    def telling(self, context, instance, *args, **kwargs):
        try:
            return method(self, context, instance, *args, **kwargs)
        except MessageDeliveryFailure:
            before = {name: instance[name] for name in ('task_state', 'image_ref', 'progress')}
            self.db_api.instance_update(instance['uuid'], before)
            raise

    return telling


def invalid_state(name, instance_uuid, attr, state):
    return exception.InstanceInvalidState(method=name, instance_uuid=instance_uuid, attr=attr, state=state)
