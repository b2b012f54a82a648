"""An instance's one status becomes three states; it gets a host, a flavor in full, and tables for what was done to it.

Real: none
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column, DateTime, Integer, String, Text

revision, down_revision = '002', '001'

STATES = {'BUILD': ('building', 'spawning', 0), 'ACTIVE': ('active', None, 1), 'ERROR': ('error', None, 0)}
OLD_INDEXES = ('ix_instances_id', 'ix_instances_project_id', 'ix_instances_status')
INDEXES = {
    'ix_instances_id': ['deleted', 'id'],
    'ix_instances_project_id': ['deleted', 'project_id', 'id'],
    'ix_instances_vm_state': ['deleted', 'vm_state'],
    'ix_instances_task_state': ['deleted', 'task_state'],
    'ix_instances_host': ['deleted', 'host'],
}
TEXTS = ('display_description', 'hostname', 'host', 'node', 'launched_on', 'availability_zone', 'root_device_name')
TEXTS += ('config_drive', 'key_name', 'reservation_id', 'locked_by', 'locked_reason')


def upgrade():
    there = {index['name'] for index in sa.inspect(op.get_bind()).get_indexes('instances')}
    for name in there.intersection(OLD_INDEXES):
        op.drop_index(name, 'instances')
    add_columns()
    fill_columns()
    with op.batch_alter_table('instances') as batch:
        batch.drop_column('status')
        batch.drop_column('instance_type')
        for name in ('vm_state', 'flavor'):
            batch.alter_column(name, nullable=False)
    for name, columns in INDEXES.items():
        op.create_index(name, 'instances', columns)
    create_tables()


def add_columns():
    with op.batch_alter_table('instances') as batch:
        for name in TEXTS:
            batch.add_column(Column(name, String(255)))
        for name in ('vm_state', 'task_state'):
            batch.add_column(Column(name, String(32)))
        for name in ('access_ip_v4', 'access_ip_v6'):
            batch.add_column(Column(name, String(39)))
        for name in ('key_data', 'user_data'):
            batch.add_column(Column(name, Text))
        for name in ('launched_at', 'terminated_at'):
            batch.add_column(Column(name, DateTime))
        for name, number in {'power_state': '0', 'progress': '0', 'launch_index': '0', 'vcpus': '1'}.items():
            batch.add_column(Column(name, Integer, nullable=False, server_default=number))
        for name in ('auto_disk_config', 'locked'):
            batch.add_column(Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
        for name, empty in {'network_info': '[]', 'metadata': '{}', 'tags': '[]'}.items():
            batch.add_column(Column(name, sa.JSON, nullable=False, server_default=empty))
        batch.add_column(Column('flavor', sa.JSON))


def fill_columns():
    connection = op.get_bind()
    instances = sa.Table('instances', sa.MetaData(), autoload_with=connection)
    for status, (vm_state, task_state, power_state) in STATES.items():
        states = {'vm_state': vm_state, 'task_state': task_state, 'power_state': power_state}
        connection.execute(instances.update().where(instances.c.status == status).values(states))
    connection.execute(instances.update().values(launched_at=instances.c.created_at))
    kind = instances.c.instance_type, instances.c.memory_mb, instances.c.root_gb
    for row in connection.execute(sa.select(*kind).distinct()).all():
        same = [column == value for column, value in zip(kind, row)]
        connection.execute(instances.update().where(*same).values(flavor=flavor_of(*row)))
    failed = sa.select(instances.c.id, instances.c.fault).where(instances.c.fault.is_not(None))
    for number, fault in connection.execute(failed).all():
        if fault:
            changed = instances.update().where(instances.c.id == number)
            connection.execute(changed.values(fault=fault_of(fault)))


def flavor_of(name, memory_mb, root_gb):
    size = {'memory_mb': memory_mb, 'vcpus': 1, 'root_gb': root_gb, 'ephemeral_gb': 0, 'swap': 0, 'rxtx_factor': 1.0}
    return {'flavorid': name, 'name': name, **size, 'extra_specs': {}, 'is_public': True, 'disabled': False,
            'description': None}  # fmt: skip


def fault_of(fault):
    return {'code': fault['code'], 'message': fault['message'], 'details': None, 'created_at': fault['created']}


def create_tables():
    op.create_table(
        'instance_actions',
        Column('id', Integer, primary_key=True),
        Column('action', String(255), nullable=False),
        Column('instance_uuid', String(36), nullable=False),
        Column('request_id', String(255), nullable=False),
        Column('user_id', String(255)),
        Column('project_id', String(255)),
        Column('start_time', DateTime, nullable=False),
        Column('finish_time', DateTime),
        Column('message', String(255)),
        Column('updated_at', DateTime, nullable=False),
    )
    op.create_index('ix_instance_actions_instance_uuid', 'instance_actions', ['instance_uuid', 'request_id'])
    op.create_table(
        'instance_actions_events',
        Column('id', Integer, primary_key=True),
        Column('action_id', Integer, sa.ForeignKey('instance_actions.id'), nullable=False),
        Column('event', String(255), nullable=False),
        Column('host', String(255)),
        Column('start_time', DateTime, nullable=False),
        Column('finish_time', DateTime),
        Column('result', String(255)),
        Column('traceback', Text),
    )
    op.create_index('ix_instance_actions_events_action_id', 'instance_actions_events', ['action_id'])
    create_hosts()


def create_hosts():
    op.create_table(
        'services',
        Column('id', Integer, primary_key=True),
        Column('uuid', String(36), nullable=False, unique=True),
        Column('host', String(255), nullable=False),
        Column('binary', String(255), nullable=False),
        Column('topic', String(255), nullable=False),
        Column('report_count', Integer, nullable=False),
        Column('last_seen_up', DateTime),
        Column('availability_zone', String(255)),
        Column('disabled', sa.Boolean, nullable=False),
        Column('disabled_reason', String(255)),
        Column('forced_down', sa.Boolean, nullable=False),
        Column('created_at', DateTime, nullable=False),
        Column('updated_at', DateTime, nullable=False),
        sa.UniqueConstraint('host', 'binary', name='uniq_services_host_binary'),
    )
    numbers = ('hypervisor_version', 'vcpus', 'memory_mb', 'local_gb')
    numbers += ('vcpus_used', 'memory_mb_used', 'local_gb_used', 'running_vms')
    op.create_table(
        'compute_nodes',
        Column('id', Integer, primary_key=True),
        Column('uuid', String(36), nullable=False, unique=True),
        *(Column(name, String(255), nullable=False) for name in ('host', 'hypervisor_hostname', 'hypervisor_type')),
        Column('host_ip', String(39)),
        *(Column(name, Integer, nullable=False) for name in numbers),
        Column('created_at', DateTime, nullable=False),
        Column('updated_at', DateTime, nullable=False),
        sa.UniqueConstraint('host', 'hypervisor_hostname', name='uniq_compute_nodes_host_node'),
    )
