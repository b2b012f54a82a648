"""Nova: each instance that was booted from an image has its disk, each disk its instance, and none waits for ever.

Use: audit = Instances(options); for finding in audit.findings(): ...; audit.count
Real: none; nova 2014.2 nova/compute/manager.py init_host and _cleanup_running_deleted_instances mend what they find
"""

import itertools
import os

from sqlalchemy import false, select

from cloud.audit.database import PAGE, Database, is_recent
from cloud.audit.finding import Finding
from cloud.nova.compute import vm_states
from cloud.nova.db.sqlalchemy.models import instances
from cloud.nova.utils import is_uuid_like

START = 'start nova, which gives up what a killed one was building; stop it, and audit again'
ANEW = 'delete it and create another'
REMOVE = 'if it is still there after a start of nova, remove the folder'


class Instances:
    """options: nova's. count: the instances that are not deleted, once all were seen."""

    kind = 'instances'

    def __init__(self, options, quick=False):
        self.database = Database(options.sql_connection)
        self.folder = os.path.abspath(options.instances_path)
        self.key = (self.database.name, self.folder)
        self.count = 0
        self.at_work = self.database.is_worked_on()

    def findings(self):
        for page in self.database.pages(instances, instances.c.deleted == false()):
            self.count += len(page)
            for instance in page:
                if any(self.faults(instance)):
                    yield from self.look_again(instance.uuid)
        yield from self.folder_findings()

    def look_again(self, uuid):
        living = instances.c.uuid == uuid, instances.c.deleted == false()
        for instance in self.database.rows(select(instances).where(*living)):
            yield from self.faults(instance)

    def faults(self, instance):
        uuid, disk = instance.uuid, os.path.join(self.folder, instance.uuid, 'disk')
        if instance.vm_state == vm_states.BUILDING and not self.at_work:
            yield Finding('build', uuid, f'instance {uuid} is in BUILD, and nobody builds it', START)
        elif instance.task_state and not self.at_work:
            what = f'instance {uuid} is at {instance.task_state}, and nobody does it'
            yield Finding('task', uuid, what, START)
        elif instance.vm_state == vm_states.ACTIVE and instance.image_ref and not os.path.isfile(disk):
            yield Finding('no disk', uuid, f'instance {uuid} is ACTIVE without its disk, {disk}', ANEW)
        elif instance.vm_state == vm_states.ERROR and not instance.fault:
            yield Finding('no fault', uuid, f'instance {uuid} is in ERROR, and does not say why', ANEW)

    def folder_findings(self):
        for names in batches_of_folders(self.folder):
            found = self.database.rows(select(instances).where(instances.c.uuid.in_(names)))
            by_uuid = {instance.uuid: instance for instance in found}
            for uuid in names:
                path = os.path.join(self.folder, uuid)
                if not self.needs_disk(by_uuid.get(uuid)) and os.path.isdir(path):
                    what = f'{path} is the disk of no instance that is built, or being built'
                    yield Finding('disk without an instance', uuid, what, REMOVE)

    def needs_disk(self, instance):
        if instance is None:
            return False
        if self.at_work and is_recent(instance.updated_at):
            return True
        return not instance.deleted and (instance.vm_state != vm_states.ERROR or instance.launched_at is not None)


def batches_of_folders(folder):
    """Lists of the names, of instances, that the folder's folders have; none if there is no such folder."""
    if not os.path.isdir(folder):
        return
    with os.scandir(folder) as entries:
        found = (entry.name for entry in entries if is_uuid_like(entry.name) and entry.is_dir(follow_symlinks=False))
        while names := list(itertools.islice(found, PAGE)):
            yield names
