"""The real clients, for tests: a service to talk to, and each client as its users start it.

Use: `with running_service(folder) as service:` around a module's tests, then python_client(service, ALICE) and
connection(service, ALICE) for the two libraries, glance(service, ALICE) and openstack(service, ALICE) for the commands.
"""

import contextlib
import os
import sys
import warnings
from pathlib import Path

import glanceclient
import pytest
from keystoneauth1.session import Session
from keystoneauth1.token_endpoint import Token

from tests import warm
from tests.cloud.glance.api.conftest import write_ini
from tests.servers import WarmServer

with warnings.catch_warnings():
    # While it is imported, openstacksdk imports a module of its own that says of itself that it is deprecated.
    warnings.filterwarnings('ignore', 'The openstack.version module is deprecated', DeprecationWarning)
    from openstack.connection import Connection

ALICE, BOB, NOBODY = 'alice-token', 'bob-token', 'wrong-token'
FORMATS = {'disk_format': 'raw', 'container_format': 'bare'}
DATA = os.urandom(200_000)  # more than the clients and the service read at once
SIZE_CAP = 1_000_000
# For whatever names a project, which openstackclient looks up there.
insists_on_keystone = pytest.mark.skipif(
    sys.version_info < (3, 11), reason='its newest client for Python 3.10 insists on a Keystone here'
)
UNKNOWN = '00000000-0000-4000-8000-000000000000'

# Where nobody listens: who would go beyond this machine, fails.
PROXY = 'http://127.0.0.1:1'
PROXIES = {'http_proxy': PROXY, 'https_proxy': PROXY, 'all_proxy': PROXY, 'no_proxy': '127.0.0.1'}

GLANCE = ('glanceclient.shell', 'glanceclient.v2.shell')
OPENSTACK = ('openstackclient.shell', 'openstackclient.image.v2.image', 'openstack.connection')

CLOUDS = """clouds:
  the-cloud:
    auth_type: admin_token
    auth: {{}}
    endpoint: {url}/v3
    token: {token}
    image_endpoint_override: {url}/v2
"""


@contextlib.contextmanager
def running_service(folder, commands=()):
    """A RunningServer with data of its own. Meanwhile this process, and what it starts, has its home in the folder.

    commands: the modules of the commands that are to be called, which are imported once, with that home.

    No request may end in a 500, whatever the tests ask for.
    """
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch, folder / 'home')
        service = WarmServer([str(write_ini(folder, image_size_cap=str(SIZE_CAP)))], folder / 'log')
        with warm.warm_parent(commands) if commands else contextlib.nullcontext() as service.commands:
            try:
                yield service
            finally:
                service.end()
    assert 'Traceback' not in service.log()
    assert '" 500 ' not in service.log()


def isolate(patch, home):
    """Neither the user's settings and caches, nor a way out to a network."""
    home.mkdir()
    for name in [name for name in os.environ if name.startswith(('OS_', 'XDG_'))]:
        patch.delenv(name)
    for name, value in PROXIES.items():
        patch.setenv(name, value)
        patch.setenv(name.upper(), value)
    patch.setenv('HOME', str(home))


@contextlib.contextmanager
def python_client(service, token):
    """python-glanceclient's client of API v2."""
    client = glanceclient.Client(endpoint=f'{service.url}/v2', token=token)
    with contextlib.closing(client.http_client.session):
        yield client


@contextlib.contextmanager
def connection(service, token):
    """openstacksdk's connection to a cloud that has an image service and no Keystone."""
    with Connection(session=Session(auth=Token(f'{service.url}/v2', token)), image_api_version='2') as connected:
        yield connected


class Command:
    """A command of the virtual environment; call it with its arguments to get what it prints.

    service: whose warm process it is started from; environ: the variables that a user exports for it.
    """

    def __init__(self, service, name, **environ):
        self.service, self.path = service, Path(sys.executable).parent / name
        self.environ = environ

    def __call__(self, *arguments):
        ended = self.run(arguments)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def fails(self, *arguments):
        """What it says on stderr when it does not succeed, in one line."""
        ended = self.run(arguments)
        assert ended.returncode == 1, ended.stdout
        return ' '.join(ended.stderr.split())

    def run(self, arguments):
        return warm.run(
            [sys.executable, self.path, *arguments], env={**os.environ, **self.environ}, cwd=os.environ['HOME'],
            timeout=60, asks=self.service.commands,
        )  # fmt: skip


def glance(service, token):
    return Command(service, 'glance', OS_IMAGE_URL=service.url, OS_AUTH_TOKEN=token)


def openstack(service, token):
    clouds = Path(os.environ['HOME'], f'{token}.yaml')
    clouds.write_text(CLOUDS.format(url=service.url, token=token))
    return Command(service, 'openstack', OS_CLIENT_CONFIG_FILE=str(clouds), OS_CLOUD='the-cloud')


def read_rows(table):
    """What a command prints with lines around it: a dict for each row, by the names in the first one."""
    lines = [line.strip('|').split('|') for line in table.splitlines() if line.startswith('|')]
    names, *rows = [[cell.strip() for cell in line] for line in lines]
    return [dict(zip(names, row)) for row in rows]


def read_properties(table):
    """The same for a table of names and values: one dict."""
    return {row['Property']: row['Value'] for row in read_rows(table)}
