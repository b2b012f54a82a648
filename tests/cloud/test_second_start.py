"""A service that is started once more, beside itself: it must not take the other's work for what a dead one left."""

import contextlib
import json
import sqlite3
import urllib.request

import pytest

from tests.cloud.glance.api import conftest as glance_api
from tests.cloud.nova.api.openstack import conftest as nova_api
from tests.servers import TOKEN, run_server


def ask(running, path, document=None):
    """What GET answers; or POST, with a document."""
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(running.url + path, body, {**TOKEN, 'Content-Type': 'application/json'})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def execute(path, statement, *values):
    """The rows that the statement finds in a database, if it finds any."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement, values).fetchall()


class Glance:
    """glance-api with an upload under way, as far as its database and its folder say."""

    def __init__(self, start, folder):
        self.start, self.ini = start, str(glance_api.write_ini(folder))
        self.first = start(self.ini)
        self.image = ask(self.first, '/v2/images', {'disk_format': 'raw', 'container_format': 'bare'})['id']
        execute(folder / 'glance.sqlite', "UPDATE images SET status = 'saving' WHERE id = ?", self.image)
        self.part = folder / 'images' / f'.{self.image}.part'
        self.part.write_text('half of it')

    def status(self, running):
        return ask(running, f'/v2/images/{self.image}')['status']


@pytest.fixture
def glance(start, tmp_path):
    return Glance(start, tmp_path)


def refused(ini, port):
    """The one line that a start which fails says."""
    ended = run_server(str(ini), '--port', str(port))
    assert (ended.returncode, ended.stdout) == (1, '')
    assert len(ended.stderr.splitlines()) == 1
    return ended.stderr


def test_a_glance_whose_port_is_taken_touches_nothing(glance):
    assert 'cannot listen on' in refused(glance.ini, glance.first.port)
    assert glance.part.exists()
    assert glance.status(glance.first) == 'saving'


def test_a_second_glance_on_the_same_data_serves_them_and_leaves_the_firsts_uploads_alone(glance):
    second = glance.start(glance.ini)
    assert glance.part.exists()
    assert glance.status(second) == glance.status(glance.first) == 'saving'
    assert second.log().count('another process works on these data') >= 1


def test_when_both_glances_were_killed_the_next_one_clears_up(glance):
    for running in (glance.first, glance.start(glance.ini)):
        running.process.kill()
        running.wait(60)
    next_one = glance.start(glance.ini)
    assert not glance.part.exists()
    assert glance.status(next_one) == 'queued'


def test_a_first_glance_that_was_killed_and_comes_back_leaves_the_seconds_uploads_alone(glance):
    second = glance.start(glance.ini)
    glance.first.process.kill()
    glance.first.wait(60)
    glance.start(glance.ini)
    assert glance.part.exists()
    assert glance.status(second) == 'saving'


@pytest.mark.parametrize('same_port', [True, False])
def test_a_second_nova_on_the_same_data_is_refused_and_touches_nothing(start, tmp_path, same_port):
    ini = nova_api.write_ini(tmp_path)
    first = start(str(ini))
    execute(tmp_path / 'nova.sqlite', "UPDATE instances SET vm_state = 'building'")
    said = refused(ini, first.port if same_port else 0)
    assert ('cannot listen on' if same_port else 'another nova works on these data: end it first') in said
    statuses = execute(tmp_path / 'nova.sqlite', 'SELECT DISTINCT vm_state FROM instances')
    assert statuses == [('building',)]
