"""Stand-ins for what is around compute: an image service with a dict behind it, and a driver that can be held up."""

import threading

from cloud.nova import exception
from cloud.nova.api.openstack.common import status_from_state
from cloud.nova.compute import power_state
from cloud.nova.context import RequestContext
from cloud.oslo.messaging.pool import Pool

ALICE = RequestContext('alice', 'demo', roles=['member'], auth_token='alice-token', request_id='req-1')
BOB = RequestContext('bob', 'other', roles=['member'], auth_token='bob-token', request_id='req-2')
ADMIN = RequestContext('admin', 'admin', is_admin=True, roles=['admin'], auth_token='open-sesame', request_id='req-3')
IMAGE = '11111111-1111-4111-8111-111111111111'
ACTIVE, BUILD, ERROR = 'ACTIVE', 'BUILD', 'ERROR'
# The states of an instance whose status is that, and how large it is: for instance_create.
STATES = {
    ACTIVE: {'vm_state': 'active', 'power_state': 1},
    BUILD: {'vm_state': 'building', 'task_state': 'scheduling'},
    ERROR: {'vm_state': 'error'},
}
SIZE = {'flavor': {'flavorid': '1', 'name': 'small'}, 'memory_mb': 512, 'vcpus': 1, 'root_gb': 1}
OTHER = '22222222-2222-4222-8222-222222222222'


def status(instance):
    return status_from_state(instance['vm_state'], instance['task_state'])


class FakeImageService:
    """images: by id, as show answers them, or an exception to raise. asked: the ids, as they were asked for."""

    def __init__(self):
        self.images, self.asked = {}, []
        self.add(IMAGE)

    def add(self, image_id, **attributes):
        image = {'id': image_id, 'status': 'active', 'size': 4, 'min_ram': 0, 'min_disk': 0, 'properties': {}}
        self.images[image_id] = {**image, **attributes}

    def show(self, context, image_id):
        self.asked.append(image_id)
        found = self.images.get(image_id, exception.ImageNotFound(image_id=image_id))
        if isinstance(found, Exception):
            raise found
        return found


class FakeDriver:
    """spawned: what was; existing: the uuids that there is something of. A spawn waits for `go`, and may fail."""

    def __init__(self):
        self.spawned, self.existing, self.destroyed, self.power = [], set(), [], {}
        self.error = None
        self.begun, self.go = threading.Semaphore(0), threading.Event()
        self.go.set()
        self.lock, self.at_once, self.most_at_once = threading.Lock(), 0, 0

    def spawn(self, context, instance, image_meta):
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.release()
        assert self.go.wait(30)
        self.existing.add(instance['uuid'])
        self.spawned.append((context, instance, image_meta))
        with self.lock:
            self.at_once -= 1
        if self.error:
            raise self.error

    def destroy(self, instance_uuid):
        self.destroyed.append(instance_uuid)
        self.existing.discard(instance_uuid)

    def get_info(self, instance_uuid):
        return self.power.get(instance_uuid, power_state.RUNNING)

    def set_power(self, instance, state, what):
        self.power[instance['uuid']] = state

    def get_available_resource(self, host):
        sizes = {'vcpus': 100, 'memory_mb': 100000, 'local_gb': 1000}
        return {**sizes, 'hypervisor_type': 'fake', 'hypervisor_version': 1}

    def list_instances(self):
        return sorted(self.existing)


def wait_until_idle(manager):
    """Until the workers have done all that they were given, the conductor's first, then those of the host."""
    while threads := [each for each in threading.enumerate() if is_worker(each)]:
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
    assert manager.pool.running == 0


def is_worker(thread):
    return getattr(getattr(thread, '_target', None), '__func__', None) is Pool._work
