"""The instances in the database. Each change says from which states it may be made: one UPDATE, or none.

    instance_update(uuid, {'task_state': 'spawning'}, expected_task_state='networking')
        UPDATE instances SET task_state='spawning' WHERE uuid=... AND NOT deleted AND task_state IN ('networking')

Of two that try at once, the second finds another state and is refused: compare-and-swap, without a lock.
An instance comes back as a dict of its columns. InstanceNotFound is raised for a uuid that no instance has, or none
that is not deleted.
Real: nova 2014.2 nova/db/sqlalchemy/api.py instance_create, instance_update_and_get_original, instance_destroy,
    instance_get_all_by_filters, _quota_reserve. There, the row is read under a lock, compared, and written.
"""

from sqlalchemy import false, func, select, union_all

from cloud.nova import exception
from cloud.nova.compute import task_states
from cloud.nova.db.sqlalchemy import filters as filtering
from cloud.nova.db.sqlalchemy.models import instances
from cloud.oslo.utils.timeutils import utcnow
from cloud.oslo.utils.uuidutils import generate_uuid


class Instances:
    """A part of the Database."""

    def instance_create(self, values, check_quota=None):
        """Store an instance and return it. values: columns by name; a uuid is made if there is none."""
        return self.instances_create([values], check_quota)[0]

    def instances_create(self, many, check_quota=None):
        """Store several instances of one project, or none of them, and return them.

        check_quota: called with what the project has already, as quota_usage answers; what it raises passes, and
        nothing is stored. No other instance comes in between, since a transaction that writes is alone.
        """
        now = utcnow()
        rows = [{'uuid': generate_uuid(), 'created_at': now, 'updated_at': now, **values} for values in many]
        with self.writing() as connection:
            if check_quota is not None:
                check_quota(usage(connection, rows[0]['project_id']))
            for row in rows:
                connection.execute(instances.insert(), row)
            return [find(connection, row['uuid']) for row in rows]

    def quota_usage(self, project_id, user_id=None):
        """{'instances': 2, 'cores': 2, 'ram': 1024} of what a project, or one user in it, has. ram is in MiB."""
        with self.reading() as connection:
            return usage(connection, project_id, user_id)

    def instance_get_by_uuid(self, instance_uuid, read_deleted=False):
        with self.reading() as connection:
            return find(connection, instance_uuid, read_deleted)

    def instance_get_all(self, marker=None, limit=None):
        """The instances in the order of creation. marker: the uuid of the one to go on after; limit: how many."""
        with self.reading() as connection:
            wanted = select(instances).where(*after(connection, marker)).order_by(instances.c.id).limit(limit)
            return rows_of(connection, wanted)

    def instance_get_all_by_project(self, project_id, marker=None, limit=None):
        """The same of one project's instances, and of those that belong to nobody. The marker is one of them."""
        with self.reading() as connection:
            wanted = after(connection, marker, projects=(project_id, None))
            # Each half starts at the marker in an index, and the database merges them; an OR it would have to sort.
            halves = [select(instances).where(*wanted, instances.c.project_id == owner) for owner in {project_id, None}]
            return rows_of(connection, union_all(*halves).order_by('id').limit(limit))

    def instance_get_all_by_filters(self, filters=None, sort_keys=None, sort_dirs=None, limit=None, marker=None,
                                    project_id=None):  # fmt: skip
        """The instances that filters (see filters.py) let through, the newest first unless sort_keys say otherwise.

        marker: the uuid of the one to go on after; MarkerNotFound. project_id: those of one project alone.
        InvalidSortKey, InvalidInput.
        """
        with self.reading() as connection:
            conditions = filtering.conditions_of(filters or {}, connection.dialect.name)
            if project_id is not None:
                conditions.append(instances.c.project_id == project_id)
            last = None if marker is None else find_marker(connection, marker)
            order, behind = filtering.order_of(sort_keys or (), sort_dirs or (), last)
            return rows_of(connection, select(instances).where(*conditions, *behind).order_by(*order).limit(limit))

    def instance_update(self, instance_uuid, values, expected_vm_state=None, expected_task_state=None):
        """Change the columns that values names, and return the instance.

        expected_*: the state, or a tuple of them, in which alone that is done; in a tuple, None is a state.
        UnexpectedVMStateError, UnexpectedTaskStateError; UnexpectedDeletingTaskStateError if it is being deleted.
        """
        with self.writing() as connection:
            return change(connection, instance_uuid, values, expected_vm_state, expected_task_state)

    def instance_modify(self, instance_uuid, name, modify):
        """Put modify(what a column has) into the column, and return the instance. What it raises leaves all as it is.

        Of two at once, the second one modifies what the first one has made of it.
        """
        with self.writing() as connection:
            value = modify(find(connection, instance_uuid)[name])
            return change(connection, instance_uuid, {name: value})

    def instance_destroy(self, instance_uuid, values=None):
        """Mark the instance as deleted, with other values of its columns if need be, and return it as it was."""
        with self.writing() as connection:
            instance = find(connection, instance_uuid)
            now = utcnow()
            gone = {'deleted': True, 'deleted_at': now, 'terminated_at': now, 'task_state': None}
            change(connection, instance_uuid, {**gone, **(values or {})})
            return instance

    def instance_claim(self, instance_uuid, host, node, check, expected_task_state):
        """Give the instance to a host, if check(used) does not object, and return it.

        used: the sums of what the host's other instances have, as quota_usage answers, with 'disk' in GiB.
        No other instance comes to the host in between. InstanceElsewhere if another host has it;
        UnexpectedTaskStateError.
        """
        with self.writing() as connection:
            check(sums(connection, *on_host(host), instances.c.uuid != instance_uuid))
            where = {'host': host, 'node': node, 'launched_on': host}
            there = find(connection, instance_uuid)
            if there['host'] not in (None, host):
                raise exception.InstanceElsewhere(instance_uuid=instance_uuid, host=there['host'])
            return change(connection, instance_uuid, where, None, expected_task_state)

    def host_usage(self, host):
        """What the instances of a host sum up to: {'instances', 'cores', 'ram', 'disk'}."""
        with self.reading() as connection:
            return sums(connection, *on_host(host))

    def is_new(self):
        """Whether there never was an instance."""
        with self.reading() as connection:
            return connection.scalar(select(instances.c.id).limit(1)) is None


def rows_of(connection, statement):
    return [dict(row) for row in connection.execute(statement).mappings()]


def usage(connection, project_id, user_id=None):
    owned = [instances.c.deleted == false(), instances.c.project_id == project_id]
    if user_id is not None:
        owned.append(instances.c.user_id == user_id)
    used = sums(connection, *owned)
    del used['disk']
    return used


def sums(connection, *conditions):
    columns = [func.coalesce(func.sum(column), 0) for column in (instances.c.vcpus, instances.c.memory_mb,
                                                                 instances.c.root_gb)]  # fmt: skip
    row = connection.execute(select(func.count(), *columns).where(*conditions)).one()
    return dict(zip(('instances', 'cores', 'ram', 'disk'), map(int, row)))


def on_host(host):
    return instances.c.host == host, instances.c.deleted == false()


def after(connection, marker, projects=None):
    """Conditions for what comes after the marker (None: for all). projects: who may own it, or None: anybody."""
    there = [instances.c.deleted == false()]
    if marker is None:
        return there
    last = find(connection, marker)
    if projects is not None and last['project_id'] not in projects:
        raise exception.InstanceNotFound(instance_id=marker)
    return [*there, instances.c.id > last['id']]


def find(connection, instance_uuid, read_deleted=False):
    row = connection.execute(select(instances).where(instances.c.uuid == instance_uuid)).mappings().first()
    if row is None or row['deleted'] and not read_deleted:
        raise exception.InstanceNotFound(instance_id=instance_uuid)
    return dict(row)


def find_marker(connection, marker):
    try:
        return find(connection, marker, read_deleted=True)
    except exception.InstanceNotFound:
        raise exception.MarkerNotFound(marker=marker) from None


def change(connection, instance_uuid, values, expected_vm_state=None, expected_task_state=None):
    condition = [instances.c.uuid == instance_uuid, instances.c.deleted == false()]
    expected = {'vm_state': states(expected_vm_state), 'task_state': states(expected_task_state)}
    condition += [is_one_of(instances.c[name], wanted) for name, wanted in expected.items() if wanted]
    changed = instances.update().where(*condition).values({'updated_at': utcnow(), **values})
    if connection.execute(changed).rowcount == 0:
        refuse(find(connection, instance_uuid), expected)
    return find(connection, instance_uuid, read_deleted=values.get('deleted', False))


def states(expected):
    return (expected,) if isinstance(expected, str) else tuple(expected or ())


def is_one_of(column, wanted):
    condition = column.in_([state for state in wanted if state is not None])
    return condition | column.is_(None) if None in wanted else condition


def refuse(instance, expected):
    """Raise what it is that the instance's states are not the expected ones."""
    for name, error in (('task_state', exception.UnexpectedTaskStateError),
                        ('vm_state', exception.UnexpectedVMStateError)):  # fmt: skip
        if expected[name] and instance[name] not in expected[name]:
            if instance['task_state'] == task_states.DELETING and task_states.DELETING not in expected['task_state']:
                error = exception.UnexpectedDeletingTaskStateError
            raise error(instance_uuid=instance['uuid'], expected=expected[name], actual=instance[name])
    raise exception.InstanceNotFound(instance_id=instance['uuid'])  # it came in between, on a server's database
