"""Members, in API v1: the tenants that an image is shared with, replaced all at once or one by one.

    PUT /images/{id}/members {"memberships": [{"member_id": "other", "can_share": false}]}      all of them
    PUT /images/{id}/members/other                                                              one more

Nobody has to accept: who is a member sees the image, in lists too.

Each PUT asks the policy for modify_member, and for add_member or delete_member too where somebody comes or goes.

Use: create_resource(tools) is the WSGI application for the routes of /images/{image_id}/members and /shared-images.
Real: glance 2014.2 glance/api/v1/members.py Controller, where a PUT
    asks for modify_member alone: so who may not add or delete members did that
"""

from webob.exc import HTTPBadRequest

from cloud.glance.api.v1.controller import BaseController
from cloud.glance.common import wsgi

LONGEST = 255  # characters


class Controller(BaseController):
    def index(self, req, image_id):
        self.get_living_image_meta(req, image_id, 'get_members')
        return {'members': self.client(req).get_image_members(image_id)}

    def index_shared_images(self, req, member_id):
        self.enforce(req, 'get_members')
        return {'shared_images': self.client(req).get_member_images(member_id)}

    def update_all(self, req, image_id, memberships):
        image = self.get_living_image_meta(req, image_id, 'modify_member')
        wanted = {member['member_id'] for member in memberships}
        self.check_changes(req, image, self.members_of(req, image_id), wanted, goes=True)
        self.tools.quotas.check_member_count(len(wanted))
        self.client(req).replace_members(image_id, memberships, self.tools.quotas.limits('members'))
        self.update_store_acls(req, image)

    def update(self, req, image_id, member_id, can_share):
        image = self.get_living_image_meta(req, image_id, 'modify_member')
        check_member_id(member_id)
        members = self.members_of(req, image_id)
        self.check_changes(req, image, members, {member_id})
        self.tools.quotas.check_member_count(len(members | {member_id}))
        self.client(req).add_member(image_id, member_id, can_share, self.tools.quotas.limits('members'))
        self.update_store_acls(req, image)

    def delete(self, req, image_id, member_id):
        image = self.get_living_image_meta(req, image_id, 'delete_member')
        self.client(req).delete_member(image_id, member_id)
        self.update_store_acls(req, image)

    def members_of(self, req, image_id):
        return {member['member_id'] for member in self.client(req).get_image_members(image_id)}

    def check_changes(self, req, image, members, wanted, goes=False):
        """Forbidden, where the policy does not allow what this PUT comes to. goes: whether who is not wanted goes."""
        if wanted - members:
            self.enforce(req, 'add_member', image)
        if goes and members - wanted:
            self.enforce(req, 'delete_member', image)


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    """Reads the two bodies: {"memberships": [...]}, and {"member": {"can_share": ...}}, which may be missing."""

    def update_all(self, req):
        document = wsgi.read_json(req)
        memberships = document.get('memberships') if isinstance(document, dict) else None
        if not isinstance(memberships, list) or not all(is_membership(each) for each in memberships):
            raise HTTPBadRequest('The body is not {"memberships": [{"member_id": TEXT, "can_share": true or false}]}.')
        for each in memberships:
            check_member_id(each['member_id'])
        return {'memberships': memberships}

    def update(self, req):
        if not req.content_length:
            return {'can_share': None}
        document = wsgi.read_json(req)
        member = document.get('member', {}) if isinstance(document, dict) else None
        if not isinstance(member, dict) or not may_be_can_share(member):
            raise HTTPBadRequest('The body is not {"member": {"can_share": true or false}}, and not empty.')
        return {'can_share': member.get('can_share')}


def is_membership(value):
    return isinstance(value, dict) and isinstance(value.get('member_id'), str) and may_be_can_share(value)


def may_be_can_share(member):
    return isinstance(member.get('can_share', False), bool)


def check_member_id(member_id):
    if not 1 <= len(member_id.strip()) <= LONGEST:
        raise HTTPBadRequest(f'The id of the member is empty or too long: send 1 to {LONGEST} characters.')


def create_resource(tools):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(Controller(tools), RequestDeserializer())
