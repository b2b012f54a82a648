"""POST /v1/images: reserve, upload, point to a location."""

import hashlib
import io

import pytest

from cloud.glance.common import exception
from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB
from tests.cloud.glance.api.v1.conftest import RAW

AN_ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'


def refusal(answer):
    [fault] = answer.json.values()
    return fault['message']


class TestReserving:
    def test_it_answers_201_with_the_document_and_its_address(self, client):
        answer = client.post('/v1/images', headers={**ALICE, 'x-image-meta-name': 'cirros'}, status=201)
        image = answer.json['image']
        assert answer.location == f'http://localhost/v1/images/{image["id"]}'
        assert image['name'] == 'cirros'
        assert image['status'] == 'queued'
        assert image['owner'] == 'demo'
        assert 'location' not in image
        assert 'location_data' not in image

    def test_a_reserved_image_has_the_size_0(self, client):
        image = client.add()
        assert image['size'] == 0
        assert client.meta(image)['size'] == '0'

    def test_an_announced_size_is_kept(self, client):
        assert client.add(size=7)['size'] == 7

    def test_a_size_of_0_makes_it_active_at_once_and_its_data_is_empty(self, client):
        image = client.add(size=0)
        assert image['status'] == 'active'
        assert client.data(image).body == b''

    def test_times_have_microseconds_and_no_z(self, client):
        assert len(client.add()['created_at']) == len('2014-10-16T12:00:00.123456')

    def test_all_fields_and_properties_are_kept(self, client):
        fields = {
            'id': AN_ID, 'name': 'n', 'disk_format': 'qcow2', 'container_format': 'ovf', 'min_disk': 3, 'min_ram': 4,
            'size': 5, 'checksum': 'c' * 32, 'protected': True, 'is_public': False, 'properties': {'os': 'linux'},
        }  # fmt: skip
        image = client.add(**fields)
        fields['properties'] = {'os': 'linux'}
        assert {name: image[name] for name in fields} == fields

    def test_an_id_that_is_taken_is_409_and_one_that_is_none_400(self, client):
        client.add(id=AN_ID)
        client.add(id=AN_ID, status=409)
        client.add(id='x', status=400)

    def test_the_owner_is_the_callers_whatever_is_sent_unless_an_admin_sends_it(self, client):
        assert client.add(owner='other')['owner'] == 'demo'
        assert client.add(b'', ADMIN, owner='other')['owner'] == 'other'

    def test_a_status_in_the_headers_does_nothing(self, client):
        assert client.add(b'', {**ALICE, 'x-image-meta-status': 'active'})['status'] == 'queued'

    def test_what_only_the_service_sets_is_not_looked_at(self, client):
        image = client.add(created_at='1970', updated_at='1970', deleted_at='1970', deleted=True, virtual_size=9)
        assert image['created_at'] > '2000'
        assert image['deleted'] is False
        assert image['deleted_at'] is image['virtual_size'] is None


class TestBody:
    def test_the_image_is_active_with_size_and_checksum_and_its_bytes_are_stored(self, client):
        answer = client.post('/v1/images', b'data', {**ALICE, **RAW, 'Content-Type': 'application/octet-stream'})
        image = answer.json['image']
        checksum = hashlib.md5(b'data').hexdigest()
        assert (image['status'], image['size'], image['checksum']) == ('active', 4, checksum)
        assert answer.headers['ETag'] == checksum
        assert client.stored() == [image['id']]

    def test_another_content_type_is_400_and_the_image_killed(self, client):
        headers = {**ALICE, **RAW, 'Content-Type': 'text/plain', 'x-image-meta-id': AN_ID}
        answer = client.post('/v1/images', b'data', headers, status=400)
        assert 'send application/octet-stream' in refusal(answer)
        assert client.meta(AN_ID)['status'] == 'killed'
        assert client.detail() == client.stored() == []

    @pytest.mark.parametrize('announced', [{'size': 3}, {'size': 0}, {'checksum': 'f' * 32}])
    def test_another_size_or_checksum_than_announced_is_400_killed_and_the_bytes_removed(self, client, announced):
        answer = client.add(b'data', {**ALICE, **RAW}, status=400, id=AN_ID, **announced)
        assert 'differs from that of the data' in refusal(answer)
        assert client.meta(AN_ID)['status'] == 'killed'
        assert client.stored() == []

    def test_the_announced_size_and_checksum_are_no_obstacle(self, client):
        client.active(b'data', size=4, checksum=hashlib.md5(b'data').hexdigest())

    def test_a_chunked_body_has_no_length_and_is_a_body(self, client):
        image = client.chunked(io.BytesIO(b'data'), status=201).json['image']
        assert (image['status'], image['size']) == ('active', 4)

    @pytest.mark.parametrize('missing', RAW)
    def test_without_both_formats_it_is_400_and_nothing_is_there(self, client, missing):
        formats = {name: value for name, value in RAW.items() if name != missing}
        answer = client.add(b'data', {**ALICE, **formats}, status=400, id=AN_ID)
        assert 'None for image: use one of' in refusal(answer)
        client.meta(AN_ID, status=404)

    def test_a_store_can_be_picked_and_one_that_is_not_there_is_400(self, client):
        client.active(b'data', store='filesystem')
        client.active(b'data', store='file')
        client.add(b'data', {**ALICE, **RAW}, status=400, store='attic', id=AN_ID)
        client.meta(AN_ID, status=404)

    def test_a_store_that_only_reads_is_410_and_the_image_killed(self, client):
        client.add(b'data', {**ALICE, **RAW}, status=410, store='http', id=AN_ID)
        assert client.meta(AN_ID)['status'] == 'killed'


class TestTooManyBytes:
    def test_a_declared_size_above_the_cap_is_400_and_nothing_is_there(self, make_client):
        client = make_client(image_size_cap='3')
        for data, announced in ((b'data', {}), (b'', {'size': 4})):
            client.add(data, {**ALICE, **RAW}, status=400, id=AN_ID, **announced)
            client.meta(AN_ID, status=404)

    def test_undeclared_it_is_413_and_killed_with_the_bytes_removed(self, make_client):
        client = make_client(image_size_cap='3')
        client.chunked(io.BytesIO(b'data'), status=413, id=AN_ID)
        assert client.meta(AN_ID)['status'] == 'killed'
        assert client.stored() == []


class TestLocation:
    def test_the_image_is_active_at_once_and_the_store_asked_for_its_size(self, client, elsewhere):
        image = client.active(b'', location=elsewhere.url)
        assert (image['status'], image['size'], image['checksum']) == ('active', 14, None)
        assert elsewhere.asked == ['HEAD']
        assert client.data(image).body == b'from elsewhere'
        assert client.stored() == []

    def test_nobody_is_shown_the_location(self, client, elsewhere):
        image = client.active(b'', location=elsewhere.url)
        for shown in (image, client.meta(image), *client.detail(), client.put_meta(image), client.tools.notifier.sent):
            assert elsewhere.url not in str(shown)

    def test_another_size_than_the_stores_is_409_and_the_same_is_none(self, client, elsewhere):
        client.add(b'', {**ALICE, **RAW}, status=409, location=elsewhere.url, size=3)
        client.active(b'', location=elsewhere.url, size=14)
        assert len(client.detail()) == 1

    def test_a_location_without_data_is_400_unless_the_client_vouches_for_a_size(self, client, elsewhere):
        elsewhere.status = '404 Not Found'
        answer = client.add(b'', {**ALICE, **RAW}, status=400, location=elsewhere.url)
        assert 'there is no data' in refusal(answer)
        assert client.active(b'', location=elsewhere.url, size=3)['size'] == 3

    def test_a_store_that_says_there_is_nothing_is_believed(self, client, elsewhere, monkeypatch):
        def get_size(location):
            raise exception.NotFound()

        monkeypatch.setattr(client.tools.store_api.registered_stores['http'], 'get_size', get_size)
        client.add(b'', {**ALICE, **RAW}, status=400, location=elsewhere.url)

    def test_both_formats_are_needed(self, client, elsewhere):
        client.add(b'', ALICE, status=400, location=elsewhere.url)

    @pytest.mark.parametrize(
        'url', ['file:///etc/passwd', 'filesystem:///etc/passwd', 'swift+config://x/y/z', 'FILE:///x', 'nonsense', '//']
    )
    @pytest.mark.parametrize('header', ['x-image-meta-location', 'x-glance-api-copy-from', 'x-image-meta-copy_from'])
    def test_any_other_scheme_is_400_and_nothing_is_there(self, client, url, header):
        client.add(b'', {**ALICE, **RAW, header: url}, status=400, id=AN_ID)
        client.meta(AN_ID, status=404)

    def test_two_sources_at_once_are_400_and_nothing_is_there(self, client, elsewhere):
        location = {'x-image-meta-location': elsewhere.url}
        copy_from = {'x-glance-api-copy-from': elsewhere.url}
        for data, headers in ((b'data', location), (b'data', copy_from), (b'', {**location, **copy_from})):
            answer = client.add(data, {**ALICE, **RAW, **headers}, status=400, id=AN_ID)
            assert 'multiple image sources' in refusal(answer)
        client.meta(AN_ID, status=404)
        assert elsewhere.asked == []


class TestFormats:
    @pytest.mark.parametrize('amazon', ['aki', 'ari', 'ami'])
    def test_one_amazon_format_makes_the_other_one(self, client, amazon):
        for given in ('disk_format', 'container_format'):
            image = client.add(**{given: amazon})
            assert image['disk_format'] == image['container_format'] == amazon

    @pytest.mark.parametrize(
        ('disk', 'container'), [('aki', 'ari'), ('ami', 'bare'), ('raw', 'ami'), ('raw', 'nonsense'), ('x', 'bare')]
    )
    def test_amazon_formats_that_differ_and_unknown_formats_are_400(self, client, disk, container):
        client.add(disk_format=disk, container_format=container, status=400)


def test_an_image_of_v1_is_seen_in_v2_and_the_other_way_round(client):
    image = client.active(b'data', name='old', properties={'os': 'linux'})
    seen = client.v2.show(image['id'])
    assert (seen['name'], seen['os'], seen['size']) == ('old', 'linux', 4)
    assert client.v2.download(image['id']).body == b'data'
    new = client.v2.active(b'new data', name='new')
    assert client.meta(new)['name'] == 'new'
    assert client.data(new).body == b'new data'
    assert client.names() == ['new', 'old']
    client.meta(image, BOB, status=404)
