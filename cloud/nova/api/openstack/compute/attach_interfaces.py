"""What a server has of networks: its interfaces, its security groups; and its volumes, of which it has none.

Real: nova 2014.2 nova/api/openstack/compute/contrib/attach_interfaces.py, security_groups.py
    and volumes.py beside it
Left out: to attach and detach any of them.
"""

from webob.exc import HTTPNotFound

from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.compute.servers import ServerResource
from cloud.nova.api.openstack.compute.views.servers import groups_of

V21 = 'os_compute_api:'


class InterfaceAttachmentController(ServerResource):
    """network_api: a network.neutron.API."""

    def __init__(self, compute_api, network_api):
        super().__init__(compute_api)
        self.network_api = network_api

    def index(self, req, server_id):
        instance = self.server_for(req, server_id, V21 + 'os-attach-interfaces:list')
        return {'interfaceAttachments': [view(req, each) for each in instance['network_info']]}

    def show(self, req, server_id, id):
        instance = self.server_for(req, server_id, V21 + 'os-attach-interfaces:show')
        for each in instance['network_info']:
            if each['id'] == id:
                return {'interfaceAttachment': view(req, each)}
        raise HTTPNotFound(f'Instance {server_id} does not have a port with id {id}')

    def security_groups(self, req, server_id):
        """GET /servers/{id}/os-security-groups: in the network service's words, as far as it knows them."""
        instance = self.server_for(req, server_id, V21 + 'os-security-groups:list')
        if not instance['network_info']:
            return {'security_groups': []}
        found = self.network_api.get_security_groups(req.context, groups_of(instance), instance['project_id'])
        return {'security_groups': [group(each, instance['project_id']) for each in found]}

    def volume_attachments(self, req, server_id):
        """GET /servers/{id}/os-volume_attachments"""
        self.server_for(req, server_id, V21 + 'os-volumes-attachments:index')
        return {'volumeAttachments': []}


def view(req, interface):
    network_id = interface['network']['id']
    shown = {
        'net_id': network_id,
        'port_id': interface['id'],
        'mac_addr': interface['address'],
        'port_state': 'ACTIVE',
        'fixed_ips': [
            {'subnet_id': interface['network']['id'], 'ip_address': each['address']} for each in interface['ips']
        ],
    }
    return {**shown, 'tag': None} if is_supported(req, '2.70') else shown


def group(found, project_id):
    shown = {name: found.get(name) for name in ('id', 'name', 'description')}
    return {**shown, 'tenant_id': found.get('tenant_id') or project_id, 'rules': []}
