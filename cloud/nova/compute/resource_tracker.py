"""What a host has, and what is taken of it: claims are tested here, and the row that the scheduler reads is written.

What is taken is not counted up and down: it is what the host's instances sum up to, so no crash can make it wrong.
Use: tracker = ResourceTracker('compute1', options, db_api, driver)
     tracker.instance_claim(instance_uuid, flavor, node, limits, expected_task_state)
     tracker.update_available_resource()
Real: nova 2014.2 nova/compute/resource_tracker.py ResourceTracker; since 2018 placement keeps the books
Left out: PCI, NUMA, migrations.
"""

import logging

from cloud.nova.compute.claims import Claim

LOG = logging.getLogger(__name__)


class ResourceTracker:
    """host: its name; options: nova's; driver: a ComputeDriver."""

    def __init__(self, host, options, db_api, driver):
        self.host, self.options, self.db_api, self.driver = host, options, db_api, driver

    def instance_claim(self, instance_uuid, flavor, node, limits, expected_task_state):
        """The instance is this host's from now on; its row. ComputeResourcesUnavailable; Conflict; InstanceNotFound."""
        check = Claim(flavor, limits).test
        claimed = self.db_api.instance_claim(instance_uuid, self.host, node, check, expected_task_state)
        LOG.info('instance %s: claimed %s MB, %s GB', instance_uuid, flavor['memory_mb'], flavor['root_gb'])
        self.update_available_resource()
        return claimed

    def resize_claim(self, instance_uuid, flavor, expected_task_state):
        """The same for another flavor of an instance that is here; its row."""
        check = Claim(flavor, self.own_limits()).test
        return self.db_api.instance_claim(instance_uuid, self.host, self.host, check, expected_task_state)

    def own_limits(self):
        """The limits that the scheduler would find for this host."""
        has, options = self.driver.get_available_resource(self.host), self.options
        memory, disk = has['memory_mb'] * options.ram_allocation_ratio, has['local_gb'] * options.disk_allocation_ratio
        return {'memory_mb': memory, 'disk_gb': disk}

    def update_available_resource(self):
        """Write down what there is, and what is taken."""
        resources = self.driver.get_available_resource(self.host)
        used = self.db_api.host_usage(self.host)
        taken = {
            'vcpus_used': used['cores'],
            'memory_mb_used': used['ram'],
            'local_gb_used': used['disk'],
            'running_vms': used['instances'],
        }
        self.db_api.compute_node_save(self.host, self.host, {**resources, **taken})
