"""boto3, unmodified, with the keys that make env prints: Keystone, glance and nova as processes of their own."""

import contextlib
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from cloud.keystone.cmd.client import Client
from tests.cloud.keystone.processes import running_cloud
from tests.cloud.nova.processes import ask

QUICK = {'Delay': 0.2, 'MaxAttempts': 300}
OLD = pytest.mark.filterwarnings('ignore:.*utcnow:DeprecationWarning')


@pytest.fixture(scope='module')
def cloud(tmp_path_factory):
    with running_cloud(tmp_path_factory.mktemp('cloud')) as cloud:
        demo = Client(f'{cloud.keystone.url}/v3', 'demo', 'secret', 'demo')
        token = demo.headers['X-Auth-Token']
        fields = {'name': 'cirros', 'disk_format': 'raw', 'container_format': 'bare'}
        image = ask(cloud.glance, 'POST', '/v2/images', fields, token, 201)['id']
        headers = {'Content-Type': 'application/octet-stream'}
        ask(cloud.glance, 'PUT', f'/v2/images/{image}/file', b'disk' * 1000, token, 204, headers)
        yield cloud


@pytest.fixture(scope='module')
def connect(cloud):
    """connect('demo', **options): a client of boto3's for that user's keys."""
    with contextlib.ExitStack() as stack:

        def connect(user, **options):
            keystone = Client(f'{cloud.keystone.url}/v3', user, 'secret', user)
            keys = keystone.ec2_keys(keystone.user_id, keystone.project_id)
            ours = {'aws_access_key_id': keys['access'], 'aws_secret_access_key': keys['secret']}
            config = Config(retries={'max_attempts': 0}, **options.pop('config', {}))
            ours.update(region_name='RegionOne', endpoint_url=cloud.ec2_url, config=config, **options)
            client = boto3.client('ec2', **ours)
            stack.callback(client.close)
            return client

        yield connect


@pytest.fixture(scope='module')
def demo(connect):
    return connect('demo')


@pytest.fixture(scope='module')
def image(demo):
    return demo.describe_images(Owners=['self'])['Images'][0]['ImageId']


def refused(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response['Error']['Code']


def state(demo, instance_id):
    (reservation,) = demo.describe_instances(InstanceIds=[instance_id])['Reservations']
    return reservation['Instances'][0]['State']


def test_an_instance_is_run_listed_stopped_started_and_terminated(demo, connect, image):
    tags = [{'ResourceType': 'instance', 'Tags': [{'Key': 'Name', 'Value': 'web'}]}]
    asked = {'ImageId': image, 'MinCount': 1, 'MaxCount': 2, 'InstanceType': 'm1.tiny', 'TagSpecifications': tags}
    run = demo.run_instances(**asked)
    ids = [instance['InstanceId'] for instance in run['Instances']]
    assert (len(ids), run['Instances'][0]['State']['Name']) == (2, 'pending')
    demo.get_waiter('instance_running').wait(InstanceIds=ids, WaiterConfig=QUICK)
    (reservation,) = demo.describe_instances(InstanceIds=ids)['Reservations']
    assert reservation['ReservationId'] == run['ReservationId']
    instance = reservation['Instances'][0]
    assert (instance['ImageId'], instance['InstanceType']) == (image, 'm1.tiny')
    assert instance['PrivateIpAddress'].startswith('10.')

    running = [{'Name': 'instance-state-name', 'Values': ['running']}]
    assert len(demo.describe_instances(Filters=running)['Reservations'][0]['Instances']) == 2
    assert connect('alt').describe_instances()['Reservations'] == []
    assert refused(connect('alt').terminate_instances, InstanceIds=ids) == 'InvalidInstanceID.NotFound'

    demo.stop_instances(InstanceIds=ids)
    demo.get_waiter('instance_stopped').wait(InstanceIds=ids, WaiterConfig=QUICK)
    assert refused(demo.stop_instances, InstanceIds=ids) == 'IncorrectInstanceState'
    demo.start_instances(InstanceIds=ids)
    demo.get_waiter('instance_running').wait(InstanceIds=ids, WaiterConfig=QUICK)
    demo.reboot_instances(InstanceIds=ids)
    demo.get_waiter('instance_running').wait(InstanceIds=ids, WaiterConfig=QUICK)
    demo.terminate_instances(InstanceIds=ids)
    demo.get_waiter('instance_terminated').wait(InstanceIds=ids, WaiterConfig=QUICK)
    assert state(demo, ids[0]) == {'Code': 48, 'Name': 'terminated'}
    again = demo.terminate_instances(InstanceIds=ids)['TerminatingInstances'][0]
    assert again['PreviousState']['Name'] == again['CurrentState']['Name'] == 'terminated'


def test_a_client_token_makes_one_reservation_however_often_it_is_sent(demo, image):
    asked = {'ImageId': image, 'MinCount': 1, 'MaxCount': 1, 'ClientToken': str(uuid.uuid4())}
    first, second = (demo.run_instances(**asked)['ReservationId'] for _ in range(2))
    assert first == second


def test_what_there_is_to_choose_from(demo):
    assert [region['RegionName'] for region in demo.describe_regions()['Regions']] == ['RegionOne']
    assert [zone['ZoneName'] for zone in demo.describe_availability_zones()['AvailabilityZones']] == ['nova']
    types = demo.describe_instance_types(InstanceTypes=['m1.tiny'])['InstanceTypes']
    assert types[0]['MemoryInfo']['SizeInMiB'] == 512
    assert demo.describe_key_pairs()['KeyPairs'] == []
    assert demo.describe_addresses()['Addresses'] == []


@pytest.mark.parametrize(
    ('action', 'arguments', 'code'),
    [
        ('describe_instances', {'InstanceIds': ['i-00ffffff']}, 'InvalidInstanceID.NotFound'),
        ('describe_instances', {'InstanceIds': ['nonsense']}, 'InvalidInstanceID.Malformed'),
        ('describe_key_pairs', {'KeyNames': ['nobodys']}, 'InvalidKeyPair.NotFound'),
        ('describe_instance_types', {'InstanceTypes': ['x.large']}, 'InvalidInstanceType'),
        ('describe_instances', {'Filters': [{'Name': 'nonsense', 'Values': ['x']}]}, 'InvalidParameterValue'),
        ('run_instances', {'ImageId': 'ami-00ffffff', 'MinCount': 1, 'MaxCount': 1}, 'InvalidAMIID.NotFound'),
        ('run_instances', {'ImageId': 'cirros', 'MinCount': 2, 'MaxCount': 1}, 'InvalidParameterValue'),
        ('run_instances', {'ImageId': 'cirros', 'MinCount': 1, 'MaxCount': 1, 'DryRun': True}, 'DryRunOperation'),
        (
            'run_instances',
            {'ImageId': 'cirros', 'MinCount': 1, 'MaxCount': 1, 'EbsOptimized': True},
            'UnknownParameter',
        ),
        ('describe_volumes', {}, 'InvalidAction'),
    ],
)
def test_refusals(demo, action, arguments, code):
    assert refused(getattr(demo, action), **arguments) == code


def test_only_the_right_secret_lets_in(connect, cloud):
    keys = {'region_name': 'RegionOne', 'endpoint_url': cloud.ec2_url}
    demo = Client(f'{cloud.keystone.url}/v3', 'demo', 'secret', 'demo')
    access = demo.ec2_keys(demo.user_id, demo.project_id)['access']
    for key, code in ((access, 'SignatureDoesNotMatch'), ('nobodys', 'InvalidClientTokenId')):
        client = boto3.client('ec2', aws_access_key_id=key, aws_secret_access_key='wrong', **keys)
        with contextlib.closing(client):
            assert refused(client.describe_regions) == code


@OLD
def test_signatures_of_version_2_are_right_too(connect):
    client = connect('demo', config={'signature_version': 'v2'})
    assert client.describe_regions()['Regions']
