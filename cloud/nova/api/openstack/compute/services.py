"""The processes of compute, for admins: who is up, who takes new instances.

Real: nova 2014.2 nova/api/openstack/compute/contrib/services.py ServiceController
"""

from webob.exc import HTTPBadRequest

from cloud.nova import policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.compute.schemas import server_parts as schemas
from cloud.nova.utils import is_uuid_like
from cloud.oslo.utils.timeutils import strtime

POLICY = 'os_compute_api:os-services:'
TRUE = (True, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', 'y', 't')


class ServiceController(wsgi.Resource):
    """db_api: a Database; zones: an AvailabilityZones."""

    def __init__(self, db_api, zones):
        self.db_api, self.zones = db_api, zones

    def index(self, req):
        policy.enforce(req.context, POLICY + 'list')
        found = self.db_api.service_get_all(req.GET.get('host'), req.GET.get('binary'))
        return {'services': [self._view(req, service) for service in found]}

    @wsgi.response(204)
    def delete(self, req, id):
        policy.enforce(req.context, POLICY + 'delete')
        self.db_api.service_destroy(self._id(req, id))

    @wsgi.api_version('2.53')
    @validation.schema({'2.53': schemas.UPDATE_SERVICE})
    def update(self, req, id, body):
        policy.enforce(req.context, POLICY + 'update')
        values = values_of(body)
        service = self.db_api.service_get(self._id(req, id))
        return {'service': self._view(req, self.db_api.service_update(service['id'], values))}

    def _id(self, req, text):
        if is_supported(req, '2.53'):
            if not is_uuid_like(text):
                raise HTTPBadRequest(f'Invalid uuid {text}')
            return text
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise HTTPBadRequest(f'Invalid input received: {text} is not an integer')
        return int(text)

    @wsgi.api_version('2.1', '2.52')
    @validation.schema({'2.1': schemas.DISABLE})
    def enable(self, req, body):
        return self._update_by_host(req, body, {'disabled': False, 'disabled_reason': None}, status='enabled')

    @wsgi.api_version('2.1', '2.52')
    @validation.schema({'2.1': schemas.DISABLE})
    def disable(self, req, body):
        return self._update_by_host(req, body, {'disabled': True}, status='disabled')

    @wsgi.api_version('2.1', '2.52')
    @validation.schema({'2.1': schemas.DISABLE})
    def disable_log_reason(self, req, body):
        reason = body.get('disabled_reason')
        if not reason:
            raise HTTPBadRequest('Missing disabled reason field')
        values = {'disabled': True, 'disabled_reason': reason}
        return self._update_by_host(req, body, values, status='disabled', disabled_reason=reason)

    @wsgi.api_version('2.11', '2.52')
    @validation.schema({'2.11': schemas.FORCE_DOWN})
    def force_down(self, req, body):
        forced = body['forced_down'] in TRUE
        return self._update_by_host(req, body, {'forced_down': forced}, forced_down=forced)

    def _update_by_host(self, req, body, values, **shown):
        policy.enforce(req.context, POLICY + 'update')
        service = self.db_api.service_get_by_host_and_binary(body['host'], body['binary'])
        self.db_api.service_update(service['id'], values)
        return {'service': {'host': body['host'], 'binary': body['binary'], **shown}}

    def _view(self, req, service):
        seen = service['last_seen_up'] or service['created_at']
        shown = {
            'binary': service['binary'],
            'host': service['host'],
            'id': service['uuid'] if is_supported(req, '2.53') else service['id'],
            'zone': self._zone(service),
            'status': 'disabled' if service['disabled'] else 'enabled',
            'state': 'up' if self.zones.is_up(service) else 'down',
            'updated_at': strtime(seen),
            'disabled_reason': service['disabled_reason'],
        }
        return {**shown, 'forced_down': service['forced_down']} if is_supported(req, '2.11') else shown

    def _zone(self, service):
        if service['binary'] != 'nova-compute':
            return 'internal'
        return service['availability_zone'] or self.zones.default


def values_of(body):
    """A service's columns out of a body; HTTPBadRequest for what does not fit together."""
    if not body:
        raise HTTPBadRequest('No updates were requested. Fields "status" or "forced_down" should be specified.')
    values = {}
    if 'status' in body:
        values['disabled'] = body['status'] == 'disabled'
        values['disabled_reason'] = body.get('disabled_reason')
    if 'disabled_reason' in body and body.get('status') != 'disabled':
        raise HTTPBadRequest("Specifying disabled_reason requires that status is 'disabled'.")
    if 'forced_down' in body:
        values['forced_down'] = body['forced_down'] in TRUE
    return values
