"""Services with the X-ray in front: in this process under WebTest, or real ones, whose recordings share one folder."""

import sys

import pytest
import webtest

import server
from tests.cloud.glance.api import conftest as api
from tests.cloud.glance.registry import conftest as registry
from tests.cloud.nova.api.openstack import conftest as nova
from tests.servers import ROOT, TOKEN, WarmServer

HERE = {'REMOTE_ADDR': '127.0.0.1', 'HTTP_HOST': '127.0.0.1'}


def write_ini(folder, pipeline='xray auth instance', more=''):
    """A copy of configure.ini whose X-ray keeps its recordings in the folder; returns its path."""
    text = (ROOT / 'configure.ini').read_text().replace('%(here)s/data/xray', f'{folder}/xray')
    text = text.replace('pipeline = xray auth instance', f'pipeline = {pipeline}')
    path = folder / 'configure.ini'
    path.write_text(text + more)
    return path


class Client(webtest.TestApp):
    """WebTest's client (its lint validates our WSGI), on this machine and with the token."""

    def __init__(self, app, **environ):
        super().__init__(app, extra_environ={**HERE, 'HTTP_X_AUTH_TOKEN': TOKEN['X-Auth-Token'], **environ})

    def recorded(self, answer):
        """The recording of the request that was answered so."""
        return self.get(f'/xray/requests/{answer.headers["X-Openstack-Request-Id"]}').json

    def explained(self, answer):
        path = answer.headers['Link'].partition('>')[0].partition('/xray')[2]
        return self.get(f'/xray{path}/explain').json


@pytest.fixture
def ground(tmp_path):
    """The ground floor with the X-ray in front."""
    return Client(server.load_app(write_ini(tmp_path), 'xray'))


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """serve('knock auth instance', knock='...'): a Client of such a pipeline, with modules of a student's beside it."""

    def serve(pipeline, more='', **modules):
        for name, source in modules.items():
            (tmp_path / f'{name}.py').write_text(source)
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.syspath_prepend(str(tmp_path))
        filters = ''.join(f'\n[filter:{name}]\npaste.filter_factory = {name}:filter_factory\n' for name in modules)
        return Client(server.load_app(write_ini(tmp_path, f'xray {pipeline}', filters + more), 'xray'))

    return serve


@pytest.fixture(scope='session')
def cloud(tmp_path_factory):
    """{'nova-api': server, 'glance-api': ..., 'glance-registry': ...}, each with the X-ray in front."""
    folder = tmp_path_factory.mktemp('cloud')
    running = {}

    def start(name, path):
        text = path.read_text().replace('%(here)s/../../data/xray', f'{folder}/xray')
        path.write_text(text.replace('%(here)s/', f'{ROOT}/cloud/{"nova" if name == "nova-api" else "glance"}/'))
        running[name] = WarmServer([str(path), 'xray'], folder / f'{name}.log')
        return running[name].port

    try:
        port = start('glance-registry', registry.write_ini(folder))
        port = start('glance-api', api.write_ini(folder, registry_port=str(port)))
        start('nova-api', nova.write_ini(folder, glance_api_servers=f'127.0.0.1:{port}'))
        yield running
    finally:
        for each in running.values():
            each.end()


def landmarks(document, *kinds):
    """The labels of the landmarks in a recording, of these kinds or all."""
    return [
        step['label'] for step in document['steps'] if step['landmark'] and (not kinds or step['landmark'] in kinds)
    ]
