"""What is in a namespace: objects, properties, tags and resource types are handled alike, and differ in their shape.

    GET, POST, DELETE .../{namespace}/KIND          GET, PUT, DELETE .../{namespace}/KIND/{name}

A Kind says how its documents are read and shown; its file is named after it (metadef_objects.py and so on).
Use: create_resource(KIND, metadefs, policy) is the WSGI application for the routes of a kind.
Real: glance 2014.2 glance/api/v2/metadef_objects.py and the like, each with all of this
"""

from webob.exc import HTTPBadRequest, HTTPForbidden

from cloud.glance.api.v2.metadef_schemas import SCHEMAS
from cloud.glance.common import exception, wsgi
from cloud.oslo.utils.timeutils import isotime

OWN = ('self', 'schema', 'created_at', 'updated_at')


class Guard:
    """Who may do what. metadefs: the database's; policy: the service's Enforcer."""

    def __init__(self, metadefs, policy):
        self.metadefs, self.policy = metadefs, policy

    def ask(self, req, action):
        self.policy.enforce(req.context, action, {})

    def find_mutable(self, req, namespace, action):
        """The namespace; NotFound if the caller may not see it, Forbidden if they may not change it."""
        row = self.metadefs.get(req.context, namespace)
        self.ask(req, action)
        self.check_owner(req, row)
        return row

    def check_owner(self, req, row):
        if not (req.context.is_admin or row['owner'] == req.context.owner):
            raise exception.Forbidden('The namespace belongs to someone else.')


class Kind:
    """A kind of part. name: in the database and the path; noun: in the policy's rules and the schemas."""

    def __init__(self, name, noun):
        self.name, self.noun = name, noun
        self.schema = SCHEMAS[noun]

    def read(self, documents):
        """{name: document} of a list of documents in a namespace's; HTTPBadRequest for a name that comes twice."""
        found = {}
        for each in documents:
            document = without(each, OWN)
            name = document.pop('name')
            if name in found:
                raise HTTPBadRequest(f'The name {name} comes twice.')
            found[name] = document
        return found

    def show(self, namespace, part):
        """A part as clients see it."""
        return {'name': part['name'], **part['document'], **moments_of(part)}

    def collect(self, namespace, parts):
        """The parts in their namespace's document."""
        return [self.show(namespace, part) for part in parts]

    def page(self, namespace, parts):
        """The document of a list."""
        return {self.name: self.collect(namespace, parts), 'schema': f'/v2/schemas/metadefs/{self.name}'}


class PartsController(Guard):
    """The actions on parts of one kind."""

    def __init__(self, kind, metadefs, policy):
        super().__init__(metadefs, policy)
        self.kind = kind

    def index(self, req, namespace):
        self.metadefs.get(req.context, namespace)
        self.ask(req, f'get_metadef_{self.kind.name}')
        parts = self.metadefs.parts([namespace], self.kind.name)[namespace]
        return self.kind.page(namespace, parts)

    def show(self, req, namespace, name):
        self.metadefs.get(req.context, namespace)
        self.ask(req, f'get_metadef_{self.kind.noun}')
        return self.kind.show(namespace, self.metadefs.part(namespace, self.kind.name, name))

    def create(self, req, namespace, document):
        self.find_mutable(req, namespace, f'add_metadef_{self.kind.noun}')
        name = document.pop('name')
        return self.kind.show(namespace, self.metadefs.add(namespace, self.kind.name, name, document))

    def update(self, req, namespace, name, document):
        self.find_mutable(req, namespace, f'modify_metadef_{self.kind.noun}')
        new_name = document.pop('name')
        part = self.metadefs.update_part(namespace, self.kind.name, name, new_name, document)
        return self.kind.show(namespace, part)

    def delete(self, req, namespace, name):
        self.find_mutable(req, namespace, f'delete_metadef_{self.kind.noun}')
        self.metadefs.delete_part(namespace, self.kind.name, name)

    def delete_all(self, req, namespace):
        self.find_mutable(req, namespace, f'delete_metadef_{self.kind.noun}')
        self.metadefs.replace_all(namespace, self.kind.name, {})


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    def __init__(self, kind):
        self.kind = kind

    def create(self, req):
        return {'document': read_document(req, self.kind.schema)}

    update = create


class ResponseSerializer(wsgi.JSONResponseSerializer):
    def create(self, response, document):
        response.status = 201
        wsgi.write_json(response, document)


def read_document(req, schema):
    """The JSON object in the body, as the schema has it; what is null is not there. HTTPForbidden for what is ours."""
    document = wsgi.read_json(req)
    if not isinstance(document, dict):
        raise HTTPBadRequest('The body is not a JSON object.')
    for name in OWN:
        if name in document:
            raise HTTPForbidden(f'The attribute {name} is read-only.')
    document = without_null(document)
    schema.validate(document)
    return document


def without_null(document):
    return {name: value for name, value in document.items() if value is not None}


def without(document, names):
    return {name: value for name, value in document.items() if name not in names}


def moments_of(row):
    return {name: isotime(row[name]) for name in ('created_at', 'updated_at')}


def create_resource(kind, metadefs, policy):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(PartsController(kind, metadefs, policy), RequestDeserializer(kind), ResponseSerializer())
