import os

import pytest

from cloud.nova.common import config
from tests.servers import ROOT


def test_the_defaults():
    """Of what the lessons use; the others are named in the ini, which test_ini compares."""
    defaults, shown = (
        vars(config.parse({})),
        {
            'glance_api_servers': ['127.0.0.1:9292'],
            'glance_num_retries': 0,
            'glance_retry_interval': 1.0,
            'glance_client_timeout': 10.0,
            'image_download_timeout': 3600.0,
            'image_download_min_rate': 16384,
            'glance_api_insecure': False,
            'auth_strategy': 'keystone',
            'image_handlers': ['download'],
            'image_file_folders': [f'{ROOT}/data/glance/images'],
            'allowed_direct_url_schemes': [],
            'image_file_url_filesystems': [],
            'instances_path': f'{ROOT}/data/nova/instances',
            'sql_connection': f'sqlite:///{ROOT}/data/nova/nova.sqlite',
            'flavors': ['m1.tiny:512:1', 'm1.small:2048:20'],
            'quota_instances': 10,
            'quota_cores': 20,
            'quota_ram': 51200,
            'workers': 4,
            'spawn_delay': 0.0,
            'osapi_max_limit': 1000,
        },
    )
    assert {name: defaults[name] for name in shown} == shown


def test_lists_have_commas():
    options = config.parse({'glance_api_servers': 'a:1, https://b:2', 'image_handlers': 'file,download'})
    assert options.glance_api_servers == ['a:1', 'https://b:2']
    assert options.image_handlers == ['file', 'download']


@pytest.mark.parametrize(
    ('name', 'text'),
    [
        ('glance_num_retries', '-1'),
        ('glance_client_timeout', '0'),
        ('image_download_timeout', '0'),
        ('image_download_min_rate', '-1'),
        ('glance_retry_interval', '-0.1'),
        ('auth_strategy', 'none'),
        ('workers', '0'),
        ('spawn_delay', '-1'),
        ('osapi_max_limit', '0'),
        ('glance_api_insecure', 'perhaps'),
    ],
)
def test_a_value_that_cannot_be_is_found_at_the_start(name, text):
    with pytest.raises(ValueError, match=f'^{name} = {text}: give '):
        config.parse({name: text})


def test_every_option_says_what_it_is_for():
    assert all(option.help for option in config.OPTS)
    assert os.path.isdir(config.PACKAGE)
