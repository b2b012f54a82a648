"""What a flavor says beyond its size: names and values for whoever places and makes the instance.

Real: nova 2014.2 nova/api/openstack/compute/contrib/flavorextraspecs.py
Left out: which names are known and what their values may be (from 2.86 on).
"""

from webob.exc import HTTPBadRequest

from cloud.nova import exception, policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.compute.schemas import flavors as schemas

POLICY = 'os_compute_api:os-flavor-extra-specs:'


class FlavorExtraSpecsController(wsgi.Resource):
    """flavors: compute's Flavors."""

    def __init__(self, flavors):
        self.table = flavors.table

    def _specs(self, req, flavor_id):
        owner = None if req.context.is_admin else req.context.project_id
        return self.table.get(flavor_id, owner)['extra_specs']

    def index(self, req, flavor_id):
        policy.enforce(req.context, POLICY + 'index')
        return {'extra_specs': self._specs(req, flavor_id)}

    def show(self, req, flavor_id, id):
        policy.enforce(req.context, POLICY + 'show')
        return {id: find(self._specs(req, flavor_id), flavor_id, id)}

    @validation.schema({'2.1': schemas.create_extra_specs})
    def create(self, req, flavor_id, body):
        policy.enforce(req.context, POLICY + 'create')
        specs = {name: str(value) for name, value in body['extra_specs'].items()}
        self.table.change_extra_specs(flavor_id, lambda there: there.update(specs))
        return body

    @validation.schema({'2.1': schemas.update_extra_spec})
    def update(self, req, flavor_id, id, body):
        policy.enforce(req.context, POLICY + 'update')
        if id not in body:
            raise HTTPBadRequest('Request body and URI mismatch')
        self.table.change_extra_specs(flavor_id, lambda there: there.update({id: str(body[id])}))
        return body

    @wsgi.response(200)
    def delete(self, req, flavor_id, id):
        policy.enforce(req.context, POLICY + 'delete')

        def remove(specs):
            find(specs, flavor_id, id)
            del specs[id]

        self.table.change_extra_specs(flavor_id, remove)


def find(specs, flavor_id, key):
    try:
        return specs[key]
    except KeyError:
        raise exception.FlavorExtraSpecsNotFound(flavor_id=flavor_id, extra_specs_key=key) from None
