"""The three services as processes of their own, and a relay in front of glance that sees and holds what passes."""

import contextlib
import http.client
import json
import select
import socket
import threading

from tests.cloud.glance.api import conftest as glance_api
from tests.cloud.glance.registry import conftest as registry
from tests.cloud.nova.api.openstack import conftest as nova_api
from tests.servers import WarmServer
from tests.waiting import join, wait_until

ADMIN, ALICE, BOB = 'open-sesame', 'alice-token', 'bob-token'


class Images:
    """A registry, and glances that share it. Use it in a with statement; folder: for all that they keep."""

    def __init__(self, folder):
        self.folder, self.glances = folder, {}
        self.stack = contextlib.ExitStack()
        self.registry = start(self.stack, folder, 'registry', registry.write_ini(folder))
        settings = {'show_multiple_locations': 'True', 'registry_port': str(self.registry.port)}
        self.ini = glance_api.write_ini(folder, **settings)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.stack.close()

    def glance(self, number):
        """The glance of that number, a RunningServer; started if it never was, or has been killed."""
        if number not in self.glances or self.glances[number].process.poll() is not None:
            self.glances[number] = start(self.stack, self.folder, f'glance-{number}', self.ini)
        return self.glances[number]


def start(stack, folder, name, ini):
    running = WarmServer([str(ini)], folder / f'{name}.log')
    stack.callback(running.end)
    return running


class Cloud:
    """Images with a relay in front of each glance, and nova, which runs once start_nova() was called.

    folder: for what nova keeps; relays: at first one.
    """

    def __init__(self, folder, images):
        self.folder, self.images = folder, images
        self.stack = contextlib.ExitStack()
        self.relays, self.nova = [], None
        self.add_glance()

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.stack.close()

    def add_glance(self):
        self.relays.append(self.stack.enter_context(Relay(self.images.glance(len(self.relays)))))

    def start_nova(self, **options):
        """Start nova, or start it again, on what it keeps; it reaches the glances through their relays."""
        servers = ', '.join(f'127.0.0.1:{relay.port}' for relay in self.relays)
        folders = f'{self.images.folder}/images'
        ours = {'glance_api_servers': servers, 'glance_retry_interval': '0.01', 'image_file_folders': folders}
        self.nova = start(self.stack, self.folder, 'nova', nova_api.write_ini(self.folder, **{**ours, **options}))

    def upload(self, data, token=ALICE, **fields):
        """A new image with these bytes (a file, or bytes; None for an image that stays queued); its id."""
        fields = {'name': 'cirros', 'disk_format': 'raw', 'container_format': 'bare', **fields}
        image = ask(self.relays[0].target, 'POST', '/v2/images', fields, token, 201)
        if data is not None:
            headers = {'Content-Type': 'application/octet-stream'}
            ask(self.relays[0].target, 'PUT', f'/v2/images/{image["id"]}/file', data, token, 204, headers)
        return image['id']

    def create(self, image, status=202, token=ALICE, **fields):
        """POST an instance; it, or what is answered if another status is expected."""
        answer = ask(self.nova, 'POST', '/instances', {'name': 'web', 'image': image, **fields}, token, status)
        return answer['instance'] if status < 300 else answer

    # Whose instances they are does not matter from here on: an admin looks at them, and deletes them.

    def instances(self):
        return ask(self.nova, 'GET', '/instances?all_tenants=1', token=ADMIN)['instances'][3:]

    def show(self, instance, status=200):
        return ask(self.nova, 'GET', f'/instances/{instance["id"]}', None, ADMIN, status).get('instance')

    def built(self, instance):
        """The instance once it is no longer being built."""
        wait_for(lambda: self.show(instance)['status'] != 'BUILD')
        return self.show(instance)

    def boot(self, image, **fields):
        return self.built(self.create(image, **fields))

    def delete(self, instance):
        ask(self.nova, 'DELETE', f'/instances/{instance["id"]}', None, ADMIN, 204)

    def disk(self, instance):
        return self.folder / 'instances' / instance['id'] / 'disk'

    def folders(self):
        """The names of what is in instances_path, but for the locks."""
        return sorted({path.name for path in (self.folder / 'instances').iterdir()} - {'locks'})


def ask(running, method, path, document=None, token=ALICE, status=200, headers=None):
    """What a service answers, out of its JSON if it is any; the status must be the one expected."""
    headers = {'X-Auth-Token': token, 'Content-Type': 'application/json', **(headers or {})}
    body = json.dumps(document) if isinstance(document, dict) else document
    connection = http.client.HTTPConnection('127.0.0.1', running.port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.read()
    assert response.status == status, (response.status, answer)
    is_json = answer and response.headers.get_content_type() == 'application/json'
    return json.loads(answer) if is_json else answer


def wait_for(condition, timeout=30):
    assert wait_until(condition, timeout)


class Relay:
    """Passes on to `target`, a RunningServer, what comes to its own port: the requests of a connection one by one.

    requests: their first lines, such as 'HEAD /v1/images/ID HTTP/1.1'. on_pass(relay, line, sent): called when a
    request is there (sent is 0 then) and before each piece of the answer goes on (sent: its bytes, with this piece).
    """

    def __init__(self, target):
        self.target = target
        self.requests, self.on_pass = [], lambda relay, line, sent: None
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc_info):
        self.listener.shutdown(socket.SHUT_RDWR)
        join(self.thread)
        self.listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, client):
        with client, contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            upstream = None
            while request := client.recv(65536):
                line = request.partition(b'\r\n')[0].decode()
                self.requests.append(line)
                self.on_pass(self, line, 0)
                if upstream is None:
                    upstream = stack.enter_context(socket.create_connection(('127.0.0.1', self.target.port)))
                upstream.sendall(request)
                if not self._answer(client, upstream, line):
                    return

    def _answer(self, client, upstream, line):
        """Pass the answer on; whether it is over because nova has something to say, and not because glance is gone."""
        sent = 0
        while client not in select.select([client, upstream], [], [])[0]:
            data = upstream.recv(65536)
            if not data:
                return False
            sent += len(data)
            self.on_pass(self, line, sent)
            client.sendall(data)
        return True
