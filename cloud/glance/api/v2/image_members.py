"""Members: the tenants that an image is shared with.

    owner: POST {"member": "other"}   ->   the other tenant: PUT {"status": "accepted"}

Use: create_resource(gateway) is the WSGI application for the routes of /images/{image_id}/members.
Real: glance 2014.2 glance/api/v2/image_members.py ImageMembersController
"""

from webob.exc import HTTPBadRequest

from cloud.glance.common import wsgi
from cloud.oslo.utils.timeutils import isotime

LONGEST = 255  # characters


class ImageMembersController:
    """The actions, in terms of domain memberships."""

    def __init__(self, gateway):
        self.gateway = gateway

    def find(self, req, image_id):
        """(image, repo of its members); ImageNotFound, or Forbidden for the members of a public image."""
        image = self.gateway.get_repo(req.context).get(image_id)
        return image, image.get_member_repo()

    def create(self, req, image_id, member_id):
        image, repo = self.find(req, image_id)
        member = self.gateway.get_image_member_factory(req.context).new_image_member(image, member_id)
        repo.add(member)
        return member

    def index(self, req, image_id):
        return self.find(req, image_id)[1].list()

    def show(self, req, image_id, member_id):
        return self.find(req, image_id)[1].get(member_id)

    def update(self, req, image_id, member_id, status):
        repo = self.find(req, image_id)[1]
        member = repo.get(member_id)
        member.status = status
        repo.save(member)
        return member

    def delete(self, req, image_id, member_id):
        repo = self.find(req, image_id)[1]
        repo.remove(repo.get(member_id))


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    """Reads the two bodies: {"member": ID} and {"status": STATUS}."""

    def create(self, req):
        return {'member_id': read_field(req, 'member')}

    def update(self, req):
        return {'status': read_field(req, 'status')}


def read_field(req, name):
    document = wsgi.read_json(req)
    value = document.get(name) if isinstance(document, dict) else None
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= LONGEST:
        raise HTTPBadRequest(f'The body is not {{"{name}": TEXT}}, with 1 to {LONGEST} characters of text.')
    return value


class ResponseSerializer(wsgi.JSONResponseSerializer):
    """Writes member documents."""

    def index(self, response, members):
        documents = [document_of(member) for member in members]
        wsgi.write_json(response, {'members': documents, 'schema': '/v2/schemas/members'})

    def default(self, response, member):
        super().default(response, member and document_of(member))


def document_of(member):
    return {
        'member_id': member.member_id,
        'image_id': member.image_id,
        'status': member.status,
        'created_at': isotime(member.created_at),
        'updated_at': isotime(member.updated_at),
        'schema': '/v2/schemas/member',
    }


def create_resource(gateway):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(ImageMembersController(gateway), RequestDeserializer(), ResponseSerializer())
