"""A server as clients see it, at each version of the API.

    ViewBuilder.of(req) -> a ServerView, for the request's version and caller -> show(instance)

Real: nova 2014.2 nova/api/openstack/compute/views/servers.py ViewBuilder, and the extensions that added to it
Left out: what volumes and trusted certificates would show: none, and none.
"""

import functools
import hashlib

from cloud.nova import policy
from cloud.nova.api.openstack import pages
from cloud.nova.api.openstack.api_version_request import parse
from cloud.nova.api.openstack.common import status_from_state
from cloud.nova.compute import power_state, vm_states
from cloud.oslo.utils.timeutils import isotime, parse_isotime, strtime

V2_3, V2_16, V2_47, V2_71, V2_75, V2_90, V2_96, V2_98, V2_100 = map(
    parse, ('2.3', '2.16', '2.47', '2.71', '2.75', '2.90', '2.96', '2.98', '2.100')
)
# The version, the field that it added for everybody, and the column; None for what nothing here has.
ADDED = [
    (parse('2.9'), 'locked', 'locked'),
    (parse('2.19'), 'description', 'display_description'),
    (parse('2.26'), 'tags', 'tags'),
    (parse('2.63'), 'trusted_image_certificates', None),
    (parse('2.73'), 'locked_reason', 'locked_reason'),
]
IN_PROGRESS = ('ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING')
UNASKED = 'os_compute_api:os-extended-server-attributes'
# Of a machine that is held, or is not its own, each driver says something else. Shown is what nova's fake driver says,
# which no more than ours has a machine: it is what clients are tested with.
POWER_SHOWN = {
    vm_states.PAUSED: power_state.RUNNING,
    vm_states.SUSPENDED: power_state.RUNNING,
    vm_states.RESCUED: power_state.SHUTDOWN,
    vm_states.SHELVED_OFFLOADED: power_state.SHUTDOWN,
}


class ViewBuilder:
    """availability_zones: an AvailabilityZones; groups_of(uuid): the server groups that an instance is in."""

    def __init__(self, availability_zones, groups_of):
        self.availability_zones, self.groups_of = availability_zones, groups_of

    def of(self, req):
        """The ServerView for a request's version and caller."""
        return ServerView(req, self.availability_zones, self.groups_of)


class ServerView:
    """What one request shows of servers: what all of them have in common is found out once."""

    def __init__(self, req, availability_zones, groups_of):
        self.version, self.is_admin = req.api_version_request, req.context.is_admin
        self.sees_attributes = policy.may(req.context, UNASKED)
        self.address, self.bare_address = pages.addresses_of(req)
        self.availability_zones, self.groups_of = availability_zones, groups_of

    @functools.cached_property
    def hosts(self):
        """What is known of each host that has instances: a dict with its zone, and whether it is up."""
        return {service['host']: service for service in self.availability_zones.services()}

    def links(self, instance):
        path = f'/servers/{instance["uuid"]}'
        return [
            {'rel': 'self', 'href': self.address + path},
            {'rel': 'bookmark', 'href': self.bare_address + path},
        ]

    def basic(self, instance):
        return {'id': instance['uuid'], 'name': instance['display_name'], 'links': self.links(instance)}

    def create(self, instance, password):
        """What a new one is answered with."""
        return {
            'id': instance['uuid'],
            'links': self.links(instance),
            'OS-DCF:diskConfig': disk_config(instance),
            'security_groups': [{'name': name} for name in groups_of(instance)],
            'adminPass': password,
        }

    def show(self, instance):
        """Everything that the caller may see."""
        shown = self.detail(instance)
        if self.version >= V2_71:
            shown['server_groups'] = self.groups_of(instance['uuid'])
        return shown

    def detail(self, instance):
        """The same, but for what would have to be looked up for each of many."""
        return {**self.core(instance), **self.extended(instance)}

    def changed(self, instance):
        """After a change: everything since 2.75, the core alone before."""
        return self.show(instance) if self.version >= V2_75 else self.core(instance)

    def core(self, instance):
        status = status_of(instance)
        shown = {
            'id': instance['uuid'],
            'name': instance['display_name'],
            'status': status,
            'tenant_id': instance['project_id'] or '',
            'user_id': instance['user_id'] or '',
            'metadata': instance['metadata'],
            'hostId': host_id(instance['project_id'], instance['host']),
            'image': self.image(instance),
            'flavor': self.flavor(instance['flavor']),
            'created': isotime(instance['created_at']),
            'updated': isotime(instance['updated_at']),
            'addresses': addresses(instance),
            'accessIPv4': instance['access_ip_v4'] or '',
            'accessIPv6': instance['access_ip_v6'] or '',
            'links': self.links(instance),
            'OS-DCF:diskConfig': disk_config(instance),
        }
        if instance['fault'] and status in ('ERROR', 'DELETED'):
            shown['fault'] = self.fault(instance)
        if status in IN_PROGRESS:
            shown['progress'] = instance['progress'] or 0
        for first, name, column in ADDED:
            if self.version < first:
                break
            shown[name] = column and instance[column]
        return shown

    def image(self, instance):
        image_id = instance['image_ref']
        if not image_id:
            return ''
        shown = {'id': image_id, 'links': [{'rel': 'bookmark', 'href': f'{self.bare_address}/images/{image_id}'}]}
        if self.version >= V2_98:
            remembered = instance['system_metadata'].items()
            shown['properties'] = {key[6:]: value for key, value in remembered if key.startswith('image_')}
        return shown

    def flavor(self, flavor):
        if self.version < V2_47:
            flavor_id = flavor['flavorid']
            link = {'rel': 'bookmark', 'href': f'{self.bare_address}/flavors/{flavor_id}'}
            return {'id': flavor_id, 'links': [link]}
        return {
            'vcpus': flavor['vcpus'],
            'ram': flavor['memory_mb'],
            'disk': flavor['root_gb'],
            'ephemeral': flavor['ephemeral_gb'],
            'swap': flavor['swap'],
            'original_name': flavor['name'],
            'extra_specs': flavor['extra_specs'],
        }

    def fault(self, instance):
        kept = instance['fault']
        created = kept.get('created_at') or instance['updated_at']
        created = parse_isotime(created) if isinstance(created, str) else created
        shown = {'code': kept['code'], 'created': isotime(created), 'message': kept['message']}
        if kept.get('details') and (kept['code'] != 500 or self.is_admin):
            shown['details'] = kept['details']
        return shown

    def extended(self, instance):
        """What the extensions of before added: states, times, the host."""
        host = self.hosts.get(instance['host'], {})
        vm_state, zone = instance['vm_state'], host.get('zone', self.availability_zones.default)
        shown = {
            'OS-EXT-AZ:availability_zone': zone if instance['host'] else '',
            'config_drive': instance['config_drive'] or '',
            'key_name': instance['key_name'],
            'OS-SRV-USG:launched_at': moment(instance['launched_at']),
            'OS-SRV-USG:terminated_at': moment(instance['terminated_at']),
            'OS-EXT-STS:task_state': instance['task_state'],
            'OS-EXT-STS:vm_state': 'deleted' if instance['deleted'] else vm_state,
            'OS-EXT-STS:power_state': POWER_SHOWN.get(vm_state, instance['power_state'] or 0),
            'os-extended-volumes:volumes_attached': [],
        }
        if instance['network_info']:
            shown['security_groups'] = [{'name': name} for name in groups_of(instance)]
        if self.sees_attributes:
            shown.update(self.attributes(instance, host))
        if self.version >= V2_90:
            shown['OS-EXT-SRV-ATTR:hostname'] = instance['hostname']
        if self.version >= V2_96:
            shown['pinned_availability_zone'] = instance['availability_zone']
        if self.version >= V2_100:
            shown['scheduler_hints'] = {}
        return shown

    def attributes(self, instance, host):
        """What only an admin sees."""
        shown = {
            'host': instance['host'],
            'instance_name': f'instance-{instance["id"]:08x}',
            'hypervisor_hostname': instance['node'],
        }
        if self.version >= V2_3:
            names = ('reservation_id', 'launch_index', 'hostname', 'root_device_name', 'user_data')
            shown.update({name: instance[name] for name in names})
            remembered = instance['system_metadata']
            shown.update({name: remembered.get(f'image_{name}', '') for name in ('kernel_id', 'ramdisk_id')})
        shown = {f'OS-EXT-SRV-ATTR:{name}': value for name, value in shown.items()}
        if self.version >= V2_16:
            shown['host_status'] = host_status(instance, host)
        return shown


def status_of(instance):
    return 'DELETED' if instance['deleted'] else status_from_state(instance['vm_state'], instance['task_state'])


def host_status(instance, host):
    """What is known of the instance's host: UP, DOWN (no heartbeat), MAINTENANCE (disabled); '' without a host."""
    if not instance['host']:
        return ''
    if host.get('disabled'):
        return 'MAINTENANCE'
    return 'UP' if host.get('is_up', True) else 'DOWN'


@functools.lru_cache(10000)
def host_id(project_id, host):
    """A host's name that one project's instances share, and that tells nobody which host it is; '' without a host."""
    return hashlib.sha224(f'{project_id}{host}'.encode()).hexdigest() if host else ''


def disk_config(instance):
    return 'AUTO' if instance['auto_disk_config'] else 'MANUAL'


def groups_of(instance):
    """The names of the security groups that were asked for, or the one that every project has."""
    return (instance['system_metadata'].get('security_groups') or 'default').split(',')


def moment(value):
    return None if value is None else strtime(value)


def addresses(instance):
    """{'private': [{'version': 4, 'addr': ..., ...}]}: the networks in which the instance has an address."""
    found = {}
    for interface in instance['network_info']:
        for fixed in interface['ips']:
            address = fixed['address']
            found.setdefault(interface['network']['label'], []).append({
                'version': fixed['version'],
                'addr': address,
                'OS-EXT-IPS:type': fixed['type'],
                'OS-EXT-IPS-MAC:mac_addr': interface['address'],
            })  # fmt: skip
    return found
