"""An address for each instance, on the one network that its project has. No packet ever travels there.

Use: API().allocate_for_instance(context, instance)  ->  [{'id', 'address', 'network': {...}, 'ips': [...]}]
Real: nova 2014.2 nova/network/neutronv2/api.py API.allocate_for_instance, which makes ports at neutron
Left out: ports, several networks, floating addresses. The address is made of the instance's number: two living
    instances of one project share one only if sixteen million others were made between them.
"""

import ipaddress
import uuid

LABEL = 'private'
ADDRESSES = ipaddress.ip_network('10.0.0.0/8')
NAMES = uuid.UUID('6e6f7661-0000-4000-8000-6e6574776f72')  # so that ids made of names are ours


class API:
    def allocate_for_instance(self, context, instance, requested_networks=None):
        """Its interfaces, one for each network: requested_networks: 'none', None, or [{'uuid', 'label'}]."""
        if requested_networks == 'none':
            return []
        networks = requested_networks or [{'uuid': network_id(instance['project_id']), 'label': LABEL}]
        return [self._interface(instance, network) for network in networks]

    def _interface(self, instance, network):
        number = instance['id'] % (ADDRESSES.num_addresses - 16)
        address = str(ADDRESSES[number + 10])
        octets = ':'.join(f'{byte:02x}' for byte in number.to_bytes(3, 'big'))
        return {
            'id': str(uuid.uuid5(NAMES, f'port-{instance["uuid"]}-{network["uuid"]}')),
            'address': f'fa:16:3e:{octets}',
            'network': {'id': network['uuid'], 'label': network['label']},
            'ips': [{'address': address, 'version': 4, 'type': 'fixed'}],
        }


def network_id(project_id):
    """The id of a project's one network."""
    return str(uuid.uuid5(NAMES, f'network-{project_id}'))
