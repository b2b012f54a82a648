"""A server's addresses, by network.

Real: nova 2014.2 nova/api/openstack/compute/ips.py Controller
"""

from webob.exc import HTTPNotFound

from cloud.nova.api.openstack.compute.servers import ServerResource
from cloud.nova.api.openstack.compute.views.servers import addresses

POLICY = 'os_compute_api:ips:'


class IPsController(ServerResource):
    def index(self, req, server_id):
        return {'addresses': plain(self.server_for(req, server_id, POLICY + 'index'))}

    def show(self, req, server_id, id):
        found = plain(self.server_for(req, server_id, POLICY + 'show'))
        if id not in found:
            raise HTTPNotFound('Instance is not a member of specified network')
        return {id: found[id]}


def plain(instance):
    found = addresses(instance)
    return {label: [{key: each[key] for key in ('version', 'addr')} for each in found[label]] for label in found}
