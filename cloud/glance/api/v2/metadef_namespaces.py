"""Namespaces: what one kind of metadata is about, such as the properties that an image may have for nova.

    GET, POST /metadefs/namespaces      GET, PUT, DELETE /metadefs/namespaces/{namespace}

Public ones are everybody's to read, private ones their owner's; by the shipped policy only admins change any.
Use: create_resource(metadefs, policy, options) is the WSGI application for these routes.
Real: glance 2014.2 glance/api/v2/metadef_namespaces.py NamespaceController; there the parts of a new namespace are
    stored one after the other, and taken back when one is refused
"""

from urllib.parse import quote, urlencode

from webob.exc import HTTPBadRequest

from cloud.glance.api.v2 import metadef_objects, metadef_properties, metadef_resource_types, metadef_tags
from cloud.glance.api.v2.metadef_parts import Guard, moments_of, read_document
from cloud.glance.api.v2.metadef_schemas import SCHEMAS
from cloud.glance.api.v2.queries import DIRECTIONS, read_choice, read_limit
from cloud.glance.common import exception, wsgi
from cloud.glance.db.sqlalchemy.metadef_api import SORT_KEYS

OWN = ('namespace', 'display_name', 'description', 'visibility', 'protected', 'owner')
KINDS = {
    'properties': metadef_properties.KIND,
    'objects': metadef_objects.KIND,
    'tags': metadef_tags.KIND,
    'resource_type_associations': metadef_resource_types.KIND,
}
RULES = {
    'properties': 'add_metadef_property',
    'objects': 'add_metadef_object',
    'tags': 'add_metadef_tag',
    'resource_type_associations': 'add_metadef_resource_type_association',
}


class NamespaceController(Guard):
    """The actions. A namespace's document has its parts in it; a list's, the resource types alone."""

    def index(self, req, page, query):
        self.ask(req, 'get_metadef_namespaces')
        try:
            found = self.metadefs.list(req.context, **page)
        except exception.NotFound:
            raise HTTPBadRequest('There is no namespace for this marker: send the last one you saw.') from None
        types = self.metadefs.parts([each['namespace'] for each in found], 'resource_types')
        documents = [document_of(each, {'resource_type_associations': types[each['namespace']]}) for each in found]
        return {'namespaces': documents, 'query': query, 'is_full': found and len(found) == page['limit']}

    def create(self, req, values, parts):
        self.ask(req, 'add_metadef_namespace')
        for name in parts:
            self.ask(req, RULES[name])
        values.setdefault('owner', req.context.owner)
        self.check_owner(req, values)
        row = self.metadefs.create(values, {KINDS[name].name: documents for name, documents in parts.items()})
        return self.whole(row)

    def show(self, req, namespace, resource_type):
        self.ask(req, 'get_metadef_namespace')
        document = self.whole(self.metadefs.get(req.context, namespace))
        return prefixed(document, resource_type) if resource_type else document

    def whole(self, row):
        name = row['namespace']
        return document_of(row, {each: self.metadefs.parts([name], KINDS[each].name)[name] for each in KINDS})

    def update(self, req, namespace, values, parts):
        self.find_mutable(req, namespace, 'modify_metadef_namespace')
        values.setdefault('owner', req.context.owner)
        self.check_owner(req, values)
        return document_of(self.metadefs.update(namespace, values), {})

    def delete(self, req, namespace):
        self.find_mutable(req, namespace, 'delete_metadef_namespace')
        self.metadefs.delete(namespace)


def document_of(row, parts):
    """A namespace as clients see it. parts: {name in the document: rows}; of what there is none, nothing is said."""
    document = {
        **{name: row[name] for name in OWN if row[name] is not None},
        **moments_of(row),
        'self': f'/v2/metadefs/namespaces/{quote(row["namespace"])}',
        'schema': '/v2/schemas/metadefs/namespace',
    }
    return {**document, **{name: KINDS[name].collect(row['namespace'], rows) for name, rows in parts.items() if rows}}


def prefixed(document, resource_type):
    """With the names of properties as that resource type has them: the association may put something before them."""
    associations = document.get('resource_type_associations', [])
    prefix = next((each.get('prefix', '') for each in associations if each['name'] == resource_type), None)
    if prefix is None:
        raise exception.NotFound(f'The namespace has nothing to do with {resource_type}.')
    if 'properties' in document:
        document['properties'] = {prefix + name: each for name, each in document['properties'].items()}
    for each in document.get('objects', []):
        each['properties'] = {prefix + name: value for name, value in each.get('properties', {}).items()}
        each['required'] = [prefix + name for name in each.get('required', [])]
    return document


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    def __init__(self, options):
        self.options = options

    def create(self, req):
        document = read_document(req, SCHEMAS['namespace'])
        parts = {name: KINDS[name].read(document.pop(name)) for name in KINDS if name in document}
        return {'values': values_of(document), 'parts': parts}

    update = create

    def show(self, req):
        return {'resource_type': wsgi.read_query(req).get('resource_type')}

    def index(self, req):
        query = wsgi.read_query(req)
        filters = {}
        if 'visibility' in query:
            filters['visibility'] = read_choice('visibility', query['visibility'], ('public', 'private'))
        if 'resource_types' in query:
            filters['resource_types'] = query['resource_types'].split(',')[:100]
        page = {
            'limit': read_limit(query.get('limit'), self.options),
            'marker': query.pop('marker', None),
            'sort_key': read_choice('sort_key', query.get('sort_key', 'created_at'), SORT_KEYS),
            'sort_dir': read_choice('sort_dir', query.get('sort_dir', 'desc'), DIRECTIONS),
            'filters': filters,
        }
        return {'page': page, 'query': query}


def values_of(document):
    """The columns; what is not said is as in a new namespace, in a PUT too."""
    defaults = {'display_name': None, 'description': None, 'visibility': 'private', 'protected': False}
    return {**defaults, **{name: document[name] for name in OWN if name in document}}


class ResponseSerializer(wsgi.JSONResponseSerializer):
    def create(self, response, document):
        response.status = 201
        wsgi.write_json(response, document)
        response.location = document['self']

    def index(self, response, result):
        query = result['query']
        document = {
            'namespaces': result['namespaces'],
            'first': path_of_list(query),
            'schema': '/v2/schemas/metadefs/namespaces',
        }
        if result['is_full']:
            query.add('marker', result['namespaces'][-1]['namespace'])
            document['next'] = path_of_list(query)
        wsgi.write_json(response, document)


def path_of_list(query):
    return '/v2/metadefs/namespaces' + (f'?{urlencode(list(query.items()))}' if query else '')


def create_resource(metadefs, policy, options):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(NamespaceController(metadefs, policy), RequestDeserializer(options), ResponseSerializer())
