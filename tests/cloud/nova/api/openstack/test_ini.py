"""The two inis that nova comes with."""

import pytest
from paste.deploy.loadwsgi import APP, SERVER, loadcontext

from cloud.nova.common import config
from cloud.toycloud import filter as toycloud
from tests.cloud.nova.api.openstack.conftest import INI

INIS = {name: f'config:{INI.parent}/{name}' for name in ('nova-api.ini', 'two-glances.ini')}


def settings(name):
    return loadcontext(APP, INIS[name], 'main').global_conf


@pytest.mark.parametrize('name', INIS)
def test_every_setting_is_an_option_of_nova(name):
    known = {opt.name for opt in (*config.OPTS, *toycloud.OPTS)} | {'here', '__file__', 'first_curl'}
    assert set(settings(name)) <= known


def test_the_shipped_settings_are_the_defaults_but_for_more_flavors():
    shipped, defaults = (vars(config.parse(given)) for given in (settings('nova-api.ini'), {}))
    assert normal(shipped.pop('flavors'))[:2] == defaults.pop('flavors')
    assert {name: normal(value) for name, value in shipped.items()} == defaults


def normal(value):
    """Without the detour that %(here)s takes."""
    if isinstance(value, list):
        return [normal(item) for item in value]
    return value.replace(f'{INI.parent}/../../', f'{INI.parents[2]}/') if isinstance(value, str) else value


def test_the_second_ini_is_the_first_with_two_glances_and_a_retry():
    first, second = settings('nova-api.ini'), settings('two-glances.ini')
    different = {name for name in first if first[name] != second[name]} - {'here', '__file__'}
    assert different == {'glance_api_servers', 'glance_num_retries'}
    options = config.parse(second)
    assert (len(options.glance_api_servers), options.glance_num_retries) == (2, 1)
    assert second['first_curl'] == first['first_curl']


def test_both_serve_in_the_same_way():
    first, second = (loadcontext(SERVER, uri).config() for uri in INIS.values())
    assert {name: second[name] for name in ('host', 'port', 'threads')} == {
        name: first[name] for name in ('host', 'port', 'threads')
    }
