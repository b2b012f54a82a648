"""How EC2's clients see instances and their types.

Use: format_instance(row, 'ami-00000001'); state_of(row)  ->  {'code': 16, 'name': 'running'}
Real: nova 2013-04 (c8067d1b70) nova/api/ec2/cloud.py CloudController._format_instances, nova/api/ec2/inst_state.py
"""

from cloud.nova.api.ec2 import ec2utils
from cloud.nova.compute import task_states, vm_states
from cloud.oslo.utils.timeutils import isotime

PENDING, RUNNING, SHUTTING_DOWN, TERMINATED, STOPPING, STOPPED = 0, 16, 32, 48, 64, 80
NAMES = {
    PENDING: 'pending',
    RUNNING: 'running',
    SHUTTING_DOWN: 'shutting-down',
    TERMINATED: 'terminated',
    STOPPING: 'stopping',
    STOPPED: 'stopped',
}
STATES = {
    vm_states.BUILDING: PENDING,
    vm_states.STOPPED: STOPPED,
    vm_states.PAUSED: STOPPED,
    vm_states.SUSPENDED: STOPPED,
    vm_states.SHELVED: STOPPED,
    vm_states.SHELVED_OFFLOADED: STOPPED,
    vm_states.SOFT_DELETED: TERMINATED,
    vm_states.DELETED: TERMINATED,
    vm_states.ERROR: TERMINATED,  # EC2 knows no such state: an instance that cannot be made is terminated at once
}
INSTANCE_FILTERS = {
    'instance-id': 'instanceId',
    'instance-state-name': 'instanceState.name',
    'instance-state-code': 'instanceState.code',
    'image-id': 'imageId',
    'instance-type': 'instanceType',
    'key-name': 'keyName',
    'private-ip-address': 'privateIpAddress',
    'availability-zone': 'placement.availabilityZone',
    'client-token': 'clientToken',
    'tag:Name': 'name',
}


def state_of(instance):
    if instance['deleted']:
        code = TERMINATED
    elif instance['task_state'] == task_states.DELETING:
        code = SHUTTING_DOWN
    elif instance['task_state'] == task_states.POWERING_OFF:
        code = STOPPING
    elif instance['task_state'] == task_states.POWERING_ON:
        code = PENDING
    else:
        code = STATES.get(instance['vm_state'], RUNNING)
    return {'code': code, 'name': NAMES[code]}


def format_instance(instance, image_id):
    """image_id: the image's EC2 id, or None for an instance without one."""
    address = address_of(instance)
    fault = instance['fault'] if instance['vm_state'] == vm_states.ERROR else None
    return {
        'instanceId': ec2utils.id_to_ec2_id(instance['id']),
        'imageId': image_id,
        'instanceState': state_of(instance),
        'privateDnsName': instance['hostname'],
        'dnsName': '',
        'stateReason': fault and {'code': 'Server.InternalError', 'message': fault['message']},
        'keyName': instance['key_name'],
        'amiLaunchIndex': instance['launch_index'],
        'productCodes': [],
        'instanceType': (instance['flavor'] or {}).get('name'),
        'launchTime': isotime(instance['launched_at'] or instance['created_at']),
        'placement': {'availabilityZone': instance['availability_zone'] or 'nova', 'tenancy': 'default'},
        'monitoring': {'state': 'disabled'},
        'privateIpAddress': address,
        'ipAddress': instance['access_ip_v4'],
        'groupSet': [],
        'rootDeviceType': 'instance-store',
        'rootDeviceName': instance['root_device_name'],
        'clientToken': instance['system_metadata'].get('EC2_client_token'),
        'tagSet': [{'key': 'Name', 'value': instance['display_name']}],
        'name': instance['display_name'],
    }


def address_of(instance):
    for interface in instance['network_info'] or ():
        for each in interface['ips']:
            return each['address']
    return None


def format_type(flavor):
    return {
        'instanceType': flavor['name'],
        'currentGeneration': True,
        'freeTierEligible': False,
        'bareMetal': False,
        'vCpuInfo': {'defaultVCpus': flavor['vcpus']},
        'memoryInfo': {'sizeInMiB': flavor['memory_mb']},
        'instanceStorageSupported': True,
        'instanceStorageInfo': {'totalSizeInGB': flavor['root_gb']},
    }
