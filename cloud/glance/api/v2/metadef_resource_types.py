"""Resource types: of what a namespace's properties are the keys, such as OS::Glance::Image.

    GET /metadefs/resource_types    GET, POST .../{namespace}/resource_types    DELETE .../resource_types/{name}

Use: create_resource(metadefs, policy)
Real: glance 2014.2 glance/api/v2/metadef_resource_types.py ResourceTypeController
"""

from cloud.glance.api.v2 import metadef_parts
from cloud.glance.common import wsgi


class ResourceTypes(metadef_parts.Kind):
    def page(self, namespace, parts):
        return {'resource_type_associations': self.collect(namespace, parts)}


KIND = ResourceTypes('resource_types', 'resource_type')


class ResourceTypeController(metadef_parts.PartsController):
    def all(self, req):
        self.ask(req, 'list_metadef_resource_types')
        found = self.metadefs.resource_types()
        return {'resource_types': [{'name': row['name'], **metadef_parts.moments_of(row)} for row in found]}

    def index(self, req, namespace):
        self.ask(req, 'list_metadef_resource_types')
        self.metadefs.get(req.context, namespace)
        return self.kind.page(namespace, self.metadefs.parts([namespace], self.kind.name)[namespace])

    def create(self, req, namespace, document):
        self.find_mutable(req, namespace, 'add_metadef_resource_type_association')
        part = self.metadefs.add(namespace, self.kind.name, document.pop('name'), document)
        return self.kind.show(namespace, part)

    def delete(self, req, namespace, name):
        self.find_mutable(req, namespace, 'remove_metadef_resource_type_association')
        self.metadefs.delete_part(namespace, self.kind.name, name)


def create_resource(metadefs, policy):
    """The WSGI application for a Router's table."""
    controller = ResourceTypeController(KIND, metadefs, policy)
    return wsgi.Resource(controller, metadef_parts.RequestDeserializer(KIND), metadef_parts.ResponseSerializer())
