"""Where instances are made: jobs that begin once their request is answered, a bounded number of them at a time.

    run_instance -> pool -> image_service.show -> driver.spawn -> ACTIVE, or ERROR with a fault
    terminate_instance -> the build stops at its next step -> its worker is free

Use: manager = ComputeManager(db_api, image_service, driver, workers=4); manager.init_host()
     manager.run_instance(context, instance)
Real: nova 2013-04 (c8067d1b70) nova/compute/manager.py ComputeManager, a process for each machine, told what to do
    by messages; its task states (networking, block_device_mapping, spawning) are lines of the log here.
Left out: networks, block devices, migration, trying another machine.
"""

import logging
import time
from functools import partial

from cloud.nova import cancel, exception
from cloud.nova.compute import power_state, vm_states
from cloud.nova.compute.api import check_image_size
from cloud.nova.compute.pool import Pool
from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.utils.timeutils import isotime, utcnow

LOG = logging.getLogger(__name__)

SAVE_PATIENCE = 600  # seconds that a worker tries to save how a build has ended
LONGEST_PAUSE = 10  # seconds between two tries; the first ones come sooner
BUILT = {'vm_state': vm_states.ACTIVE, 'task_state': None, 'power_state': power_state.RUNNING}
FAILED = {'vm_state': vm_states.ERROR, 'task_state': None}
ENDED = 'The service ended while the instance was built: delete it, and create another.'


class ComputeManager:
    """Builds and removes instances. driver: a virt.driver.ComputeDriver; workers: how many builds go on at once."""

    def __init__(self, db_api, image_service, driver, workers):
        self.db_api = db_api
        self.image_service = image_service
        self.driver = driver
        self.pool = Pool(workers)
        self.builds = {}  # uuid -> cancel.Cancellation, of those that wait or go on

    def init_host(self):
        """At start: clear up what the process before left half-way. For the one service on this database only. DBError.

        An instance in BUILD, which nobody builds any more, becomes ERROR. Disks that belong to no living instance go.
        """
        for instance in self.db_api.instance_get_all_by_filters({'vm_state': vm_states.BUILDING}):
            LOG.warning('instance %s: the service ended while it was built', instance['uuid'])
            ended = {**FAILED, 'fault': fault_of(exception.NovaException(ENDED))}
            self.db_api.instance_update(instance['uuid'], ended)
        for instance_uuid in self.driver.list_instances():
            if self._is_left_over(instance_uuid):
                LOG.info('instance %s: what is left of it is removed', instance_uuid)
                self._remove_disk(instance_uuid)

    def _is_left_over(self, instance_uuid):
        """Whether what the driver has of the instance is of no use: it is deleted, or could not be built."""
        try:
            instance = self.db_api.instance_get_by_uuid(instance_uuid, read_deleted=True)
        except exception.InstanceNotFound:
            LOG.warning('instance %s: there is something of it, and this database has never known it', instance_uuid)
            return False  # another service's, or a student's own folder
        return instance['deleted'] or instance['vm_state'] == vm_states.ERROR

    def run_instance(self, context, instance):
        """Have the instance built as soon as a worker is free that its tenant may have."""
        self.builds[instance['uuid']] = cancel.Cancellation()
        self.pool.submit(partial(self._run_instance, context, instance), instance['project_id'])

    def _run_instance(self, context, instance):
        try:
            with self.builds[instance['uuid']].watched():
                self._spawn(context, instance)
        except (exception.BuildCancelled, exception.InstanceNotFound):
            LOG.info('instance %s: deleted before it was built', instance['uuid'])
            self._remove_disk(instance['uuid'])
        except Exception as error:
            LOG.warning('instance %s: cannot be built: %s', instance['uuid'], error, exc_info=is_unexpected(error))
            self._give_up(instance, error)
        else:
            self._end(instance, {**BUILT, 'launched_at': utcnow()})
        finally:
            del self.builds[instance['uuid']]

    def _spawn(self, context, instance):
        cancel.check()
        self.db_api.instance_get_by_uuid(instance['uuid'])  # InstanceNotFound: deleted before run_instance knew of it
        # The API has looked at the image before; but it is another process in the real thing, and time has passed.
        image_meta = self.image_service.show(context, instance['image_ref'])
        check_image_size(image_meta, instance['root_gb'])
        LOG.info('instance %s: spawning from image %s', instance['uuid'], instance['image_ref'])
        self.driver.spawn(context, instance, image_meta)

    def _give_up(self, instance, error):
        self._remove_disk(instance['uuid'])
        self._end(instance, {**FAILED, 'fault': fault_of(error)})

    def _end(self, instance, values):
        try:
            self._save(instance, values)
        except exception.InstanceNotFound:
            # Deleted in the meantime. Whoever did so has removed the disk, perhaps before it was complete.
            self._remove_disk(instance['uuid'])

    def _save(self, instance, values):
        """Store how the build has ended, as soon as the database can. If it cannot for long, the next start mends it.

        InstanceNotFound.
        """
        for pause in pauses(SAVE_PATIENCE, LONGEST_PAUSE):
            try:
                self.db_api.instance_update(instance['uuid'], values)
                LOG.info('instance %s: %s', instance['uuid'], values['vm_state'])
                return
            except DBError as error:
                LOG.warning('instance %s: %s cannot be saved: %s', instance['uuid'], values['vm_state'], error)
            time.sleep(pause)
        LOG.error('instance %s: stays in BUILD; the next start of the service makes it ERROR', instance['uuid'])

    def terminate_instance(self, instance):
        """Remove what an instance that is deleted in the database has on this machine.

        A worker that is building it stops at its next step, and removes what it has made since.
        """
        build = self.builds.get(instance['uuid'])
        if build:
            build.cancel()
        self._remove_disk(instance['uuid'])

    def _remove_disk(self, instance_uuid):
        try:
            self.driver.destroy(instance_uuid)
        except Exception:
            LOG.exception('instance %s: its disk cannot be removed; the next start tries again', instance_uuid)


def pauses(patience, longest):
    """Seconds to wait between tries: 0.1, 0.2, 0.4 ... and no more than `longest` each, `patience` in all."""
    pause = 0.1
    while patience > 0:
        yield min(pause, patience)
        patience -= pause
        pause = min(2 * pause, longest)


def is_unexpected(error):
    return not isinstance(error, exception.NovaException | DBError | OSError)


def fault_of(error):
    """What clients are told: {'code', 'message', 'details', 'created_at'}, with no word of the inside."""
    if isinstance(error, exception.NovaException):
        code, message = error.code, str(error)
    elif isinstance(error, DBError):
        code, message = 503, str(error)
    else:
        why = getattr(error, 'strerror', None) or 'the log of the service says why.'
        code, message = 500, f'The instance could not be built: {why}'
    return {'code': code, 'message': message, 'details': None, 'created_at': isotime(utcnow())}
