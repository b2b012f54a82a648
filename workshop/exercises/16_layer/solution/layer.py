"""A layer of the onion: Glance takes no data for an image that has no name."""

from cloud.glance import db, domain, gateway, location, notifier, quota
from cloud.glance.api import authorization, policy, property_protections
from cloud.glance.api.v2 import router
from cloud.glance.common import exception
from cloud.glance.domain import proxy


class ImageProxy(proxy.Image):
    """An image in this layer's skin. self.name is its name, self.base the image one skin further in."""

    def set_data(self, data, size=None):
        if not self.name:
            refuse()
        super().set_data(data, size)


def refuse():
    raise exception.Invalid('Give the image a name first, and then send its data.')


class ImageFactoryProxy(proxy.ImageFactory):
    """Puts the skin on images that are made."""

    def __init__(self, base):
        super().__init__(base, ImageProxy)


class ImageRepoProxy(proxy.Repo):
    """Puts the skin on images that are found."""

    def __init__(self, base):
        super().__init__(base, ImageProxy)


class Gateway(gateway.Gateway):
    """Both chains as they stand in cloud/glance/gateway.py, the innermost layer first."""

    def get_image_factory(self, context):
        factory = domain.ImageFactory(self.options.delayed_delete, self.options.default_visibility)
        factory = location.ImageFactoryProxy(factory, context, self.store_api, *self.of_data)
        factory = quota.ImageFactoryProxy(factory, context, self.quotas)
        factory = ImageFactoryProxy(factory)
        factory = policy.ImageFactoryProxy(factory, context, self.policy)
        factory = notifier.ImageFactoryProxy(factory, context, self.notifier)
        if self.property_rules:
            factory = property_protections.ProtectedImageFactoryProxy(factory, context, self.property_rules)
        return authorization.ImageFactoryProxy(factory, context, self.shareable)

    def get_repo(self, context):
        repo = db.ImageRepo(context, self.db_api, self.options.delayed_delete)
        repo = location.ImageRepoProxy(repo, context, self.store_api, *self.of_data)
        repo = quota.ImageRepoProxy(repo, context, self.quotas)
        repo = ImageRepoProxy(repo)
        repo = policy.ImageRepoProxy(repo, context, self.policy)
        repo = notifier.ImageRepoProxy(repo, context, self.notifier)
        if self.property_rules:
            repo = property_protections.ProtectedImageRepoProxy(repo, context, self.property_rules)
        return authorization.ImageRepoProxy(repo, context, self.shareable)


class API(router.API):
    """API v2 on this Gateway: my-glance.ini names it."""

    gateway_class = Gateway
