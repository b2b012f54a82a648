"""Nova, glance-api and the registry as processes: images become disks, whatever dies on the way."""

import contextlib
import os
import re
import socket
import sqlite3
import threading

import pytest

from tests.cloud.nova.entry_points import declare_all
from tests.cloud.nova.processes import ADMIN, ALICE, BOB, Cloud, Images, ask, wait_for
from tests.waiting import join

MIB = 1024**2
DATA = os.urandom(3 * MIB + 1)


@pytest.fixture(scope='module')
def images(tmp_path_factory):
    with Images(tmp_path_factory.mktemp('images')) as images:
        yield images


@pytest.fixture
def cloud(images, tmp_path, monkeypatch):
    monkeypatch.setenv('PYTHONPATH', declare_all(tmp_path / 'plugged'))
    with Cloud(tmp_path, images) as cloud:
        yield cloud


class At:
    """on_pass of a relay: once a request matches the pattern, and `sent` bytes of its answer are there, do it, once."""

    def __init__(self, pattern, do, sent=0):
        self.pattern, self.do, self.sent = pattern, do, sent
        self.lock, self.done = threading.Lock(), False

    def __call__(self, relay, line, sent):
        with self.lock:
            now = not self.done and re.match(self.pattern, line) and sent >= self.sent
            self.done = self.done or now
        if now:
            self.do(relay)


class Hold:
    """What to do At a place: wait there until release() is called. held: set when it is reached."""

    def __init__(self):
        self.held, self.free = threading.Event(), threading.Event()

    def __call__(self, relay):
        self.held.set()
        assert self.free.wait(30)

    def release(self):
        self.free.set()


def kill(relay):
    relay.target.process.kill()
    relay.target.wait()
    raise ConnectionResetError('with glance, its connections are gone')


SHOW, DOWNLOAD, LOCATIONS = 'HEAD /v1/images/', 'GET /v1/images/', 'GET /v2/images/'


class NthTime:
    """do, the nth time that it is asked to."""

    def __init__(self, n, do):
        self.left, self.do = n, do

    def __call__(self, relay, line, sent):
        if sent == 0 and line.startswith(SHOW):
            self.left -= 1
            if self.left == 0:
                self.do(relay)


# -- the way of an image


@pytest.mark.parametrize('handlers', ['download', 'file, download', 'file'])
def test_the_disk_is_byte_for_byte_the_image(cloud, handlers):
    cloud.start_nova(image_handlers=handlers)
    instance = cloud.boot(cloud.upload(DATA))
    assert (instance['status'], 'fault' in instance) == ('ACTIVE', False)
    assert cloud.disk(instance).read_bytes() == DATA
    downloads = [line for line in cloud.relays[0].requests if line.startswith(DOWNLOAD)]
    assert len(downloads) == (1 if handlers == 'download' else 0)


def test_the_way_is_show_by_the_api_show_by_the_manager_then_the_handlers(cloud):
    cloud.start_nova()
    image = cloud.upload(DATA)
    cloud.boot(f'http://nowhere.invalid/{image}')
    asked = [line.removesuffix(' HTTP/1.1') for line in cloud.relays[0].requests]
    v1, v2 = f'/v1/images/{image}', f'/v2/images/{image}'
    assert [line for line in asked if 'schemas' not in line] == [
        f'HEAD {v1}',
        f'HEAD {v1}',
        f'HEAD {v1}',
        f'GET {v2}',
        f'GET {v1}',
    ]


@pytest.mark.parametrize('properties', [{f'name{number}': 'x' for number in range(120)}, {'long': 'x' * 65535}])
@pytest.mark.parametrize('data', [DATA, b''], ids=['data', 'empty'])
def test_an_image_boots_however_many_and_large_its_properties(cloud, properties, data):
    cloud.start_nova()
    instance = cloud.boot(cloud.upload(data, **properties))
    assert (instance['status'], 'fault' in instance) == ('ACTIVE', False)
    assert cloud.disk(instance).read_bytes() == data


@pytest.mark.parametrize('name', ['kernel_id', 'ramdisk_id'])
@pytest.mark.parametrize('part', ['detail', 'x/members', '../..', '?', 'a b', 'ü'])
def test_a_kernel_or_ramdisk_that_is_no_id_is_400_and_no_other_url_is_asked_for(cloud, name, part):
    cloud.start_nova()
    image = cloud.upload(DATA, **{name: part})
    fault = cloud.create(image, 400)['badRequest']
    assert part in fault['message']
    asked = {line.split()[1] for line in cloud.relays[0].requests}
    assert asked == {f'/v1/images/{image}'}


def test_nobody_boots_from_a_deactivated_image_until_it_is_reactivated(cloud):
    cloud.start_nova()
    image = cloud.upload(DATA)
    ask(cloud.relays[0], 'POST', f'/v2/images/{image}/actions/deactivate', status=204)
    fault = cloud.create(image, 400)['badRequest']
    assert 'is not active' in fault['message']
    ask(cloud.relays[0], 'POST', f'/v2/images/{image}/actions/reactivate', status=204)
    assert cloud.disk(cloud.boot(image)).read_bytes() == DATA


def test_an_empty_image_is_an_empty_disk(cloud):
    cloud.start_nova()
    instance = cloud.boot(cloud.upload(b''))
    assert instance['status'] == 'ACTIVE'
    assert cloud.disk(instance).read_bytes() == b''


def test_a_disk_that_is_written_to_leaves_the_image_as_it_is(cloud):
    cloud.start_nova(image_handlers='file')
    image = cloud.upload(DATA)
    first = cloud.boot(image)
    with cloud.disk(first).open('r+b') as disk:
        disk.write(b'written to')
    assert cloud.disk(cloud.boot(image)).read_bytes() == DATA


def test_ec2_knows_the_same_image_by_a_number(cloud):
    cloud.start_nova()
    cloud.upload(DATA, name='the newest')
    path = '/services/Cloud?Action=DescribeImages'
    every = images_in(ask(cloud.nova, 'GET', path))
    (number,) = (number for number, name in every.items() if name == 'the newest')
    assert re.fullmatch('ami-[0-9a-f]{8}', number)
    assert images_in(ask(cloud.nova, 'GET', f'{path}&ImageId.1={number}')) == {number: 'the newest'}


def images_in(answer):
    """{number: name} in EC2's XML."""
    numbers = re.findall('<imageId>(.*?)</imageId>', answer.decode())
    return dict(zip(numbers, re.findall('<name>(.*?)</name>', answer.decode())))


# -- what glance says about an image, through all services


def test_a_bad_image_is_400_with_nothing_created(cloud):
    cloud.start_nova()
    gone = cloud.upload(DATA)
    ask(cloud.relays[0].target, 'DELETE', f'/v2/images/{gone}', status=204)
    needs_a_kernel = {'kernel_id': gone}
    bad = {
        'queued': cloud.upload(None),
        'deleted': gone,
        "another tenant's": cloud.upload(DATA, token=BOB),
        'too much memory': cloud.upload(DATA, min_ram=4096),
        'too large a disk': cloud.upload(DATA, min_disk=2),
        'no kernel': cloud.upload(DATA, **needs_a_kernel),
        'none': '00000000-0000-4000-8000-000000000000',
        'a name': 'cirros',
        'empty': '',
        'null': None,
    }
    for case, image in bad.items():
        assert 'badRequest' in cloud.create(image, status=400), case
    assert cloud.instances() == []
    assert cloud.folders() == []


def test_the_token_of_the_caller_decides_what_may_be_booted(cloud):
    cloud.start_nova()
    image = cloud.upload(DATA, token=BOB)
    assert cloud.built(cloud.create(image, token=BOB))['status'] == 'ACTIVE'
    assert cloud.built(cloud.create(image, token=ADMIN))['status'] == 'ACTIVE'
    cloud.create(image, token=ALICE, status=400)


def test_another_flavor_has_room_for_more(cloud):
    cloud.start_nova()
    instance = cloud.boot(cloud.upload(DATA, min_ram=2048, min_disk=20), flavor='m1.small')
    assert (instance['status'], instance['flavor']) == ('ACTIVE', 'm1.small')


# -- glance dies


def dies_at(cloud, place):
    """Have the glance that is asked then die at that place in a boot."""
    on_pass = {
        'show by the api': NthTime(1, kill),
        'show by the manager': NthTime(2, kill),
        'show by the handlers': NthTime(3, kill),
        'get_locations': At(LOCATIONS, kill),
        'download': At(DOWNLOAD, kill),
        'in the middle of the download': At(DOWNLOAD, kill, sent=MIB),
    }[place]
    for relay in cloud.relays:
        relay.on_pass = on_pass


LATER = [
    'show by the manager',
    'show by the handlers',
    'get_locations',
    'download',
    'in the middle of the download',
]


def test_without_glance_a_create_is_503_that_names_it_and_creates_nothing(cloud):
    cloud.start_nova()
    image = cloud.upload(DATA)
    dies_at(cloud, 'show by the api')
    for _ in range(2):  # while it dies, and once it is dead
        fault = cloud.create(image, status=503)['serviceUnavailable']
        assert f'127.0.0.1:{cloud.relays[0].port}' in fault['message']
    assert cloud.instances() == []
    cloud.create(None, status=400)


@pytest.mark.parametrize('place', LATER)
def test_when_glance_dies_the_instance_ends_as_an_error_and_leaves_no_file(cloud, place):
    cloud.start_nova()
    image = cloud.upload(DATA)
    dies_at(cloud, place)
    instance = cloud.boot(image)
    assert instance['status'] == 'ERROR'
    assert f'127.0.0.1:{cloud.relays[0].port}' in instance['fault']['message']
    assert cloud.folders() == []
    assert cloud.instances() == [instance]


@pytest.mark.parametrize('place', ['show by the api', *LATER])
def test_with_a_second_glance_and_a_retry_it_ends_active(cloud, place):
    cloud.add_glance()
    cloud.start_nova(glance_num_retries='1')
    image = cloud.upload(DATA)
    dies_at(cloud, place)
    instance = cloud.boot(image)
    assert instance['status'] == 'ACTIVE', instance
    assert cloud.disk(instance).read_bytes() == DATA
    assert sum(relay.target.process.poll() is not None for relay in cloud.relays) == 1


def test_once_glance_is_back_all_is_as_before(cloud):
    cloud.start_nova()
    image = cloud.upload(DATA)
    dies_at(cloud, 'in the middle of the download')
    assert cloud.boot(image)['status'] == 'ERROR'
    cloud.relays[0].target = cloud.images.glance(0)
    assert cloud.boot(image)['status'] == 'ACTIVE'


# -- glance says nothing


def test_a_glance_that_never_answers_is_given_up_on(cloud):
    image = cloud.upload(DATA)
    with socket.create_server(('127.0.0.1', 0)) as silent:
        address = f'127.0.0.1:{silent.getsockname()[1]}'
        cloud.start_nova(glance_api_servers=address, glance_client_timeout='0.2')
        assert address in cloud.create(image, status=503)['serviceUnavailable']['message']
    assert cloud.instances() == []


@pytest.mark.parametrize('sent', [0, MIB])
def test_a_glance_that_falls_silent_in_a_boot_is_given_up_on(cloud, sent):
    cloud.start_nova(glance_client_timeout='0.2')
    image = cloud.upload(DATA)
    hold = Hold()
    cloud.relays[0].on_pass = At(DOWNLOAD, hold, sent)
    instance = cloud.boot(image)
    assert (instance['status'], instance['fault']['code']) == ('ERROR', 503)
    assert cloud.folders() == []
    hold.release()


@pytest.mark.parametrize(('answer', 'status'), [
    (b'', 503),
    (b'hello\r\n', 503),
    (b'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n', 503),
    (b'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n', 500),
    (b'HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n', 500),
    (b'HTTP/1.1 200 OK\r\n\r\n', 400),
])  # fmt: skip
def test_a_glance_that_talks_rubbish_creates_nothing(cloud, answer, status):
    with rubbish(answer) as port:
        cloud.start_nova(glance_api_servers=f'127.0.0.1:{port}', glance_client_timeout='1')
        cloud.create('11111111-1111-4111-8111-111111111111', status=status)
        assert cloud.instances() == []


@contextlib.contextmanager
def rubbish(answer):
    """A server that answers this to all; its port."""

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

    with socket.create_server(('127.0.0.1', 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        join(thread)


# -- many, and large


def test_200_creates_at_once_are_200_right_disks_fetched_one_at_a_time(cloud):
    cloud.start_nova()
    data = DATA[: 256 * 1024]
    image = cloud.upload(data)
    cloud.relays[0].on_pass = downloads = Downloads(len(data))
    created, threads = [], []
    for _ in range(20):
        threads.append(threading.Thread(target=lambda: created.extend(cloud.create(image) for _ in range(10))))
        threads[-1].start()
    join(*threads)
    assert len({instance['id'] for instance in created}) == 200
    for instance in created:
        assert cloud.built(instance)['status'] == 'ACTIVE'
        assert cloud.disk(instance).read_bytes() == data
    assert downloads.most == 1


class Downloads:
    """on_pass of a relay: `most` is how many downloads of `size` bytes there were at once."""

    def __init__(self, size):
        self.size, self.most = size, 0
        self.under_way, self.lock = set(), threading.Lock()

    def __call__(self, relay, line, sent):
        with self.lock:
            if line.startswith(DOWNLOAD) and sent == 0:
                self.under_way.add(threading.current_thread())
            elif sent > self.size:
                self.under_way.discard(threading.current_thread())
            self.most = max(self.most, len(self.under_way))


@pytest.mark.parametrize('handler', ['download', 'file'])
def test_memory_does_not_grow_with_the_image(cloud, handler):
    cloud.start_nova(image_handlers=handler)
    cloud.boot(cloud.upload(DATA))
    before = most_memory(cloud.nova)
    with open(cloud.folder / 'large', 'wb+') as large:
        large.write(DATA)
        large.truncate(200 * MIB)
        large.seek(0)
        instance = cloud.boot(cloud.upload(large))
    assert (instance['status'], cloud.disk(instance).stat().st_size) == ('ACTIVE', 200 * MIB)
    assert most_memory(cloud.nova) - before < 20 * MIB


def most_memory(running):
    """The most bytes of memory that the process ever held."""
    with open(f'/proc/{running.process.pid}/status') as status:
        return int(re.search(r'VmHWM:\s+(\d+)', status.read())[1]) * 1024


# -- one tenant against all


@pytest.mark.parametrize('workers', [2, 4])
def test_slow_images_of_one_tenant_keep_nobody_waiting(cloud, workers):
    cloud.start_nova(workers=str(workers), glance_client_timeout='60')
    slow, quick = [cloud.upload(DATA) for _ in range(2)], cloud.upload(DATA, token=BOB)
    hold = Hold()
    cloud.relays[0].on_pass = lambda relay, line, sent: line.startswith(DOWNLOAD) and quick not in line and hold(relay)
    for number in range(16):
        cloud.create(slow[number % 2])
    assert hold.held.wait(30)
    for _ in range(3):
        assert cloud.built(cloud.create(quick, token=BOB))['status'] == 'ACTIVE'
    assert [instance['status'] for instance in cloud.instances()] == ['BUILD'] * 16 + ['ACTIVE'] * 3
    hold.release()


@pytest.mark.parametrize(('sent', 'timeout'), [(0, '0.5'), (100_000, '600'), (MIB, '600')])
def test_deleting_what_is_being_built_frees_its_worker_soon(cloud, sent, timeout):
    cloud.start_nova(workers='1', glance_client_timeout=timeout)
    image = cloud.upload(DATA)
    hold = Hold()
    cloud.relays[0].on_pass = At(DOWNLOAD, hold, sent)
    slow = cloud.create(image)
    assert hold.held.wait(30)
    wait_for(lambda: sent < MIB or cloud.disk(slow).exists())
    cloud.delete(slow)
    assert cloud.boot(image)['status'] == 'ACTIVE'
    assert slow['id'] not in cloud.folders()
    hold.release()


def test_deleting_what_waits_for_another_builds_download_frees_its_worker_soon(cloud):
    cloud.start_nova(workers='4', glance_client_timeout='600')
    image = cloud.upload(DATA)
    hold = Hold()
    cloud.relays[0].on_pass = At(DOWNLOAD, hold, sent=MIB)
    first, waiting = cloud.create(image), cloud.create(image)
    assert hold.held.wait(30)
    waiting = waiting if cloud.disk(first).exists() else first
    cloud.delete(waiting)
    assert cloud.boot(cloud.upload(DATA))['status'] == 'ACTIVE'
    hold.release()


# -- delete and restart


def test_deleting_while_the_image_is_fetched_leaves_nothing(cloud):
    cloud.start_nova()
    image = cloud.upload(DATA)
    hold = Hold()
    cloud.relays[0].on_pass = At(DOWNLOAD, hold, sent=MIB)
    fetched, waiting = cloud.create(image), cloud.create(image)
    assert hold.held.wait(30)
    wait_for(lambda: cloud.disk(fetched).exists() or cloud.disk(waiting).exists())
    cloud.delete(fetched)
    cloud.delete(waiting)
    assert cloud.instances() == []
    hold.release()
    last = cloud.boot(image)
    assert (last['status'], cloud.disk(last).read_bytes() == DATA) == ('ACTIVE', True)
    wait_for(lambda: cloud.folders() == [last['id']])
    cloud.delete(last)
    wait_for(lambda: cloud.folders() == [])


def test_a_download_that_does_not_come_to_its_end_is_an_error_that_says_so(cloud):
    cloud.start_nova(workers='1', image_download_timeout='1')
    image, other = cloud.upload(DATA), cloud.upload(DATA)
    hold = Hold()
    cloud.relays[0].on_pass = At(DOWNLOAD, hold, sent=MIB)
    failed = cloud.boot(image)
    assert failed['status'] == 'ERROR'
    assert failed['fault']['message'].startswith(f'Image {image} did not arrive within 1 seconds')
    assert cloud.boot(other)['status'] == 'ACTIVE'
    hold.release()


def test_instances_survive_a_restart_and_what_was_being_built_becomes_an_error(cloud):
    cloud.start_nova()
    image = cloud.upload(DATA)
    active = cloud.boot(image)
    hold = Hold()
    cloud.relays[0].on_pass = At(DOWNLOAD, hold, sent=MIB)
    building = cloud.create(image)
    assert hold.held.wait(30)
    wait_for(lambda: cloud.disk(building).exists())
    cloud.nova.process.kill()
    cloud.nova.wait()
    hold.release()
    cloud.start_nova()
    assert cloud.show(active) == active
    assert cloud.disk(active).read_bytes() == DATA
    failed = cloud.show(building)
    assert (failed['status'], failed['fault']['code']) == ('ERROR', 500)
    assert cloud.folders() == [active['id']]
    assert len(ask(cloud.nova, 'GET', '/instances')['instances']) == 5


def test_a_disk_whose_row_went_just_before_the_service_died_goes_at_the_next_start(cloud):
    cloud.start_nova()
    image = cloud.upload(DATA)
    deleted, active = cloud.boot(image), cloud.boot(image)
    cloud.nova.process.kill()
    cloud.nova.wait()
    # What a DELETE that was killed half-way leaves: the row is deleted, the disk is there.
    with contextlib.closing(sqlite3.connect(cloud.folder / 'nova.sqlite')) as database, database:
        database.execute('UPDATE instances SET deleted = 1 WHERE uuid = ?', [deleted['id']])
    assert cloud.folders() == sorted([deleted['id'], active['id']])
    cloud.start_nova()
    assert cloud.folders() == [active['id']]
    assert cloud.disk(active).read_bytes() == DATA


def test_nova_stops_at_once_though_it_is_building(cloud):
    cloud.start_nova()
    image = cloud.upload(DATA)
    hold = Hold()
    cloud.relays[0].on_pass = At(DOWNLOAD, hold, sent=MIB)
    cloud.create(image)
    assert hold.held.wait(30)
    cloud.nova.send_signal()
    assert cloud.nova.wait() == 0
    assert 'Traceback' not in cloud.nova.log()
    hold.release()


def test_without_a_token_nova_answers_401(cloud):
    cloud.start_nova()
    for token in ('', 'nobody'):
        ask(cloud.nova, 'GET', '/instances', token=token, status=401)
