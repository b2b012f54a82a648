"""
## Nova, the whole way

- **100 creates at once**: seconds for each of 100 instances, from sending the first POST /instances until GET says
  ACTIVE of all, of an image of 1 MiB; with all of nova in one process and two hosts, and with an API, a conductor, a
  scheduler and three compute hosts in processes of their own, over a RabbitMQ that the benchmark starts for itself.
"""

import contextlib
import os
import subprocess
import sys
import time
from contextlib import closing
from functools import partial

from bench.image_service import upload_new
from bench.images_over_http import image_service
from bench.measure import interleaved
from bench.nova import SMALL, boot_all, nova_ini
from bench.over_http import PATIENCE, ROOT, OverHttp, serving
from bench.own_service import in_folder
from bench.table import comparisons
from soak.broker import running_broker

MANY = 100
HOSTS = ('compute1', 'compute2', 'compute3')
FREE = {'neutron_url': ''}


def whole_way(folder):
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(image_service(folder))
        with closing(OverHttp(url)) as images:
            image_id, _ = upload_new(images, os.urandom(SMALL))
        ini = nova_ini(folder / 'one', glance_api_servers=url, **FREE)
        clients = {
            'in one process': stack.enter_context(client_of(ini, folder)),
            '3 hosts over RabbitMQ': stack.enter_context(over_rabbitmq(folder, url)),
        }
        turns = {name: partial(each_of, client, image_id) for name, client in clients.items()}
        times = interleaved(turns, rounds=5, limit=120)
    return comparisons('100 creates at once', times, {})


def each_of(client, image_id):
    """Seconds for each of MANY that are created at once."""
    return boot_all(client, image_id, MANY) / MANY


@contextlib.contextmanager
def client_of(ini, folder):
    with serving('server.py', ini, '--port', '0', temporary=folder) as address, closing(OverHttp(address)) as client:
        yield client


@contextlib.contextmanager
def over_rabbitmq(folder, url):
    """A client of a nova whose parts are processes."""
    hosts = ', '.join(f'{host}:1000:800000:600000' for host in HOSTS)
    with running_broker() as broker, contextlib.ExitStack() as stack:
        settings = {'transport_url': broker.url, 'compute_hosts': hosts, **FREE}
        ini = nova_ini(folder / 'many', glance_api_servers=url, **settings)
        for part in (['conductor', ini], ['scheduler', ini], *(['compute', ini, '--host', host] for host in HOSTS)):
            stack.enter_context(running(*part))
        yield stack.enter_context(client_of(ini, folder))


@contextlib.contextmanager
def running(name, *arguments):
    """nova-NAME, once it says that it is there."""
    command = [sys.executable, '-m', f'cloud.nova.cmd.{name}', *arguments]
    pipes = {'stdout': subprocess.PIPE, 'stderr': subprocess.DEVNULL, 'text': True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        give_up = time.monotonic() + PATIENCE
        try:
            while 'Ctrl-C' not in process.stdout.readline():
                if process.poll() is not None or time.monotonic() > give_up:
                    raise RuntimeError(f'nova-{name} does not start')
            yield
        finally:
            process.kill()


PARTS = {'nova, the whole way': in_folder(whole_way)}
SLOW = ('nova, the whole way',)
