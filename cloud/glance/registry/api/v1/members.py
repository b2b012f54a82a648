"""Members: the tenants that an image is shared with, and what is shared with a tenant.

    PUT /images/{id}/members           {"memberships": [{"member_id": "other", "can_share": true}]}   all at once
    PUT /images/{id}/members/other     {"member": {"can_share": true}} or no body                     one more

A key `at_most` {"members": n} beside these is how glance-api hands its quota along: more are 413, nothing is changed.
Who may share: admins, the owner, and members that can_share. These change no membership but their own.

Use: create_resource(db_api) is the WSGI application for the routes of /images/{image_id}/members.
Real: glance 2014.2 glance/registry/api/v1/members.py Controller
"""

import re

from webob.exc import HTTPBadRequest, HTTPForbidden, HTTPNotFound

from cloud.glance.common import wsgi
from cloud.glance.registry.api.v1.records import AT_MOST
from cloud.glance.schema import Schema

MEMBER_ID = r'^\S(.{0,253}\S)?$'  # 1 to 255 characters, no space around them
CAN_SHARE = {'type': ['boolean', 'null']}  # null: as it is, and for a new member false
MEMBERSHIP = {
    'type': 'object',
    'properties': {'member_id': {'type': 'string', 'pattern': MEMBER_ID}, 'can_share': CAN_SHARE},
    'required': ['member_id'],
}
MEMBER = {'type': 'object', 'properties': {'can_share': CAN_SHARE}, 'required': ['can_share']}
MEMBERSHIPS = {'type': 'array', 'items': MEMBERSHIP}
REPLACEMENT = Schema('body', {'memberships': MEMBERSHIPS, 'at_most': AT_MOST}, required=['memberships'])
ADDITION = Schema('body', {'member': MEMBER, 'at_most': AT_MOST})


class Controller:
    """The actions, in terms of the database's rows."""

    def __init__(self, db_api):
        self.db_api = db_api

    def index(self, req, image_id):
        """All members for the owner and admins, for a member only its own membership."""
        self.db_api.image_get(req.context, image_id)
        return {'members': make_member_list(self.find(req, image_id=image_id), member_id='member')}

    def index_shared_images(self, req, member_id):
        """The caller's own, or what the caller has shared with that tenant, or for an admin all."""
        return {'shared_images': make_member_list(self.find(req, member=member_id), image_id='image_id')}

    def update_all(self, req, image_id, wanted, at_most):
        self.check_sharable(req.context, image_id)
        self.db_api.image_members_update(req.context, image_id, wanted, purge=True, at_most=at_most)

    def update(self, req, image_id, member_id, can_share, at_most):
        if not re.search(MEMBER_ID, member_id):
            raise HTTPBadRequest('The id of a member has 1 to 255 characters, and no space around them.')
        self.check_sharable(req.context, image_id)
        self.db_api.image_members_update(req.context, image_id, {member_id: can_share}, at_most=at_most)

    def delete(self, req, image_id, member_id):
        self.check_sharable(req.context, image_id)
        found = self.find(req, image_id=image_id, member=member_id)
        if not found:
            raise HTTPNotFound(f'{member_id} is not a member of image {image_id}.')
        self.db_api.image_member_delete(req.context, found[0]['id'])

    def check_sharable(self, context, image_id):
        """ImageNotFound, or HTTPForbidden if the caller may see the image and not share it."""
        image = self.db_api.image_get(context, image_id)
        if not self.db_api.is_image_mutable(context, image) and not self.may_share(context, image_id):
            raise HTTPForbidden(f'Image {image_id} is not yours to share.')

    def may_share(self, context, image_id):
        found = self.db_api.image_member_find(context, image_id, context.owner)
        return any(each['member'] == context.owner and each['can_share'] for each in found)

    def find(self, req, **wanted):
        return self.db_api.image_member_find(req.context, **wanted)


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    """Reads the two bodies; whatever is wrong with one is found here, before anything is touched."""

    def update_all(self, req):
        document = wsgi.read_json(req)
        REPLACEMENT.validate(document)
        memberships = document['memberships']
        wanted = {each['member_id']: each.get('can_share') for each in memberships}
        return {'wanted': wanted, 'at_most': document.get('at_most')}

    def update(self, req):
        req.make_body_seekable()
        document = wsgi.read_json(req) if req.content_length else {}
        if document == {}:
            return {'can_share': None, 'at_most': None}
        ADDITION.validate(document)
        member = document.get('member', {'can_share': None})
        return {'can_share': member['can_share'], 'at_most': document.get('at_most')}


def make_member_list(rows, **names):
    """A dict for each membership: can_share, and by its new name the column that is asked for."""
    return [{**{new: row[old] for new, old in names.items()}, 'can_share': row['can_share']} for row in rows]


def create_resource(db_api):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(Controller(db_api), RequestDeserializer())
