"""PUT /v1/images/{id}: change, upload later, replace properties."""

import hashlib

import pytest

from cloud.glance.api.v1 import images
from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB
from tests.cloud.glance.api.v1.conftest import BYTES, RAW, path_of

KEEP = {**ALICE, 'x-glance-registry-purge-props': 'false'}


class TestFields:
    def test_what_is_sent_changes_and_the_rest_stays(self, client):
        image = client.add(name='old', min_ram=5)
        changed = client.put_meta(image, name='new', protected=True, disk_format='raw')
        assert (changed['name'], changed['min_ram'], changed['protected']) == ('new', 5, True)
        assert client.meta(image)['disk_format'] == 'raw'
        assert changed['updated_at'] > image['updated_at']

    def test_the_answer_is_the_document_with_the_checksum_as_etag(self, client):
        image = client.active()
        answer = client.put(path_of(image), headers=ALICE)
        assert answer.json['image']['id'] == image['id']
        assert answer.headers['ETag'] == image['checksum']

    def test_an_empty_name_is_none(self, client):
        assert client.put_meta(client.add(name='old'), name='')['name'] is None

    def test_the_owner_from_an_ordinary_caller_is_ignored_silently(self, client):
        image = client.add()
        assert client.put_meta(image, owner='other')['owner'] == 'demo'
        assert client.put_meta(image, b'', ADMIN, owner='other')['owner'] == 'other'

    def test_a_status_other_than_its_own_is_403(self, client):
        image = client.add()
        client.put(path_of(image), headers={**ALICE, 'x-image-meta-status': 'active'}, status=403)
        client.put(path_of(image), headers={**ALICE, 'x-image-meta-status': 'queued'}, status=200)

    def test_another_id_is_400(self, client):
        client.put_meta(client.add(), id='aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee', status=400)

    def test_formats_have_to_go_with_those_it_has(self, client):
        image = client.add(disk_format='raw')
        client.put_meta(image, container_format='ami', status=400)
        assert client.put_meta(client.add(), container_format='ami')['disk_format'] == 'ami'

    @pytest.mark.parametrize('field', [{'size': 9}, {'checksum': 'f' * 32}])
    def test_size_and_checksum_of_an_active_image_change_only_by_an_admin(self, client, field):
        image = client.active()
        client.put_meta(image, status=403, **field)
        assert client.put_meta(client.add(), **field)
        client.put_meta(image, b'', ADMIN, **field)

    def test_the_checksum_of_an_active_image_cannot_be_emptied(self, client):
        image = client.active()
        client.put_meta(image, checksum='', status=403)
        assert client.meta(image)['checksum'] == image['checksum']

    @pytest.mark.parametrize('headers', [ALICE, ADMIN])
    @pytest.mark.parametrize('formats', [{'disk_format': 'qcow2'}, {'container_format': 'ovf'}, {'disk_format': ''}])
    def test_the_formats_of_an_image_change_while_it_is_queued_as_in_version_2(self, client, headers, formats):
        image = client.active()
        client.put_meta(image, b'', headers, name='new', status=403, **formats)
        assert client.meta(image)['disk_format'] == 'raw'
        assert 'name' not in client.meta(image)
        client.put_meta(image, b'', headers, disk_format='raw', container_format='bare', name='new')
        client.put_meta(client.add(disk_format='raw'), **formats)
        empty = client.add(size=0)
        client.put_meta(empty, b'', headers, disk_format='raw', status=403)

    def test_a_size_and_checksum_that_stay_as_they_are_are_no_change(self, client):
        image = client.active()
        client.put_meta(image, size=image['size'], checksum=image['checksum'])


class TestWhose:
    def test_someone_elses_image_is_404_and_a_public_one_403(self, client):
        client.put_meta(client.add(), b'', BOB, status=404)
        public = client.add(b'', ADMIN, is_public=True)
        client.put_meta(public, b'', BOB, name='mine', status=403)
        client.put_meta(public, b'data', {**BOB, **RAW}, status=403)
        assert client.stored() == []

    def test_an_image_that_is_not_there_is_404(self, client):
        client.put_meta('nothing', status=404)

    def test_a_deleted_image_is_403_for_who_can_see_it(self, client):
        image = client.add()
        client.remove(image)
        client.put_meta(image, b'', ADMIN, status=403)
        client.put_meta(image, status=404)


class TestProperties:
    def test_they_are_all_replaced(self, client):
        image = client.add(properties={'a': '1', 'b': '2'})
        assert client.put_meta(image, properties={'b': '3', 'c': '4'})['properties'] == {'b': '3', 'c': '4'}
        assert client.put_meta(image)['properties'] == {}

    def test_with_purge_props_false_the_others_stay(self, client):
        image = client.add(properties={'a': '1', 'b': '2'})
        assert client.put_meta(image, b'', KEEP, properties={'b': '3'})['properties'] == {'a': '1', 'b': '3'}
        replace = {**ALICE, 'x-glance-registry-purge-props': 'True'}
        assert client.put_meta(image, b'', replace, properties={'b': '3'})['properties'] == {'b': '3'}

    def test_with_a_body_the_others_stay(self, client):
        image = client.add(properties={'a': '1', 'b': '2'})
        changed = client.put_meta(image, b'data', {**ALICE, **RAW}, properties={'b': '3'})
        assert changed['properties'] == {'a': '1', 'b': '3'}

    def test_purge_props_is_true_or_false(self, client):
        client.put_meta(client.add(), b'', {**ALICE, 'x-glance-registry-purge-props': 'perhaps'}, status=400)


class TestSources:
    def test_a_body_makes_a_queued_image_active(self, client):
        image = client.add()
        changed = client.put_meta(image, b'data', {**ALICE, **RAW}, name='new')
        assert (changed['status'], changed['size'], changed['name']) == ('active', 4, 'new')
        assert client.data(image).body == b'data'

    def test_what_was_announced_at_the_reservation_has_to_come(self, client):
        image = client.add(b'', {**ALICE, **RAW}, size=5)
        client.put_meta(image, b'data', status=400)
        assert client.meta(image)['status'] == 'killed'
        assert client.stored() == []

    def test_a_body_on_an_image_that_is_not_queued_is_409_and_changes_nothing(self, client):
        image = client.active(b'data', name='old')
        client.put_meta(image, b'other', name='new', status=409)
        assert client.meta(image)['name'] == 'old'
        assert client.data(image).body == b'data'

    def test_another_content_type_is_400_and_the_image_killed(self, client):
        image = client.add(b'', {**ALICE, **RAW})
        client.put(path_of(image), b'data', headers={**ALICE, 'Content-Type': 'text/plain'}, status=400)
        assert client.meta(image)['status'] == 'killed'

    def test_without_formats_it_is_400_and_the_image_stays_queued(self, client):
        image = client.add()
        client.put_meta(image, b'data', status=400)
        assert client.meta(image)['status'] == 'queued'

    def test_a_location_makes_a_queued_image_active(self, client, elsewhere):
        image = client.add(b'', {**ALICE, **RAW})
        changed = client.put_meta(image, location=elsewhere.url)
        assert (changed['status'], changed['size']) == ('active', 14)
        assert client.data(image).body == b'from elsewhere'

    def test_a_location_or_copy_on_an_image_that_is_not_queued_is_400_and_changes_nothing(self, client, elsewhere):
        image = client.active(b'data')
        client.put_meta(image, location=elsewhere.url, name='new', status=400)
        client.put_meta(image, b'', {**ALICE, 'x-glance-api-copy-from': elsewhere.url}, name='new', status=400)
        assert 'name' not in client.meta(image)

    def test_two_sources_at_once_are_400(self, client, elsewhere):
        image = client.add(b'', {**ALICE, **RAW})
        client.put_meta(image, b'data', {**ALICE, **BYTES}, location=elsewhere.url, status=400)
        assert client.meta(image)['status'] == 'queued'


class TestMeanwhile:
    """Something else happens between the look at an image and the change."""

    @pytest.fixture
    def meanwhile(self, monkeypatch):
        def meanwhile(happens):
            real = images.Controller.new_properties

            def late(self, *args):
                happens()
                return real(self, *args)

            monkeypatch.setattr(images.Controller, 'new_properties', late)

        return meanwhile

    def test_size_and_checksum_of_an_image_that_becomes_active_stay_true(self, client, meanwhile):
        image = client.add(size=5, disk_format='raw', container_format='bare')
        meanwhile(lambda: client.v2.upload(image, b'x' * 1000))
        client.put_meta(image, b'', ALICE, size=5, checksum='0' * 32, status=409)
        assert client.data(image).body == b'x' * 1000
        assert client.meta(image)['checksum'] == hashlib.md5(b'x' * 1000).hexdigest()


class TestDeleteMeanwhile:
    def test_what_is_protected_meanwhile_is_not_deleted(self, client, monkeypatch):
        image = client.active(b'data')
        checked = images.check_deletable

        def late(record):
            checked(record)
            client.put_meta(image, protected=True)

        monkeypatch.setattr(images, 'check_deletable', late)
        client.remove(image, status=403)
        assert client.data(image).body == b'data'


def test_the_property_quota_holds_when_many_have_seen_room(make_client, monkeypatch):
    client = make_client(image_property_quota='2')
    image = client.add()
    monkeypatch.setattr(client.tools.quotas, 'check_properties', lambda count: None)
    for name in 'ab':
        client.put(path_of(image), headers={**KEEP, f'x-image-meta-property-{name}': 'x'})
    answer = client.put(path_of(image), headers={**KEEP, 'x-image-meta-property-c': 'x'}, status=413)
    assert 'would have 3 properties: it may have 2' in answer.json['overLimit']['message']
    [shown] = client.detail()
    assert sorted(shown['properties']) == ['a', 'b']
