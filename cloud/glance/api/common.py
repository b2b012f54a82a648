"""What an owner uses, asked of the registry: for the quotas of API v1, which has no database to ask.

Use: Quotas(options, RegistryUsage(registry)) asks these where API v2's Quotas ask the database.
Real: glance 2014.2 glance/api/common.py check_quota. It opens the database after all, in v1 too.
"""

PAGE = 1000  # images in one question


class RegistryUsage:
    """The one question of cloud.glance.db.sqlalchemy.api.Database that Quotas.check_storage asks."""

    def __init__(self, registry):
        self.registry = registry

    def user_get_storage_usage(self, context, owner_id, image_id=None):
        """The bytes that an owner's images take, one copy for each location; all but the one with image_id."""
        images = self.all_images(context)
        return sum(
            (image['size'] or 0) * len(image['location_data'])
            for image in images
            if image['owner'] == owner_id and image['id'] != image_id and image['status'] != 'killed'
        )

    def all_images(self, context):
        """Every image that the caller may see, page by page."""
        client, page, marker = self.registry.client(context), True, {}
        while page:
            page = client.get_images_detailed(filters={'is_public': 'none'}, limit=PAGE, **marker)
            yield from page
            marker = {'marker': page[-1]['id']} if page else {}
