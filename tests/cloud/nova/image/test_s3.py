import pytest

from cloud.nova import exception
from cloud.nova.api.ec2.ec2utils import ImageIds
from cloud.nova.context import RequestContext
from cloud.nova.image.s3 import S3ImageService

CONTEXT = RequestContext('alice', 'demo')
IMAGE, KERNEL, RAMDISK = (f'{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}' for digit in '123')


class Database:
    """The table of numbers."""

    def __init__(self):
        self.uuids = []

    def s3_image_get(self, image_id):
        if not 1 <= image_id <= len(self.uuids):
            raise exception.ImageNotFound(image_id=image_id)
        return {'id': image_id, 'uuid': self.uuids[image_id - 1]}

    def s3_image_get_by_uuid(self, image_uuid):
        if image_uuid not in self.uuids:
            raise exception.ImageNotFound(image_id=image_uuid)
        return {'id': self.uuids.index(image_uuid) + 1, 'uuid': image_uuid}

    def s3_image_create(self, image_uuid):
        self.uuids.append(image_uuid)
        return self.s3_image_get_by_uuid(image_uuid)


class Inner:
    """An image service with one image; calls: what it was asked."""

    def __init__(self):
        self.calls = []
        self.image = {'id': IMAGE, 'name': 'x', 'properties': {'kernel_id': KERNEL, 'ramdisk_id': RAMDISK, 'a': 'b'}}

    def __getattr__(self, method):
        def call(context, *args, **kwargs):
            self.calls.append((method, args, kwargs))
            return {'detail': [self.image], 'delete': True}.get(method, self.image)

        return call


@pytest.fixture
def inner():
    return Inner()


@pytest.fixture
def service(inner):
    return S3ImageService(inner, ImageIds(Database()))


NUMBERED = {'id': 1, 'name': 'x', 'properties': {'kernel_id': 2, 'ramdisk_id': 3, 'a': 'b'}}


def test_detail_gives_numbers_to_images_and_to_what_they_consist_of(service):
    assert service.detail(CONTEXT) == [NUMBERED]


def test_detail_hands_its_query_on(service, inner):
    service.detail(CONTEXT, filters={'name': 'x'})
    assert inner.calls == [('detail', (), {'filters': {'name': 'x'}})]


def test_show_asks_by_uuid_and_answers_by_number(service, inner):
    service.detail(CONTEXT)
    assert service.show(CONTEXT, 1) == NUMBERED
    assert inner.calls[-1] == ('show', (IMAGE,), {})


def test_the_inner_services_own_answer_stays_as_it_is(service, inner):
    service.detail(CONTEXT)
    assert inner.image == {
        'id': IMAGE,
        'name': 'x',
        'properties': {'kernel_id': KERNEL, 'ramdisk_id': RAMDISK, 'a': 'b'},
    }


@pytest.mark.parametrize('value', ['', 'nonsense', 'a/b', '../x', None])
def test_what_a_user_has_put_in_the_place_of_an_id_gets_no_number(service, inner, value):
    inner.image['properties'] = {'kernel_id': value}
    assert service.detail(CONTEXT)[0]['properties'] == {'kernel_id': value}
    assert service.ids.db_api.uuids == [IMAGE]


def test_an_image_of_an_unusual_id_has_a_number_all_the_same(service, inner):
    inner.image = {'id': IMAGE.upper(), 'properties': {}}
    assert service.detail(CONTEXT) == [{'id': 1, 'properties': {}}]


def test_a_number_that_no_image_has(service):
    for number in (0, 1, -1):
        with pytest.raises(exception.ImageNotFound):
            service.show(CONTEXT, number)


def test_update_takes_and_answers_numbers(service, inner):
    service.detail(CONTEXT)
    metadata = {'name': 'x', 'properties': {'kernel_id': 3, 'ramdisk_id': 'as it was'}}
    assert service.update(CONTEXT, 1, metadata, 'data') == NUMBERED
    sent = {'name': 'x', 'properties': {'kernel_id': RAMDISK, 'ramdisk_id': 'as it was'}}
    assert inner.calls[-1] == ('update', (IMAGE, sent, 'data'), {})
    assert metadata['properties']['kernel_id'] == 3


def test_update_of_nothing_but_a_name(service, inner):
    service.detail(CONTEXT)
    service.update(CONTEXT, 1, {'name': 'x'})
    assert inner.calls[-1] == ('update', (IMAGE, {'name': 'x'}, None), {})


def test_delete_asks_by_uuid(service, inner):
    service.detail(CONTEXT)
    assert service.delete(CONTEXT, 1) is True
    assert inner.calls[-1] == ('delete', (IMAGE,), {})
