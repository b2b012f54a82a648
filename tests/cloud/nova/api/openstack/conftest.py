"""Nova over its paste pipeline: a copy of the ini with folders of its own, and no image service behind it."""

import configparser
import pathlib

import pytest

import cloud.nova
import server
from cloud.nova.api import openstack
from cloud.nova.db.sqlalchemy.api import Database

INI = pathlib.Path(cloud.nova.__file__).parent / 'nova-api.ini'
TOKENS = INI.parent.parent / 'tokens.ini'


def write_ini(folder, name='nova-api.ini', **options):
    """A copy of the ini in the folder, with these options; returns its path."""
    ini = configparser.ConfigParser(interpolation=None, delimiters='=')
    ini.optionxform = str
    ini.read(INI)
    quotas = {'quota_instances': '-1', 'quota_cores': '-1', 'quota_ram': '-1'}
    here = {'sql_connection': f'sqlite:///{folder}/nova.sqlite', 'instances_path': f'{folder}/instances'}
    ini['DEFAULT'].update({**here, **quotas, 'glance_api_servers': '127.0.0.1:1', **options})
    for section in ('filter:authtoken', 'filter:toycloud'):
        ini[section]['token_file'] = str(TOKENS)
    path = folder / name
    with path.open('w') as file:
        ini.write(file)
    return path


@pytest.fixture
def load(tmp_path, monkeypatch):
    """load(option=...): nova's application, its services ended and its database closed after the test."""
    opened, services, start_all = [], [], openstack.service.start_all

    def open_database(sql_connection):
        opened.append(Database(sql_connection))
        return opened[-1]

    monkeypatch.setattr(openstack, 'Database', open_database)
    monkeypatch.setattr(openstack.service, 'start_all', lambda *parts: services.extend(start_all(*parts)))
    yield lambda **options: server.load_app(write_ini(tmp_path, **options))
    for service in services:
        service.stop()
    for database in opened:
        database.close()


@pytest.fixture
def app(load):
    return load()
