"""A server's metadata: names and values of its owner's own.

Real: nova 2014.2 nova/api/openstack/compute/server_metadata.py Controller
"""

from webob.exc import HTTPBadRequest

from cloud.nova import exception
from cloud.nova.api import validation
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.compute.schemas import server_parts as schemas
from cloud.nova.api.openstack.compute.servers import ServerResource

POLICY = 'os_compute_api:server-metadata:'


class ServerMetadataController(ServerResource):
    def index(self, req, server_id):
        return {'metadata': self.server_for(req, server_id, POLICY + 'index')['metadata']}

    def show(self, req, server_id, id):
        metadata = self.server_for(req, server_id, POLICY + 'show')['metadata']
        if id not in metadata:
            raise exception.MetadataItemNotFound()
        return {'meta': {id: metadata[id]}}

    @validation.schema(schemas.METADATA)
    def create(self, req, server_id, body):
        """Add entries to those there are."""
        instance = self.server_for(req, server_id, POLICY + 'create')
        return {'metadata': self.compute_api.update_metadata(req.context, instance, body['metadata'])}

    @validation.schema(schemas.METADATA)
    def update_all(self, req, server_id, body):
        """Put these entries in the place of all."""
        instance = self.server_for(req, server_id, POLICY + 'update_all')
        return {'metadata': self.compute_api.update_metadata(req.context, instance, body['metadata'], delete=True)}

    @validation.schema(schemas.META)
    def update(self, req, server_id, id, body):
        instance = self.server_for(req, server_id, POLICY + 'update')
        if id not in body['meta']:
            raise HTTPBadRequest('Request body and URI mismatch')
        self.compute_api.update_metadata(req.context, instance, body['meta'])
        return {'meta': body['meta']}

    @wsgi.response(204)
    def delete(self, req, server_id, id):
        instance = self.server_for(req, server_id, POLICY + 'delete')
        self.compute_api.delete_metadata(req.context, instance, id)
