"""The counter where orders are taken: the instances, and the five actions on them.

Use: Controller() is the WSGI application that the router's table calls `instances`.
Real: nova 2014.2 nova/api/openstack/compute/servers.py Controller
Left out: everything but a name, and keeping instances for longer than the process lives.
"""

import re
import threading
import uuid
from itertools import islice
from urllib.parse import urlencode

from webob.exc import HTTPBadRequest, HTTPNotFound

from cloud.oslo.utils.inorder import InOrder
from cloud.oslo.utils.strutils import whole_number
from wsgi import HOW_TO_SEND, Resource, answer, read_fields, read_query


class Controller(Resource):
    """The instances: a dict from id to {"id": ..., "name": ...} (both text), in the order of creation."""

    max_limit = 1000  # instances on a page

    def __init__(self):
        self.instances = InOrder()
        self.lock = threading.Lock()  # held for each write, and for two reads that must agree
        for number in range(3):
            self.add(new_instance(f'inst-{number}'))

    def index(self, req):
        limit, marker = read_page(req, self.max_limit)
        with self.lock:
            ids = list(islice(self.ids_after(marker), limit + 1))  # one more, to know whether there is a next page
            page = {'instances': [self.instances[instance_id] for instance_id in ids[:limit]]}
        if len(ids) > limit:
            page['instances_links'] = [{'rel': 'next', 'href': next_page(req, ids[limit - 1])}]
        return page

    def create(self, req):
        instance = new_instance(read_name(read_fields(req, 'instance')))
        response = answer({'instance': instance}, 201)
        response.location = f'{req.path_url}/{instance["id"]}'
        self.add(instance)  # last, so that nothing is kept if making the answer fails
        return response

    def show(self, req, instance_id):
        return {'instance': self.find(instance_id)}

    def update(self, req, instance_id):
        self.find(instance_id)
        name = read_name(read_fields(req, 'instance'))
        with self.lock:
            instance = self.find(instance_id)
            instance['name'] = name
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

    def ids_after(self, marker):
        """The ids that come after the marker (all, if it is None), as an iterator."""
        if marker is not None and marker not in self.instances:
            raise HTTPBadRequest(f'There is no instance {marker} to go on after: send the last id you saw.')
        return self.instances.after(marker)


def new_instance(name):
    return {'id': str(uuid.uuid4()), 'name': name}


def read_name(fields):
    """The name in a body's fields, trimmed; HTTPBadRequest says what is wrong with it."""
    if 'name' not in fields:
        raise HTTPBadRequest(f"The field 'name' is missing: {HOW_TO_SEND}.")
    name = fields['name']
    if not isinstance(name, str):
        raise HTTPBadRequest("The field 'name' is not text: put it in quotes.")
    name = name.strip()
    if not 1 <= len(name) <= 255:
        raise HTTPBadRequest(f"The field 'name' has {len(name)} characters: send 1 to 255.")
    # Control characters, with line ends and changes of writing direction; halves of surrogate pairs; and U+FFFD, which
    # is what decoding leaves where the bytes were not UTF-8.
    if re.search('[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffd]', name):
        raise HTTPBadRequest("The field 'name' has control characters or is not UTF-8: send plain text.")
    return name


def read_page(req, max_limit):
    """(limit, marker) of the query: 1 to max_limit, and the last id seen or None. HTTPBadRequest for a bad limit."""
    if not req.query_string:
        return max_limit, None
    query = read_query(req)
    limit = query.get('limit', str(max_limit))
    if not re.fullmatch('0*[1-9][0-9]*', limit):
        raise HTTPBadRequest(f'limit={limit} is not a number of at least 1: send for example limit=10.')
    return min(whole_number(limit), max_limit), query.get('marker')


def next_page(req, marker):
    """The absolute URL of the same query, going on after the marker."""
    query = read_query(req)
    query['marker'] = marker
    return f'{req.path_url}?{urlencode(query)}'
