"""A running image service, and the three real clients of it, each as its users call it.

    world.openstack('image', 'list')     the command's own entry point, in this process; what it prints, read as JSON
    world.glance('image-list')           the same for the other command: its text
    world.sdk()                          the image proxy of openstacksdk

By default alice asks; with as_='admin' or as_='bob' another one does. A command that fails is an AssertionError. Some
end well whatever the service answers, so each action looks at the image afterwards, by plain requests of its own.
"""

import contextlib
import io
import itertools
import json
import os
import sys
import urllib.error
import urllib.request
import warnings
from functools import cached_property
from types import SimpleNamespace
from unittest import mock

from tests.waiting import wait_until

TOKENS = {'alice': 'alice-token', 'bob': 'bob-token', 'admin': 'open-sesame'}
FORMATS = {'disk_format': 'raw', 'container_format': 'bare'}
PATCH = 'application/openstack-images-v2.1-json-patch'
DATA = b'the bytes of an image'
CLOUD = """  {name}:
    auth_type: admin_token
    auth: {{}}
    endpoint: {url}/v3
    token: {token}
    image_endpoint_override: {url}/v2
"""


class World:
    """url: of the image service; folder: where the clients' settings and files are."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder
        self.number = itertools.count()
        clouds = ''.join(CLOUD.format(name=name, token=token, url=url) for name, token in TOKENS.items())
        (folder / 'clouds.yaml').write_text(f'clouds:\n{clouds}')
        self.disk = folder / 'disk.img'
        self.disk.write_bytes(DATA)
        self.connections = {}

    def close(self):
        for connected in self.connections.values():
            connected.close()

    # -- the service, asked directly

    def ask(self, method, path, document=None, as_='alice', data=None):
        """The answer's JSON, or its bytes."""
        headers = {'X-Auth-Token': TOKENS[as_]}
        if document is not None:
            data, headers['Content-Type'] = json.dumps(document).encode(), 'application/json'
        elif data is not None:
            headers['Content-Type'] = 'application/octet-stream'
        request = urllib.request.Request(f'{self.url}{path}', data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            body = response.read()
            return json.loads(body) if response.headers.get_content_type() == 'application/json' else body

    def status_of(self, method, path, as_='alice'):
        """The status of an answer, whatever it is."""
        try:
            self.ask(method, path, as_=as_)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        return 200

    def image(self, as_='alice', **fields):
        """The id of a new image of a name of its own."""
        document = {'name': self.name(), **FORMATS, **fields}
        return self.ask('POST', '/v2/images', document, as_)['id']

    def active(self, as_='alice', **fields):
        image = self.image(as_, **fields)
        self.ask('PUT', f'/v2/images/{image}/file', data=DATA, as_=as_)
        return image

    def show(self, image, as_='alice'):
        return self.ask('GET', f'/v2/images/{image}', as_=as_)

    def data(self, image, as_='alice'):
        return self.ask('GET', f'/v2/images/{image}/file', as_=as_)

    def patch(self, image, changes):
        headers = {'X-Auth-Token': TOKENS['alice'], 'Content-Type': PATCH}
        data = json.dumps(changes).encode()
        request = urllib.request.Request(f'{self.url}/v2/images/{image}', data, headers, method='PATCH')
        urllib.request.urlopen(request, timeout=60).close()

    def becomes(self, image, status):
        assert wait_until(lambda: self.show(image)['status'] == status)

    def is_gone(self, path, as_='admin'):
        return self.status_of('GET', path, as_) == 404

    def namespace(self, **fields):
        """The name of a new public namespace."""
        document = {'namespace': self.name('Namespace'), 'visibility': 'public', **fields}
        return self.ask('POST', '/v2/metadefs/namespaces', document, 'admin')['namespace']

    def definition(self, namespace, *path):
        return self.ask('GET', '/'.join(['/v2/metadefs/namespaces', namespace, *path]), as_='admin')

    def name(self, kind='image'):
        return f'{kind}-{next(self.number)}'

    # -- the clients

    def openstack(self, *arguments, as_='alice'):
        """What `openstack` prints, as JSON where the command has such a format."""
        with quietly():
            from openstackclient import shell

            forget_clients()
            formats = ('-f', 'json') if prints_a_table(arguments) else ()
            command = ('--os-cloud', as_, *arguments, *formats)
            printed = self.run(lambda argv: shell.OpenStackShell().run(argv), command, {})
        return json.loads(printed) if formats and printed.strip() else printed

    def glance(self, *arguments, as_='alice'):
        """What `glance` prints."""
        with quietly():
            from glanceclient import shell

            environ = {'OS_IMAGE_URL': self.url, 'OS_AUTH_TOKEN': TOKENS[as_]}
            return self.run(lambda argv: shell.OpenStackImagesShell().main(argv), arguments, environ)

    def run(self, main, arguments, environ):
        out, error = Stream(), Stream()
        environ = {**environ, 'OS_CLIENT_CONFIG_FILE': str(self.folder / 'clouds.yaml'), 'HOME': str(self.folder)}
        with (
            mock.patch.dict(os.environ, environ),
            mock.patch.multiple(sys, stdout=out, stderr=error, stdin=SimpleNamespace(isatty=lambda: True)),
        ):
            try:
                code = main([str(each) for each in arguments])
            except SystemExit as end:
                code = end.code
        assert not code, f'{" ".join(map(str, arguments))}: {error.text()}'
        return out.text()

    def sdk(self, as_='alice'):
        """The image proxy of openstacksdk."""
        if as_ not in self.connections:
            self.connections[as_] = self.connect(as_)
        return self.connections[as_].image

    def connect(self, as_):
        with quietly():
            from keystoneauth1.session import Session
            from keystoneauth1.token_endpoint import Token
            from openstack.connection import Connection

            token = Token(f'{self.url}/v2', TOKENS[as_])
            return Connection(session=Session(auth=token), image_api_version='2')

    @cached_property
    def versions(self):
        """Of each client: its version."""
        from importlib.metadata import version

        return {name: version(name) for name in ('python-openstackclient', 'python-glanceclient', 'openstacksdk')}


class Stream(io.TextIOWrapper):
    """A text stream in memory, with the bytes below it that some clients write to."""

    def __init__(self):
        super().__init__(io.BytesIO(), 'utf-8', write_through=True)

    def text(self):
        return self.buffer.getvalue().decode()


@contextlib.contextmanager
def quietly():
    """The clients warn of what they have deprecated themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        yield


def forget_clients():
    """The command ends with its process, so it keeps its clients, with the token of who asked, in the class."""
    from openstackclient.common import clientmanager

    for kind in clientmanager.ClientManager.__mro__:
        for each in vars(kind).values():
            if hasattr(each, '_handle'):
                each._handle = None


NO_TABLES = ('delete', 'remove', 'save', 'set', 'stage', 'unset')


def prints_a_table(arguments):
    """Whether an openstack command has the option -f: those that show something have it."""
    words = [str(each) for each in itertools.takewhile(lambda each: not str(each).startswith('-'), arguments)]
    return not (set(words[:6]) & {*NO_TABLES} or words[:4] == ['image', 'metadef', 'object', 'update'])
