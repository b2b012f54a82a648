"""What was done to a server: each request that did something, and what came of it.

Real: nova 2014.2 nova/api/openstack/compute/contrib/instance_actions.py InstanceActionsController
"""

import hashlib

from webob.exc import HTTPBadRequest, HTTPNotFound

from cloud.nova import policy
from cloud.nova.api import validation
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.compute.schemas import server_parts as schemas
from cloud.nova.api.openstack.compute.servers import ServerResource
from cloud.nova.api.openstack.pages import page_of, with_links
from cloud.oslo.utils.timeutils import parse_isotime, strtime

POLICY = 'os_compute_api:os-instance-actions:'
FIELDS = ('action', 'instance_uuid', 'request_id', 'user_id', 'project_id', 'message')


class InstanceActionsController(ServerResource):
    """max_limit: actions on a page."""

    def __init__(self, compute_api, max_limit=1000):
        super().__init__(compute_api)
        self.db_api, self.max_limit = compute_api.db_api, max_limit

    def _instance(self, req, server_id, action):
        instance = self.get_server(req, server_id, read_deleted=is_supported(req, '2.21'))
        policy.enforce(req.context, POLICY + action)
        return instance

    @validation.query_schema(schemas.ACTIONS)
    def index(self, req, server_id):
        self._instance(req, server_id, 'list')
        if not is_supported(req, '2.58'):
            found = self.db_api.instance_actions_get(server_id)
            return {'instanceActions': [view(req, each) for each in found]}
        limit, marker = page_of(req, self.max_limit)
        if marker and self.db_api.instance_action_get_by_request_id(server_id, marker) is None:
            raise HTTPBadRequest(f'marker [{marker}] not found')
        since, before = moment(req, 'changes-since'), moment(req, 'changes-before')
        if since and before and before < since:
            raise HTTPBadRequest('The value of changes-since must be less than or equal to changes-before.')
        found = self.db_api.instance_actions_get(server_id, limit, marker, since, before) if limit else []
        document = {'instanceActions': [view(req, each) for each in found]}
        collection, ids = f'servers/{server_id}/os-instance-actions', [each['request_id'] for each in found]
        return linked(document, req, collection, limit, ids)

    def show(self, req, server_id, id):
        instance = self._instance(req, server_id, 'show')
        action = self.db_api.instance_action_get_by_request_id(server_id, id)
        if action is None:
            raise HTTPNotFound(f'Action {id} not found')
        shown = view(req, action)
        if req.context.is_admin or is_supported(req, '2.51'):
            events = self.db_api.action_events_get(action['id'])
            shown['events'] = [event_view(req, each, instance['project_id']) for each in events]
        return {'instanceAction': shown}


def linked(document, req, collection, limit, ids):
    found = with_links({}, req, 'links', collection, limit, ids)
    return {**document, 'links': found['links_links']} if found else document


def moment(req, name):
    return parse_isotime(req.GET[name]) if name in req.GET else None


def view(req, action):
    shown = {**{name: action[name] for name in FIELDS}, 'start_time': strtime(action['start_time'])}
    return {**shown, 'updated_at': strtime(action['updated_at'])} if is_supported(req, '2.58') else shown


def event_view(req, event, project_id):
    shown = {
        'event': event['event'],
        'start_time': strtime(event['start_time']),
        'finish_time': event['finish_time'] and strtime(event['finish_time']),
        'result': event['result'],
    }
    if req.context.is_admin:
        shown['traceback'] = event['traceback']
    if is_supported(req, '2.62'):
        host = event['host']
        shown['hostId'] = hashlib.sha224(f'{project_id}{host}'.encode()).hexdigest() if host else ''
        if req.context.is_admin:
            shown['host'] = host
    if is_supported(req, '2.84'):
        shown['details'] = None
    return shown
