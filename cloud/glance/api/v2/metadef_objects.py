"""Objects: properties that belong together, such as all that describes a CPU.

Use: create_resource(KIND, metadefs, policy), of metadef_parts.py
Real: glance 2014.2 glance/api/v2/metadef_objects.py MetadefObjectsController
Left out: pages: a namespace's objects come all at once.
"""

from urllib.parse import quote

from cloud.glance.api.v2 import metadef_parts


class Objects(metadef_parts.Kind):
    def show(self, namespace, part):
        place = f'/v2/metadefs/namespaces/{quote(namespace)}/objects/{quote(part["name"])}'
        return {**super().show(namespace, part), 'self': place, 'schema': '/v2/schemas/metadefs/object'}


KIND = Objects('objects', 'object')
