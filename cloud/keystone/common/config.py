"""The options of Keystone: the one table of every name that its ini's [DEFAULT] may set.

Use: options = parse(global_config); options.expiration
Real: keystone 2014.2 keystone/common/config.py, in groups: [token] expiration, [fernet_tokens] key_repository.
Of our own, with no counterpart: the endpoints (an operator puts them into the catalog), seed_password, token_file,
password_tries.
"""

import os

from cloud.oslo.config import cfg
from cloud.oslo.config.cfg import IntOpt, StrOpt

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(os.path.dirname(os.path.dirname(PACKAGE)), 'data', 'keystone')

OPTS = (
    StrOpt('sql_connection', f'sqlite:///{os.path.join(DATA, "keystone.sqlite")}', 'an SQLAlchemy URL'),
    StrOpt('key_repository', os.path.join(DATA, 'fernet-keys'), 'the folder of the keys that make tokens'),
    IntOpt('expiration', 3600, 'seconds for which a token is valid', min=1, max=10**9),
    StrOpt('public_endpoint', None, 'the URL of this service as clients see it, without /v3; none: as they asked'),
    StrOpt('seed_password', 'secret', 'the password of the users that the first start makes'),
    StrOpt('token_file', os.path.join(os.path.dirname(PACKAGE), 'tokens.ini'), "the lessons' tokens"),
    IntOpt('password_tries', 10, 'wrong passwords for a user from an address before they have to wait', min=1),
    StrOpt('region', 'RegionOne', 'the region of the endpoints below'),
    StrOpt('identity_endpoint', None, 'Keystone itself, with /v3'),
    StrOpt('compute_endpoint', None, 'nova, with /v2.1'),
    StrOpt('image_endpoint', None, 'glance-api, without a version'),
    StrOpt('network_endpoint', None, 'the network service, without a version'),
    StrOpt('ec2_endpoint', None, "nova's EC2 API, with /services/Cloud"),
)  # fmt: skip


def parse(global_config):
    """The service's options, by attribute, out of the ini's [DEFAULT] (text by name); ValueError as cfg.parse."""
    return cfg.parse(OPTS, global_config)
