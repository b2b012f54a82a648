"""Tags: put one on an image, take one off.

Use: create_resource(gateway) is the WSGI application for the routes of /images/{image_id}/tags.
Real: glance 2014.2 glance/api/v2/image_tags.py Controller
"""

from webob.exc import HTTPBadRequest, HTTPNotFound

from cloud.glance.common import wsgi

LONGEST = 255  # characters


class Controller:
    """The actions; both end in 204."""

    def __init__(self, gateway):
        self.gateway = gateway

    def update(self, req, image_id, tag_value):
        if len(tag_value) > LONGEST:
            raise HTTPBadRequest(f'The tag has {len(tag_value)} characters: send at most {LONGEST}.')
        repo = self.gateway.get_repo(req.context)
        image = repo.get(image_id)
        image.tags.add(tag_value)
        repo.save(image)

    def delete(self, req, image_id, tag_value):
        repo = self.gateway.get_repo(req.context)
        image = repo.get(image_id)
        if tag_value not in image.tags:
            raise HTTPNotFound(f'Image {image_id} has no tag {tag_value}.')
        image.tags.remove(tag_value)
        repo.save(image)


def create_resource(gateway):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(Controller(gateway))
