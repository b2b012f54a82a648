"""What is done to an instance's machine: started, stopped, rebooted, paused, suspended, rescued.

    the API sets task_state powering-off -> stop_instance -> the driver -> vm_state stopped, task_state None

Use: a part of the ComputeManager
Real: nova 2014.2 nova/compute/manager.py ComputeManager.stop_instance and the like
"""

from cloud.nova.compute import power_state, task_states, vm_states
from cloud.nova.compute.tasks import Expecting, task

RUNNING = power_state.RUNNING
SOFT = (task_states.REBOOTING, task_states.REBOOT_PENDING, task_states.REBOOT_STARTED)
HARD = (task_states.REBOOTING_HARD, task_states.REBOOT_PENDING_HARD, task_states.REBOOT_STARTED_HARD)


class PowerActions(Expecting):
    @task('compute_stop_instance', task_states.POWERING_OFF)
    def stop_instance(self, context, instance):
        self.driver.set_power(instance, power_state.SHUTDOWN, 'is shut down')
        self.finish(instance, vm_states.STOPPED, task_states.POWERING_OFF)

    @task('compute_start_instance', task_states.POWERING_ON, task_states.UNSHELVING)
    def start_instance(self, context, instance):
        self.driver.set_power(instance, RUNNING, 'boots')
        self.finish(instance, vm_states.ACTIVE, task_states.POWERING_ON, task_states.UNSHELVING)

    @task('compute_reboot_instance', *SOFT, *HARD)
    def reboot_instance(self, context, instance, reboot_type):
        pending, started = (SOFT if reboot_type == 'SOFT' else HARD)[1:]
        for task_state in (pending, started):
            self.db_api.instance_update(instance['uuid'], {'task_state': task_state}, None, SOFT + HARD)
        self.driver.set_power(instance, RUNNING, 'reboots' if reboot_type == 'SOFT' else 'is reset, and boots')
        self.finish(instance, vm_states.ACTIVE, *SOFT, *HARD)

    @task('compute_pause_instance', task_states.PAUSING)
    def pause_instance(self, context, instance):
        self.driver.set_power(instance, power_state.PAUSED, 'is paused')
        self.finish(instance, vm_states.PAUSED, task_states.PAUSING)

    @task('compute_unpause_instance', task_states.UNPAUSING)
    def unpause_instance(self, context, instance):
        self.driver.set_power(instance, RUNNING, 'goes on')
        self.finish(instance, vm_states.ACTIVE, task_states.UNPAUSING)

    @task('compute_suspend_instance', task_states.SUSPENDING)
    def suspend_instance(self, context, instance):
        self.driver.set_power(instance, power_state.SUSPENDED, 'is suspended')
        self.finish(instance, vm_states.SUSPENDED, task_states.SUSPENDING)

    @task('compute_resume_instance', task_states.RESUMING)
    def resume_instance(self, context, instance):
        self.driver.set_power(instance, RUNNING, 'is resumed')
        self.finish(instance, vm_states.ACTIVE, task_states.RESUMING)

    @task('compute_rescue_instance', task_states.RESCUING)
    def rescue_instance(self, context, instance, rescue_password=None, rescue_image_ref=None):
        image_ref = rescue_image_ref or instance['image_ref']
        image_meta = self.image_service.show(context, image_ref)
        self.driver.rescue(context, instance, image_ref, image_meta)
        self.finish(instance, vm_states.RESCUED, task_states.RESCUING)

    @task('compute_unrescue_instance', task_states.UNRESCUING)
    def unrescue_instance(self, context, instance):
        self.driver.unrescue(instance)
        self.finish(instance, vm_states.ACTIVE, task_states.UNRESCUING)

    @task('compute_set_admin_password', task_states.UPDATING_PASSWORD)
    def set_admin_password(self, context, instance, new_pass):
        """Nothing runs that could have a password: its console says that it was changed, and not what to."""
        self.driver.set_power(instance, self.driver.get_info(instance['uuid']), 'has another password')
        self.finish(instance, instance['vm_state'], task_states.UPDATING_PASSWORD)

    def get_console_output(self, context, instance_uuid, tail_length=None):
        instance = self.db_api.instance_get_by_uuid(instance_uuid)
        return self.driver.get_console_output(instance, tail_length)
