"""The command `openstack`, unmodified, with a password: Keystone, glance-api and nova as processes of their own."""

import contextlib
import http.client
import json

import pytest

from tests.cloud.keystone.processes import running_cloud

MODULES = ('openstackclient.shell', 'openstackclient.identity.v3.user', 'openstack.connection')


@pytest.fixture(scope='module')
def cloud(tmp_path_factory):
    with running_cloud(tmp_path_factory.mktemp('cloud'), MODULES) as started:
        yield started


@pytest.fixture(scope='module')
def admin(cloud):
    return cloud.openstack('admin', 'admin')


def get(running, path, token):
    connection = http.client.HTTPConnection('127.0.0.1', running.port, timeout=20)
    with contextlib.closing(connection):
        connection.request('GET', path, headers={'X-Auth-Token': token})
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_a_token_of_keystones_counts_at_nova_and_glance(cloud):
    token = json.loads(cloud.openstack('demo', 'demo')('token', 'issue', '-f', 'json'))
    assert len(token['project_id']) == len(token['user_id']) == 32
    for running, path in ((cloud.glance, '/v2/images'), (cloud.nova, '/instances'), (cloud.nova, '/v2.1/flavors')):
        assert get(running, path, token['id'])[0] == 200
        assert get(running, path, token['id'][:-8])[0] == 401
        assert get(running, path, 'alice-token')[0] == 200


def test_users_projects_catalog_and_images_are_listed(cloud, admin):
    assert {'admin', 'demo', 'reader', 'alt'} <= {
        row['Name'] for row in json.loads(admin('user', 'list', '-f', 'json'))
    }
    projects = {row['Name'] for row in json.loads(admin('project', 'list', '-f', 'json'))}
    assert {'admin', 'demo', 'alt'} <= projects
    catalog = {row['Type'] for row in json.loads(admin('catalog', 'list', '-f', 'json'))}
    assert {'identity', 'compute', 'image', 'network', 'ec2'} == catalog
    assert json.loads(admin('image', 'list', '-f', 'json')) == []


def test_a_user_is_made_with_a_project_and_a_role_and_comes_in(cloud, admin):
    admin('project', 'create', 'team')
    admin('user', 'create', '--password', 'secret', '--project', 'team', 'carol')
    admin('role', 'add', '--user', 'carol', '--project', 'team', 'member')
    token = json.loads(cloud.openstack('carol', 'team')('token', 'issue', '-f', 'json'))['id']
    assert get(cloud.glance, '/v2/images', token)[0] == 200
    admin('user', 'set', '--disable', 'carol')
    refused = cloud.openstack('carol', 'team').fails('token', 'issue')
    assert 'requires authentication' in refused


def test_without_keystone_the_others_say_503_and_the_lessons_go_on(cloud, admin):
    token = json.loads(admin('token', 'issue', '-f', 'json'))['id']
    cloud.keystone.end()
    assert get(cloud.glance, '/v2/images', token)[0] == 503
    assert get(cloud.nova, '/v2.1/flavors', token)[0] == 503
    assert get(cloud.glance, '/v2/images', 'alice-token')[0] == 200
