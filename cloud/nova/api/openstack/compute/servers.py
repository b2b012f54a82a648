"""Servers over HTTP: what a client sends is read here, and handed to the compute API; what that says is shown.

    POST /servers -> create -> compute_api.create_servers -> 202, BUILD
    GET  /servers[/detail] -> filters, order, page -> one query of the database

Real: nova 2014.2 nova/api/openstack/compute/servers.py Controller, nova/api/openstack/compute/plugins/v3/servers.py
Left out: block devices, trusted certificates, networks' tags (they are checked, and forgotten).
"""

from webob.exc import HTTPBadRequest

from cloud.nova import exception, policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.compute import server_filters
from cloud.nova.api.openstack.compute.schemas import servers as schemas
from cloud.nova.api.openstack.pages import page_of, sorting_of, with_links
from cloud.nova.compute.creation import generate_password
from cloud.oslo.utils.strutils import whole_number
from wsgi import answer

POLICY = 'os_compute_api:servers:'
TRUE = (True, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', 'y', 't')
CREATE_ERRORS = (
    exception.ImageNotFound,
    exception.FlavorNotFound,
    exception.KeypairNotFound,
    exception.NetworkNotFound,
    exception.SecurityGroupNotFound,
    exception.InstanceGroupNotFound,
)
ONCE_BOUND = {'accessIPv4': 'access_ip_v4', 'accessIPv6': 'access_ip_v6'}


class ServerResource(wsgi.Resource):
    """What all controllers about one server share. compute_api: a compute.api.API."""

    def __init__(self, compute_api):
        self.compute_api = compute_api

    def get_server(self, req, server_id, read_deleted=False):
        """The instance; InstanceNotFound, also for one of nobody, which is for admins and the lesson alone."""
        instance = self.compute_api.get(req.context, server_id, read_deleted)
        if instance['project_id'] is None and not req.context.is_admin:
            raise exception.InstanceNotFound(instance_id=server_id)
        return instance

    def server_for(self, req, server_id, action):
        """The instance, if the caller may do the action; InstanceNotFound, PolicyNotAuthorized."""
        instance = self.get_server(req, server_id)
        policy.enforce(req.context, action)
        return instance


class ServersController(ServerResource):
    """views: a views.servers.ViewBuilder; max_limit: servers on a page; action_controllers: of .../action."""

    def __init__(self, compute_api, views, max_limit=1000, action_controllers=()):
        super().__init__(compute_api)
        self.views, self.max_limit, self.action_controllers = views, max_limit, action_controllers

    @validation.query_schema(schemas.QUERY)
    def index(self, req):
        return self._page(req, 'index', 'servers', self.views.of(req).basic)

    @validation.query_schema(schemas.QUERY)
    def detail(self, req):
        return self._page(req, 'detail', 'servers/detail', self.views.of(req).detail)

    def _page(self, req, action, collection, view):
        policy.enforce(req.context, POLICY + action)
        filters, project_id = server_filters.read(req, POLICY + action)
        limit, marker = page_of(req, self.max_limit)
        sort_keys, sort_dirs = sorting_of(req, ['created_at'], 'desc')
        if marker:
            self._check_marker(req, marker)
        found = []
        if filters is not None and limit:
            columns = [key for key in sort_keys if key in server_filters.COLUMNS]
            dirs = [way for key, way in zip(sort_keys, sort_dirs) if key in server_filters.COLUMNS]
            found = self.compute_api.db_api.instance_get_all_by_filters(
                filters, *order(columns, dirs), limit, marker or None, project_id
            )
        document = {'servers': [view(instance) for instance in found]}
        return with_links(document, req, 'servers', collection, limit, [each['uuid'] for each in found])

    def _check_marker(self, req, marker):
        """MarkerNotFound for one that the caller may not see either."""
        try:
            self.get_server(req, marker, read_deleted=True)
        except exception.InstanceNotFound:
            raise exception.MarkerNotFound(marker=marker) from None

    @validation.query_schema(schemas.SHOW_QUERY)
    def show(self, req, id):
        return {'server': self.views.of(req).show(self.server_for(req, id, POLICY + 'show'))}

    @validation.schema(schemas.CREATE)
    @wsgi.bad_request(*CREATE_ERRORS)
    def create(self, req, body):
        sent = body['server']
        min_count, max_count = counts(sent)
        policy.enforce(req.context, POLICY + 'create')
        asked = self._asked(req, sent, body)
        check_devices(sent)
        if not sent.get('imageRef'):
            raise HTTPBadRequest('Missing imageRef attribute')
        owner = None if req.context.is_admin else req.context.project_id
        flavor = self.compute_api.flavors.table.get(str(sent['flavorRef']), owner)
        try:
            instances = self.compute_api.create_servers(
                req.context, flavor, sent['imageRef'], sent['name'].strip(), min_count, max_count, **asked
            )
        except exception.ImageNotFound:
            raise HTTPBadRequest('Can not find requested image') from None
        except exception.KeypairNotFound:
            raise HTTPBadRequest('Invalid key_name provided.') from None
        if sent.get('return_reservation_id') in TRUE:
            return answer({'reservation_id': instances[0]['reservation_id']}, 202)
        shown = self.views.of(req).create(instances[0], asked['admin_password'])
        return located(answer({'server': shown}, 202), shown)

    def _asked(self, req, sent, body):
        """What compute's create_servers takes beside flavor, image and name, out of a body that the schema let pass."""
        zone, host, node = read_zone(req, sent.get('availability_zone'))
        if sent.get('host') or sent.get('hypervisor_hostname'):
            policy.enforce(req.context, 'compute:servers:create:requested_destination')
            host, node = sent.get('host'), sent.get('hypervisor_hostname')
        groups = [group['name'] for group in sent.get('security_groups', ()) if 'name' in group]
        hints = body.get('os:scheduler_hints') or body.get('OS-SCH-HNT:scheduler_hints') or {}
        return {
            'description': sent.get('description') if is_supported(req, '2.19') else sent['name'].strip(),
            'admin_password': sent.get('adminPass') or generate_password(),
            'availability_zone': zone,
            'host': host,
            'node': node,
            'requested_networks': read_networks(sent),
            'security_groups': groups,
            'scheduler_hints': hints,
            'injected_files': [(each['path'], each['contents']) for each in sent.get('personality', ())],
            'config_drive': sent.get('config_drive') in TRUE,
            'auto_disk_config': sent.get('OS-DCF:diskConfig') == 'AUTO',
            **{column: sent.get(name) for name, column in ONCE_BOUND.items()},
            **{name: sent.get(name) for name in ('hostname', 'key_name', 'metadata', 'user_data', 'tags')},
        }

    @validation.schema(schemas.UPDATE)
    def update(self, req, id, body):
        self.server_for(req, id, POLICY + 'update')
        sent = body['server']
        values = {column: sent[name] for name, column in ONCE_BOUND.items() if name in sent}
        if 'name' in sent:
            values['display_name'] = sent['name'].strip()
        if 'description' in sent:
            values['display_description'] = sent['description']
        if 'hostname' in sent:
            values['hostname'] = sent['hostname']
        if 'OS-DCF:diskConfig' in sent:
            values['auto_disk_config'] = sent['OS-DCF:diskConfig'] == 'AUTO'
        return {'server': self.views.of(req).changed(self.compute_api.update(id, values))}

    @wsgi.response(204)
    def delete(self, req, id):
        instance = self.server_for(req, id, POLICY + 'delete')
        self.compute_api.delete_server(req.context, instance)


def order(keys, dirs):
    """(sort keys, directions) for the database; the order in which they were made, which an index has, as it is."""
    if keys in ([], ['created_at']):
        return [], dirs[:1] or ['desc']
    return keys, dirs


def counts(sent):
    """(min_count, max_count); HTTPBadRequest."""
    min_count = whole_number(str(sent.get('min_count', 1)))
    max_count = whole_number(str(sent.get('max_count', min_count)))
    if min_count > max_count:
        raise HTTPBadRequest('min_count must be <= max_count')
    return min_count, max_count


def check_devices(sent):
    """HTTPBadRequest for a disk that is not made of the server's own image: there are no volumes here."""
    for device in sent.get('block_device_mapping_v2', ()):
        of_image = device.get('source_type') == 'image' and device.get('destination_type', 'local') == 'local'
        if not (of_image and device.get('uuid') == sent.get('imageRef')):
            raise HTTPBadRequest('Block Device Mapping is Invalid: there are no volumes here.')
    if sent.get('block_device_mapping'):
        raise HTTPBadRequest('Block Device Mapping is Invalid: there are no volumes here.')


def read_zone(req, text):
    """(zone, host, node) of ZONE, or of an admin's ZONE:HOST:NODE; HTTPBadRequest."""
    if text is None or ':' not in text:
        return text, None, None
    parts = text.split(':')
    if len(parts) > 3:
        raise HTTPBadRequest(f'The availability zone {text} has more than three parts.')
    policy.enforce(req.context, POLICY + 'create:forced_host')
    return tuple(part or None for part in (*parts, '')[:3])


def read_networks(sent):
    """None, 'auto', 'none' or a list; HTTPBadRequest for an entry that names nothing."""
    requested = sent.get('networks')
    if isinstance(requested, list):
        for each in requested:
            if not (each.get('uuid') or each.get('port')):
                raise HTTPBadRequest(
                    f'Bad networks format: network uuid is not in proper format ({each.get("uuid", "")})'
                )
    return requested


def located(response, shown):
    """The answer with the Location of what it shows."""
    response.location = shown['links'][0]['href']
    return response
