"""The tables: instances and what was done to them, the hosts that make them, and the numbers of images in EC2's API.

An instance that is deleted stays as a row with deleted=True, so its number is never given to another.
How an older database comes to have these tables: migrations/versions. Whoever changes something here adds a file there.
Real: nova 2014.2 nova/db/sqlalchemy/models.py Instance, InstanceAction, InstanceActionEvent, ComputeNode, Service,
    S3Image. There a fault, each tag, each entry of the metadata and the flavor are rows of tables of their own.
Left out: some twenty more columns of an instance; volumes, networks, migrations between hosts.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

instances = Table(
    'instances', metadata,
    Column('id', Integer, primary_key=True),
    Column('uuid', String(36), nullable=False, unique=True),
    Column('display_name', String(255), nullable=False),
    Column('display_description', String(255)),
    Column('hostname', String(255)),
    Column('user_id', String(255)),
    Column('project_id', String(255)),
    # how far it has come
    Column('vm_state', String(32), nullable=False),
    Column('task_state', String(32)),
    Column('power_state', Integer, nullable=False, default=0),
    Column('progress', Integer, nullable=False, default=0),
    Column('fault', JSON(none_as_null=True)),
    # where it is
    Column('host', String(255)),
    Column('node', String(255)),
    Column('launched_on', String(255)),  # the host that made it, wherever it is now
    Column('availability_zone', String(255)),
    # what it is made of
    Column('image_ref', String(36)),
    Column('flavor', JSON, nullable=False),
    Column('memory_mb', Integer, nullable=False),  # these three from the flavor, for sums
    Column('vcpus', Integer, nullable=False, default=1),
    Column('root_gb', Integer, nullable=False),
    Column('root_device_name', String(255)),
    Column('config_drive', String(255)),
    Column('key_name', String(255)),
    Column('key_data', Text),
    Column('user_data', Text),
    Column('auto_disk_config', Boolean, nullable=False, default=False),
    Column('access_ip_v4', String(39)),
    Column('access_ip_v6', String(39)),
    Column('network_info', JSON, nullable=False, default=list),
    Column('metadata', JSON, nullable=False, default=dict),
    Column('system_metadata', JSON, nullable=False, default=dict),
    Column('tags', JSON, nullable=False, default=list),
    Column('reservation_id', String(255)),
    Column('launch_index', Integer, nullable=False, default=0),
    Column('locked', Boolean, nullable=False, default=False),
    Column('locked_by', String(255)),
    Column('locked_reason', String(255)),
    Column('created_at', DateTime, nullable=False),
    Column('updated_at', DateTime, nullable=False),
    Column('launched_at', DateTime),
    Column('terminated_at', DateTime),
    Column('deleted_at', DateTime),
    Column('deleted', Boolean, nullable=False, default=False),
)  # fmt: skip

# What is not deleted, in the order of creation: a page starts at its marker, however deep in the table that is.
Index('ix_instances_id', instances.c.deleted, instances.c.id)
# The same for one tenant, however many instances the others have.
Index('ix_instances_project_id', instances.c.deleted, instances.c.project_id, instances.c.id)
Index('ix_instances_vm_state', instances.c.deleted, instances.c.vm_state)
Index('ix_instances_task_state', instances.c.deleted, instances.c.task_state)
Index('ix_instances_host', instances.c.deleted, instances.c.host)

instance_actions = Table(
    'instance_actions', metadata,
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
)  # fmt: skip
Index('ix_instance_actions_instance_uuid', instance_actions.c.instance_uuid, instance_actions.c.request_id)

instance_actions_events = Table(
    'instance_actions_events', metadata,
    Column('id', Integer, primary_key=True),
    Column('action_id', Integer, ForeignKey('instance_actions.id'), nullable=False, index=True),
    Column('event', String(255), nullable=False),
    Column('host', String(255)),
    Column('start_time', DateTime, nullable=False),
    Column('finish_time', DateTime),
    Column('result', String(255)),
    Column('traceback', Text),
)  # fmt: skip

services = Table(
    'services', metadata,
    Column('id', Integer, primary_key=True),
    Column('uuid', String(36), nullable=False, unique=True),
    Column('host', String(255), nullable=False),
    Column('binary', String(255), nullable=False),  # nova-compute, ...
    Column('topic', String(255), nullable=False),
    Column('report_count', Integer, nullable=False, default=0),
    Column('last_seen_up', DateTime),  # the last heartbeat
    Column('availability_zone', String(255)),
    Column('disabled', Boolean, nullable=False, default=False),
    Column('disabled_reason', String(255)),
    Column('forced_down', Boolean, nullable=False, default=False),
    Column('created_at', DateTime, nullable=False),
    Column('updated_at', DateTime, nullable=False),
    UniqueConstraint('host', 'binary', name='uniq_services_host_binary'),
)  # fmt: skip

compute_nodes = Table(
    'compute_nodes', metadata,
    Column('id', Integer, primary_key=True),
    Column('uuid', String(36), nullable=False, unique=True),
    Column('host', String(255), nullable=False),  # of the service
    Column('hypervisor_hostname', String(255), nullable=False),  # of the machine: the node
    Column('hypervisor_type', String(255), nullable=False),
    Column('hypervisor_version', Integer, nullable=False),
    Column('host_ip', String(39)),
    Column('vcpus', Integer, nullable=False),
    Column('memory_mb', Integer, nullable=False),
    Column('local_gb', Integer, nullable=False),
    Column('vcpus_used', Integer, nullable=False, default=0),
    Column('memory_mb_used', Integer, nullable=False, default=0),
    Column('local_gb_used', Integer, nullable=False, default=0),
    Column('running_vms', Integer, nullable=False, default=0),
    Column('created_at', DateTime, nullable=False),
    Column('updated_at', DateTime, nullable=False),
    UniqueConstraint('host', 'hypervisor_hostname', name='uniq_compute_nodes_host_node'),
)  # fmt: skip

s3_images = Table(
    's3_images', metadata,
    Column('id', Integer, primary_key=True),
    Column('uuid', String(36), nullable=False, unique=True),
)  # fmt: skip
