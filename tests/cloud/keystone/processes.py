"""Keystone, the image service with its registry, and nova, as processes of their own that know of each other.

Use: with running_cloud(folder, MODULES) as cloud: cloud.openstack('demo', 'demo')('token', 'issue')
"""

import contextlib

import pytest

from tests import warm
from tests.cloud.glance.api.conftest import write_ini as write_glance
from tests.cloud.glance.clients import Command, isolate
from tests.cloud.glance.registry.conftest import write_ini as write_registry
from tests.cloud.keystone.conftest import write_ini
from tests.cloud.nova.api.openstack.conftest import write_ini as write_nova
from tests.cloud.test_procfile import free_port
from tests.servers import WarmServer


class Cloud:
    """The four, as RunningServers; commands: the warm process that openstack is started from."""

    def __init__(self, stack, folder):
        port = str(free_port())
        here = {'auth_uri': f'http://127.0.0.1:{port}/v3'}
        self.stack, self.folder = stack, folder
        self.registry = self.start('registry', write_registry(folder, **here))
        self.glance = self.start('glance', write_glance(folder, registry_port=str(self.registry.port), **here))
        nova = {'glance_api_servers': f'127.0.0.1:{self.glance.port}', 'neutron_url': '', **here}
        self.nova = self.start('nova', write_nova(folder, **nova))
        self.ec2_url = f'{self.nova.url}/services/Cloud'
        ini = write_ini(
            folder,
            identity_endpoint=here['auth_uri'],
            compute_endpoint=f'{self.nova.url}/v2.1',
            image_endpoint=self.glance.url,
            ec2_endpoint=self.ec2_url,
        )
        self.keystone = self.start('keystone', ini, '--port', port)

    def start(self, name, ini, *arguments):
        running = WarmServer([str(ini), *arguments], self.folder / f'{name}.log')
        self.stack.callback(running.end)
        return running

    def openstack(self, user, project):
        environ = {
            'OS_AUTH_URL': f'{self.keystone.url}/v3',
            'OS_USERNAME': user,
            'OS_PASSWORD': 'secret',
            'OS_PROJECT_NAME': project,
            'OS_USER_DOMAIN_ID': 'default',
            'OS_PROJECT_DOMAIN_ID': 'default',
        }
        return Command(self, 'openstack', **environ)


@contextlib.contextmanager
def running_cloud(folder, commands=()):
    """commands: the modules that the commands to be called need. No request may end in a 500."""
    with contextlib.ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        isolate(patch, folder / 'home')
        cloud = Cloud(stack, folder)
        cloud.commands = stack.enter_context(warm.warm_parent(commands)) if commands else None
        yield cloud
    for running in (cloud.keystone, cloud.glance, cloud.registry, cloud.nova):
        assert 'Traceback' not in running.log()
        assert '" 500 ' not in running.log()
