"""What there is on the network of a project: all of it follows from the project's id, so nothing is kept.

Use: Plugin().resources('networks', project_id)  ->  a list of dicts, as clients see them
Real: neutron 2014.2 neutron/plugins/ml2/plugin.py Ml2Plugin; neutron/db/securitygroups_db.py
Left out: everything that somebody could make, and the ports of instances, which nova shows (os-interface).
"""

import uuid

NETWORK, SUBNET, GROUP = 'private', 'private-subnet', 'default'
CIDR, GATEWAY, FIRST, LAST = '10.0.0.0/8', '10.0.0.1', '10.0.0.10', '10.255.255.254'
# nova makes the ids of networks in the same way (nova/network/api.py): it needs no network service to run.
NAMES = uuid.UUID('6e6f7661-0000-4000-8000-6e6574776f72')
EXTENSIONS = {
    'external-net': 'Neutron external network',
    'project-id': 'project_id field enabled',
    'quotas': 'Quota management support',
    'security-group': 'security-group',
}
UNLIMITED = ('network', 'subnet', 'port', 'router', 'floatingip', 'security_group', 'security_group_rule', 'subnetpool')
EMPTY = ('ports', 'routers', 'floatingips', 'subnetpools', 'address_scopes', 'agents', 'availability_zones')


class Plugin:
    """kinds: the collections that there are."""

    kinds = ('networks', 'subnets', 'security_groups', 'security_group_rules', 'extensions', *EMPTY)

    def resources(self, kind, project_id):
        """All that a project has of a kind, dicts."""
        return [] if kind in EMPTY else getattr(self, kind)(project_id)

    def networks(self, project_id):
        return [
            {
                'id': id_of('network', project_id),
                'name': NETWORK,
                'subnets': [id_of('subnet', project_id)],
                'status': 'ACTIVE',
                'admin_state_up': True,
                'shared': False,
                'router:external': False,
                'is_default': False,
                'mtu': 1450,
                'availability_zones': [],
                **owner(project_id),
            }
        ]

    def subnets(self, project_id):
        return [
            {
                'id': id_of('subnet', project_id),
                'name': SUBNET,
                'network_id': id_of('network', project_id),
                'ip_version': 4,
                'cidr': CIDR,
                'gateway_ip': GATEWAY,
                'allocation_pools': [{'start': FIRST, 'end': LAST}],
                'enable_dhcp': True,
                'dns_nameservers': [],
                'host_routes': [],
                **owner(project_id),
            }
        ]

    def security_groups(self, project_id):
        rules = self.security_group_rules(project_id)
        group = {'id': id_of('group', project_id), 'name': GROUP, 'security_group_rules': rules, 'stateful': True}
        return [{**group, **owner(project_id), 'description': 'Default security group'}]

    def security_group_rules(self, project_id):
        """Out to anybody, in from the same group."""
        group = id_of('group', project_id)
        ways = [(way, version) for way in ('egress', 'ingress') for version in ('IPv4', 'IPv6')]
        return [
            {
                'id': id_of(f'rule-{way}-{version}', project_id),
                'security_group_id': group,
                'direction': way,
                'ethertype': version,
                'protocol': None,
                'port_range_min': None,
                'port_range_max': None,
                'remote_ip_prefix': None,
                'remote_group_id': group if way == 'ingress' else None,
                **owner(project_id),
            }
            for way, version in ways
        ]

    def extensions(self, project_id):
        updated = '2014-10-16T00:00:00-00:00'  # the release that this follows
        more = {'updated': updated, 'links': []}
        return [{'alias': alias, 'name': name, 'description': name, **more} for alias, name in EXTENSIONS.items()]

    def quota(self):
        return dict.fromkeys(UNLIMITED, -1)


def id_of(kind, project_id):
    return str(uuid.uuid5(NAMES, f'{kind}-{project_id}'))


def owner(project_id):
    return {'tenant_id': project_id, 'project_id': project_id, 'description': '', 'tags': [], 'revision_number': 1}
