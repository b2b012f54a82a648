"""Where instances are made: jobs that begin once their request is answered, a bounded number of them at a time.

    run_instance -> pool -> image_service.show -> driver.spawn -> ACTIVE, or ERROR with a fault

Use: manager = ComputeManager(db_api, image_service, driver, workers=4); manager.init_host()
     manager.run_instance(context, instance)
Real: nova 2013-04 (c8067d1b70) nova/compute/manager.py ComputeManager, a process for each machine, told what to do
    by messages; its task states (networking, block_device_mapping, spawning) are lines of the log here.
Left out: networks, block devices, migration, trying another machine.
"""

import contextvars
import logging
import threading
from collections import deque
from functools import partial

from cloud.nova import exception
from cloud.nova.compute.api import check_image_size
from cloud.nova.db.sqlalchemy.api import ACTIVE, BUILD, ERROR
from cloud.oslo.utils.timeutils import isotime, utcnow

LOG = logging.getLogger(__name__)

ENDED = 'The service ended while the instance was built: delete it, and create another.'


class ComputeManager:
    """Builds and removes instances. driver: a virt.driver.ComputeDriver; workers: how many builds go on at once."""

    def __init__(self, db_api, image_service, driver, workers):
        self.db_api = db_api
        self.image_service = image_service
        self.driver = driver
        self.pool = Pool(workers)

    def init_host(self):
        """At start: clear up what the process before left half-way. For the one service on this database only."""
        for instance in self.db_api.instance_get_all_by_status(BUILD):
            LOG.warning('instance %s: the service ended while it was built', instance['uuid'])
            self._give_up(instance, exception.NovaException(ENDED))
        for instance_uuid in self.driver.list_instances():
            if self._is_deleted(instance_uuid):
                self.driver.destroy(instance_uuid)

    def _is_deleted(self, instance_uuid):
        try:
            return self.db_api.instance_get_by_uuid(instance_uuid, read_deleted=True)['deleted']
        except exception.InstanceNotFound:
            return False  # another service's, or a student's own folder

    def run_instance(self, context, instance):
        """Have the instance built as soon as a worker is free."""
        self.pool.submit(partial(self._run_instance, context, instance))

    def _run_instance(self, context, instance):
        if self._is_deleted(instance['uuid']):
            return
        try:
            self._spawn(context, instance)
        except Exception as error:
            LOG.warning('instance %s: cannot be built: %s', instance['uuid'], error, exc_info=is_unexpected(error))
            self._give_up(instance, error)
        else:
            self._save(instance, {'status': ACTIVE})

    def _spawn(self, context, instance):
        # The API has looked at the image before; but it is another process in the real thing, and time has passed.
        image_meta = self.image_service.show(context, instance['image_ref'])
        check_image_size(image_meta, instance['root_gb'])
        LOG.info('instance %s: spawning from image %s', instance['uuid'], instance['image_ref'])
        self.driver.spawn(context, instance, image_meta)

    def _give_up(self, instance, error):
        self.driver.destroy(instance['uuid'])
        self._save(instance, {'status': ERROR, 'fault': fault_of(error)})

    def _save(self, instance, values):
        try:
            self.db_api.instance_update(instance['uuid'], values)
            LOG.info('instance %s: %s', instance['uuid'], values['status'])
        except exception.InstanceNotFound:
            # Deleted in the meantime. Whoever did so has removed the disk, perhaps before it was complete.
            self.driver.destroy(instance['uuid'])

    def terminate_instance(self, instance):
        """Remove what a deleted instance has on this machine. A worker that is building it notices at the end."""
        self.driver.destroy(instance['uuid'])


def is_unexpected(error):
    return not isinstance(error, exception.NovaException | OSError)


def fault_of(error):
    """What clients are told: {'code': ..., 'message': ..., 'created': ...}, with no word of the inside."""
    if isinstance(error, exception.NovaException):
        code, message = error.code, str(error)
    else:
        why = getattr(error, 'strerror', None) or 'the log of the service says why.'
        code, message = 500, f'The instance could not be built: {why}'
    return {'code': code, 'message': message, 'created': isotime(utcnow())}


class Pool:
    """Runs jobs (functions) in order, in `size` threads at most; a thread ends when there is nothing left to do."""

    def __init__(self, size):
        self.size, self.running = size, 0
        self.jobs, self.lock = deque(), threading.Lock()

    def submit(self, job):
        # With the context, log lines keep the id of the request that all this is for.
        with self.lock:
            self.jobs.append(partial(contextvars.copy_context().run, job))
            if self.running < self.size:
                threading.Thread(target=self._work, daemon=True).start()
                self.running += 1

    def _work(self):
        while job := self._next():
            try:
                job()
            except Exception:
                LOG.exception('a job failed')

    def _next(self):
        with self.lock:
            if self.jobs:
                return self.jobs.popleft()
            self.running -= 1
            return None
