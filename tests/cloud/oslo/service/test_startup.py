"""An option that no service reads is told at the start, and is no reason not to start."""

import logging

import pytest

import server
from tests.servers import ROOT
from workshop.cloud import quoted

INI = """
[DEFAULT]
glance_num_retry = 3
{data}

[app:main]
use = config:{root}/cloud/nova/nova-api.ini

[server:main]
use = config:{root}/cloud/nova/nova-api.ini
"""
DATA = """
sql_connection = sqlite:///%(here)s/nova.sqlite
instances_path = %(here)s/instances
"""


@pytest.fixture
def told(caplog):
    """told(ini): the warnings of a start."""

    def told(ini):
        caplog.clear()
        with caplog.at_level(logging.WARNING, 'cloud.oslo.service.startup'):
            server.load_app(ini)
        return [record.getMessage() for record in caplog.records if record.name == 'cloud.oslo.service.startup']

    return told


def test_a_misspelt_option_is_told_with_the_one_that_was_meant(told, tmp_path):
    (tmp_path / 'my-nova.ini').write_text(INI.format(root=quoted(ROOT), data=DATA))
    assert told(tmp_path / 'my-nova.ini') == [
        'my-nova.ini: no service reads glance_num_retry; did you mean glance_num_retries?'
    ]


def test_an_option_of_the_ground_floors_ini_that_nobody_reads_is_told_too(told, tmp_path):
    text = (ROOT / 'configure.ini').read_text().replace('first_curl =', 'frist_curl =')
    (tmp_path / 'configure.ini').write_text(text)
    assert told(tmp_path / 'configure.ini') == ['configure.ini: no service reads frist_curl; did you mean first_curl?']


@pytest.mark.parametrize('name', sorted(str(path.relative_to(ROOT)) for path in ROOT.glob('cloud/*/*.ini')))
def test_all_that_our_own_inis_set_is_read(told, tmp_path, name):
    text = (ROOT / name).read_text()
    folder = (ROOT / name).parent
    text = text.replace('%(here)s/../../data', quoted(tmp_path)).replace('config:', f'config:{quoted(folder)}/')
    (tmp_path / 'copy.ini').write_text(text.replace('%(here)s', quoted(folder)))
    if name.endswith('two-glances.ini'):
        text = (tmp_path / 'copy.ini').read_text().replace('[DEFAULT]', f'[DEFAULT]{DATA}')
        (tmp_path / 'copy.ini').write_text(text)
    assert told(tmp_path / 'copy.ini') == []
