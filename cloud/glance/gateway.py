"""Build the onion: each skin wraps the one inside it and adds one rule.

    authorization -> [property protection] -> notifier -> policy -> quota -> location -> domain, db

Two chains, one that makes images (the factory) and one that finds and keeps them (the repo). Both have the same
skins in the same order, because an image from one goes to the other, which peels off one skin per layer. A layer
without a skin, which only looks at what the repo is asked for, stands in the repo's chain alone (domain/proxy.py).

Only API v2 asks the gateway. API v1 never enters the onion: its controllers ask policy, property protections, quotas
and stores themselves, one after the other, and the registry (api/v1/).

Use: gateway = Gateway(db_api, store_api, notifier, policy, options)
     image = gateway.get_image_factory(context).new_image(name='cirros'); gateway.get_repo(context).add(image)
Real: glance 2014.2 glance/gateway.py Gateway
Left out: tasks, metadefs: they have no layers here.
"""

from cloud.glance import db, domain, location, notifier, quota
from cloud.glance.api import authorization, common, policy, property_protections


class Gateway:
    """One for the whole service. property_rules: a PropertyRules, or None for no such skin.

    quotas: the service's Quotas; without any, new ones that count in db_api.
    """

    def __init__(self, db_api, store_api, notifier, policy, options, property_rules=None, quotas=None):
        self.db_api = db_api
        self.store_api = store_api
        self.notifier = notifier
        self.policy = policy
        self.options = options
        self.property_rules = property_rules
        self.quotas = quotas or common.Quotas(options, db_api)
        self.shareable = ('shared',) if options.members_only_on_shared else domain.SHAREABLE
        self.of_data = options.image_size_cap, options.hashing_algorithm

    def get_image_factory(self, context):
        """new_image(**fields) -> an image that is not stored yet."""
        factory = domain.ImageFactory(self.options.delayed_delete, self.options.default_visibility)
        factory = location.ImageFactoryProxy(factory, context, self.store_api, *self.of_data)
        factory = quota.ImageFactoryProxy(factory, context, self.quotas)
        factory = policy.ImageFactoryProxy(factory, context, self.policy)
        factory = notifier.ImageFactoryProxy(factory, context, self.notifier)
        if self.property_rules:
            factory = property_protections.ProtectedImageFactoryProxy(factory, context, self.property_rules)
        return authorization.ImageFactoryProxy(factory, context, self.shareable)

    def get_repo(self, context):
        """get(id), list(...), add(image), save(image), remove(image)."""
        repo = db.ImageRepo(context, self.db_api, self.options.delayed_delete)
        repo = location.ImageRepoProxy(repo, context, self.store_api, *self.of_data)
        repo = quota.ImageRepoProxy(repo, context, self.quotas)
        repo = policy.ImageRepoProxy(repo, context, self.policy)
        repo = notifier.ImageRepoProxy(repo, context, self.notifier)
        if self.property_rules:
            repo = property_protections.ProtectedImageRepoProxy(repo, context, self.property_rules)
        return authorization.ImageRepoProxy(repo, context, self.shareable)

    def get_image_member_factory(self, context):
        """new_image_member(image, member_id) -> a membership for image.get_member_repo().add(...)."""
        factory = domain.ImageMemberFactory()
        factory = quota.ImageMemberFactoryProxy(factory, context, self.quotas)
        factory = policy.ImageMemberFactoryProxy(factory, context, self.policy)
        return authorization.ImageMemberFactoryProxy(factory, context, self.shareable)
