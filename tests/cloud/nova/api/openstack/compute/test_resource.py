"""The controller stands on the dispatch of wsgi.Resource, not on the ground floor's instances in memory."""

import pytest

import controllers
import wsgi
from cloud.nova.api.openstack.compute.instances import Controller
from tests.cloud.nova.fakes import IMAGE


class Counted:
    """A body that knows how many of its bytes were read."""

    def __init__(self, file, length):
        self.file, self.count, self.length = file, 0, length

    def __getattr__(self, name):
        method = getattr(self.file, name)

        def read(*args):
            data = method(*args)
            self.count += len(data)
            return data

        return read


@pytest.fixture
def counts(client):
    """The body of each request of the client, as a Counted."""
    counted, app = [], client.app

    def counting(environ, start_response):
        environ['wsgi.input'] = Counted(environ['wsgi.input'], int(environ.get('CONTENT_LENGTH') or 0))
        counted.append(environ['wsgi.input'])
        return app(environ, start_response)

    client.app = counting
    return counted


def test_it_is_a_resource_and_keeps_nothing_in_memory():
    assert issubclass(Controller, wsgi.Resource)
    assert not issubclass(Controller, controllers.Controller)


@pytest.mark.parametrize('send', ['post', 'post_json'])
def test_a_body_is_read_once(client, counts, send):
    getattr(client, send)('/instances', {'name': 'web', 'image': IMAGE, 'flavor': 'large'}, status=202)
    (body,) = counts
    assert body.count == body.length > 0


def test_the_body_of_a_rename_is_read_once(client, counts):
    instance = client.post_json('/instances', {'name': 'web'}).json['instance']
    client.put_json('/instances/' + instance['id'], {'name': 'db'})
    assert counts[1].count == counts[1].length > 0
