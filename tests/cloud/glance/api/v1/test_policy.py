"""What the policy, the property protections and the quotas refuse, all asked by the controller itself."""

import io
import json

import pytest

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB
from tests.cloud.glance.api.v1.conftest import RAW, path_of

KEEP = {**ALICE, 'x-glance-registry-purge-props': 'false'}
PROTECTIONS = """
[^secret_]
create = admin
read = admin
update = admin
delete = admin
[^fixed_]
create = @
read = @
update = admin
delete = admin
[^open_]
create = @
read = @
update = @
delete = @
"""


@pytest.fixture
def with_policy(make_client, tmp_path):
    """A function from rules to a client of a service with that policy: what they do not name is open to all."""

    def start(**rules):
        path = tmp_path / 'policy.json'
        rules = {'context_is_admin': 'role:admin', 'default': '', **rules}
        path.write_text(json.dumps(rules))
        return make_client(policy_file=str(path))

    return start


@pytest.fixture
def guarded(make_client, tmp_path):
    (tmp_path / 'protections.conf').write_text(PROTECTIONS)
    return make_client(property_protection_file=str(tmp_path / 'protections.conf'))


class TestPolicy:
    @pytest.mark.parametrize(
        ('rule', 'method', 'path'),
        [
            ('add_image', 'POST', '/v1/images'),
            ('get_images', 'GET', '/v1/images'),
            ('get_images', 'GET', '/v1/images/detail'),
            ('get_image', 'HEAD', '{image}'),
            ('get_image', 'GET', '{image}'),
            ('download_image', 'GET', '{image}'),
            ('modify_image', 'PUT', '{image}'),
            ('delete_image', 'DELETE', '{image}'),
            ('get_members', 'GET', '{image}/members'),
            ('get_members', 'GET', '/v1/shared-images/demo'),
            ('modify_member', 'PUT', '{image}/members/other'),
            ('delete_member', 'DELETE', '{image}/members/other'),
        ],
    )
    def test_each_action_has_its_rule(self, with_policy, rule, method, path):
        image = with_policy().active(b'data')
        client = with_policy(**{rule: '!'})
        client.request(path.format(image=path_of(image)), method=method, headers=ALICE, status=403)
        assert client.stored() == [image['id']]

    def test_replacing_members_is_modify_member(self, with_policy):
        client = with_policy(modify_member='!')
        body = {'memberships': []}
        client.put_json(f'{path_of(client.add())}/members', body, headers=ALICE, status=403)

    def test_members_come_and_go_by_the_rules_of_version_2(self, with_policy):
        def put(client, *tenants, one=None, status=204):
            if one:
                return client.put(f'{path_of(image)}/members/{one}', headers=ALICE, status=status)
            body = {'memberships': [{'member_id': tenant} for tenant in tenants]}
            return client.put_json(f'{path_of(image)}/members', body, headers=ALICE, status=status)

        def members(client):
            answer = client.get(f'{path_of(image)}/members', headers=ALICE)
            return [each['member_id'] for each in answer.json['members']]

        client = with_policy()
        image = client.add()
        put(client, 'old')
        client = with_policy(add_member='!')
        put(client, one='new', status=403)
        put(client, 'old', 'new', status=403)
        put(client, 'new', status=403)
        assert members(client) == ['old']
        put(client, one='old')
        put(client, 'old')
        client = with_policy(delete_member='!')
        put(client, status=403)
        put(client, 'new', status=403)
        assert members(client) == ['old']
        put(client, one='new')
        put(client, 'new', 'old')

    def test_a_public_image_takes_publicize_image_at_creation_and_later(self, client):
        client.add(is_public=True, status=403)
        image = client.add(is_public=False)
        client.put_meta(image, is_public=True, status=403)
        assert client.put_meta(image, b'', ADMIN, is_public=True)['is_public'] is True
        assert len(client.detail()) == 1

    def test_a_body_takes_upload_image_and_without_one_it_is_not_asked(self, with_policy):
        client = with_policy(upload_image='!')
        client.add(b'data', {**ALICE, **RAW}, status=403)
        image = client.add()
        client.put_meta(image, b'data', {**ALICE, **RAW}, status=403)
        assert client.meta(image)['status'] == 'queued'

    def test_a_copy_takes_copy_from_and_upload_image(self, with_policy, elsewhere):
        for rule in ('copy_from', 'upload_image'):
            client = with_policy(**{rule: '!'})
            headers = {**ALICE, **RAW, 'x-glance-api-copy-from': elsewhere.url}
            client.add(b'', headers, status=403)
            client.put_meta(client.add(), b'', headers, status=403)
        assert elsewhere.asked == []

    def test_a_location_takes_set_image_location(self, with_policy, elsewhere):
        client = with_policy(set_image_location='!')
        client.add(b'', {**ALICE, **RAW}, location=elsewhere.url, status=403)
        client.put_meta(client.add(), b'', RAW | ALICE, location=elsewhere.url, status=403)
        assert elsewhere.asked == []

    def test_rules_can_test_the_images_fields_and_properties(self, with_policy):
        client = with_policy(download_image="'linux':%(os_type)s", modify_image='tenant:%(owner)s')
        image = client.active(b'data', properties={'os_type': 'linux'})
        other = client.active(b'data', properties={'os_type': 'else'})
        client.data(image)
        client.data(other, status=403)
        client.put_meta(image, b'', ADMIN, status=403)
        client.put_meta(image)

    def test_an_owner_that_the_caller_may_not_set_passes_no_rule(self, with_policy):
        client = with_policy(add_image="role:admin or 'other':%(owner)s", publicize_image="'other':%(owner)s")
        client.add(owner='other', status=403)
        client.add(properties={'owner': 'other'}, status=403)
        client.add(b'', ADMIN, owner='other', is_public=True)
        client.add(b'', ADMIN, owner='demo', is_public=True, status=403)
        client.add(b'', ADMIN, is_public=True, properties={'owner': 'other'}, status=403)
        client = with_policy(add_image="'demo':%(owner)s")
        client.add()
        client.add(owner='other')  # it is not taken, so not asked about

    @pytest.mark.parametrize(
        ('rule', 'properties'),
        [
            ("'secret':%(name)s", {'name': 'secret'}),
            ("'512':%(min_ram)s", {'min_ram': '512'}),
            ("'public':%(visibility)s", {'visibility': 'public'}),
            ("'True':%(is_public)s", {'is_public': 'True'}),
            ("'blue':%(tags)s", {'tags': 'blue'}),
            ("'mine':%(image_id)s", {'image_id': 'mine'}),
            ("'x':%(location)s", {'location': 'x'}),
            ("'False':%(deleted)s and 'x':%(deleted_at)s", {'deleted_at': 'x'}),
            ("'x':%(virtual_size)s", {'virtual_size': 'x'}),
            ("'x':%(created_at)s", {'created_at': 'x'}),
        ],
    )
    def test_no_property_stands_in_for_a_field(self, with_policy, rule, properties):
        image = with_policy().active(b'data', properties=properties)
        client = with_policy(add_image=rule, get_image=rule, download_image=rule, modify_image=rule)
        client.add(properties=properties, status=403)
        client.data(image, status=403)
        client.put_meta(image, status=403)
        client.v2.show(image, status=403)

    def test_rules_find_the_same_fields_in_both_versions(self, with_policy):
        image = with_policy().add(b'data', id='aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee', disk_format='ami')
        for test in ("'private':%(visibility)s", "'False':%(is_public)s", f"'{image['id']}':%(image_id)s",
                     f"'{image['id']}':%(id)s", "'ami':%(container_format)s", "'0':%(min_disk)s"):  # fmt: skip
            client = with_policy(get_image=test, add_image=test)
            client.meta(image)
            client.v2.show(image)
            if 'id)s' not in test:
                client.add(disk_format='ami')
                client.v2.create(disk_format='ami', container_format='ami')

    def test_who_may_not_look_at_images_does_not_learn_which_there_are(self, with_policy):
        client = with_policy(get_image='!')
        client.meta('nothing', status=403)

    def test_anonymous_callers_may_not_change_anything(self, make_client):
        client = make_client(allow_anonymous_access='True')
        client.post('/v1/images', status=403)


class TestProtections:
    @pytest.fixture
    def image(self, guarded):
        properties = {'secret_a': '1', 'fixed_b': '2', 'open_c': '3'}
        image = guarded.add(b'', ADMIN, properties=properties, owner='demo')
        assert image['properties'] == {'secret_a': '1', 'fixed_b': '2', 'open_c': '3'}
        return image

    def test_capitals_and_dashes_get_round_nothing_in_version_2_either(self, guarded, image):
        for name in ('Secret_A', 'SECRET_A', 'Secret_new'):
            guarded.v2.create(status=403, **{name: '1'})
            guarded.v2.patch_image(image, [{'op': 'add', 'path': f'/{name}', 'value': '2'}], status=403)
            assert guarded.v2.list(f'?{name}=1')['images'] == []
        guarded.v2.patch_image(image, [{'op': 'add', 'path': '/Secret_A', 'value': '2'}], ADMIN)
        assert 'Secret_A' not in guarded.v2.show(image)
        assert 'ecret' not in str(guarded.meta(image)) + str(guarded.detail())
        assert guarded.meta(image, ADMIN)['property-secret_a'] == '1'  # and not what only differs in capitals

    def test_what_one_may_not_read_is_not_there(self, guarded, image):
        for shown in (guarded.meta(image), guarded.detail()[0]['properties'], guarded.put_meta(image, b'', KEEP)):
            assert 'secret_a' not in str(shown)
        assert guarded.meta(image, ADMIN)['property-secret_a'] == '1'
        assert 'x-image-meta-property-secret_a' not in guarded.data(guarded.active(b'data')).headers

    def test_nor_can_it_be_found_out_by_a_filter(self, guarded, image):
        for path in ('/v1/images', '/v1/images/detail'):
            guarded.get(f'{path}?property-secret_a=1', headers=ALICE, status=403)
        assert len(guarded.detail('?property-secret_a=1&is_public=none', ADMIN)) == 1

    def test_create_is_asked_at_creation_and_later(self, guarded, image):
        guarded.add(properties={'secret_x': '1'}, status=403)
        guarded.put_meta(image, b'', KEEP, properties={'secret_x': '1'}, status=403)
        guarded.put_meta(image, b'', KEEP, properties={'nobodys': '1'}, status=403)
        assert guarded.put_meta(image, b'', KEEP, properties={'fixed_x': '1'})['properties']['fixed_x'] == '1'

    def test_update_is_asked_where_the_value_changes(self, guarded, image):
        guarded.put_meta(image, b'', KEEP, properties={'fixed_b': 'new'}, status=403)
        guarded.put_meta(image, b'', KEEP, properties={'fixed_b': '2', 'open_c': 'new'})
        assert guarded.meta(image)['property-open_c'] == 'new'

    def test_what_is_hidden_cannot_be_updated_even_with_its_own_value(self, guarded, image):
        guarded.put_meta(image, b'', KEEP, properties={'secret_a': '1'}, status=403)

    def test_delete_is_asked_for_what_is_not_sent_back(self, guarded, image):
        guarded.put_meta(image, properties={'open_c': '3'}, status=403)
        guarded.put_meta(image, properties={'fixed_b': '2'})
        assert 'property-open_c' not in guarded.meta(image)

    def test_what_is_hidden_stays_when_all_others_are_replaced(self, guarded, image):
        guarded.put_meta(image, properties={'fixed_b': '2'})
        assert guarded.meta(image, ADMIN)['property-secret_a'] == '1'
        guarded.put_meta(image, b'', ADMIN)
        assert 'property-secret_a' not in guarded.meta(image, ADMIN)


class TestQuotas:
    def test_the_property_quota_at_creation_and_where_new_names_come(self, make_client):
        client = make_client(image_property_quota='2')
        client.add(properties=dict.fromkeys('abc', '1'), status=413)
        image = client.add(properties={'a': '1', 'b': '2'})
        client.put_meta(image, b'', KEEP, properties={'c': '3'}, status=413)
        client.put_meta(image, b'', KEEP, properties={'a': '2'})
        client.put_meta(image, properties={'c': '3', 'd': '4'})
        assert client.detail()[0]['properties'] == {'c': '3', 'd': '4'}

    def test_an_image_with_more_properties_than_a_quota_that_was_lowered_can_still_be_made_smaller(self, make_client):
        image = make_client().add(properties=dict.fromkeys('abc', '1'))
        client = make_client(image_property_quota='1')
        assert len(client.put_meta(image, properties={'a': '1', 'b': '1'})['properties']) == 2

    def test_a_negative_property_quota_is_none(self, make_client):
        client = make_client(image_property_quota='-1')
        assert len(client.add(properties={f'p{n}': '' for n in range(200)})['properties']) == 200

    def test_the_storage_quota_holds_for_all_images_of_an_owner(self, make_client):
        client = make_client(user_storage_quota='10B')
        client.active(b'123456')
        client.active(b'12', ADMIN)  # another owner's
        answer = client.add(b'12345', {**ALICE, **RAW}, status=413)
        assert '4 are left' in answer.json['overLimit']['message']
        client.active(b'1234')
        assert len(client.stored()) == 3

    def test_undeclared_bytes_stop_at_what_is_left_and_the_image_is_killed(self, make_client):
        client = make_client(user_storage_quota='3B')
        client.chunked(io.BytesIO(b'data'), status=413, id='aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee')
        assert client.meta('aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee')['status'] == 'killed'
        assert client.stored() == []

    def test_two_uploads_of_which_each_has_seen_room_do_not_both_pass(self, make_client, monkeypatch):
        client = make_client(user_storage_quota='6B')
        add = client.tools.store_api.add_to_backend

        def add_while_another_does(*args):
            monkeypatch.setattr(client.tools.store_api, 'add_to_backend', add)
            client.active(b'first')
            return add(*args)

        monkeypatch.setattr(client.tools.store_api, 'add_to_backend', add_while_another_does)
        client.add(b'second', {**ALICE, **RAW}, status=413)
        assert [image['size'] for image in client.detail()] == [5]
        assert len(client.stored()) == 1

    def test_a_location_counts_too(self, make_client, elsewhere):
        client = make_client(user_storage_quota='20B')
        client.active(b'', location=elsewhere.url)
        client.add(b'', {**ALICE, **RAW}, location=elsewhere.url, status=413)
        image = client.add(b'', {**ALICE, **RAW})
        client.put_meta(image, location=elsewhere.url, status=413)
        assert client.meta(image)['status'] == 'queued'

    def test_killed_images_and_those_of_others_are_not_counted(self, make_client):
        client = make_client(user_storage_quota='10B')
        for data in (b'12', b'34', b'56', b'78'):
            client.active(data)
        client.add(b'9', {**ALICE, **RAW}, size=2, status=400)
        client.active(b'1234567890', BOB)
        client.active(b'90')
        client.add(b'!', {**ALICE, **RAW}, status=413)

    def test_all_properties_together_have_a_size_cap(self, make_client):
        client = make_client(image_properties_size_cap='10')
        client.add(properties={'a': '1234567890'}, status=413)
        image = client.add(properties={'a': '12345'})
        client.put_meta(image, b'', KEEP, properties={'b': '12345'}, status=413)
        client.put_meta(image, b'', KEEP, properties={'b': '123'})
        client.put_meta(image, properties={'b': '123456789'})


class TestOrder:
    """Who may not do it at all learns that first; then what no store takes; then what is wrong with the fields."""

    def test_a_location_that_nobody_may_set_comes_before_formats_that_are_missing(self, make_client):
        headers = {**ALICE, 'x-image-meta-location': 'file:///etc/passwd'}
        answer = make_client().post('/v1/images', headers=headers, status=400)
        assert 'not one that you may set' in answer.json['badRequest']['message']
