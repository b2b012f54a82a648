"""The machines that instances are made on, for admins: how large they are, and what of it is taken.

Real: nova 2014.2 nova/api/openstack/compute/contrib/hypervisors.py HypervisorsController
"""

from webob.exc import HTTPBadRequest, HTTPNotFound

from cloud.nova import exception, policy
from cloud.nova.api.openstack import pages, wsgi
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.utils import is_uuid_like

POLICY = 'os_compute_api:os-hypervisors:'
SUMS = ('vcpus', 'memory_mb', 'local_gb', 'vcpus_used', 'memory_mb_used', 'local_gb_used', 'running_vms')


class HypervisorsController(wsgi.Resource):
    """db_api: a Database; zones: an AvailabilityZones; max_limit: hypervisors on a page."""

    def __init__(self, db_api, zones, max_limit=1000):
        self.db_api, self.zones, self.max_limit = db_api, zones, max_limit

    def index(self, req):
        policy.enforce(req.context, POLICY + 'list')
        return self._page(req, 'os-hypervisors', self._basic)

    def detail(self, req):
        policy.enforce(req.context, POLICY + 'list-detail')
        return self._page(req, 'os-hypervisors/detail', self._view)

    def _page(self, req, collection, view):
        """All; from 2.33 on in pages, from 2.53 on those whose name has a text in it."""
        nodes, limit = self._nodes(req), None
        if is_supported(req, '2.33'):
            limit, marker = pages.page_of(req, self.max_limit)
            nodes = behind(nodes, marker, self._id_of(req))[:limit]
        services = self._services()
        document = {'hypervisors': [view(req, node, services) for node in nodes]}
        ids = [str(self._id_of(req)(node)) for node in nodes]
        return pages.with_links(document, req, 'hypervisors', collection, limit, ids)

    def _nodes(self, req):
        text = req.GET.get('hypervisor_hostname_pattern') if is_supported(req, '2.53') else None
        if text is None:
            return self.db_api.compute_node_get_all()
        found = self.db_api.compute_node_search_by_hypervisor(text)
        if not found:
            raise HTTPNotFound(f"No hypervisor matching '{text}' could be found.")
        return found

    def show(self, req, id):
        policy.enforce(req.context, POLICY + 'show')
        return {'hypervisor': self._view(req, self._find(req, id), self._services())}

    @wsgi.api_version('2.1', '2.87')
    def uptime(self, req, id):
        policy.enforce(req.context, POLICY + 'uptime')
        self._find(req, id)
        raise HTTPBadRequest('Virt driver does not implement uptime function.')

    @wsgi.api_version('2.1', '2.87')
    def statistics(self, req):
        policy.enforce(req.context, POLICY + 'statistics')
        found = self.db_api.compute_node_statistics()
        found.update(free_ram_mb=found['memory_mb'] - found['memory_mb_used'])
        found.update(free_disk_gb=found['local_gb'] - found['local_gb_used'])
        return {'hypervisor_statistics': {**found, 'current_workload': 0, 'disk_available_least': 0}}

    @wsgi.api_version('2.1', '2.52')
    def search(self, req, id):
        policy.enforce(req.context, POLICY + 'search')
        services = self._services()
        return {'hypervisors': [self._basic(req, node, services) for node in self._named(id)]}

    @wsgi.api_version('2.1', '2.52')
    def servers(self, req, id):
        policy.enforce(req.context, POLICY + 'servers')
        services = self._services()
        found = [{**self._basic(req, node, services), 'servers': self._servers_on(node)} for node in self._named(id)]
        return {'hypervisors': found}

    def _named(self, text):
        found = self.db_api.compute_node_search_by_hypervisor(text)
        if not found:
            raise HTTPNotFound(f"No hypervisor matching '{text}' could be found.")
        return found

    def _servers_on(self, node):
        found = self.db_api.instance_get_all_by_filters({'host': node['host'], 'node': node['hypervisor_hostname']})
        return [{'name': f'instance-{each["id"]:08x}', 'uuid': each['uuid']} for each in found]

    def _id_of(self, req):
        return (lambda node: node['uuid']) if is_supported(req, '2.53') else (lambda node: node['id'])

    def _find(self, req, text):
        """The node of that id: a number, from 2.53 on a uuid; HTTPNotFound."""
        if is_supported(req, '2.53'):
            if not is_uuid_like(text):
                raise HTTPBadRequest(f'Invalid uuid {text}')
            wanted = text
        elif text.isascii() and text.isdigit() and len(text) < 10:
            wanted = int(text)
        else:
            raise HTTPNotFound(f"Hypervisor with ID '{text}' could not be found.")
        try:
            return self.db_api.compute_node_get(wanted)
        except exception.ComputeHostNotFound:
            raise HTTPNotFound(f"Hypervisor with ID '{text}' could not be found.") from None

    def _services(self):
        return {service['host']: service for service in self.zones.services()}

    def _basic(self, req, node, services):
        service = services.get(node['host'], {})
        return {
            'id': self._id_of(req)(node),
            'hypervisor_hostname': node['hypervisor_hostname'],
            'state': 'up' if service.get('is_up') else 'down',
            'status': 'disabled' if service.get('disabled') else 'enabled',
        }

    def _view(self, req, node, services):
        service = services.get(node['host'], {})
        shown = {
            **self._basic(req, node, services),
            'hypervisor_type': node['hypervisor_type'],
            'hypervisor_version': node['hypervisor_version'],
            'host_ip': node['host_ip'],
            'service': self._service(req, node, service),
        }
        if is_supported(req, '2.88'):
            shown['uptime'] = None
        else:
            shown.update({name: node[name] for name in SUMS})
            shown['free_ram_mb'] = node['memory_mb'] - node['memory_mb_used']
            shown['free_disk_gb'] = node['local_gb'] - node['local_gb_used']
            shown.update(current_workload=0, disk_available_least=0)
            shown['cpu_info'] = {} if is_supported(req, '2.28') else ''
        if is_supported(req, '2.53') and req.GET.get('with_servers', '').lower() in ('true', '1', 'yes', 'on'):
            shown['servers'] = self._servers_on(node)
        return shown

    def _service(self, req, node, service):
        service_id = service.get('uuid') if is_supported(req, '2.53') else service.get('id')
        return {'id': service_id, 'host': node['host'], 'disabled_reason': service.get('disabled_reason')}


def behind(nodes, marker, id_of):
    """Those after the one with that id; HTTPBadRequest."""
    if marker is None:
        return nodes
    for number, node in enumerate(nodes):
        if str(id_of(node)) == marker:
            return nodes[number + 1 :]
    raise HTTPBadRequest(f'marker [{marker}] not found')
