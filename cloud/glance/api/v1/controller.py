"""What the controllers of API v1 share: their tools, and how an image is looked at before anything is done to it.

Use: class Controller(BaseController); image = self.get_image_meta(req, image_id, 'get_image')
Real: glance 2014.2 glance/api/v1/controller.py BaseController, whose tools are module globals
"""

import logging
import re

from cloud.glance.api.policy import record_target
from cloud.glance.api.v1 import background
from cloud.glance.api.v2.schemas import UUID
from cloud.glance.common import exception

LOG = logging.getLogger(__name__)

IS_ID = re.compile(UUID)
# No answer from the registry: what it was told to do may be done now, later or never.
UNANSWERED = (exception.ClientConnectionError, exception.ServiceUnavailable, exception.ServerError)


class Tools:
    """What the service's controllers work with; one for all of them.

    parts: the Parts that API v2 has, too; registry: its .client(context) is asked in the caller's name.
    The database is not among them: what an image is the registry says, and only the quotas count by themselves.
    """

    def __init__(self, parts, registry):
        self.options = parts.options
        self.policy = parts.policy
        self.property_rules = parts.property_rules
        self.store_api = parts.store_api
        self.notifier = parts.notifier
        self.quotas = parts.quotas
        self.registry = registry
        self.pool = background.Pool()
        self.retries = background.Retries(UNANSWERED)


class BaseController:
    def __init__(self, tools):
        self.tools = tools

    def client(self, req):
        return self.tools.registry.client(req.context)

    def enforce(self, req, action, image=None):
        """Forbidden, unless the policy allows the action. image: the record, whose fields its rules may test."""
        self.tools.policy.enforce(req.context, action, record_target(image) if image else {})

    def get_image_meta(self, req, image_id, action):
        """The image's record; ImageNotFound, or Forbidden if the policy does not allow the action on it."""
        try:
            # The registry is asked for images by their ids only: behind /images/detail it has something else.
            image = self.client(req).get_image(image_id) if IS_ID.search(image_id) else None
        except exception.NotFound:
            image = None
        if image is None:
            # Who may not do it at all should not learn which ids exist.
            self.enforce(req, action)
            raise no_image(image_id)
        self.enforce(req, action, image)
        return image

    def get_living_image_meta(self, req, image_id, action):
        """The same, but a deleted image is ImageNotFound for admins, too."""
        image = self.get_image_meta(req, image_id, action)
        if image['deleted']:
            raise no_image(image_id)
        return image

    def update_store_acls(self, req, image):
        """Tell the stores who may read. A failure is only logged: the change itself has been made already."""
        places = [place['url'] for place in image['location_data'] if place['status'] == 'active']
        try:
            members = self.client(req).get_image_members(image['id']) if places and not image['is_public'] else []
            tenants = [member['member_id'] for member in members]
            for url in places:
                self.tools.store_api.set_acls(req.context, url, public=image['is_public'], read_tenants=tenants)
        except exception.GlanceException as error:
            LOG.warning('The stores do not learn who may read image %s: %s', image['id'], error.msg)


def redact(image):
    """The record without the locations of its bytes, which may hold passwords. For notifications and answers."""
    return {name: value for name, value in image.items() if name not in ('location', 'location_data')}


def no_image(image_id):
    return exception.ImageNotFound(f'There is no image {image_id}.')
