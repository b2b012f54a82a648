"""The options of the image service: the one table of every name that its ini's [DEFAULT] may set.

Use: options = parse(global_config); options.image_tag_quota
Real: glance 2014.2 glance/common/config.py, and the module of each option, where the real ones are registered
Left out: load_paste_app and paste_deploy.flavor: server.py's second argument names the section to load.
"""

import os

from cloud.oslo.config import cfg
from cloud.oslo.config.cfg import BoolOpt, FloatOpt, IntOpt, ListOpt, SizeOpt, StrOpt
from cloud.oslo.utils.units import Ti

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), 'data', 'glance')
METADEFS = os.path.join(PACKAGE, 'metadefs')
HASHES = ('sha512', 'sha384', 'sha256', 'sha224', 'sha3_512', 'sha3_256', 'blake2b', 'blake2s')
STORES = ['cloud.glance.store.filesystem.Store', 'cloud.glance.store.http.Store']

OPTS = (
    IntOpt('image_property_quota', 128, 'extra properties an image may have; negative: any number'),
    IntOpt('image_properties_size_cap', 2**17, 'characters in all of them; negative: any number', max=2**31 - 1),
    IntOpt('image_tag_quota', 128, 'tags an image may have; negative: any number'),
    IntOpt('image_member_quota', 128, 'members an image may have; negative: any number'),
    IntOpt('image_location_quota', 10, 'locations an image may have; negative: any number'),
    SizeOpt('user_storage_quota', 0, 'bytes the images of one owner may take, such as 10GB; 0: any number'),
    IntOpt('image_size_cap', Ti, 'bytes an image may have', min=1),
    StrOpt('hashing_algorithm', 'sha512', 'of os_hash_value, beside the MD5 of checksum', choices=HASHES),
    BoolOpt('show_image_direct_url', False, 'show where the first copy of the bytes is'),
    BoolOpt('show_multiple_locations', False, 'show all places of the bytes; who may change them says policy.json'),
    StrOpt('property_protection_file', None, 'the ini with who may do what with which property; none: no such layer'),
    StrOpt('property_protection_rule_format', 'roles', 'what its rules are', choices=('roles', 'policies')),
    StrOpt('policy_file', os.path.join(PACKAGE, 'policy.json'), 'the JSON file of rules'),
    StrOpt('policy_default_rule', 'default', 'the rule for an action that has none'),
    BoolOpt('enable_v1_api', True, 'answer under /v1'),
    BoolOpt('enable_v2_api', True, 'answer under /v2'),
    BoolOpt('allow_anonymous_access', False, 'let requests without a token read what is public'),
    BoolOpt('allow_additional_image_properties', True, 'take properties that the schema does not name'),
    BoolOpt('owner_is_tenant', True, 'images belong to the tenant; false: to the user'),
    StrOpt('admin_role', 'admin', 'whoever has this role is an admin'),
    StrOpt('default_visibility', 'private', 'of an image that says none', choices=('private', 'shared')),
    BoolOpt('members_only_on_shared', False, 'only images of the visibility shared may have members'),
    BoolOpt('show_unset_properties', False, 'images show null for what they have not'),
    BoolOpt('delayed_delete', False, 'leave the bytes of deleted images to a scrubber'),
    StrOpt('default_store', 'file', 'the scheme, or store, that uploads go to'),
    ListOpt('known_stores', STORES, 'classes of stores, as dotted paths'),
    StrOpt('filesystem_store_datadir', os.path.join(DATA, 'images'), 'the folder of the filesystem store'),
    ListOpt('filesystem_store_datadirs', None, 'or several: FOLDER:PRIORITY, the highest is filled first'),
    StrOpt('node_staging_uri', None, 'file:// and a folder for data that wait for an import; none: beside the images'),
    StrOpt('metadata_source_path', METADEFS, 'the folder of the metadata definitions that a new database gets'),
    IntOpt('task_time_to_live', 48, 'hours that the tasks of imports are kept', min=1),
    FloatOpt('http_store_timeout', 10.0, 'seconds that the http store waits for each answer', min=0.001),
    FloatOpt('http_store_transfer_timeout', 21600.0, 'seconds that all bytes of an image may take to come', min=0.001),
    IntOpt('http_store_min_rate', 1024, 'bytes per second that must come; 0: a server may be slow', min=0),
    StrOpt('sql_connection', f'sqlite:///{os.path.join(DATA, "glance.sqlite")}', 'the database, as an SQLAlchemy URL'),
    StrOpt('service_token', 'glance-service-token', 'whose role service the registry knows v1 by'),
    StrOpt('registry_host', '127.0.0.1', 'where v1 finds the registry'),
    IntOpt('registry_port', 9191, 'and its port', min=1, max=65535),
    FloatOpt('registry_client_timeout', 10.0, 'seconds that v1 gives the registry for an answer', min=0.001),
    BoolOpt('use_user_token', True, "v1 sends its caller's token on to the registry"),
    BoolOpt('send_identity_headers', False, 'v1 tells the registry who is calling: for its flavour trusted-auth'),
    IntOpt('limit_param_default', 25, 'images on a page that asks for no number', min=1),
    IntOpt('api_limit_max', 1000, 'images on a page at most', min=1),
    StrOpt('public_endpoint', None, 'the URL of this service as clients see it; none: as they asked'),
    StrOpt('location_strategy', 'location_order', 'which copy comes first', choices=('location_order', 'store_type')),
    ListOpt('store_type_preference', ['filesystem', 'http'], 'for store_type: the stores, best first'),
)  # fmt: skip


def parse(global_config):
    """The service's options, by attribute, out of the ini's [DEFAULT] (text by name); ValueError as cfg.parse."""
    return cfg.parse(OPTS, global_config)
