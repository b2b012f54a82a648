"""A project's quotas over HTTP: everybody sees their own, an admin sets them.

Real: nova 2014.2 nova/api/openstack/compute/contrib/quotas.py QuotaSetsController
Left out: quotas of single users: user_id is taken, and the project's are answered.
"""

from webob.exc import HTTPBadRequest

from cloud.nova import exception, policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.compute.schemas import quota_sets as schemas
from cloud.nova.api.openstack.compute.schemas.quota_sets import FILES, NETWORKS

POLICY = 'os_compute_api:os-quota-sets:'
QUERY = {'2.1': schemas.query, '2.75': schemas.query_v275}
TOO_SMALL = 'Quota limit {} for {} must be greater than or equal to already used and reserved {}.'


class QuotaSetsController(wsgi.Resource):
    """quotas: Quotas, with their table."""

    def __init__(self, quotas):
        self.quotas = quotas

    @validation.query_schema(QUERY)
    def show(self, req, id):
        enforce_own(req, id, 'show')
        return {'quota_set': {'id': id, **shown(req, self.quotas.limits(id))}}

    def defaults(self, req, id):
        policy.enforce(req.context, POLICY + 'defaults')
        return {'quota_set': {'id': id, **shown(req, self.quotas.defaults())}}

    @validation.query_schema(QUERY)
    def detail(self, req, id):
        enforce_own(req, id, 'detail')
        used = self.quotas.usage(id)
        details = {
            name: {'limit': limit, 'in_use': used.get(name, 0), 'reserved': 0}
            for name, limit in shown(req, self.quotas.limits(id)).items()
        }
        return {'quota_set': {'id': id, **details}}

    @validation.schema({'2.1': schemas.update, '2.36': schemas.update_v236, '2.57': schemas.update_v257})
    @validation.query_schema(QUERY)
    def update(self, req, id, body):
        policy.enforce(req.context, POLICY + 'update')
        limits = {name: int(value) for name, value in body['quota_set'].items() if name != 'force'}
        if str(body['quota_set'].get('force', False)).lower() not in ('true', '1', 'on', 'yes', 'y', 't'):
            self._check_used(id, limits)
        self.quotas.table.update(id, limits)
        return {'quota_set': shown(req, self.quotas.limits(id))}

    def _check_used(self, project_id, limits):
        """HTTPBadRequest if a limit is lower than what there is: nothing would be taken away by it."""
        used = self.quotas.usage(project_id)
        for name, limit in limits.items():
            if 0 <= limit < used.get(name, 0):
                raise HTTPBadRequest(TOO_SMALL.format(limit, name, used[name]))

    @validation.query_schema(QUERY)
    @wsgi.response(202)
    def delete(self, req, id):
        policy.enforce(req.context, POLICY + 'delete')
        self.quotas.table.destroy(id)


def enforce_own(req, project_id, action):
    """PolicyNotAuthorized for another project's, unless the caller is an admin."""
    policy.enforce(req.context, POLICY + action)
    if project_id != req.context.project_id and not req.context.is_admin:
        raise exception.PolicyNotAuthorized(action=POLICY + action)


def shown(req, limits):
    hidden = (NETWORKS if is_supported(req, '2.36') else ()) + (FILES if is_supported(req, '2.57') else ())
    return {name: limit for name, limit in limits.items() if name not in hidden}
