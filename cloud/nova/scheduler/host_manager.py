"""The hosts as the scheduler sees them: what each has, and what is taken of it.

A host's row says what was taken when it last looked. What the scheduler has given away since, it adds by itself, until
the row is newer.
Use: HostManager(options, db_api).get_all_host_states(context)  ->  [HostState, ...]
Real: nova 2014.2 nova/scheduler/host_manager.py HostState, HostManager; which filters there are is found by name there
Left out: aggregates, metrics, NUMA, hosts by pattern.
"""

import logging

from cloud.nova.scheduler import filters, weights
from cloud.nova.servicegroup.api import API as ServiceGroupAPI

LOG = logging.getLogger(__name__)
DEFAULT_ZONE = 'nova'


class HostState:
    """service: the row of its service, or None; is_up: whether it lives. limits: what filters found, for the claim."""

    def __init__(self, node, service, is_up):
        self.host, self.nodename = node['host'], node['hypervisor_hostname']
        self.service, self.is_up = service, is_up
        self.availability_zone = (service or {}).get('availability_zone') or DEFAULT_ZONE
        self.limits = {}
        self.update(node)

    def update(self, node):
        self.updated_at = node['updated_at']
        self.total_ram_mb, self.total_disk_gb, self.vcpus_total = node['memory_mb'], node['local_gb'], node['vcpus']
        self.free_ram_mb = node['memory_mb'] - node['memory_mb_used']
        self.free_disk_gb = node['local_gb'] - node['local_gb_used']
        self.vcpus_used, self.num_instances = node['vcpus_used'], node['running_vms']

    def consume_from_instance(self, flavor):
        """So much less room for the next one."""
        self.free_ram_mb -= flavor['memory_mb']
        self.free_disk_gb -= flavor['root_gb'] + flavor.get('ephemeral_gb', 0)
        self.vcpus_used += flavor.get('vcpus', 1)
        self.num_instances += 1

    def __repr__(self):
        return f'({self.host}: {self.free_ram_mb} MB and {self.free_disk_gb} GB free)'


class HostManager:
    """db_api: where hosts and services are. ValueError for a filter in the ini that there is not."""

    def __init__(self, options, db_api):
        self.options, self.db_api = options, db_api
        self.servicegroup_api = ServiceGroupAPI(options)
        self.filters = [filters.get(name)(options) for name in options.scheduler_default_filters]
        self.weighers = [weigher(options) for weigher in weights.ALL]
        self.host_state_map = {}  # (host, node): HostState

    def get_all_host_states(self, context):
        """Every host that ever said what it has, living or not."""
        services = {service['host']: service for service in self.db_api.service_get_all(binary='nova-compute')}
        seen = {}
        for node in self.db_api.compute_node_get_all():
            service = services.get(node['host'])
            key = node['host'], node['hypervisor_hostname']
            seen[key] = self._state_of(key, node, service)
        self.host_state_map = seen
        return list(seen.values())

    def _state_of(self, key, node, service):
        is_up = service is not None and self.servicegroup_api.service_is_up(service)
        known = self.host_state_map.get(key)
        state = HostState(node, service, is_up)
        if known is not None and known.updated_at == state.updated_at:
            known.service, known.is_up, known.availability_zone = service, is_up, state.availability_zone
            known.limits = {}
            return known
        return state

    def forget(self):
        """What was given away since the hosts' rows were written."""
        self.host_state_map = {}

    def get_filtered_hosts(self, hosts, filter_properties, steps):
        """The hosts that every filter lets through. steps: a list that gets a line of what each filter left."""
        forced = filter_properties.get('force_hosts')
        if forced:
            forced = [forced] if isinstance(forced, str) else forced
            hosts = [host for host in hosts if host.host in forced]
        steps.append(f'{len(hosts)} {"forced " if forced else ""}hosts')
        for each in self.filters:
            if not hosts:
                break
            hosts = [host for host in hosts if each.host_passes(host, filter_properties)]
            steps.append(f'{type(each).__name__} left {len(hosts)}')
        return hosts

    def get_weighed_hosts(self, hosts, filter_properties):
        """[(host, weight)], the best first."""
        return weights.weigh(self.weighers, hosts, filter_properties)
