"""Properties: what a key may hold, as a JSON schema with a title. In a collection their names are the keys.

Use: create_resource(KIND, metadefs, policy), of metadef_parts.py
Real: glance 2014.2 glance/api/v2/metadef_properties.py NamespacePropertiesController
Left out: ?resource_type= of one property: a namespace's document has the names with its prefix.
"""

from cloud.glance.api.v2 import metadef_parts


class Properties(metadef_parts.Kind):
    def read(self, documents):
        return dict(documents)

    def show(self, namespace, part):
        return {'name': part['name'], **part['document']}

    def collect(self, namespace, parts):
        return {part['name']: part['document'] for part in parts}

    def page(self, namespace, parts):
        return {'properties': self.collect(namespace, parts)}


KIND = Properties('properties', 'property')
