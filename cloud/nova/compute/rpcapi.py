"""How the others ask a compute host: the host that an instance is on, or is to be on, is part of the message's address.

Use: ComputeAPI(transport).stop_instance(context, instance)
Real: nova 2014.2 nova/compute/rpcapi.py ComputeAPI; whole objects travel there, here an instance's uuid, and who
    receives it reads the row
"""

from cloud.nova import rpc

QUICK = 10  # seconds for an answer that should take none: a client waits for it


class ComputeAPI:
    """Each method: MessageDeliveryFailure if the host cannot be told."""

    def __init__(self, transport):
        self.client = rpc.get_client(transport, rpc.COMPUTE)

    def _cast(self, context, method, instance, host=None, **arguments):
        client = self.client.prepare(server=host or instance['host'])
        client.cast(context, method, instance_uuid=instance['uuid'], **arguments)

    def build_and_run_instance(self, context, instance, host, image, request_spec, filter_properties,
                               admin_password=None, injected_files=None, requested_networks=None,
                               security_groups=None, node=None, limits=None):  # fmt: skip
        self._cast(context, 'build_and_run_instance', instance, host, image=image, request_spec=request_spec,
                   filter_properties=filter_properties, admin_password=admin_password, injected_files=injected_files,
                   requested_networks=requested_networks, security_groups=security_groups, node=node,
                   limits=limits)  # fmt: skip

    def terminate_instance(self, context, instance):
        self._cast(context, 'terminate_instance', instance)

    def stop_instance(self, context, instance):
        self._cast(context, 'stop_instance', instance)

    def start_instance(self, context, instance):
        self._cast(context, 'start_instance', instance)

    def reboot_instance(self, context, instance, reboot_type):
        """reboot_type: SOFT or HARD."""
        self._cast(context, 'reboot_instance', instance, reboot_type=reboot_type)

    def pause_instance(self, context, instance):
        self._cast(context, 'pause_instance', instance)

    def unpause_instance(self, context, instance):
        self._cast(context, 'unpause_instance', instance)

    def suspend_instance(self, context, instance):
        self._cast(context, 'suspend_instance', instance)

    def resume_instance(self, context, instance):
        self._cast(context, 'resume_instance', instance)

    def rescue_instance(self, context, instance, rescue_password=None, rescue_image_ref=None):
        self._cast(context, 'rescue_instance', instance, rescue_password=rescue_password,
                   rescue_image_ref=rescue_image_ref)  # fmt: skip

    def unrescue_instance(self, context, instance):
        self._cast(context, 'unrescue_instance', instance)

    def set_admin_password(self, context, instance, new_pass):
        self._cast(context, 'set_admin_password', instance, new_pass=new_pass)

    def rebuild_instance(self, context, instance, image_ref, new_pass=None, injected_files=None, orig_image_ref=None):
        self._cast(context, 'rebuild_instance', instance, image_ref=image_ref, new_pass=new_pass,
                   injected_files=injected_files, orig_image_ref=orig_image_ref)  # fmt: skip

    def snapshot_instance(self, context, instance, image_id):
        self._cast(context, 'snapshot_instance', instance, image_id=image_id)

    def resize_instance(self, context, instance, flavor):
        self._cast(context, 'resize_instance', instance, flavor=flavor)

    def confirm_resize(self, context, instance):
        self._cast(context, 'confirm_resize', instance)

    def revert_resize(self, context, instance):
        self._cast(context, 'revert_resize', instance)

    def shelve_instance(self, context, instance, image_id):
        self._cast(context, 'shelve_instance', instance, image_id=image_id)

    def shelve_offload_instance(self, context, instance):
        self._cast(context, 'shelve_offload_instance', instance)

    def unshelve_instance(self, context, instance, host, node, limits):
        self._cast(context, 'unshelve_instance', instance, host, node=node, limits=limits)

    def get_console_output(self, context, instance, tail_length=None):
        """The text that the instance has written to its console; the last lines of it."""
        client = self.client.prepare(server=instance['host'], timeout=QUICK)
        return client.call(context, 'get_console_output', instance_uuid=instance['uuid'], tail_length=tail_length)
