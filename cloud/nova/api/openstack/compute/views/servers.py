"""A server as clients see it, at each version of the API.

    FIELDS: a row a version -> what it added, and for whom

Real: nova 2014.2 nova/api/openstack/compute/views/servers.py ViewBuilder, and the extensions that added to it
Left out: what volumes and trusted certificates would show: none, and none.
"""

import hashlib

from cloud.nova import policy
from cloud.nova.api.openstack import pages
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.common import status_from_state
from cloud.nova.compute import power_state, vm_states
from cloud.oslo.utils.timeutils import isotime, parse_isotime, strtime

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

    def basic(self, req, instance):
        instance_id = instance['uuid']
        return {'id': instance_id, 'name': instance['display_name'], 'links': pages.links(req, 'servers', instance_id)}

    def create(self, req, instance, password):
        """What a new one is answered with."""
        shown = {
            'id': instance['uuid'],
            'links': pages.links(req, 'servers', instance['uuid']),
            'OS-DCF:diskConfig': disk_config(instance),
            'security_groups': [{'name': name} for name in groups_of(instance)],
        }
        return {**shown, 'adminPass': password} if password is not None else shown

    def show(self, req, instance, hosts=None):
        """Everything that the caller may see. hosts: as by_host answers, once for a long list, which says less."""
        shown = self.core(req, instance)
        if hosts is None and is_supported(req, '2.71'):
            shown['server_groups'] = self.groups_of(instance['uuid'])
        hosts = self.by_host() if hosts is None else hosts
        return {**shown, **self.extended(req, instance, hosts)}

    def by_host(self):
        """What is known of each host that has instances: a dict with its zone, and whether it is up."""
        return {service['host']: service for service in self.availability_zones.services()}

    def changed(self, req, instance):
        """After a change: everything since 2.75, the core alone before."""
        return self.show(req, instance) if is_supported(req, '2.75') else self.core(req, instance)

    def core(self, req, instance):
        status = status_of(instance)
        shown = {
            'id': instance['uuid'],
            'name': instance['display_name'],
            'status': status,
            'tenant_id': instance['project_id'] or '',
            'user_id': instance['user_id'] or '',
            'metadata': instance['metadata'],
            'hostId': host_id(instance),
            'image': self.image(req, instance),
            'flavor': self.flavor(req, instance),
            'created': isotime(instance['created_at']),
            'updated': isotime(instance['updated_at']),
            'addresses': addresses(instance),
            'accessIPv4': instance['access_ip_v4'] or '',
            'accessIPv6': instance['access_ip_v6'] or '',
            'links': pages.links(req, 'servers', instance['uuid']),
            'OS-DCF:diskConfig': disk_config(instance),
        }
        if instance['fault'] and status in ('ERROR', 'DELETED'):
            shown['fault'] = fault(req, instance)
        if status in IN_PROGRESS:
            shown['progress'] = instance['progress'] or 0
        for first, name, value in (
            ('2.9', 'locked', bool(instance['locked'])),
            ('2.73', 'locked_reason', instance['locked_reason']),
            ('2.19', 'description', instance['display_description']),
            ('2.26', 'tags', instance['tags']),
            ('2.63', 'trusted_image_certificates', None),
        ):
            if is_supported(req, first):
                shown[name] = value
        return shown

    def image(self, req, instance):
        image_id = instance['image_ref']
        if not image_id:
            return ''
        link = {'rel': 'bookmark', 'href': pages.bookmark(req, 'images', image_id)}
        shown = {'id': image_id, 'links': [link]}
        if is_supported(req, '2.98'):
            remembered = instance['system_metadata'].items()
            shown['properties'] = {key[6:]: value for key, value in remembered if key.startswith('image_')}
        return shown

    def flavor(self, req, instance):
        flavor = instance['flavor']
        if not is_supported(req, '2.47'):
            link = {'rel': 'bookmark', 'href': pages.bookmark(req, 'flavors', flavor['flavorid'])}
            return {'id': flavor['flavorid'], 'links': [link]}
        names = {'vcpus': 'vcpus', 'ram': 'memory_mb', 'disk': 'root_gb', 'ephemeral': 'ephemeral_gb', 'swap': 'swap'}
        return {
            **{shown: flavor[name] for shown, name in names.items()},
            'original_name': flavor['name'],
            'extra_specs': flavor['extra_specs'],
        }

    def extended(self, req, instance, hosts):
        """What the extensions of before added: states, times, the host."""
        host = hosts.get(instance['host'], {})
        zone = host.get('zone', self.availability_zones.default) if instance['host'] else ''
        shown = {
            'OS-EXT-AZ:availability_zone': zone,
            'config_drive': instance['config_drive'] or '',
            'key_name': instance['key_name'],
            'OS-SRV-USG:launched_at': moment(instance['launched_at']),
            'OS-SRV-USG:terminated_at': moment(instance['terminated_at']),
            'OS-EXT-STS:task_state': instance['task_state'],
            'OS-EXT-STS:vm_state': 'deleted' if instance['deleted'] else instance['vm_state'],
            'OS-EXT-STS:power_state': POWER_SHOWN.get(instance['vm_state'], instance['power_state'] or 0),
            'os-extended-volumes:volumes_attached': [],
        }
        if instance['network_info']:
            shown['security_groups'] = [{'name': name} for name in groups_of(instance)]
        if policy.may(req.context, UNASKED):
            shown.update(self.attributes(req, instance, host))
        if is_supported(req, '2.90'):
            shown['OS-EXT-SRV-ATTR:hostname'] = instance['hostname']
        if is_supported(req, '2.96'):
            shown['pinned_availability_zone'] = instance['availability_zone']
        if is_supported(req, '2.100'):
            shown['scheduler_hints'] = {}
        return shown

    def attributes(self, req, instance, host):
        """What only an admin sees."""
        shown = {
            'host': instance['host'],
            'instance_name': f'instance-{instance["id"]:08x}',
            'hypervisor_hostname': instance['node'],
        }
        if is_supported(req, '2.3'):
            names = ('reservation_id', 'launch_index', 'hostname', 'root_device_name', 'user_data')
            shown.update({name: instance[name] for name in names})
            remembered = instance['system_metadata']
            shown.update({name: remembered.get(f'image_{name}', '') for name in ('kernel_id', 'ramdisk_id')})
        shown = {f'OS-EXT-SRV-ATTR:{name}': value for name, value in shown.items()}
        if is_supported(req, '2.16'):
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


def host_id(instance):
    """A host's name that one project's instances share, and that tells nobody which host it is."""
    if not instance['host']:
        return ''
    return hashlib.sha224(f'{instance["project_id"]}{instance["host"]}'.encode()).hexdigest()


def disk_config(instance):
    return 'AUTO' if instance['auto_disk_config'] else 'MANUAL'


def groups_of(instance):
    """The names of the security groups that were asked for, or the one that every project has."""
    return (instance['system_metadata'].get('security_groups') or 'default').split(',')


def moment(value):
    return None if value is None else strtime(value)


def fault(req, instance):
    kept = instance['fault']
    created = kept.get('created_at')
    created = created if isinstance(created, str) else isotime(created or instance['updated_at'])
    shown = {'code': kept['code'], 'created': isotime(parse_isotime(created)), 'message': kept['message']}
    if kept.get('details') and (kept['code'] != 500 or req.context.is_admin):
        shown['details'] = kept['details']
    return shown


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
