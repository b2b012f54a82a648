"""EC2's Cloud, the rest of it: instances, and what clients ask before they make some.

    run_instances -> compute API create_servers -> ... as from POST /v2.1/servers

Use: ComputeCloudController(compute_api, region, url), as the application behind the action `execute`
Real: nova 2013-04 (c8067d1b70) nova/api/ec2/cloud.py CloudController, nova/api/ec2/inst_state.py
Left out: volumes, addresses that one can have, security groups that one can make. That a ClientToken makes no second
    reservation holds for one process of the API.
"""

import threading
from datetime import timedelta

from cloud.nova import exception
from cloud.nova.api.ec2 import ec2utils, filters
from cloud.nova.api.ec2.apirequest import LIST, TEXT, TREE, BadRequest
from cloud.nova.api.ec2.cloud import CloudController
from cloud.nova.api.ec2.views import INSTANCE_FILTERS, format_instance, format_type, state_of
from cloud.oslo.utils.strutils import is_whole_number, whole_number
from cloud.oslo.utils.timeutils import utcnow

REMEMBERED = timedelta(hours=1)  # for which a terminated instance is still listed, as clients wait for that state
CLIENT_TOKEN = 'EC2_client_token'
MOST = 1000  # instances of one request
IDS, PAGE = {'InstanceId': LIST}, {'Filter': TREE, 'MaxResults': TEXT, 'NextToken': TEXT, 'DryRun': TEXT}


class ComputeCloudController(CloudController):
    """compute_api: nova's; region: its name; url: where clients reach this API."""

    actions = {
        **CloudController.actions,
        'RunInstances': 'run_instances',
        'DescribeInstances': 'describe_instances',
        'TerminateInstances': 'terminate_instances',
        'StopInstances': 'stop_instances',
        'StartInstances': 'start_instances',
        'RebootInstances': 'reboot_instances',
        'DescribeRegions': 'describe_regions',
        'DescribeAvailabilityZones': 'describe_availability_zones',
        'DescribeInstanceTypes': 'describe_instance_types',
        'DescribeKeyPairs': 'describe_key_pairs',
        'DescribeAddresses': 'describe_addresses',
    }
    arguments = {
        'DescribeImages': {**CloudController.arguments['DescribeImages'], **PAGE, 'ExecutableBy': LIST},
        'RunInstances': {
            **dict.fromkeys(('ImageId', 'MinCount', 'MaxCount', 'InstanceType', 'KeyName', 'UserData'), TEXT),
            **{'ClientToken': TEXT, 'Placement': TREE, 'SecurityGroup': LIST, 'TagSpecification': TREE, 'DryRun': TEXT},
        },
        'DescribeInstances': {**IDS, **PAGE},
        'TerminateInstances': {**IDS, 'DryRun': TEXT},
        'StopInstances': {**IDS, 'Force': TEXT, 'DryRun': TEXT},
        'StartInstances': {**IDS, 'DryRun': TEXT},
        'RebootInstances': {**IDS, 'DryRun': TEXT},
        'DescribeRegions': {'RegionName': LIST, 'AllRegions': TEXT, **PAGE},
        'DescribeAvailabilityZones': {'ZoneName': LIST, 'AllAvailabilityZones': TEXT, **PAGE},
        'DescribeInstanceTypes': {'InstanceType': LIST, **PAGE},
        'DescribeKeyPairs': {'KeyName': LIST, **PAGE},
        'DescribeAddresses': {'PublicIp': LIST, 'AllocationId': LIST, **PAGE},
    }

    def __init__(self, compute_api, region, url):
        super().__init__(compute_api.image_service, compute_api.db_api)
        self.compute_api, self.db_api = compute_api, compute_api.db_api
        self.region, self.url = region, url
        self.lock = threading.Lock()  # held while it is looked up whether a ClientToken has been here

    # -- instances

    def run_instances(self, context, image_id=None, min_count='1', max_count=None, client_token=None, **asked):
        """Have instances made: as many as there is room for, from min_count to max_count."""
        if image_id is None:
            raise BadRequest('MissingParameter', 'ImageId is missing: send the id of an image.')
        refuse_dry_run(asked.pop('dry_run', None))
        counts = number('MinCount', min_count), number('MaxCount', max_count or min_count)
        if counts[0] > counts[1]:
            raise BadRequest('InvalidParameterValue', 'MinCount is more than MaxCount: send at most as much.')
        wanted = self.wanted(context, asked)
        image_uuid = self.image_uuid(context, image_id)
        if client_token is None:
            made = self.make(context, image_uuid, counts, wanted)
        else:
            wanted['system_metadata'] = {CLIENT_TOKEN: client_token}
            with self.lock:
                made = self.made_before(context, client_token) or self.make(context, image_uuid, counts, wanted)
        return self.reservation(context, made)

    def wanted(self, context, asked):
        """The words of EC2 in those of the compute API."""
        placement = asked.get('placement')
        return {
            'flavor': self.compute_api.flavors.named(asked.get('instance_type'), context.project_id),
            'display_name': name_in(asked.get('tag_specification')) or 'instance',
            'key_name': asked.get('key_name'),
            'user_data': asked.get('user_data'),
            'security_groups': asked.get('security_group') or (),
            'availability_zone': placement.get('availability_zone') if isinstance(placement, dict) else None,
        }

    def make(self, context, image_uuid, counts, wanted):
        wanted = dict(wanted)
        flavor, name = wanted.pop('flavor'), wanted.pop('display_name')
        return self.compute_api.create_servers(context, flavor, image_uuid, name, *counts, **wanted)

    def made_before(self, context, client_token):
        asked = {'system_metadata': {CLIENT_TOKEN: client_token}, 'deleted': None}
        return self.db_api.instance_get_all_by_filters(asked, project_id=context.project_id)

    def image_uuid(self, context, ec2_id):
        """The id that the image service has for an image that the caller may see; ImageNotFound."""
        return self.image_service.ids.id_to_glance_id(context, self._get_image(context, ec2_id)['id'])

    def describe_instances(self, context, instance_id=(), filter=(), **page):
        """The caller's reservations, with those terminated lately; of these ids, as the filters say."""
        rows = self.find_all(context, instance_id) if instance_id else self.all(context)
        reservations = {}
        for instance in sorted(rows, key=lambda row: row['id']):
            reservations.setdefault(instance['reservation_id'] or instance['uuid'], []).append(instance)
        found = [self.reservation(context, instances, filter) for instances in reservations.values()]
        return {'reservationSet': [reservation for reservation in found if reservation['instancesSet']]}

    def all(self, context):
        get_all = self.db_api.instance_get_all_by_filters
        lately = {'deleted': True, 'changes-since': utcnow() - REMEMBERED}
        mine = {'project_id': context.project_id}
        return get_all({}, **mine) + get_all(lately, **mine)

    def reservation(self, context, instances, wanted=()):
        views = [format_instance(instance, self.ami(context, instance)) for instance in instances]
        return {
            'reservationId': instances[0]['reservation_id'] or f'r-{instances[0]["id"]:08x}',
            'ownerId': instances[0]['project_id'],
            'groupSet': [],
            'instancesSet': filters.apply(wanted, views, INSTANCE_FILTERS),
        }

    def ami(self, context, instance):
        if instance['image_ref'] is None:
            return None
        return self.image_service.ids.glance_id_to_ec2_id(context, instance['image_ref'])

    def find(self, context, ec2_id):
        """The caller's instance of that id, also one that was terminated lately; InstanceNotFound."""
        asked = {'id': ec2utils.instance_number(ec2_id), 'deleted': None}
        for instance in self.db_api.instance_get_all_by_filters(asked, project_id=context.project_id):
            if not instance['deleted'] or instance['deleted_at'] > utcnow() - REMEMBERED:
                return instance
        raise exception.InstanceNotFound(instance_id=ec2_id)

    def find_all(self, context, ec2_ids):
        """Those of all these ids; if one is not there, nothing is done with the others."""
        if not ec2_ids:
            raise BadRequest('MissingParameter', 'InstanceId.1 is missing: send the ids of instances.')
        return [self.find(context, ec2_id) for ec2_id in dict.fromkeys(ec2_ids)]

    def terminate_instances(self, context, instance_id=(), dry_run=None):
        return self.change(context, instance_id, dry_run, self.compute_api.delete_server, skips_deleted=True)

    def stop_instances(self, context, instance_id=(), dry_run=None, force=None):
        return self.change(context, instance_id, dry_run, self.compute_api.stop)

    def start_instances(self, context, instance_id=(), dry_run=None):
        return self.change(context, instance_id, dry_run, self.compute_api.start)

    def reboot_instances(self, context, instance_id=(), dry_run=None):
        refuse_dry_run(dry_run)
        for instance in self.find_all(context, instance_id):
            self.compute_api.reboot(context, instance, 'SOFT')
        return {'return': True}

    def change(self, context, ec2_ids, dry_run, do, skips_deleted=False):
        """do(context, instance) for each; their states before and after."""
        refuse_dry_run(dry_run)
        states = []
        for instance in self.find_all(context, ec2_ids):
            if not (skips_deleted and instance['deleted']):
                self.do(context, instance, do)
            after = self.db_api.instance_get_by_uuid(instance['uuid'], read_deleted=True)
            ec2_id = ec2utils.id_to_ec2_id(instance['id'])
            state = {'currentState': state_of(after), 'previousState': state_of(instance)}
            states.append({'instanceId': ec2_id, **state})
        return {'instancesSet': states}

    def do(self, context, instance, do):
        try:
            do(context, instance)
        except exception.NovaException as error:
            if error.code != 409:
                raise
            raise IncorrectInstanceState(str(error)) from None

    # -- what there is to choose from

    def describe_regions(self, context, region_name=(), filter=(), **page):
        regions = [{'regionName': self.region, 'regionEndpoint': self.url, 'optInStatus': 'opt-in-not-required'}]
        chosen = [region for region in regions if not region_name or region['regionName'] in region_name]
        return {'regionInfo': filters.apply(filter, chosen, {'region-name': 'regionName'})}

    def describe_availability_zones(self, context, zone_name=(), filter=(), **page):
        zones = [
            {'zoneName': name, 'zoneState': 'available', 'regionName': self.region, 'messageSet': []}
            for name in self.compute_api.availability_zones.names()
            if not zone_name or name in zone_name
        ]
        known = {'zone-name': 'zoneName', 'state': 'zoneState', 'region-name': 'regionName'}
        return {'availabilityZoneInfo': filters.apply(filter, zones, known)}

    def describe_instance_types(self, context, instance_type=(), filter=(), **page):
        names = instance_type or self.compute_api.flavors.table.names()
        types = []
        for name in names:
            try:
                types.append(format_type(self.compute_api.flavors.named(name, context.project_id)))
            except exception.FlavorNotFound:  # another's, or gone meanwhile
                if instance_type:
                    message = f'The following supplied instance types do not exist: [{name}]'
                    raise BadRequest('InvalidInstanceType', message) from None
        return {'instanceTypeSet': filters.apply(filter, types, {'instance-type': 'instanceType'})}

    def describe_key_pairs(self, context, key_name=(), filter=(), **page):
        if key_name:
            pairs = [self.compute_api.keypairs.get(context.user_id, name) for name in key_name]
        else:
            pairs = self.compute_api.keypairs.table.get_all(context.user_id)
        views = [{'keyName': pair['name'], 'keyFingerprint': pair['fingerprint']} for pair in pairs]
        known = {'key-name': 'keyName', 'fingerprint': 'keyFingerprint'}
        return {'keySet': filters.apply(filter, views, known)}

    def describe_addresses(self, context, **asked):
        return {'addressesSet': []}


class IncorrectInstanceState(exception.Invalid):
    ec2_code = 'IncorrectInstanceState'


def number(name, text):
    if not is_whole_number(text) or not 1 <= whole_number(text) <= MOST:
        raise BadRequest('InvalidParameterValue', f'{name} is {text}: send a number from 1 to {MOST}.')
    return whole_number(text)


def refuse_dry_run(text):
    """What would be done may be done: that is an error, too, for EC2's clients."""
    if text == 'true':
        raise DryRunOperation('Request would have succeeded, but DryRun flag is set.')


class DryRunOperation(exception.Invalid):
    code = 412
    ec2_code = 'DryRunOperation'


def name_in(specifications):
    """The value of the tag Name, or None. Other tags are not kept."""
    for each in specifications if isinstance(specifications, list) else ():
        tags = each.get('tag') if isinstance(each, dict) else None
        for tag in tags if isinstance(tags, list) else ():
            if isinstance(tag, dict) and tag.get('key') == 'Name' and isinstance(tag.get('value'), str):
                return tag['value'][:255] or None
    return None
