"""The real clients, unmodified, at the compute API: the command `openstack`, python-novaclient and openstacksdk.

Each has a session of its own: create, list, show, stop, start, rebuild, an image, delete; all wait as their users do.
"""

import contextlib
import json
import os
import warnings
from pathlib import Path

import pytest
from keystoneauth1.session import Session
from keystoneauth1.token_endpoint import Token
from novaclient import client as novaclient
from novaclient import exceptions

from tests import warm
from tests.cloud.glance.clients import Command, isolate
from tests.cloud.nova.processes import ALICE, Cloud, Images, wait_for
from tests.waiting import wait_until

with warnings.catch_warnings():
    warnings.filterwarnings('ignore', 'The openstack.version module is deprecated', DeprecationWarning)
    from openstack import exceptions as sdk_exceptions
    from openstack.connection import Connection

MODULES = ('openstackclient.shell', 'openstackclient.compute.v2.server', 'openstack.connection')
CLOUDS = """clouds:
  the-cloud:
    auth_type: admin_token
    auth: {{}}
    endpoint: {nova}/v3
    token: {token}
    compute_endpoint_override: {nova}/v2.1
    image_endpoint_override: {glance}/v2
"""


@pytest.fixture(scope='module')
def cloud(tmp_path_factory):
    """Nova with glance, an image named cirros, and the clients' modules loaded once (cloud.commands)."""
    folder = tmp_path_factory.mktemp('clients')
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        isolate(patch, folder / 'home')
        images = stack.enter_context(Images(folder))
        cloud = stack.enter_context(Cloud(folder, images))
        cloud.commands = stack.enter_context(warm.warm_parent(MODULES))
        cloud.start_nova(glance_api_servers=f'127.0.0.1:{images.glance(0).port}')
        cloud.image_id = cloud.upload(os.urandom(1000))
        yield cloud
    assert '" 500 ' not in cloud.nova.log()


@pytest.fixture
def openstack(cloud):
    clouds = Path(os.environ['HOME'], 'clouds.yaml')
    glance = f'http://127.0.0.1:{cloud.images.glance(0).port}'
    clouds.write_text(CLOUDS.format(nova=cloud.nova.url, glance=glance, token=ALICE))
    return Command(cloud, 'openstack', OS_CLIENT_CONFIG_FILE=str(clouds), OS_CLOUD='the-cloud')


def read(openstack, *command):
    return json.loads(openstack(*command, '-f', 'json'))


def test_the_command_openstack_takes_a_server_through_its_life(cloud, openstack):
    made = read(
        openstack,
        *('server', 'create', '--image', 'cirros', '--flavor', 'm1.tiny', '--property', 'color=blue'),
        *('--nic', 'none', '--wait', 'demo'),
    )
    assert (made['status'], made['name'], made['properties']) == ('ACTIVE', 'demo', {'color': 'blue'})
    openstack('server', 'stop', 'demo')
    wait_for(lambda: cloud.show(made)['status'] == 'SHUTOFF')
    (listed,) = read(openstack, 'server', 'list')
    assert [listed[name] for name in ('Name', 'Status', 'Image', 'Flavor')] == ['demo', 'SHUTOFF', 'cirros', 'm1.tiny']
    openstack('server', 'start', 'demo')
    assert 'boots from image' in openstack('console', 'log', 'show', 'demo')
    openstack('server', 'delete', '--wait', 'demo')


def test_novaclient_takes_a_server_through_its_life(cloud):
    with contextlib.closing(Session(auth=Token(f'{cloud.nova.url}/v2.1', ALICE))._session) as session:
        nova = novaclient.Client('2.96', session=Session(auth=Token(f'{cloud.nova.url}/v2.1', ALICE), session=session))
        flavor = nova.flavors.find(name='m1.tiny')
        server = nova.servers.create('web', cloud.image_id, flavor.id, nics='none', tags=['red'], description='d')

        def becomes(status):
            def is_so():
                now = nova.servers.get(server.id)
                return now.status == status and getattr(now, 'OS-EXT-STS:task_state') is None

            assert wait_until(is_so), status

        becomes('ACTIVE')
        assert [each.name for each in nova.servers.list(search_opts={'tags': 'red'})] == ['web']
        nova.servers.set_meta(server, {'a': '1'})
        nova.servers.add_tag(server, 'blue')
        for action, status in ((nova.servers.pause, 'PAUSED'), (nova.servers.unpause, 'ACTIVE')):
            action(server)
            becomes(status)
        with pytest.raises(exceptions.Conflict, match="Cannot 'start'"):
            nova.servers.start(server)
        nova.servers.resize(server, nova.flavors.find(name='m1.small').id)
        becomes('VERIFY_RESIZE')
        nova.servers.confirm_resize(server)
        becomes('ACTIVE')
        nova.servers.rebuild(server, cloud.image_id)
        becomes('ACTIVE')
        now = nova.servers.get(server.id)
        assert (now.metadata, sorted(now.tags), now.flavor['original_name']) == (
            {'a': '1'},
            ['blue', 'red'],
            'm1.small',
        )
        assert [each.action for each in nova.instance_action.list(server)][-1] == 'create'
        nova.servers.delete(server)
        assert wait_until(lambda: not nova.servers.list())
        with pytest.raises(exceptions.NotFound):
            nova.servers.get(server.id)


@pytest.mark.filterwarnings('ignore::PendingDeprecationWarning')  # of its own code
def test_openstacksdk_takes_a_server_through_its_life(cloud):
    with contextlib.closing(Session(auth=Token(f'{cloud.nova.url}/v2.1', ALICE))._session) as session:
        auth = Session(auth=Token(f'{cloud.nova.url}/v2.1', ALICE), session=session)
        with Connection(session=auth, compute_api_version='2.1') as connection:
            compute = connection.compute
            key = compute.create_keypair(name='laptop')
            flavor = compute.find_flavor('m1.tiny', ignore_missing=False)
            fields = {'image_id': cloud.image_id, 'flavor_id': flavor.id, 'key_name': key.name}
            server = compute.wait_for_server(compute.create_server(name='web', **fields), interval=0.1)
            assert server.status == 'ACTIVE'
            assert [each.name for each in compute.servers(name='we')] == ['web']
            compute.stop_server(server)
            compute.wait_for_server(server, status='SHUTOFF', interval=0.1)
            image = compute.create_server_image(server, 'copy')
            assert wait_until(lambda: compute.get_server(server).task_state is None)
            assert image.id
            compute.start_server(server)
            compute.wait_for_server(server, interval=0.1)
            with pytest.raises(sdk_exceptions.ConflictException, match="Cannot 'start'"):
                compute.start_server(server)
            compute.delete_server(server)
            compute.wait_for_delete(server, interval=0.1)
            compute.delete_keypair(key)
