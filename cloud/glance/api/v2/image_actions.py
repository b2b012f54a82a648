"""Actions: keep an image from being used, and let it be used again.

    POST /images/{image_id}/actions/deactivate    active -> deactivated: its data is for admins alone
    POST /images/{image_id}/actions/reactivate    deactivated -> active

Both end in 204, and may be repeated. Use it to look into an image that one does not trust any more: it is neither
changed nor deleted, and nobody boots from it.
Use: create_resource(gateway) is the WSGI application for the routes of /images/{image_id}/actions.
Real: glance 2015.1 (Kilo) glance/api/v2/image_actions.py ImageActionsController
"""

from cloud.glance.common import wsgi


class ImageActionsController:
    """Who may do it is the chain's business; whether the image is in a state for it, the domain's."""

    def __init__(self, gateway):
        self.gateway = gateway

    def deactivate(self, req, image_id):
        repo = self.gateway.get_repo(req.context)
        image = repo.get(image_id)
        image.deactivate()
        repo.save(image)

    def reactivate(self, req, image_id):
        repo = self.gateway.get_repo(req.context)
        image = repo.get(image_id)
        image.reactivate()
        repo.save(image)


def create_resource(gateway):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(ImageActionsController(gateway))
