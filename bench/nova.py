"""
## Nova

Nova, glance-api and the registry are processes of their own on free ports of loopback, each on a copy of its ini with
its data in the temporary folder; as the admin. All is ended and removed at the end.

- **boot**: wall time from sending POST /instances, of an image of 256 MiB, until GET, asked every 5 ms, says ACTIVE;
  against shutil.copyfile of the image's file in the same folder. A nova for each image_handlers, and glance with
  show_multiple_locations. Once, each disk is compared with the image; instances and copies are deleted outside the
  measured time. Where the file system shares blocks, the handler "file" moves no data, and the copy still does.
- **200 boots**: the same with an image of 1 MiB, for each of 200 instances that are created at once, against one that
  is alone.
- **wrapper**: wall time of GlanceClientWrapper.call(context, 1, 'get', ID), against images.get(ID) of glanceclient
  itself, API v1. The wrapper makes a client, and with it a connection, for each call: "a client each" does so too,
  and "one client" is kept, with its connection.
- **list**: the WSGI application called directly, in processor time, with request ids and access log: 1000 instances of
  100,000 against the only page of a nova with 1,000.
"""

import contextlib
import filecmp
import json
import os
import shutil
import time
import uuid
from contextlib import closing
from datetime import datetime
from functools import partial

import glanceclient
from paste.deploy import appconfig

from bench.answers import WrongAnswer, ask
from bench.exchanges import DELETE, JSON, SHOW, TOKEN, Request, as_json
from bench.image_service import upload_new
from bench.images_over_http import image_service
from bench.in_process import InProcess
from bench.measure import batch, interleaved
from bench.over_http import PATIENCE, ROOT, OverHttp, serving
from bench.own_service import in_folder, own_copy
from bench.table import comparisons
from cloud.nova.common import config
from cloud.nova.compute import vm_states
from cloud.nova.context import RequestContext
from cloud.nova.db.sqlalchemy.api import Database
from cloud.nova.db.sqlalchemy.models import instances
from cloud.nova.image.client import GlanceClientWrapper
from cloud.oslo.service.wsgi import config_uri
from server import load_app

NOVA, COPY = 'nova', 'shutil.copyfile'
SHIPPED = ROOT / 'cloud' / 'nova' / 'nova-api.ini'
HANDLERS = ('download', 'file, download')
SIZE = 256 * 2**20  # bytes of the image
AIMS = {'download': {COPY: 3.2}}  # times of a copy
SMALL, MANY = 2**20, 200  # bytes of the image of which so many instances are made at once
POLL = 0.005  # seconds between two looks at an instance that is built
CONTEXT = RequestContext('admin', 'admin', is_admin=True, roles=['admin'], auth_token=TOKEN)


def with_images(folder):
    """What needs a glance: the boots and the wrapper, of one image."""
    with image_service(folder, show_multiple_locations='True') as url:
        with closing(OverHttp(url)) as client:
            image_id, _ = upload_new(client, os.urandom(SIZE))
        return [*boots(folder, url, image_id), *wrapper(folder, url, image_id)]


def nova_ini(folder, **settings):
    """Write a copy of nova-api.ini whose data is in the folder, which is made if need be; return its path."""
    folder.mkdir(exist_ok=True)
    here = {'sql_connection': database_of(folder), 'instances_path': f'{folder}/instances'}
    quotas = dict.fromkeys(('quota_instances', 'quota_cores', 'quota_ram'), '-1')
    return own_copy(SHIPPED, folder, **{**here, **quotas, **settings})


def database_of(folder):
    return f'sqlite:///{folder}/nova.sqlite'


def boots(folder, url, image_id):
    """Create to ACTIVE by each of the HANDLERS, and a copy of the image's file, in turns."""
    image = folder / 'images' / image_id
    turns = {COPY: partial(copy, image, folder / 'copy')}
    with contextlib.ExitStack() as stack:
        for number, handlers in enumerate(HANDLERS):
            own = folder / f'nova-{number}'
            client = stack.enter_context(nova_client(own, url, handlers, image.parent))
            boot(client, image_id, partial(check_disk, own, image))
            turns[handlers] = partial(boot, client, image_id)
        times = interleaved(turns, rounds=8, limit=20)
    against = {COPY: times.pop(COPY)}
    return [
        row
        for name in times
        for row in comparisons(f'boot, 256 MiB: {name}', {name: times[name], **against}, AIMS.get(name, {}))
    ]


@contextlib.contextmanager
def nova_client(folder, url, handlers, images):
    """A client of a nova of its own, which has these image_handlers and the image service at url."""
    settings = {'glance_api_servers': url, 'image_handlers': handlers, 'image_file_folders': str(images)}
    ini = nova_ini(folder, **settings)
    with serving('server.py', ini, '--port', '0', temporary=folder) as address, closing(OverHttp(address)) as client:
        yield client


def copy(image, target):
    start = time.perf_counter()
    shutil.copyfile(image, target)
    seconds = time.perf_counter() - start
    target.unlink()
    return seconds


def boot(client, image_id, look=lambda instance_id: None):
    """Seconds from create to ACTIVE; the instance is deleted afterwards. look: called with its id before that."""
    create = Request('POST', '/instances', 202, JSON, as_json({'name': 'web', 'image': image_id}))
    start = time.perf_counter()
    instance_id = json.loads(ask(NOVA, client, create).body)['instance']['id']
    wait_until_active(client, instance_id)
    seconds = time.perf_counter() - start
    look(instance_id)
    ask(NOVA, client, DELETE.at(instance_id))
    return seconds


def wait_until_active(client, instance_id):
    give_up = time.monotonic() + PATIENCE
    while (instance := json.loads(ask(NOVA, client, SHOW.at(instance_id)).body)['instance'])['status'] != 'ACTIVE':
        if instance['status'] != 'BUILD' or time.monotonic() > give_up:
            raise WrongAnswer(f'{NOVA} should have built an instance, and says {instance}')
        time.sleep(POLL)


def check_disk(folder, image, instance_id):
    disk = folder / 'instances' / instance_id / 'disk'
    if not filecmp.cmp(disk, image, shallow=False):
        raise WrongAnswer(f'{NOVA} says ACTIVE, and {disk} is not {image}')


def wrapper(folder, url, image_id):
    """One image by the wrapper, by a bare client made for each call, and by one that is kept."""
    ini = nova_ini(folder / 'wrapper', glance_api_servers=url)
    options = config.parse(appconfig(config_uri(ini)).global_conf)
    bare = partial(glanceclient.Client, endpoint=f'{url}/v1', token=TOKEN, timeout=options.glance_client_timeout)
    kept, call = bare(), GlanceClientWrapper(options).call
    gets = {
        'wrapper': partial(call, CONTEXT, 1, 'get', image_id),
        'glanceclient, a client each': lambda: bare().images.get(image_id),
        'glanceclient, one client': partial(kept.images.get, image_id),
    }
    check_same(image_id, gets)
    turns = {name: partial(seconds_of, get) for name, get in gets.items()}
    return comparisons('wrapper: v1 get of an image', interleaved(turns, rounds=200, limit=12))


def check_same(image_id, gets):
    for name, get in gets.items():
        image = get()
        if (image.id, image.status, image.size) != (image_id, 'active', SIZE):
            raise WrongAnswer(f'{name} has {image} as image {image_id}')


def seconds_of(get):
    """Seconds of one call out of five."""
    start = time.perf_counter()
    for _ in range(5):
        get()
    return (time.perf_counter() - start) / 5


def many_boots(folder):
    """Seconds for each of MANY instances of one image, created one after the other and built beside each other."""
    with image_service(folder) as url, nova_client(folder / 'nova', url, 'download', folder / 'images') as client:
        with closing(OverHttp(url)) as images:
            image_id, _ = upload_new(images, os.urandom(SMALL))
        turns = {
            f'{MANY} at once': lambda: boot_all(client, image_id, MANY) / MANY,
            'one': lambda: boot_all(client, image_id, 1),
        }
        times = interleaved(turns, rounds=5, limit=60)
    return comparisons('boot, 1 MiB, one of 200', times, {'one': 1.0})


def boot_all(client, image_id, count):
    """Seconds from the first create until all are ACTIVE; they are deleted afterwards."""
    create = Request('POST', '/instances', 202, JSON, as_json({'name': 'web', 'image': image_id}))
    start = time.perf_counter()
    ids = [json.loads(ask(NOVA, client, create).body)['instance']['id'] for _ in range(count)]
    for instance_id in ids:
        wait_until_active(client, instance_id)
    seconds = time.perf_counter() - start
    for instance_id in ids:
        ask(NOVA, client, DELETE.at(instance_id))
    return seconds


def lists(folder):
    """First and last page of 100,000 instances against the only page of 1,000."""
    small, ids = filled(folder / 'small', 1000)
    large, more_ids = filled(folder / 'large', 100_000)
    turns = {
        'first of 100,000': page_of(large, more_ids, 0),
        'last of 100,000': page_of(large, more_ids, 99_000),
        'only page of 1,000': page_of(small, ids, 0),
    }
    *others, (against, only) = interleaved(turns, rounds=60, limit=12).items()
    return [row for which, times in others for row in comparisons(f'list: {which}', {which: times, against: only})]


def filled(folder, count):
    """(a client of a nova that has so many instances, their ids as a list shows them)"""
    ini, ids = nova_ini(folder), [str(uuid.uuid4()) for _ in range(count)]
    with closing(Database(database_of(folder))) as database, database.writing() as connection:
        connection.execute(instances.insert(), [row_of(number, ids[number]) for number in range(count)])
    return InProcess(load_app(ini)), ids


def row_of(number, instance_id):
    moment = datetime(2014, 10, 16)
    return {
        'uuid': instance_id,
        'display_name': f'instance {number}',
        'vm_state': vm_states.ACTIVE,
        'image_ref': str(uuid.UUID(int=number)),
        'flavor': {'flavorid': '1', 'name': 'm1.tiny'},
        'memory_mb': 512,
        'root_gb': 1,
        'system_metadata': {'image_os_type': 'linux'},
        'user_id': 'admin',
        'project_id': 'admin',
        'created_at': moment,
        'updated_at': moment,
    }


def page_of(client, ids, start):
    """A function for the seconds of the page of 1000 that begins at ids[start]; WrongAnswer if it is another page."""
    marker = f'&marker={ids[start - 1]}' if start else ''
    request = Request('GET', f'/instances?limit=1000{marker}', 200)
    listed = json.loads(ask(NOVA, client, request).body)['instances']
    if [instance['id'] for instance in listed] != ids[start : start + 1000]:
        raise WrongAnswer(f'{NOVA} answers {request.target} with another page than the one from {ids[start]} on')
    return partial(batch, NOVA, client, request, 1)


PARTS = {
    'nova, with images': in_folder(with_images),
    'nova, many boots': in_folder(many_boots),
    'nova, lists': in_folder(lists),
}
SLOW = ('nova, lists',)
