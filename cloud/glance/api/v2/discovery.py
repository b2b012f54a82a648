"""What this service can do: how images are imported, into which stores, and how much of it one's project has used.

    GET /info/import    /info/stores    /info/stores/detail (for admins)    /info/usage

Use: create_resource(parts) is the WSGI application for these routes.
Real: glance 16.0 (Queens) glance/api/v2/discovery.py InfoController; stores since 17.0 (Rocky), usage since 23.0 (Xena)
Left out: limits that Keystone keeps. Those of the ini are shown in their place.
"""

from cloud.glance.async_.flows.api_image_import import METHODS
from cloud.glance.common import wsgi
from cloud.glance.store import name_of
from cloud.oslo.utils.units import Mi


class InfoController:
    """parts: the service's Parts."""

    def __init__(self, parts):
        self.options, self.policy = parts.options, parts.policy
        self.store_api, self.db_api = parts.store_api, parts.db_api

    def get_image_import(self, req):
        methods = {'description': 'Import methods available.', 'type': 'array', 'value': list(METHODS)}
        return {'import-methods': methods}

    def get_stores(self, req):
        return {'stores': [self.describe(store) for store in self.store_api.registered_stores.values()]}

    def get_stores_detail(self, req):
        self.policy.enforce(req.context, 'stores_info_detail', {})
        stores = self.store_api.registered_stores.values()
        return {'stores': [{**self.describe(store), 'type': name_of(store), 'weight': 0} for store in stores]}

    def describe(self, store):
        """As in the real one, `default` is there where it is true, and `read-only` too."""
        document = {'id': name_of(store), 'description': f'What is behind {"://, ".join(store.get_schemes())}://'}
        if store is self.store_api.store_of(self.store_api.default_store):
            return {**document, 'default': 'true'}
        return {**document, 'read-only': 'true'}

    def get_usage(self, req):
        used = self.db_api.user_get_storage_usage(req.context, req.context.owner)
        staged, images, uploading = self.db_api.count_images(req.context)
        limit = self.options.user_storage_quota
        return {
            'usage': {
                'image_size_total': {'limit': limit // Mi if limit else -1, 'usage': used // Mi},
                'image_stage_total': {'limit': limit // Mi if limit else -1, 'usage': staged // Mi},
                'image_count_total': {'limit': -1, 'usage': images},
                'image_count_uploading': {'limit': -1, 'usage': uploading},
            }
        }


def create_resource(parts):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(InfoController(parts))
