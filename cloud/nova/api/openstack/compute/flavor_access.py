"""Which projects may use a flavor that is not public.

Real: nova 2014.2 nova/api/openstack/compute/contrib/flavor_access.py
Left out: whether Keystone knows the project.
"""

from webob.exc import HTTPConflict, HTTPNotFound

from cloud.nova import policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.compute.schemas import flavors as schemas

POLICY = 'os_compute_api:os-flavor-access'


class FlavorAccessController(wsgi.Resource):
    """flavors: compute's Flavors. It answers /flavors/{id}/action, too."""

    def __init__(self, flavors):
        self.table = flavors.table

    def index(self, req, flavor_id):
        policy.enforce(req.context, POLICY)
        if self.table.get(flavor_id)['is_public']:
            raise HTTPNotFound('Access list not available for public flavors.')
        return self._list(flavor_id)

    def _list(self, flavor_id):
        projects = self.table.access(flavor_id)
        return {'flavor_access': [{'flavor_id': flavor_id, 'tenant_id': project_id} for project_id in projects]}

    @wsgi.action('addTenantAccess')
    @validation.schema({'2.1': schemas.add_tenant_access})
    def add(self, req, id, body):
        policy.enforce(req.context, POLICY + ':add_tenant_access')
        if self.table.get(id)['is_public']:
            raise HTTPConflict('Can not add access to a public flavor.')
        self.table.add_access(id, body['addTenantAccess']['tenant'])
        return self._list(id)

    @wsgi.action('removeTenantAccess')
    @validation.schema({'2.1': schemas.remove_tenant_access})
    def remove(self, req, id, body):
        policy.enforce(req.context, POLICY + ':remove_tenant_access')
        self.table.get(id)
        self.table.remove_access(id, body['removeTenantAccess']['tenant'])
        return self._list(id)
