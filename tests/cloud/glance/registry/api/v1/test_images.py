"""One image's record: created, shown, changed, deleted; who may, and what it looks like."""

import concurrent.futures
import json
import re
import uuid

import pytest

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB
from tests.cloud.glance.registry.conftest import SERVICE

FILE = {'url': 'file:///one', 'metadata': {'a': ['b']}, 'status': 'active'}


def without_ids(image):
    return [{name: each[name] for name in ('url', 'metadata', 'status')} for each in image['location_data']]


class TestCreating:
    def test_it_answers_200_with_the_whole_record(self, client):
        image_id = str(uuid.uuid4())
        values = {
            'id': image_id, 'name': '名前', 'status': 'queued', 'is_public': False, 'size': 2**40,
            'virtual_size': None, 'disk_format': 'raw', 'container_format': 'bare', 'checksum': 'c' * 32,
            'min_disk': 1, 'min_ram': 2, 'protected': True, 'properties': {'a': 'b', 'n': None},
        }  # fmt: skip
        image = client.create(**values)
        assert set(image) - set(values) == {
            'owner', 'deleted', 'created_at', 'updated_at', 'deleted_at', 'location', 'location_data',
        }  # fmt: skip
        assert {name: image[name] for name in values} == values
        assert (image['deleted'], image['deleted_at'], image['location'], image['location_data']) == (
            False, None, None, [],
        )  # fmt: skip
        assert client.show(image) == image

    def test_times_have_microseconds_and_no_z(self, client):
        assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}', client.create()['created_at'])

    def test_without_an_id_and_a_status_it_gets_an_id_and_is_active(self, client):
        image = client.create()
        assert uuid.UUID(image['id'])
        assert image['status'] == 'active'

    def test_the_owner_is_the_callers_own(self, client):
        assert client.create(ALICE)['owner'] == 'demo'
        assert client.create(ALICE, owner='other')['owner'] == 'demo'
        assert client.create(ADMIN)['owner'] == 'admin'

    def test_an_admin_may_give_it_to_another_owner_or_none(self, client):
        assert client.create(ADMIN, owner='other')['owner'] == 'other'
        assert client.create(ADMIN, owner=None)['owner'] is None

    def test_an_id_that_is_taken_is_409_even_when_its_image_is_deleted(self, client):
        image = client.create(name='first')
        client.create(id=image['id'], name='second', code=409)
        assert client.show(image) == image
        client.remove(image)
        client.create(id=image['id'], code=409)

    def test_the_services_own_times_are_passed_over(self, client):
        image = client.create(created_at='2001-01-01T00:00:00', deleted=True, deleted_at=None, updated_at=5)
        assert image['created_at'] > '2014'
        assert image['deleted'] is False


class TestLocations:
    def test_location_is_the_first_active_url_and_location_data_has_all(self, client):
        first = {**FILE, 'url': 'file:///zero', 'status': 'deleted'}
        image = client.create(location_data=[first, FILE])
        assert image['location'] == 'file:///one'
        assert without_ids(image) == [first, FILE]
        assert all(isinstance(each['id'], int) for each in image['location_data'])

    def test_a_location_alone_is_one_without_metadata(self, client):
        image = client.change(client.create(), {'location': 'http://x/y'})
        assert without_ids(image) == [{'url': 'http://x/y', 'metadata': {}, 'status': 'active'}]

    def test_a_record_can_be_sent_back_as_it_came(self, client):
        image = client.create(location_data=[FILE, {'url': 'http://x/y'}], properties={'a': 'b'})
        again = client.change(image, image)
        assert without_ids(again) == without_ids(image)
        assert again['location'] == image['location']
        assert again['properties'] == image['properties']

    def test_a_location_beside_others_comes_first(self, client):
        image = client.create(location='http://x/y', location_data=[FILE])
        assert [each['url'] for each in image['location_data']] == ['http://x/y', 'file:///one']

    def test_no_location_takes_all_away_and_silence_none(self, client):
        image = client.create(location='http://x/y')
        assert client.change(image, {'name': 'x'})['location'] == 'http://x/y'
        gone = client.change(image, {'location': None})
        assert (gone['location'], gone['location_data']) == (None, [])


class TestChanging:
    def test_what_is_not_named_stays(self, client):
        image = client.create(name='old', size=5, properties={'a': '1', 'b': '2'})
        changed = client.change(image, {'name': 'new', 'properties': {'b': '3'}})
        assert changed['name'] == 'new'
        assert changed['size'] == 5
        assert changed['properties'] == {'a': '1', 'b': '3'}
        assert changed['updated_at'] > image['updated_at']
        assert client.show(image) == changed

    @pytest.mark.parametrize(
        ('header', 'left'),
        [
            (None, {'a': '1', 'b': '3'}),
            ('false', {'a': '1', 'b': '3'}),
            ('true', {'b': '3'}),
            ('True', {'b': '3'}),
        ],
    )
    def test_purge_props_replaces_the_properties(self, client, header, left):
        image = client.create(properties={'a': '1', 'b': '2'})
        headers = {**ALICE, **({'X-Glance-Registry-Purge-Props': header} if header else {})}
        assert client.change(image, {'properties': {'b': '3'}}, headers)['properties'] == left

    def test_purge_props_without_properties_leaves_none(self, client):
        image = client.create(properties={'a': '1'})
        headers = {**ALICE, 'X-Glance-Registry-Purge-Props': 'true'}
        assert client.change(image, {}, headers)['properties'] == {}

    def test_from_another_state_it_is_409_and_changes_nothing(self, client):
        image = client.create(status='queued', name='old')
        refusal = client.change(image, {'name': 'new'}, from_state='saving', status=409)
        assert 'queued' in refusal.json['conflictingRequest']['message']
        assert client.show(image) == image
        assert client.change(image, {'status': 'saving'}, from_state='queued')['status'] == 'saving'
        client.change(image, {'status': 'saving'}, from_state='queued', status=409)

    def test_of_many_uploads_at_once_exactly_one_leaves_queued(self, client):
        image = client.create(status='queued')

        def start_upload(number):
            body = {'image': {'status': 'saving'}, 'from_state': 'queued'}
            headers = {**ALICE, **SERVICE}
            return client.put_json(f'/images/{image["id"]}', body, headers=headers, status='*').status_int

        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            assert sorted(threads.map(start_upload, range(8))) == [200] + [409] * 7

    def test_only_an_admin_changes_the_owner(self, client):
        image = client.create()
        assert client.change(image, {'owner': 'other', 'name': 'x'})['owner'] == 'demo'
        assert client.change(image, {'owner': 'other'}, ADMIN)['owner'] == 'other'

    def test_the_id_cannot_change(self, client):
        image = client.create(name='old')
        client.change(image, {'id': str(uuid.uuid4()), 'name': 'new'}, status=400)
        assert client.show(image) == image


class TestWhoMay:
    def test_what_is_invisible_is_404(self, client):
        image = client.create()
        for headers, found in ((BOB, image), (ALICE, {'id': str(uuid.uuid4())}), (ALICE, {'id': 'nothing'})):
            client.show(found, headers, status=404)
            client.change(found, {'name': 'x'}, headers, status=404)
            client.remove(found, headers, status=404)
        assert client.show(image) == image

    def test_a_visible_image_of_another_owner_is_403_to_change(self, client):
        public, shared = client.create(is_public=True), client.create()
        client.share(shared)
        for image in (public, shared):
            assert client.show(image, BOB) == image
            client.change(image, {'name': 'x'}, BOB, status=403)
            client.remove(image, BOB, status=403)
            assert client.show(image) == image

    def test_an_admin_sees_and_changes_everything(self, client):
        image = client.create()
        assert client.show(image, ADMIN) == image
        assert client.change(image, {'name': 'x'}, ADMIN)['name'] == 'x'
        client.remove(image, ADMIN)


class TestDeleting:
    def test_it_answers_the_record_as_it_is_then(self, client):
        image = client.create(name='gone')
        record = client.remove(image).json['image']
        assert (record['id'], record['name']) == (image['id'], 'gone')
        assert (record['deleted'], record['status']) == (True, 'deleted')
        assert record['deleted_at'] >= image['created_at']

    def test_then_only_admins_see_it_and_nobody_changes_it(self, client):
        image = client.create()
        record = client.remove(image).json['image']
        client.show(image, status=404)
        assert client.show(image, ADMIN) == record
        for headers in (ALICE, ADMIN):
            client.change(image, {'name': 'x'}, headers, status=404)
            client.remove(image, headers, status=404)

    def test_what_waits_for_a_scrubber_keeps_saying_so(self, client):
        image = client.create(status='active')
        client.change(image, {'status': 'pending_delete'})
        record = client.remove(image).json['image']
        assert (record['deleted'], record['status']) == (True, 'pending_delete')


class TestBadBodies:
    @pytest.mark.parametrize(
        'values',
        [
            {'name': 5},
            {'name': 'x' * 256},
            {'name': 'a\nb'},
            {'name': '\ud800'},
            {'id': 'short'},
            {'id': None},
            {'status': 'ready'},
            {'status': None},
            {'is_public': 'yes'},
            {'protected': 1},
            {'size': -1},
            {'size': 2**63},
            {'size': '5'},
            {'size': 1.5},
            {'min_ram': None},
            {'min_disk': 2**31},
            {'owner': ['x']},
            {'checksum': 'c' * 33},
            {'checksum': 'sch\u00f6n'},
            {'checksum': 'a b'},
            {'disk_format': 'd' * 21},
            {'properties': []},
            {'properties': {'a': 1}},
            {'properties': {'': 'x'}},
            {'properties': {'p' * 256: 'x'}},
            {'location': 5},
            {'location_data': 'x'},
            {'location_data': [{}]},
            {'location_data': [{'url': None}]},
            {'location_data': [{'url': 'x', 'metadata': 'y'}]},
            {'tags': ['x']},
            {'add_tags': ['x']},
            {'drop_properties': ['a']},
            {'unknown': 'x'},
        ],
    )
    def test_a_value_that_cannot_be_is_400_and_changes_nothing(self, client, values):
        image = client.create(name='kept', properties={'a': 'b'})
        client.post_json('/images', {'image': values}, headers=ALICE, status=400)
        client.change(image, values, status=400)
        assert client.list() == [image]

    @pytest.mark.parametrize(
        'body', [b'', b'x', b'[]', b'{}', b'null', b'{"image": []}', b'{"image": {}, "from_state": 5}',
                 b'{"image": {}, "x": 1}', b'{"image": {"size": NaN}}', b'[' * 100000]
    )  # fmt: skip
    def test_a_body_of_another_shape_is_400(self, client, body):
        client.post('/images', body, headers=ALICE, status=400)
        client.put(f'/images/{client.create()["id"]}', body, headers=ALICE, status=400)

    def test_a_body_that_is_too_large_is_413(self, client):
        client.create(properties={'a': 'x' * 2**20}, code=413)


class TestWhoMaySayWhereTheBytesAre:
    """Without the image service's own token, a member could point an image at another tenant's file."""

    THEIRS = {'location': 'file:///data/images/theirs'}

    @pytest.mark.parametrize('values', [THEIRS, {'location_data': [FILE]}, {'status': 'active'}])
    def test_a_member_alone_may_not(self, client, values):
        image = client.create(status='queued')
        for path, method in (('/images', 'POST'), (f'/images/{image["id"]}', 'PUT')):
            refusal = client.request(
                path, method=method, body=json.dumps({'image': values}).encode(), headers=ALICE, status=403
            )
            assert 'Only the image service itself' in refusal.json['forbidden']['message']
        assert client.show(image) == image

    def test_nor_leave_bytes_to_a_scrubber_or_bring_an_image_back(self, client):
        image = client.create(status='active')
        client.delete(f'/images/{image["id"]}?status=pending_delete', headers=ALICE, status=403)
        client.remove(image)
        body = {'image': {'status': 'active'}, 'from_state': 'deleted'}
        client.put_json(f'/images/{image["id"]}', body, headers=ALICE, status=403)
        client.show(image, status=404)

    def test_an_admin_may(self, client):
        assert client.create(ADMIN, **self.THEIRS)['location']
        answer = client.post_json('/images', {'image': self.THEIRS}, headers=ADMIN)
        assert answer.json['image']['location'] == self.THEIRS['location']

    def test_another_token_is_no_service(self, client):
        headers = {**ALICE, 'X-Service-Token': 'bob-token'}
        client.post_json('/images', {'image': self.THEIRS}, headers=headers, status=403)
        headers = {**ALICE, 'X-Service-Token': 'wrong'}
        client.post_json('/images', {'image': self.THEIRS}, headers=headers, status=401)

    def test_what_a_client_says_of_roles_is_not_believed(self, client):
        headers = {**ALICE, 'X-Service-Roles': 'service', 'X-Service-Identity-Status': 'Confirmed'}
        client.post_json('/images', {'image': self.THEIRS}, headers=headers, status=403)
