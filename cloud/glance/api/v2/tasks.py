"""Tasks: what the service does, or has done, when the answer was sent already. Here one can only look at them.

    GET /tasks    ?type= status= limit= marker= sort_key= sort_dir=          GET /tasks/{task_id}

Use: create_resource(tasks, options) is the WSGI application for these routes; document_of(task) is one as it is shown.
Real: glance 2014.2 glance/api/v2/tasks.py TasksController
Left out: POST, which is how 2014.2 began an import. Since 16.0 (Queens) an image's own import is for that.
"""

from urllib.parse import urlencode

from webob.exc import HTTPBadRequest

from cloud.glance.api.v2.queries import DIRECTIONS, read_choice, read_limit
from cloud.glance.common import exception, wsgi
from cloud.glance.db.sqlalchemy.tasks import FILTERS, SORT_KEYS
from cloud.glance.schema import CollectionSchema, Schema
from cloud.oslo.utils.timeutils import isotime

TEXT = {'type': 'string'}
OBJECT = {'type': ['null', 'object']}
BRIEF = {
    'id': TEXT,
    'type': {'enum': ['import', 'api_image_import'], 'type': 'string'},
    'status': {'enum': ['pending', 'processing', 'success', 'failure'], 'type': 'string'},
    'owner': TEXT,
    'expires_at': {'type': ['null', 'string']},
    'created_at': TEXT,
    'updated_at': TEXT,
    'self': TEXT,
    'schema': TEXT,
}
MORE = {
    'image_id': TEXT,
    'user_id': TEXT,
    'request_id': TEXT,
    'input': OBJECT,
    'result': OBJECT,
    'message': TEXT,
}
SCHEMA = Schema('task', {**BRIEF, **MORE})
DOCUMENTS = {'task': SCHEMA.raw(), 'tasks': CollectionSchema('tasks', Schema('task', BRIEF)).raw()}


class TasksController:
    """tasks: the service's Tasks; policy: its Enforcer."""

    def __init__(self, tasks, policy):
        self.tasks, self.policy = tasks, policy

    def index(self, req, page, query):
        self.policy.enforce(req.context, 'get_tasks', {})
        try:
            found = self.tasks.list(req.context, **page)
        except exception.NotFound:
            raise HTTPBadRequest('There is no task for this marker: send the last id you saw.') from None
        return {'tasks': found, 'query': query, 'is_full': found and len(found) == page['limit']}

    def show(self, req, task_id):
        self.policy.enforce(req.context, 'get_task', {})
        return self.tasks.get(req.context, task_id)


class RequestDeserializer(wsgi.JSONRequestDeserializer):
    def __init__(self, options):
        self.options = options

    def index(self, req):
        query = wsgi.read_query(req)
        asked = dict(query)
        page = {
            'limit': read_limit(asked.pop('limit', None), self.options),
            'marker': asked.pop('marker', None),
            'sort_key': read_choice('sort_key', asked.pop('sort_key', 'created_at'), SORT_KEYS),
            'sort_dir': read_choice('sort_dir', asked.pop('sort_dir', 'desc'), DIRECTIONS),
            'filters': {name: value for name, value in asked.items() if name in FILTERS},
        }
        query.pop('marker', None)
        return {'page': page, 'query': query}


class ResponseSerializer(wsgi.JSONResponseSerializer):
    def index(self, response, result):
        query = result['query']
        document = {
            'tasks': [document_of(task, BRIEF) for task in result['tasks']],
            'first': path_of_list(query),
            'schema': '/v2/schemas/tasks',
        }
        if result['is_full']:
            query.add('marker', result['tasks'][-1]['id'])
            document['next'] = path_of_list(query)
        wsgi.write_json(response, document)

    def show(self, response, task):
        wsgi.write_json(response, document_of(task))


def document_of(task, names=None):
    """A task as clients see it; names: what of it, everything if it is None."""
    document = {
        **task,
        **{name: isotime(task[name]) for name in ('created_at', 'updated_at', 'expires_at')},
        'self': f'/v2/tasks/{task["id"]}',
        'schema': '/v2/schemas/task',
    }
    return {name: document[name] for name in names or SCHEMA.properties}


def path_of_list(query):
    return f'/v2/tasks?{urlencode(list(query.items()))}' if query else '/v2/tasks'


def create_resource(tasks, policy, options):
    """The WSGI application for a Router's table."""
    return wsgi.Resource(TasksController(tasks, policy), RequestDeserializer(options), ResponseSerializer())
