"""The options of nova: the one table of every name that its ini's [DEFAULT] may set.

Use: options = parse(global_config); options.glance_num_retries
Real: nova 2013-04 (c8067d1b70) nova/config.py, and the module of each option, where the real ones are registered.
    There, the default of auth_strategy is noauth, and that of glance_api_servers $glance_host:$glance_port.
Of our own, with no counterpart: glance_client_timeout, glance_retry_interval, image_download_timeout,
image_download_min_rate, image_file_folders, flavors, workers, spawn_delay, action_delay, compute_hosts,
build_check_interval, resource_update_interval. image_file_url_filesystems stands for a section for each of the file
systems.
"""

import os

from cloud.oslo.config import cfg
from cloud.oslo.config.cfg import BoolOpt, FloatOpt, IntOpt, ListOpt, StrOpt

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), 'data')
NOVA = os.path.join(DATA, 'nova')

FILTERS = ['RetryFilter', 'AvailabilityZoneFilter', 'RamFilter', 'DiskFilter', 'ComputeFilter',
           'ServerGroupAntiAffinityFilter', 'ServerGroupAffinityFilter']  # fmt: skip
HOSTS = ['compute1:1000:800000:600000', 'compute2:1000:800000:600000']

OPTS = (
    ListOpt('glance_api_servers', ['127.0.0.1:9292'], 'image services: HOST:PORT, or a URL for https'),
    IntOpt('glance_num_retries', 0, 'how often a call is tried again, each time at the next server', min=0, max=1000),
    FloatOpt('glance_retry_interval', 1.0, 'seconds between two tries', min=0),
    FloatOpt('glance_client_timeout', 10.0, 'seconds that a silent image service is waited for', min=0.001),
    FloatOpt('image_download_timeout', 3600.0, 'seconds that the download of an image may take', min=0.001),
    IntOpt('image_download_min_rate', 16384, 'bytes per second that it has on average; 0 for any rate', min=0),
    BoolOpt('glance_api_insecure', False, 'take any certificate of an image service that is reached by https'),
    StrOpt('auth_strategy', 'keystone', "keystone: hand the caller's token on", choices=('keystone', 'noauth')),
    ListOpt('image_handlers', ['download'], 'the handlers that fetch an image, in the order in which they are tried'),
    ListOpt('image_file_folders', [os.path.join(DATA, 'glance', 'images')], 'where the handler file may take files'),
    ListOpt('allowed_direct_url_schemes', [], 'kinds of URLs that a download may go to, past the image service: file'),
    ListOpt('image_file_url_filesystems', [], 'file systems that such a file may be in: ID:PATH'),
    StrOpt('instances_path', os.path.join(NOVA, 'instances'), 'the folder with a folder for each instance'),
    StrOpt('sql_connection', f'sqlite:///{os.path.join(NOVA, "nova.sqlite")}', 'the database, as an SQLAlchemy URL'),
    ListOpt('flavors', ['m1.tiny:512:1', 'm1.small:2048:20'], 'NAME:MEMORY_MB:ROOT_GB, the default first'),
    IntOpt('quota_instances', 10, 'instances that one project may have; -1 for any number', min=-1),
    IntOpt('quota_cores', 20, 'virtual CPUs of all of them together', min=-1),
    IntOpt('quota_ram', 51200, 'MiB of memory of all of them together', min=-1),
    IntOpt('quota_key_pairs', 100, 'keypairs that one user may have', min=-1),
    IntOpt('quota_metadata_items', 128, 'entries in the metadata of one instance', min=-1),
    IntOpt('quota_server_groups', 10, 'server groups that one project may have', min=-1),
    IntOpt('quota_server_group_members', 10, 'instances in one of them', min=-1),
    StrOpt('neutron_url', 'http://127.0.0.1:9696', 'the network service; where none answers, there are no networks'),
    StrOpt('default_availability_zone', 'nova', 'the zone of a host that names none'),
    StrOpt('auth_uri', 'http://127.0.0.1:5000/v3', 'Keystone, as a refused caller is told; empty: no Keystone'),
    StrOpt('region_list', 'RegionOne=http://127.0.0.1:8774/services/Cloud', "EC2's region and its address, NAME=URL"),
    IntOpt('workers', 4, 'instances that a host builds at once', min=1, max=1000),
    StrOpt('transport_url', '', 'the broker of the messages; nothing: all in one process'),
    FloatOpt('rpc_response_timeout', 60.0, 'seconds that a call to another process waits', min=0.1),
    ListOpt('compute_hosts', HOSTS, 'NAME:VCPUS:MEMORY_MB:DISK_GB[:ZONE] for each host'),
    ListOpt('scheduler_default_filters', FILTERS, 'what a host must pass, in this order'),
    IntOpt('scheduler_max_attempts', 3, 'hosts that an instance is tried on', min=1),
    FloatOpt('ram_allocation_ratio', 1.5, 'how much memory a host promises, of what it has', min=0),
    FloatOpt('disk_allocation_ratio', 1.0, 'the same of its disk', min=0),
    FloatOpt('cpu_allocation_ratio', 16.0, 'the same of its processors', min=0),
    FloatOpt('ram_weight_multiplier', 1.0, 'more than 0: instances spread; less: they stack'),
    IntOpt('report_interval', 10, 'seconds between two heartbeats of a service', min=1),
    IntOpt('service_down_time', 60, 'seconds without one, after which it is dead', min=1),
    IntOpt('instance_build_timeout', 3600, 'seconds after which an instance will not be built; 0 for never', min=0),
    IntOpt('build_check_interval', 60, 'seconds between two looks for such', min=0),
    IntOpt('resource_update_interval', 60, 'seconds between two looks at what a host has', min=0),
    IntOpt('sync_power_state_interval', 600, 'seconds between two looks at the machines; 0 for none', min=0),
    FloatOpt('spawn_delay', 0.0, 'seconds that a boot takes beside its disk', min=0),
    FloatOpt('action_delay', 0.0, 'seconds that a stop, a start or the like takes', min=0),
    IntOpt('osapi_max_limit', 1000, 'instances on a page at most', min=1),
)  # fmt: skip


def parse(global_config):
    """Nova's options, by attribute, out of the ini's [DEFAULT] (text by name); ValueError as cfg.parse."""
    return cfg.parse(OPTS, global_config)
