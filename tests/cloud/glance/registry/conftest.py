"""The registry over its paste pipeline: a copy of the ini with a database of its own."""

import pytest
import webtest

import server
from cloud.glance.registry.api import v1
from tests.cloud.glance.api.conftest import ALICE
from tests.cloud.glance.service import closed_databases, copy_ini


def write_ini(folder, **options):
    """A copy of the ini in the folder, with these options; returns its path."""
    return copy_ini('glance-registry.ini', folder, **options)


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """A function from a flavour's name and options to a client of a registry of that kind."""

    def start(flavour='main', **options):
        app = server.load_app(write_ini(tmp_path, **options), flavour)
        return Client(app, extra_environ={'REMOTE_ADDR': '127.0.0.1'})

    with closed_databases(monkeypatch, v1):
        yield start


@pytest.fixture
def client(serve):
    return serve()


SERVICE = {'X-Service-Token': 'glance-service-token'}


class Client(webtest.TestApp):
    """WebTest's client (its lint validates our WSGI), with the registry's commonest requests by name.

    It asks as glance-api does, with the service's own token beside the caller's.
    """

    def create(self, headers=ALICE, /, code=200, **values):
        """POST a record; what is stored, or whatever was answered if another code is expected."""
        answer = self.post_json('/images', {'image': values}, headers={**SERVICE, **headers}, status=code)
        return answer.json['image'] if code == 200 else answer

    def show(self, image, headers=ALICE, status=200):
        answer = self.get(f'/images/{image["id"]}', headers=headers, status=status)
        return answer.json['image'] if status == 200 else answer

    def change(self, image, values, headers=ALICE, status=200, **more):
        body = {'image': values, **more}
        answer = self.put_json(f'/images/{image["id"]}', body, headers={**SERVICE, **headers}, status=status)
        return answer.json['image'] if status == 200 else answer

    def remove(self, image, headers=ALICE, status=200):
        return self.delete(f'/images/{image["id"]}', headers=headers, status=status)

    def list(self, query='', headers=ALICE, status=200):
        """The records of a page, or whatever was answered if another status is expected."""
        answer = self.get(f'/images/detail{query}', headers=headers, status=status)
        return answer.json['images'] if status == 200 else answer

    def names(self, query='', headers=ALICE):
        return [image['name'] for image in self.list(query, headers)]

    def members(self, image, headers=ALICE):
        answer = self.get(f'/images/{image["id"]}/members', headers=headers)
        return {each['member_id']: each['can_share'] for each in answer.json['members']}

    def share(self, image, tenant='other', headers=ALICE, status=204, **member):
        body = {'member': member} if member else {}
        return self.put_json(f'/images/{image["id"]}/members/{tenant}', body, headers=headers, status=status)
