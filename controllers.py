"""The counter: the action that a request asked for, and the answer it gets.

Resource is the dispatch that every service's controllers share; Controller keeps the instances.

Use: subclass Resource, with a method for each action in the router's table: action(req, **the path's variables).
Real: nova 2014.2 nova/api/openstack/wsgi.py Resource and Fault; nova/api/openstack/compute/servers.py Controller
Left out: XML, microversions, and keeping instances for longer than the process lives.
"""

import logging
import re
import threading
import uuid
from itertools import islice
from urllib.parse import urlencode

import simplejson
from webob import Request, Response
from webob.exc import HTTPBadRequest, HTTPException, HTTPNotFound, HTTPRequestEntityTooLarge

LOG = logging.getLogger(__name__)

# Real: nova 2014.2 nova/api/openstack/wsgi.py Fault._fault_names; 410 and 416 are the image service's
FAULTS = {
    400: 'badRequest',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'itemNotFound',
    405: 'badMethod',
    409: 'conflictingRequest',
    410: 'gone',
    413: 'overLimit',
    415: 'badMediaType',
    416: 'requestedRangeNotSatisfiable',
    501: 'notImplemented',
    503: 'serviceUnavailable',
}
MAX_BODY = 114688  # bytes. Real: nova 2014.2 nova/api/sizelimit.py osapi_max_request_body_size
# Without these two questions about every value, a list of 1000 takes half the time.
encode = simplejson.JSONEncoder(namedtuple_as_object=False, use_decimal=False).encode
HOW_TO_NAME = 'send name=... as a form, or {"name": ...} with the header Content-Type: application/json'
SERVICE_FAILED = "The service failed: its log says why, behind this answer's X-Openstack-Request-Id."


def answer(document, status=200):
    """A Response with the document (dicts, lists, text, numbers, booleans, None) as its JSON body."""
    return Response(encode(document).encode(), status, content_type='application/json')


def fault(code, message, headers=()):
    """An error in nova's shape, {"itemNotFound": {"code": 404, "message": ...}}, as a Response."""
    response = answer({FAULTS.get(code, 'computeFault'): {'code': code, 'message': message}}, code)
    response.headers.update(headers)
    return response


class Resource:
    """The dispatch: a WSGI application that calls the action which the router found.

    An action takes the webob Request and the path's variables (text, as keywords). It returns a dict
    (answered as JSON), None (204 with no body) or a Response. An exception from webob.exc is answered
    as `fault` words it; any other is logged, and answered 500 without a word of what is inside.
    """

    fault = staticmethod(fault)

    def __call__(self, environ, start_response):
        variables = environ['wsgiorg.routing_args'][1]
        action = variables.pop('action')
        del variables['controller']
        return self.respond(Request(environ), action, variables)(environ, start_response)

    def respond(self, req, action, variables):
        LOG.debug('calls %s.%s %s', type(self).__name__, action, variables)
        try:
            result = getattr(self, action)(req, **variables)
            if result is None:
                return Response(status=204, headerlist=[])
            return result if isinstance(result, Response) else answer(result)
        except HTTPException as refusal:
            LOG.debug('%s.%s refuses: %s', type(self).__name__, action, refusal.detail)
            return self.fault(refusal.code, refusal.detail)
        except Exception:
            LOG.exception('%s.%s failed', type(self).__name__, action)
            return self.fault(500, SERVICE_FAILED)


class Controller(Resource):
    """The instances: a dict from id to {"id": ..., "name": ...} (both text), in the order of creation."""

    max_limit = 1000  # instances on a page

    def __init__(self):
        self.instances = {}
        self.lock = threading.Lock()  # held by whoever writes, or needs two looks to agree
        for number in range(3):
            self.add(new_instance(f'inst-{number}'))

    def index(self, req):
        limit, marker = read_page(req, self.max_limit)
        with self.lock:
            ids = list(islice(self.ids_after(marker), limit + 1))
            page = {'instances': [self.instances[instance_id] for instance_id in ids[:limit]]}
        if len(ids) > limit:
            page['instances_links'] = [{'rel': 'next', 'href': next_page(req, ids[limit - 1])}]
        return page

    def ids_after(self, marker):
        """The ids that come after the marker (all, if it is None), as an iterable."""
        if marker is None:
            return self.instances
        if marker not in self.instances:
            raise HTTPBadRequest(f'There is no instance {marker} to go on after: send the last id you saw.')
        ids = list(self.instances)
        return ids[ids.index(marker) + 1 :]

    def create(self, req):
        instance = new_instance(read_name(req))
        response = answer({'instance': instance}, 201)
        response.location = f'{req.path_url}/{instance["id"]}'
        self.add(instance)  # last: what cannot be answered is not kept
        return response

    def show(self, req, instance_id):
        return {'instance': self.find(instance_id)}

    def update(self, req, instance_id):
        instance = self.find(instance_id)
        instance['name'] = read_name(req)
        return {'instance': instance}

    def delete(self, req, instance_id):
        with self.lock:
            self.find(instance_id)
            del self.instances[instance_id]

    def add(self, instance):
        with self.lock:
            self.instances[instance['id']] = instance

    def find(self, instance_id):
        try:
            return self.instances[instance_id]
        except KeyError:
            raise HTTPNotFound(f'There is no instance {instance_id}: GET /instances lists those there are.') from None


def new_instance(name):
    return {'id': str(uuid.uuid4()), 'name': name}


def read_page(req, max_limit):
    """(limit, marker) as the query asks: 1 to max_limit, and the last id seen or None; else HTTPBadRequest."""
    if not req.query_string:
        return max_limit, None
    query = read_query(req)
    limit = query.get('limit', str(max_limit))
    if not re.fullmatch('0*[1-9][0-9]*', limit):
        raise HTTPBadRequest(f'limit={limit} is not a number of at least 1: send for example limit=10.')
    # Its length first: Python refuses to make a number of thousands of digits.
    digits = limit.lstrip('0')
    limit = max_limit if len(digits) > len(str(max_limit)) else min(int(digits), max_limit)
    return limit, query.get('marker')


def read_query(req):
    try:
        return req.GET.copy()
    except UnicodeDecodeError:
        raise HTTPBadRequest('The query is not UTF-8: encode it as UTF-8, then with %XX.') from None


def next_page(req, marker):
    """The absolute URL of the same query, going on after the marker."""
    query = read_query(req)
    query['marker'] = marker
    return f'{req.path_url}?{urlencode(query)}'


def read_name(req):
    """The name in a form or in JSON, trimmed; HTTPBadRequest or HTTPRequestEntityTooLarge says what is wrong."""
    fields = read_fields(req)
    if 'name' not in fields:
        raise HTTPBadRequest(f"The field 'name' is missing: {HOW_TO_NAME}.")
    name = fields['name']
    if not isinstance(name, str):
        raise HTTPBadRequest("The field 'name' is not text: put it in quotes.")
    name = name.strip()
    if not 1 <= len(name) <= 255:
        raise HTTPBadRequest(f"The field 'name' has {len(name)} characters: send 1 to 255.")
    # Control characters, line ends and changes of direction among them; half characters; and U+FFFD, which is
    # what decoding leaves where the bytes were not UTF-8.
    if re.search('[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffd]', name):
        raise HTTPBadRequest("The field 'name' has control characters or is not UTF-8: send plain text.")
    return name


def read_fields(req):
    """What the body says, as a mapping: a form's fields, a JSON object's, or those of its "instance"."""
    length = req.content_length or 0
    if length > MAX_BODY:
        raise HTTPRequestEntityTooLarge(f'The body has {length} bytes: send at most {MAX_BODY}.')
    if not length:
        return {}
    if req.content_type == 'application/json':
        return parse_json(req)
    if req.content_type in ('application/x-www-form-urlencoded', 'multipart/form-data'):
        return parse_form(req)
    raise HTTPBadRequest(f'The Content-Type is {req.content_type or "missing"}: {HOW_TO_NAME}.')


def parse_json(req):
    try:
        document = simplejson.loads(req.body)
    except (ValueError, RecursionError, OSError):  # OSError: the client went away in the middle
        raise HTTPBadRequest(f'The body is not JSON in UTF-8: {HOW_TO_NAME}.') from None
    if isinstance(document, dict):
        document = document.get('instance', document)
    if not isinstance(document, dict):
        raise HTTPBadRequest(f'The body is not a JSON object: {HOW_TO_NAME}.')
    return document


def parse_form(req):
    try:
        return req.POST
    except Exception:  # Python's multipart reader has many ways to give up, and only a client can cause them
        raise HTTPBadRequest(f'The body is not a form in UTF-8: {HOW_TO_NAME}.') from None
