"""The conductor's tasks, each from its beginning to the host that does the rest.

    build_instances -> select_destinations (a call to the scheduler) -> build_and_run_instance (a cast to the host)
                    `-> no valid host: ERROR, with a fault that says which filter left how many
    the host does not take it: RescheduledException -> build_instances again, without that host, a few times

Each may be called twice for the same thing, since a message that was not done is given to the next process: what is
not in the state that it expects any more is left alone.
Use: ComputeTaskManager(options, db_api, scheduler_rpcapi, compute_rpcapi), as an endpoint
Real: nova 2014.2 nova/conductor/manager.py ComputeTaskManager, nova/scheduler/utils.py populate_retry,
    setup_instance_group, set_vm_state_and_notify
Left out: live migration; a resize goes to the host that the instance is on.
"""

import logging

from cloud.nova import exception
from cloud.nova.compute import task_states, vm_states
from cloud.nova.compute.utils import fault_of, is_unexpected, recorded, save
from cloud.nova.db.sqlalchemy.groups import GroupTable
from cloud.oslo.messaging import MessageDeliveryFailure, MessagingException

LOG = logging.getLogger(__name__)
TOO_MANY = 'Exceeded max scheduling attempts {} for instance {}. Last exception: {}'


class ComputeTaskManager:
    def __init__(self, options, db_api, scheduler_rpcapi, compute_rpcapi):
        self.options, self.db_api = options, db_api
        self.scheduler_rpcapi, self.compute_rpcapi = scheduler_rpcapi, compute_rpcapi

    def build_instances(self, context, instance_uuids, image, filter_properties, **asked):
        """Place the instances and have them made. asked: admin_password, injected_files, ..., for the host alone."""
        try:
            instances = [each for each in map(self._waiting, instance_uuids) if each is not None]
            if instances:
                self._place(context, instances, image, filter_properties, asked)
        except MessageDeliveryFailure as error:
            if self.options.transport_url:
                raise  # the message comes again
            self._fail(context, instance_uuids, error)
        except Exception as error:
            self._fail(context, instance_uuids, error)

    def _fail(self, context, instance_uuids, error):
        LOG.warning('instances %s: %s', ', '.join(instance_uuids), error, exc_info=is_unexpected(error))
        for instance_uuid in instance_uuids:
            self._set_error(context, instance_uuid, error)

    def _place(self, context, instances, image, filter_properties, asked):
        self.populate_retry(filter_properties, instances[0])
        spec = request_spec(instances, image)
        self.setup_instance_group(filter_properties, instances)
        chosen = self.scheduler_rpcapi.select_destinations(context, spec, filter_properties)
        for instance, destination in zip(instances, chosen):
            self._build(context, instance, destination, image, spec, filter_properties, asked)

    def _waiting(self, instance_uuid):
        """The instance if it waits for a host; None if it was deleted, or has one, or could not be made."""
        try:
            instance = self.db_api.instance_get_by_uuid(instance_uuid)
        except exception.InstanceNotFound:
            LOG.info('instance %s: deleted before it was placed', instance_uuid)
            return None
        waits = instance['vm_state'] == vm_states.BUILDING and instance['host'] is None
        return instance if waits and instance['task_state'] in (task_states.SCHEDULING, None) else None

    def populate_retry(self, filter_properties, instance):
        """Count the attempt. NovaException if it is one too many."""
        retry = filter_properties.setdefault('retry', {'num_attempts': 0, 'hosts': []})
        retry['num_attempts'] += 1
        most = self.options.scheduler_max_attempts
        if retry['num_attempts'] > most:
            raise exception.NovaException(TOO_MANY.format(most, instance['uuid'], retry.get('exc')))

    def setup_instance_group(self, filter_properties, instances):
        """If they are to be in a server group: say what that wants, and where its other members are."""
        group_uuid = (filter_properties.get('scheduler_hints') or {}).get('group')
        if group_uuid is None:
            return
        group = GroupTable(self.db_api).get(group_uuid)
        others = set(group['members']) - {instance['uuid'] for instance in instances}
        hosts = {each['host'] for each in self.db_api.instance_get_all_by_filters({'ids': others})} - {None}
        filter_properties['group'] = {'policy': group['policy'], 'hosts': sorted(hosts)}

    def _build(self, context, instance, destination, image, spec, filter_properties, asked):
        host, node = destination['host'], destination['nodename']
        LOG.info('instance %s: goes to %s', instance['uuid'], host)
        retry = filter_properties['retry']
        properties = {**filter_properties, 'retry': {**retry, 'hosts': [*retry['hosts'], [host, node]]}}
        self.compute_rpcapi.build_and_run_instance(
            context, instance, host, image, spec, properties, node=node, limits=destination['limits'], **asked
        )

    def _set_error(self, context, instance_uuid, error):
        """The instance is ERROR and says why, unless it has a host by now. Its action has failed, too."""
        failed = {'vm_state': vm_states.ERROR, 'task_state': None, 'fault': fault_of(error, context)}
        try:
            save(self.db_api, instance_uuid, failed, vm_states.BUILDING, (task_states.SCHEDULING,))
            recorded(self.db_api.instance_action_finish, instance_uuid, context.request_id, 'Error')
        except (exception.InstanceNotFound, exception.Conflict):
            LOG.info('instance %s: was deleted while it was placed, or is being built', instance_uuid)

    def resize_instance(self, context, instance_uuid, flavor):
        instance = self.db_api.instance_get_by_uuid(instance_uuid)
        if instance['task_state'] == task_states.RESIZE_PREP:
            self.compute_rpcapi.resize_instance(context, instance, flavor)

    def rebuild_instance(self, context, instance_uuid, image_ref, asked):
        instance = self.db_api.instance_get_by_uuid(instance_uuid)
        if instance['task_state'] == task_states.REBUILDING:
            self.compute_rpcapi.rebuild_instance(context, instance, image_ref, **asked)

    def unshelve_instance(self, context, instance_uuid):
        """Where it is, if it is anywhere; else as a new one, of the image that it was shelved as."""
        instance = self.db_api.instance_get_by_uuid(instance_uuid)
        if instance['task_state'] != task_states.UNSHELVING:
            return
        if instance['vm_state'] == vm_states.SHELVED:
            self.compute_rpcapi.start_instance(context, instance)
            return
        spec = request_spec([instance], None)
        try:
            chosen = self.scheduler_rpcapi.select_destinations(context, spec, {})[0]
        except (exception.NovaException, MessagingException) as error:
            self.db_api.instance_update(instance_uuid, {'task_state': None, 'fault': fault_of(error, context)})
            return
        self.compute_rpcapi.unshelve_instance(context, instance, chosen['host'], chosen['nodename'], chosen['limits'])


def request_spec(instances, image):
    """What the scheduler is asked for: room for so many instances of that flavor."""
    first = instances[0]
    properties = {name: first[name] for name in ('uuid', 'project_id', 'user_id', 'availability_zone')}
    return {
        'image': image,
        'flavor': flavor_of(first),
        'num_instances': len(instances),
        'instance_properties': properties,
    }


def flavor_of(instance):
    """The flavor of an instance, with the sizes that its columns say."""
    sizes = {name: instance[name] for name in ('memory_mb', 'vcpus', 'root_gb')}
    return {**instance['flavor'], **sizes}
