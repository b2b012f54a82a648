"""The image service, and EC2's API on it, with the real glance and its registry behind the real client."""

import hashlib
import io
import os
from xml.etree import ElementTree

import pytest
import webtest

from cloud.nova import exception
from cloud.nova.api.ec2.cloud import CloudController
from cloud.nova.common import config
from cloud.nova.context import RequestContext
from cloud.nova.image import glance
from tests.cloud.glance.api import conftest as glance_api
from tests.cloud.glance.registry import conftest as registry
from tests.cloud.nova.api.ec2.test_cloud import Router
from tests.cloud.nova.image.test_s3 import Database
from tests.servers import WarmServer

ALICE, BOB, NOBODY = (RequestContext(auth_token=f'{name}-token') for name in ('alice', 'bob', 'nobody'))
DATA = os.urandom(3 * 1024**2 + 1)
FORMATS = {'disk_format': 'raw', 'container_format': 'bare'}


@pytest.fixture(scope='module')
def glance_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp('glance')
    registry_server = WarmServer([str(registry.write_ini(folder))], folder / 'registry.log')
    options = {'registry_port': str(registry_server.port), 'show_multiple_locations': 'True'}
    server = WarmServer([str(glance_api.write_ini(folder, **options))], folder / 'glance.log')
    yield server
    server.end()
    registry_server.end()


@pytest.fixture
def service(glance_server):
    options = config.parse({'glance_api_servers': f'127.0.0.1:{glance_server.port}'})
    return glance.get_default_image_service(options)


@pytest.fixture
def image(service):
    properties = {'mappings': [{'virtual': 'ami', 'device': 'sda'}], 'os': 'Füße', 'number': 1}
    meta = {'name': 'Füße 图 100%', 'min_ram': 64, 'properties': properties, **FORMATS}
    return service.create(ALICE, meta, io.BytesIO(DATA))


def test_what_is_created_is_shown_alike(service, image):
    shown = service.show(ALICE, image['id'])
    assert shown == image
    assert (shown['name'], shown['status'], shown['min_ram'], shown['owner']) == ('Füße 图 100%', 'active', 64, 'demo')
    assert (shown['size'], shown['checksum']) == (len(DATA), hashlib.md5(DATA).hexdigest())
    assert (shown['is_public'], shown['deleted'], shown['deleted_at']) == (False, False, None)
    properties = {'mappings': [{'virtual': 'ami', 'device': 'sda'}], 'os': 'Füße', 'number': '1'}
    assert shown['properties'] == properties


def test_it_is_among_all_images_even_beyond_the_first_page(service, image):
    for number in range(3):
        service.create(ALICE, {'name': str(number)})
    found = [listed for listed in service.detail(ALICE, page_size=2) if listed['id'] == image['id']]
    assert found == [image]
    assert image in service.detail(ALICE, filters={'name': image['name'], 'properties': {'os': 'Füße'}})


def test_its_bytes_come_back(service, image, tmp_path):
    service.download(ALICE, image['id'], dst_path=str(tmp_path / 'disk'))
    assert (tmp_path / 'disk').read_bytes() == DATA
    assert b''.join(service.download(ALICE, image['id'])) == DATA


def test_v2_says_where_they_are(service, image):
    (location,) = service.get_locations(ALICE, image['id'])
    assert location['url'].startswith('file:///')
    assert location['url'].endswith(image['id'])


def test_an_update_replaces_all_properties_unless_told(service, image):
    updated = service.update(ALICE, image['id'], {**image, 'name': 'new', 'properties': {'a': 'b'}}, purge_props=False)
    assert (updated['name'], updated['properties']['a'], updated['properties']['os']) == ('new', 'b', 'Füße')
    assert service.update(ALICE, image['id'], {'properties': {'c': 'd'}})['properties'] == {'c': 'd'}


def test_data_may_come_later(service):
    queued = service.create(ALICE, {'name': 'x', **FORMATS})
    assert queued['status'] == 'queued'
    assert service.update(ALICE, queued['id'], {}, io.BytesIO(DATA))['status'] == 'active'


def test_a_deleted_image_is_gone(service, image):
    assert service.delete(ALICE, image['id']) is True
    for ask in (service.show, service.get_locations, service.download, service.delete):
        with pytest.raises(exception.ImageNotFound):
            ask(ALICE, image['id'])


def test_an_image_of_another_project_is_not_there(service, image):
    for ask in (service.show, service.get_locations, service.delete):
        with pytest.raises(exception.ImageNotFound):
            ask(BOB, image['id'])
    assert image['id'] not in [listed['id'] for listed in service.detail(BOB)]


def test_a_token_that_is_not_known_is_not_authorized(service, image):
    with pytest.raises(exception.ImageNotAuthorized):
        service.show(NOBODY, image['id'])
    with pytest.raises(exception.NotAuthorized):
        service.detail(NOBODY)


def test_what_glance_finds_wrong_is_invalid_and_in_its_own_words(service):
    with pytest.raises(exception.Invalid, match='disk_format|disk format'):
        service.create(ALICE, {'name': 'x', 'disk_format': 'nonsense', 'container_format': 'bare'})


def test_ec2_describes_it_by_a_number(service, image):
    app = Router(cloud=CloudController(service, Database()))
    client = webtest.TestApp(app, extra_environ={'nova.context': ALICE})
    listed = client.get('/services/Cloud?Action=DescribeImages').xml
    space = {'ec2': 'http://ec2.amazonaws.com/doc/2010-08-31/'}
    ids = {item.findtext('ec2:name', None, space): item.findtext('ec2:imageId', None, space) for item in listed[1]}
    one = client.get(f'/services/Cloud?Action=DescribeImages&ImageId.1={ids["Füße 图 100%"]}')
    assert ElementTree.fromstring(one.body).findtext('.//ec2:name', None, space) == 'Füße 图 100%'
