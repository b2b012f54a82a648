"""A server's tags: words of its owner's own, by which a list can be filtered.

Real: none in nova 2014.2; since 2016 nova/api/openstack/compute/server_tags.py ServerTagsController
"""

from webob.exc import HTTPBadRequest, HTTPNotFound

from cloud.nova.api import validation
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.compute.schemas import server_parts as schemas
from cloud.nova.api.openstack.compute.servers import ServerResource

POLICY = 'os_compute_api:os-server-tags:'
MOST = 50
LONGEST = 60


class ServerTagsController(ServerResource):
    @wsgi.api_version('2.26')
    def index(self, req, server_id):
        return {'tags': self.server_for(req, server_id, POLICY + 'index')['tags']}

    @wsgi.api_version('2.26')
    @wsgi.response(204)
    def show(self, req, server_id, id):
        if id not in self.server_for(req, server_id, POLICY + 'show')['tags']:
            raise HTTPNotFound(f"Server {server_id} has no tag '{id}'")

    @wsgi.api_version('2.26')
    def update(self, req, server_id, id, body):
        """Add one; 201 with its Location, or 204 if it was there."""
        instance = self.server_for(req, server_id, POLICY + 'update')
        if id in instance['tags']:
            return wsgi.to_response(None, 204)
        self.compute_api.update_tags(req.context, instance, lambda there: with_tag(there, id))
        created = wsgi.to_response(None, 201)
        created.location = req.path_url
        return created

    @wsgi.api_version('2.26')
    @validation.schema(schemas.TAGS)
    def update_all(self, req, server_id, body):
        instance = self.server_for(req, server_id, POLICY + 'update_all')
        return {'tags': self.compute_api.update_tags(req.context, instance, lambda there: body['tags'])}

    @wsgi.api_version('2.26')
    @wsgi.response(204)
    def delete(self, req, server_id, id):
        def without(there):
            if id not in there:
                raise HTTPNotFound(f"Instance {server_id} has no tag '{id}'")
            return [tag for tag in there if tag != id]

        self.compute_api.update_tags(req.context, self.server_for(req, server_id, POLICY + 'delete'), without)

    @wsgi.api_version('2.26')
    @wsgi.response(204)
    def delete_all(self, req, server_id):
        instance = self.server_for(req, server_id, POLICY + 'delete_all')
        self.compute_api.update_tags(req.context, instance, lambda there: [])


def with_tag(there, tag):
    """The tags with another one; HTTPBadRequest for one that can be none, or is one too many."""
    if len(tag) > LONGEST:
        raise HTTPBadRequest(f"Tag '{tag}' is too long. Maximum length of a tag is {LONGEST}")
    if ',' in tag or '/' in tag:
        raise HTTPBadRequest(f"Tag '{tag}' is invalid. It must be a string without characters '/' and ','.")
    if len(there) >= MOST and tag not in there:
        raise HTTPBadRequest(f'The number of tags exceeded the per-server limit {MOST}')
    return [*there, tag]
