"""How the compute API asks the conductor: it casts, and goes on.

Use: ComputeTaskAPI(transport).build_instances(context, [instance], image, filter_properties)
Real: nova 2014.2 nova/conductor/api.py ComputeTaskAPI, nova/conductor/rpcapi.py ComputeTaskAPI; since 2017 the first is
    schedule_and_build_instances
Left out: the other half, by which hosts without a database ask for rows.
"""

from cloud.nova import rpc
from cloud.nova.compute.flavors import as_remembered


class ComputeTaskAPI:
    """Each method: MessageDeliveryFailure if the conductor cannot be told."""

    def __init__(self, transport):
        self.client = rpc.get_client(transport, rpc.CONDUCTOR)

    def build_instances(self, context, instances, image, filter_properties=None, admin_password=None,
                        injected_files=None, requested_networks=None, security_groups=None):  # fmt: skip
        """Have the instances (rows in vm_state building, of one flavor) placed and made of the image (a dict)."""
        self.client.cast(
            context,
            'build_instances',
            instance_uuids=[instance['uuid'] for instance in instances],
            image=image,
            filter_properties=filter_properties or {},
            admin_password=admin_password,
            injected_files=injected_files,
            requested_networks=requested_networks,
            security_groups=security_groups,
        )

    def resize_instance(self, context, instance, flavor):
        """Have the instance, in task_state resize_prep, get another flavor, a row."""
        self.client.cast(context, 'resize_instance', instance_uuid=instance['uuid'], flavor=as_remembered(flavor))

    def rebuild_instance(self, context, instance, image_ref, **asked):
        """Have the instance, in task_state rebuilding, made anew of an image. asked: as compute.rpcapi's."""
        arguments = {'instance_uuid': instance['uuid'], 'image_ref': image_ref, 'asked': asked}
        self.client.cast(context, 'rebuild_instance', **arguments)

    def unshelve_instance(self, context, instance):
        """Have the instance, in task_state unshelving, run again, on whichever host."""
        self.client.cast(context, 'unshelve_instance', instance_uuid=instance['uuid'])
