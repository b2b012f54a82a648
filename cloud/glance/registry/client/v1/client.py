"""The registry's API as methods: a question over HTTP each, answered with plain dicts.

An image is a dict as the registry writes it: its fields, `properties` {name: value}, `location` (the first active
URL, or None) and `location_data` [{id, url, metadata, status}].

Use: RegistryClient(Connections('127.0.0.1', 9191), auth_token='alice-token').get_image(image_id)['status']
Real: glance 2014.2 glance/registry/client/v1/client.py RegistryClient
Left out: encrypted locations (metadata_encryption_key), TLS.
"""

from urllib.parse import quote

from cloud.glance.common import client, exception


class RegistryClient(client.BaseClient):
    """Errors are those of BaseClient.do_request; Duplicate is also the answer to a from_state that is past.

    auth_token: the caller's token; identity_headers: who the caller is, by header; either, both or none.
    service_token: the image service's own; without it, only an admin may say where an image is and what its status is.
    """

    service = 'registry'
    how_to_start = 'start it with "python server.py cloud/glance/glance-registry.ini"'

    def __init__(self, connections, timeout=10.0, auth_token=None, identity_headers=None, service_token=None):
        tokens = given({'X-Auth-Token': auth_token or None, 'X-Service-Token': service_token})
        super().__init__(connections, timeout, {**tokens, **(identity_headers or {})})

    def get_images(self, filters=None, **page):
        """A page of images, with id, name, size, formats and checksum only.

        filters: what the registry's list may be narrowed by, values by name; page: marker, limit, sort_key, sort_dir.
        What is None is not asked for.
        """
        return self.ask('images', 'GET', '/images', given({**(filters or {}), **page}))

    def get_images_detailed(self, filters=None, **page):
        """The same with all that is known of each image."""
        return self.ask('images', 'GET', '/images/detail', given({**(filters or {}), **page}))

    def get_image(self, image_id):
        return self.ask('image', 'GET', path('images', image_id))

    def add_image(self, values):
        """Store a new image; its record. values: fields by name; without a status it is active."""
        return self.ask('image', 'POST', '/images', document={'image': values})

    def update_image(self, image_id, values, purge_props=False, from_state=None, at_most=None):
        """Change an image; its record. purge_props: it keeps no property that the values do not name.

        at_most: {'properties': n}, how many there may be afterwards, else LimitExceeded.
        """
        document = {'image': values, **given({'from_state': from_state, 'at_most': at_most or None})}
        purge = {'X-Glance-Registry-Purge-Props': str(bool(purge_props)).lower()}
        return self.ask('image', 'PUT', path('images', image_id), document=document, headers=purge)

    def delete_image(self, image_id, status='deleted', from_state=None):
        """Mark an image, in one step, as deleted; its record. status: or pending_delete, for a scrubber."""
        return self.ask(
            'image', 'DELETE', path('images', image_id), given({'status': status, 'from_state': from_state})
        )

    def restore_image(self, image_id, status):
        """Take delete_image back: the image is in that status again; its record."""
        document = {'image': {'status': status}, 'from_state': 'deleted'}
        return self.ask('image', 'PUT', path('images', image_id), document=document)

    def get_image_members(self, image_id):
        """[{member_id, can_share}]"""
        return self.ask('members', 'GET', path('images', image_id, 'members'))

    def get_member_images(self, member_id):
        """[{image_id, can_share}]: what is shared with that tenant, as far as the caller may know."""
        return self.ask('shared_images', 'GET', path('shared-images', member_id))

    def replace_members(self, image_id, members, at_most=None):
        """Share with these and nobody else. members: [{member_id, can_share}], where can_share may be missing.

        at_most: {'members': n}, else LimitExceeded.
        """
        document = {'memberships': members, **given({'at_most': at_most or None})}
        self.do_request('PUT', path('images', image_id, 'members'), document=document)

    def add_member(self, image_id, member_id, can_share=None, at_most=None):
        """Share with one more, or change what that one may do. at_most: {'members': n}, else LimitExceeded."""
        member = None if can_share is None else {'can_share': can_share}
        document = given({'member': member, 'at_most': at_most or None}) or None
        self.do_request('PUT', path('images', image_id, 'members', member_id), document=document)

    def delete_member(self, image_id, member_id):
        self.do_request('DELETE', path('images', image_id, 'members', member_id))

    def ask(self, key, method, url, params=None, **request):
        """What the answer holds under this key; ServerError if it has another shape."""
        answer = self.do_request(method, url, params, **request)
        if not isinstance(answer, dict) or key not in answer:
            raise exception.ServerError(f'{self.who()} answers without "{key}": is it the registry?')
        return answer[key]


def path(*segments):
    return ''.join(f'/{quote(segment, safe="")}' for segment in segments)


def given(params):
    return {name: value for name, value in params.items() if value is not None}
