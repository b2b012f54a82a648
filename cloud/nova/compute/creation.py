"""Creating instances: everything that can be refused is refused before a row is written.

    Creation.create_servers: zone -> image -> security groups, networks -> key -> metadata, files -> flavor and image
        -> rows, within the quota, in one transaction -> conductor.build_instances

The order is the real one's: a request with two mistakes is told of the same one as there.
Real: nova 2014.2 nova/compute/api.py API.create, _create_instance, _validate_and_build_base_options,
    _check_requested_image, _provision_instances; since 2017 the row is not made here but by the conductor, in the cell
Left out: block devices, PCI and NUMA requests, files put into the image (their quota is checked).
"""

import base64
import logging
import re
import secrets
import string

from cloud.nova import exception
from cloud.nova.compute import power_state, task_states, vm_states
from cloud.nova.compute.flavors import as_remembered
from cloud.oslo.utils.units import Gi
from cloud.oslo.utils.uuidutils import generate_text

LOG = logging.getLogger(__name__)

MOST_AT_ONCE = 1000  # instances of one request
MAX_METADATA = 255  # characters of a value in an instance's system metadata
MAX_FILES, MAX_FILE, MAX_PATH = 5, 10240, 255  # injected files, and bytes of one and of its path
ID_LETTERS = string.ascii_lowercase + string.digits


class Creation:
    """A part of compute.api.API."""

    def create_servers(self, context, flavor, image_id, display_name, min_count=1, max_count=1, **asked):
        """Write new instances down, have them built, and return them: at most max_count, as many as the quota allows.

        flavor: a row; image_id: text. asked: description, hostname, key_name, metadata, injected_files,
        admin_password, availability_zone, host, node, user_data, config_drive, auto_disk_config, access_ip_v4,
        access_ip_v6, requested_networks, security_groups, tags, scheduler_hints, system_metadata, each as its default
        says here.
        InvalidRequest, ImageNotFound, NetworkNotFound, SecurityGroupNotFound, KeypairNotFound,
        InstanceGroupNotFound, QuotaError; what check_requested_image raises.
        """
        zone = asked.get('availability_zone')
        if zone is not None and zone not in self.availability_zones.names():
            raise exception.InvalidRequest('The requested availability zone is not available')
        group = self._requested_group(context, asked)
        image = self.image_service.show(context, image_id)
        base = self._base_options(context, flavor, image, asked)
        check_files(asked.get('injected_files') or ())
        self.check_requested_image(context, flavor, image)
        base.update(display_name=display_name, reservation_id=f'r-{generate_text(ID_LETTERS, 8)}')
        instances = self._provision(context, base, flavor, min_count, max_count, asked.get('hostname'))
        uuids = [instance['uuid'] for instance in instances]
        try:
            if group:
                limit = self.quotas.limits(context.project_id)['server_group_members']
                self.groups.add_members(group['uuid'], uuids, limit)
            self._build(context, instances, image, asked)
        except Exception:
            for uuid in uuids:
                self.db_api.instance_destroy(uuid)
            raise
        return instances

    def _requested_group(self, context, asked):
        group_uuid = (asked.get('scheduler_hints') or {}).get('group')
        if group_uuid is None:
            return None
        return self.groups.get(group_uuid, None if context.is_admin else context.project_id)

    def _base_options(self, context, flavor, image, asked):
        """What all instances of one request have in common: columns by name."""
        if flavor['disabled']:
            raise exception.FlavorNotFound(flavor_id=flavor['flavorid'], flavors='those that are not disabled')
        groups = self.network_api.security_groups(context, asked.get('security_groups') or ())
        asked['networks'] = self.network_api.validate_networks(context, asked.get('requested_networks'))
        key = self._key(context, asked.get('key_name'))
        metadata = asked.get('metadata') or {}
        self.check_metadata_quota(context, metadata)
        return {
            'display_description': asked.get('description'),
            'user_id': context.user_id,
            'project_id': context.project_id,
            'image_ref': image['id'],
            'flavor': as_remembered(flavor),
            **sizes(flavor),
            **key,
            'metadata': metadata,
            'system_metadata': {
                **system_metadata_of(image),
                **(asked.get('system_metadata') or {}),
                **({'security_groups': ','.join(groups)} if groups else {}),
            },
            'availability_zone': asked.get('availability_zone'),
            'root_device_name': '/dev/vda',
            'config_drive': 'True' if asked.get('config_drive') else '',
            **{name: asked.get(name) for name in ('user_data', 'access_ip_v4', 'access_ip_v6')},
            'auto_disk_config': bool(asked.get('auto_disk_config')),
            'tags': sorted(set(asked.get('tags') or ())),
        }

    def _key(self, context, key_name):
        if key_name is None:
            return {}
        keypair = self.keypairs.get(context.user_id, key_name)
        return {'key_name': keypair['name'], 'key_data': keypair['public_key']}

    def check_metadata_quota(self, context, metadata):
        check_metadata(self.quotas.limits(context.project_id)['metadata_items'], metadata)

    def _provision(self, context, base, flavor, min_count, max_count, hostname):
        """The rows of as many instances as there is room for, from max_count down to min_count; TooManyInstances."""
        limits = self.quotas.limits(context.project_id)
        used, size = self.quotas.usage(context.project_id), size_of(flavor)
        if min_count > MOST_AT_ONCE or max_count > room(limits, used, size):
            self._checker(limits, {name: each * min_count for name, each in size.items()})(used)
        max_count = min(max_count, max(min_count, room(limits, used, size)), MOST_AT_ONCE)
        if min_count > max_count:
            raise exception.InvalidRequest(f'At most {MOST_AT_ONCE} servers can be asked for at once.')
        while True:
            asked = {name: size * max_count for name, size in size_of(flavor).items()}
            rows = [self._row(base, number, max_count, hostname) for number in range(max_count)]
            try:
                check = self._checker(limits, asked)
                return self.db_api.instances_create(rows, check)
            except exception.TooManyInstances:
                if max_count <= min_count:
                    raise
                max_count = max(min_count, max_count - 1)

    def _checker(self, limits, asked):
        return lambda used: self.quotas.check_instances(limits, used, asked)

    def _row(self, base, number, count, hostname):
        name = f'{base["display_name"]}-{number + 1}' if count > 1 else base['display_name']
        hostname = hostname if count == 1 or hostname is None else f'{hostname}-{number + 1}'
        states = {
            'vm_state': vm_states.BUILDING,
            'task_state': task_states.SCHEDULING,
            'power_state': power_state.NOSTATE,
        }
        names = {'display_name': name, 'hostname': hostname or sanitize_hostname(name), 'launch_index': number}
        return {**base, **names, **states}

    def _build(self, context, instances, image, asked):
        hints = asked.get('scheduler_hints') or {}
        properties = {'scheduler_hints': hints, 'force_hosts': asked.get('host'), 'force_nodes': asked.get('node')}
        for instance in instances:
            self.db_api.instance_action_start(instance['uuid'], 'create', context)
        self.compute_task_api.build_instances(
            context,
            instances,
            image,
            {name: value for name, value in properties.items() if value},
            asked.get('admin_password'),
            asked.get('injected_files') or [],
            asked['networks'],
            asked.get('security_groups') or ['default'],
        )

    def check_requested_image(self, context, flavor, image):
        """Whether an instance of that flavor can be made of the image, a dict as image_service.show answers.

        ImageNotActive, FlavorMemoryTooSmall, FlavorDiskTooSmall; ImageNotFound for its kernel or ramdisk.
        """
        if image['status'] != 'active':
            raise exception.ImageNotActive(image_id=image['id'])
        if flavor['memory_mb'] < (image.get('min_ram') or 0):
            raise exception.FlavorMemoryTooSmall(too_small('memory', flavor['memory_mb'], 'MiB', image['min_ram']))
        if flavor['root_gb'] < (image.get('min_disk') or 0):
            raise exception.FlavorDiskTooSmall(too_small('disk', flavor['root_gb'], 'GiB', image['min_disk']))
        for name in ('kernel_id', 'ramdisk_id'):
            if image['properties'].get(name):
                self.image_service.show(context, image['properties'][name])
        check_image_size(image, flavor['root_gb'])


def sizes(flavor):
    return {name: flavor[name] for name in ('memory_mb', 'vcpus', 'root_gb')}


def size_of(flavor):
    """What one instance of the flavor takes of a quota."""
    return {'instances': 1, 'cores': flavor['vcpus'], 'ram': flavor['memory_mb']}


def room(limits, used, size):
    """How many more instances of that size the quotas have room for."""
    bounded = [name for name in size if limits[name] >= 0 and size[name]]
    return min((max(0, limits[name] - used[name]) // size[name] for name in bounded), default=MOST_AT_ONCE)


def check_metadata(allowed, metadata):
    """MetadataLimitExceeded for more entries than allowed; a negative number allows any."""
    if 0 <= allowed < len(metadata):
        raise exception.MetadataLimitExceeded(allowed=allowed)


def check_files(files):
    """OnsetFileLimitExceeded, for files to be put into an image that are too many or too large."""
    if len(files) > MAX_FILES:
        raise exception.OnsetFileLimitExceeded()
    for path, contents in files:
        if len(path) > MAX_PATH or len(base64.b64decode(contents)) > MAX_FILE:
            raise exception.OnsetFileLimitExceeded()


def check_image_size(image, root_gb):
    """FlavorDiskTooSmall if the image does not fit on a disk of root_gb GiB; 0 is any size."""
    if root_gb and (image.get('size') or 0) > root_gb * Gi:
        size = f'{image["size"] / Gi:.3f}'
        raise exception.FlavorDiskTooSmall(too_small('disk', root_gb, 'GiB', size))


def too_small(what, has, unit, needs):
    return f"The flavor's {what} of {has} {unit} is too small for the image, which needs {needs}: take another flavor."


def system_metadata_of(image):
    """What the instance remembers of its image, even after that is gone: its properties, as image_NAME, in text."""
    return {f'image_{name}': str(value)[:MAX_METADATA] for name, value in image['properties'].items()}


def sanitize_hostname(name):
    """A name for the instance's network: what may be in one of it, or `server`."""
    name = re.sub('[ _]', '-', name.encode('ascii', 'ignore').decode())
    return re.sub('[^a-z0-9.-]', '', name.lower()).strip('.-')[:63] or 'server'


def generate_password(length=12):
    """A password that nobody guesses, of letters and digits that nobody confuses."""
    return ''.join(secrets.choice('23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz') for _ in range(length))
