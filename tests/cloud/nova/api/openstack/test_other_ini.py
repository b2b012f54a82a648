"""An ini that says `use = config:nova-api.ini` is a nova like that one, with other options."""

import json

import pytest
from webtest import TestApp

from server import load_app
from tests.cloud.nova.api.openstack.conftest import write_ini

OTHER = """
[DEFAULT]
quota_instances = 7
[app:main]
use = config:nova-api.ini
[server:main]
use = config:nova-api.ini
"""


@pytest.mark.parametrize('folder', ['plain', 'with a space'])
def test_every_path_is_there_and_the_options_are_the_others(tmp_path, folder):
    (tmp_path / folder).mkdir()
    write_ini(tmp_path, sql_connection=f'sqlite:///{tmp_path}/nova.sqlite')
    (tmp_path / 'nova-api.ini').rename(tmp_path / folder / 'nova-api.ini')
    other = tmp_path / folder / 'other.ini'
    other.write_text(OTHER)
    app = TestApp(load_app(str(other)))
    headers = {'X-Auth-Token': 'alice-token'}
    assert app.get('/v2.1').json['version']['id'] == 'v2.1'
    assert len(app.get('/instances', headers=headers).json['instances']) == 3
    limits = app.get('/v2.1/limits', headers=headers).json['limits']['absolute']
    assert limits['maxTotalInstances'] == 7, json.dumps(limits)
