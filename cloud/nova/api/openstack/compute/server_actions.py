"""What is done to a server by POST /servers/{id}/action: one method for each name that a body may have.

    {"os-stop": null}  ->  wsgi.Resource.find_action  ->  ServerActions.stop  ->  compute_api.stop  ->  202

Real: nova 2014.2 nova/api/openstack/compute/servers.py Controller._action_reboot and the like, and contrib/:
    server_start_stop.py, rescue.py, admin_actions.py, shelve.py, deferred_delete.py; a file each since 2015
"""

from webob.exc import HTTPBadRequest

from cloud.nova import exception, policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.compute.schemas import servers as schemas
from cloud.nova.api.openstack.compute.servers import ServerResource, located
from cloud.nova.compute.creation import generate_password
from wsgi import answer

V21 = 'os_compute_api:'


def plain(name, policy_name, method):
    """An action without arguments, answered 202: the compute API's method of that name."""

    @wsgi.action(name)
    @wsgi.response(202)
    @validation.schema(schemas.nothing(name))
    def act(self, req, id, body):
        instance = self.server_for(req, id, V21 + policy_name)
        getattr(self.compute_api, method)(req.context, instance)

    act.__name__ = method
    return act


class ServerActions(ServerResource):
    """The actions that take nothing, and those about power, locks and passwords."""

    start = plain('os-start', 'servers:start', 'start')
    stop = plain('os-stop', 'servers:stop', 'stop')
    pause = plain('pause', 'os-pause-server:pause', 'pause')
    unpause = plain('unpause', 'os-pause-server:unpause', 'unpause')
    suspend = plain('suspend', 'os-suspend-server:suspend', 'suspend')
    resume = plain('resume', 'os-suspend-server:resume', 'resume')
    shelve = plain('shelve', 'os-shelve:shelve', 'shelve')
    shelve_offload = plain('shelveOffload', 'os-shelve:shelve_offload', 'shelve_offload')
    unrescue = plain('unrescue', 'os-unrescue', 'unrescue')
    revert_resize = plain('revertResize', 'servers:revert_resize', 'revert_resize')
    unlock = plain('unlock', 'os-lock-server:unlock', 'unlock')
    restore = plain('restore', 'os-deferred-delete:restore', 'restore')
    force_delete = plain('forceDelete', 'os-deferred-delete:force', 'force_delete')

    @wsgi.action('unshelve')
    @wsgi.response(202)
    def unshelve(self, req, id, body):
        self.compute_api.unshelve(req.context, self.server_for(req, id, V21 + 'os-shelve:unshelve'))

    @wsgi.action('confirmResize')
    @wsgi.response(204)
    @validation.schema(schemas.nothing('confirmResize'))
    def confirm_resize(self, req, id, body):
        instance = self.server_for(req, id, V21 + 'servers:confirm_resize')
        self.compute_api.confirm_resize(req.context, instance)

    @wsgi.action('reboot')
    @wsgi.response(202)
    @validation.schema(schemas.REBOOT)
    def reboot(self, req, id, body):
        instance = self.server_for(req, id, V21 + 'servers:reboot')
        self.compute_api.reboot(req.context, instance, body['reboot']['type'].upper())

    @wsgi.action('lock')
    @wsgi.response(202)
    @validation.schema(schemas.LOCK)
    def lock(self, req, id, body):
        instance = self.server_for(req, id, V21 + 'os-lock-server:lock')
        reason = (body['lock'] or {}).get('locked_reason') if is_supported(req, '2.73') else None
        self.compute_api.lock(req.context, instance, reason)

    @wsgi.action('rescue')
    @validation.schema(schemas.RESCUE)
    @wsgi.bad_request(exception.ImageNotFound)
    def rescue(self, req, id, body):
        instance = self.server_for(req, id, V21 + 'os-rescue')
        sent = body['rescue'] or {}
        password = sent.get('adminPass') or generate_password()
        self.compute_api.rescue(req.context, instance, password, sent.get('rescue_image_ref'))
        return {'adminPass': password}

    @wsgi.action('changePassword')
    @wsgi.response(202)
    @validation.schema(schemas.CHANGE_PASSWORD)
    def change_password(self, req, id, body):
        instance = self.server_for(req, id, V21 + 'os-admin-password')
        self.compute_api.set_admin_password(req.context, instance, body['changePassword']['adminPass'])

    @wsgi.action('os-resetState')
    @wsgi.response(202)
    @validation.schema(schemas.RESET_STATE)
    def reset_state(self, req, id, body):
        instance = self.server_for(req, id, V21 + 'os-admin-actions:reset_state')
        self.compute_api.reset_state(req.context, instance, body['os-resetState']['state'])


class ServerImageActions(ServerResource):
    """Another flavor, another image, an image of its own. views: a views.servers.ViewBuilder; image_url: glance's."""

    def __init__(self, compute_api, views, image_url):
        super().__init__(compute_api)
        self.views, self.image_url = views, image_url

    @wsgi.action('resize')
    @wsgi.response(202)
    @validation.schema(schemas.RESIZE)
    @wsgi.bad_request(exception.FlavorNotFound, exception.CannotResizeToSameFlavor, exception.CannotResizeDisk)
    def resize(self, req, id, body):
        instance = self.server_for(req, id, V21 + 'servers:resize')
        owner = None if req.context.is_admin else req.context.project_id
        flavor = self.compute_api.flavors.table.get(str(body['resize']['flavorRef']), owner)
        self.compute_api.resize(req.context, instance, flavor)

    @wsgi.action('rebuild')
    @validation.schema(schemas.REBUILD)
    @wsgi.bad_request(exception.KeypairNotFound)
    def rebuild(self, req, id, body):
        instance = self.server_for(req, id, V21 + 'servers:rebuild')
        sent = body['rebuild']
        password = sent.get('adminPass') or generate_password()
        values = self._values(req, sent)
        try:
            instance = self.compute_api.rebuild(req.context, instance, sent['imageRef'], password, values)
        except exception.ImageNotFound:
            raise HTTPBadRequest('Cannot find image for rebuild') from None
        shown = self.views.of(req).changed(instance)
        if is_supported(req, '2.54'):
            shown['key_name'] = instance['key_name']
        if is_supported(req, '2.57'):
            shown['user_data'] = instance['user_data']
        return located(answer({'server': {**shown, 'adminPass': password}}, 202), shown)

    def _values(self, req, sent):
        """The columns that a rebuild changes beside the image."""
        names = {'name': 'display_name', 'description': 'display_description', 'hostname': 'hostname'}
        names.update(metadata='metadata', accessIPv4='access_ip_v4', accessIPv6='access_ip_v6', user_data='user_data')
        values = {column: sent[name] for name, column in names.items() if name in sent}
        if 'name' in sent:
            values['display_name'] = sent['name'].strip()
        if 'OS-DCF:diskConfig' in sent:
            values['auto_disk_config'] = sent['OS-DCF:diskConfig'] == 'AUTO'
        if sent.get('key_name'):
            keypair = self.compute_api.keypairs.get(req.context.user_id, sent['key_name'])
            values.update(key_name=keypair['name'], key_data=keypair['public_key'])
        elif 'key_name' in sent:
            values.update(key_name=None, key_data=None)
        return values

    @wsgi.action('createImage')
    @validation.schema(schemas.CREATE_IMAGE)
    def create_image(self, req, id, body):
        policy.enforce(req.context, V21 + 'servers:create_image')
        sent = body['createImage']
        metadata = sent.get('metadata') or {}
        self.compute_api.check_metadata_quota(req.context, metadata)
        image = self.compute_api.snapshot(req.context, self.get_server(req, id), sent['name'].strip(), metadata)
        if is_supported(req, '2.45'):
            return answer({'image_id': image['id']}, 202)
        accepted = wsgi.to_response(None, 202)
        accepted.location = f'{self.image_url}/images/{image["id"]}'
        return accepted


class ConsoleOutput(ServerResource):
    """What the machine has printed; and that there is no other console."""

    @wsgi.action('os-getConsoleOutput')
    @validation.schema(schemas.CONSOLE_OUTPUT)
    def get_console_output(self, req, id, body):
        instance = self.server_for(req, id, V21 + 'os-console-output')
        length = body['os-getConsoleOutput'].get('length')
        length = None if length is None or int(length) < 0 else int(length)
        return {'output': self.compute_api.get_console_output(req.context, instance, length)}

    @wsgi.action('os-getVNCConsole')
    @wsgi.api_version('2.1', '2.5')
    def get_vnc_console(self, req, id, body):
        return self._unavailable(req, id, body['os-getVNCConsole'])

    @wsgi.action('os-getSPICEConsole')
    @wsgi.api_version('2.1', '2.5')
    def get_spice_console(self, req, id, body):
        return self._unavailable(req, id, body['os-getSPICEConsole'])

    @wsgi.action('os-getSerialConsole')
    @wsgi.api_version('2.1', '2.5')
    def get_serial_console(self, req, id, body):
        return self._unavailable(req, id, body['os-getSerialConsole'])

    @wsgi.api_version('2.6')
    def create(self, req, server_id, body):
        """POST /servers/{id}/remote-consoles"""
        return self._unavailable(req, server_id, body.get('remote_console') if isinstance(body, dict) else None)

    def _unavailable(self, req, server_id, sent):
        self.server_for(req, server_id, V21 + 'os-remote-consoles')
        kind = sent.get('type') if isinstance(sent, dict) else None
        raise HTTPBadRequest(f'Unavailable console type {kind}.')
