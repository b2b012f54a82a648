import pytest

from cloud.glance.common import config


def test_every_option_has_a_default_and_says_what_it_is_for():
    options = config.parse({})
    assert options.image_property_quota == options.image_tag_quota == options.image_member_quota == 128
    assert options.image_location_quota == 10
    assert options.image_size_cap == 1024**4
    assert (options.default_store, options.known_stores) == ('file', config.STORES)
    assert (options.user_storage_quota, options.delayed_delete, options.owner_is_tenant) == (0, False, True)
    assert all(opt.help for opt in config.OPTS)


def test_the_data_stay_in_a_folder_of_the_project_by_default():
    options = config.parse({})
    assert options.sql_connection.startswith('sqlite:////')
    assert options.sql_connection.endswith('/data/glance/glance.sqlite')
    assert options.filesystem_store_datadir.endswith('/data/glance/images')


def test_the_ini_says_otherwise():
    options = config.parse(
        {'user_storage_quota': '10GB', 'image_tag_quota': '-1', 'here': '/etc', 'delayed_delete': 'on'}
    )
    assert options.user_storage_quota == 10 * 1024**3
    assert options.image_tag_quota == -1
    assert options.delayed_delete is True


@pytest.mark.parametrize(
    ('name', 'text'),
    [
        ('image_property_quota', 'abc'),
        ('user_storage_quota', '10 GB'),
        ('image_size_cap', '0'),
        ('registry_port', '0'),
        ('registry_port', '65536'),
        ('registry_client_timeout', '0'),
        ('property_protection_rule_format', 'laws'),
        ('known_stores', ' '),
        ('http_store_timeout', '0'),
        ('enable_v1_api', 'perhaps'),
        ('location_strategy', 'random'),
        ('limit_param_default', '0'),
    ],
)
def test_an_impossible_value_is_one_line_with_the_options_name(name, text):
    with pytest.raises(ValueError) as caught:
        config.parse({name: text})
    assert str(caught.value).startswith(f'{name} = {text}: ')
    assert '\n' not in str(caught.value)
