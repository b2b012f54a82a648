import pytest
import webtest

from cloud.glance.api.middleware.version_negotiation import VersionNegotiationFilter
from wsgi import answer

VENDOR = 'application/vnd.openstack.images-'


def show_path(environ, start_response):
    return answer([environ['PATH_INFO'], environ['api.version']])(environ, start_response)


def client(**options):
    return webtest.TestApp(VersionNegotiationFilter.factory(options)(show_path))


@pytest.mark.parametrize('version', ['v1', 'v1.0', 'v1.1'])
def test_each_name_of_v1_leads_there(version):
    assert client().get(f'/{version}/images').json == ['/v1/images', 1]


@pytest.mark.parametrize('version', ['v2', 'v2.0', 'v2.1', 'v2.2', 'v2.3', 'v2.7', 'v2.9', 'v2.15'])
def test_each_name_of_v2_leads_there(version):
    assert client().get(f'/{version}/images/x/file').json == ['/v2/images/x/file', 2]


@pytest.mark.parametrize(
    'path',
    ['/', '/v3/images', '/images', '/v', '/v2.8/images', '/v2.99/images', '/V2/images', '/%ff/images'],
)
def test_all_else_is_answered_with_the_versions(path):
    assert len(client().get(path, status=300).json['versions']) == 14


@pytest.mark.parametrize('path', ['/versions', '/versions/x'])
def test_who_asks_for_the_versions_by_name_gets_what_was_asked_for(path):
    assert client().get(path, status=200).json == client().get('/', status=300).json


@pytest.mark.parametrize('path', ['/v2', '/v2/', '/v2.1', '/v1', '/v1/'])
def test_a_version_alone_is_answered_with_the_versions_so_that_clients_find_their_way(path):
    assert client().get(path, status=300).json['versions'][0]['id'] == 'v2.15'


@pytest.mark.parametrize(('version', 'path'), [('v2.1', '/v2/images'), ('v1', '/v1/images')])
def test_the_vendors_media_type_names_the_version(version, path):
    assert client().get('/images', headers={'Accept': VENDOR + version}).json[0] == path


def test_with_the_vendors_media_type_the_path_is_left_alone():
    assert client().get('/v1/images', headers={'Accept': f'{VENDOR}v1'}).json == ['/v1/v1/images', 1]


def test_the_path_versions_goes_before_the_vendors_media_type():
    client().get('/versions', headers={'Accept': f'{VENDOR}v2'}, status=200)


def test_an_unknown_version_in_the_media_type_is_answered_with_the_versions():
    client().get('/v2/images', headers={'Accept': f'{VENDOR}v9'}, status=300)


def test_a_version_that_is_switched_off_is_answered_with_the_versions():
    client(enable_v1_api='False').get('/v1/images', status=300)
    client(enable_v2_api='False').get('/v2/images', status=300)
