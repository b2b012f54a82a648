"""Server groups: instances that are to be on one host, or on different ones.

Real: nova 2014.2 nova/api/openstack/compute/contrib/server_groups.py
"""

from webob.exc import HTTPBadRequest

from cloud.nova import policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import pages, wsgi
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.compute.schemas import server_groups as schemas
from cloud.nova.api.validation.parameter_types import MAX_INT
from cloud.oslo.utils.strutils import whole_number

POLICY = 'os_compute_api:os-server-groups:'


class ServerGroupController(wsgi.Resource):
    """groups: a GroupTable; quotas: Quotas; max_limit: groups on a page."""

    def __init__(self, groups, quotas, max_limit=1000):
        self.groups, self.quotas, self.max_limit = groups, quotas, max_limit

    @validation.query_schema({'2.1': schemas.index_query, '2.75': schemas.index_query_v275})
    def index(self, req):
        policy.enforce(req.context, POLICY + 'index')
        project_id = req.context.project_id
        if 'all_projects' in req.GET:
            policy.enforce(req.context, POLICY + 'index:all_projects')
            project_id = None
        limit, _ = pages.page_of(req, self.max_limit)
        offset = min(whole_number(req.GET.get('offset') or '0'), MAX_INT)
        return {'server_groups': [view(req, group) for group in self.groups.get_all(project_id, limit, offset)]}

    def show(self, req, id):
        policy.enforce(req.context, POLICY + 'show')
        return {'server_group': view(req, self.groups.get(id, owner(req)))}

    @validation.schema({'2.1': schemas.create, '2.15': schemas.create_v215, '2.64': schemas.create_v264})
    def create(self, req, body):
        policy.enforce(req.context, POLICY + 'create')
        sent = body['server_group']
        rules = {name: min(whole_number(str(value)), MAX_INT) for name, value in (sent.get('rules') or {}).items()}
        named = sent['policy'] if 'policy' in sent else (sent['policies'] or ['anti-affinity'])[0]
        if rules and named != 'anti-affinity':
            raise HTTPBadRequest('Only anti-affinity policy supports rules.')
        values = {'name': sent['name'], 'policy': named, 'rules': rules}
        values.update(user_id=req.context.user_id, project_id=req.context.project_id)
        allowed = self.quotas.limits(req.context.project_id)['server_groups']
        return {'server_group': view(req, self.groups.create(values, allowed))}

    @wsgi.response(204)
    def delete(self, req, id):
        policy.enforce(req.context, POLICY + 'delete')
        self.groups.destroy(id, owner(req))


def owner(req):
    return None if req.context.is_admin else req.context.project_id


def view(req, group):
    shown = {'id': group['uuid'], 'name': group['name']}
    if is_supported(req, '2.64'):
        shown.update(policy=group['policy'], rules=group['rules'])
    else:
        shown.update(policies=[group['policy']], metadata={})
    shown['members'] = group['members']
    if is_supported(req, '2.13'):
        shown.update(project_id=group['project_id'], user_id=group['user_id'])
    return shown
