"""Tags: words that images may be given, one by one or a whole list.

    POST .../{namespace}/tags/{name}    POST .../{namespace}/tags {"tags": [{"name": ...}, ...]}, instead of all there
    were; with the header X-Openstack-Append: True beside those

Use: create_resource(metadefs, policy)
Real: glance 2015.1 (Kilo) glance/api/v2/metadef_tags.py TagsController
Left out: pages: a namespace's tags come all at once.
"""

from cloud.glance.api.v2 import metadef_parts
from cloud.glance.api.v2.metadef_schemas import SCHEMAS
from cloud.glance.common import wsgi


class Tags(metadef_parts.Kind):
    def collect(self, namespace, parts):
        return [{'name': part['name']} for part in parts]


KIND = Tags('tags', 'tag')


class TagsController(metadef_parts.PartsController):
    def create(self, req, namespace, name):
        SCHEMAS['tag'].validate({'name': name})
        return super().create(req, namespace, {'name': name})

    def create_tags(self, req, namespace, documents, append):
        self.find_mutable(req, namespace, 'add_metadef_tag')
        self.metadefs.replace_all(namespace, 'tags', documents, keep=append)
        return {'tags': [{'name': name} for name in documents]}


class RequestDeserializer(metadef_parts.RequestDeserializer):
    def create(self, req):
        return {}

    def update(self, req):
        return {'document': metadef_parts.read_document(req, self.kind.schema)}

    def create_tags(self, req):
        document = metadef_parts.read_document(req, SCHEMAS['tags'])
        append = req.headers.get('X-Openstack-Append', '').lower() == 'true'
        return {'documents': KIND.read(document['tags']), 'append': append}


class ResponseSerializer(metadef_parts.ResponseSerializer):
    create_tags = metadef_parts.ResponseSerializer.create


def create_resource(metadefs, policy):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(TagsController(KIND, metadefs, policy), RequestDeserializer(KIND), ResponseSerializer())
