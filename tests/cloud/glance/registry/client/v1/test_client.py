"""The client against a real registry: what goes in, what comes out, and what each refusal becomes."""

import json

import pytest

from cloud.glance.common import exception
from cloud.glance.registry.client.v1.client import RegistryClient


@pytest.fixture
def alice(connect):
    return connect('alice-token')


@pytest.fixture
def bob(connect):
    return connect('bob-token')


@pytest.fixture
def admin(connect):
    return connect('open-sesame')


class TestImages:
    def test_an_image_is_added_got_and_deleted(self, alice, admin):
        image = alice.add_image({'name': '名前', 'status': 'queued', 'properties': {'schlüssel': 'é'}})
        assert (image['name'], image['owner'], image['properties']) == ('名前', 'demo', {'schlüssel': 'é'})
        assert alice.get_image(image['id']) == image
        gone = alice.delete_image(image['id'])
        assert (gone['deleted'], gone['status']) == (True, 'deleted')
        assert admin.get_image(image['id']) == gone
        with pytest.raises(exception.NotFound):
            alice.get_image(image['id'])

    def test_an_update_keeps_the_properties_it_does_not_name_unless_purged(self, alice):
        image_id = alice.add_image({'properties': {'a': '1', 'b': '2'}})['id']
        assert alice.update_image(image_id, {'properties': {'b': '3'}})['properties'] == {'a': '1', 'b': '3'}
        assert alice.update_image(image_id, {'properties': {'b': '4'}}, purge_props=True)['properties'] == {'b': '4'}

    def test_a_from_state_that_is_past_is_a_duplicate(self, alice):
        image_id = alice.add_image({'status': 'queued'})['id']
        assert alice.update_image(image_id, {'status': 'saving'}, from_state='queued')['status'] == 'saving'
        with pytest.raises(exception.Duplicate):
            alice.update_image(image_id, {'status': 'saving'}, from_state='queued')

    def test_lists_are_filtered_sorted_and_paged(self, alice, admin):
        ids = [alice.add_image({'name': f'page {n}', 'properties': {'list': 'é&'}})['id'] for n in range(3)]
        wanted = {'property-list': 'é&', 'is_public': 'none', 'name': None}
        page = alice.get_images_detailed(wanted, limit=2, sort_key='name', sort_dir='asc')
        assert [image['id'] for image in page] == ids[:2]
        (last,) = alice.get_images(wanted, marker=ids[1], limit=2, sort_key='name', sort_dir='asc')
        assert last == {**dict.fromkeys(['size', 'disk_format', 'container_format', 'checksum']),
                        'id': ids[2], 'name': 'page 2'}  # fmt: skip
        assert alice.get_images({**wanted, 'name': 'none'}) == []
        assert len(admin.get_images(wanted)) == 3

    def test_ids_are_quoted_whatever_they_are(self, alice):
        for image_id in ('nothing', 'a/b', '..', 'é ?#%', 'x' * 1000):
            with pytest.raises(exception.NotFound):
                alice.get_image(image_id)


class TestMembers:
    def test_an_image_is_shared_and_no_longer(self, alice, bob):
        image_id = alice.add_image({})['id']
        assert alice.get_image_members(image_id) == []
        assert alice.add_member(image_id, 'other') is None
        assert alice.get_image_members(image_id) == [{'member_id': 'other', 'can_share': False}]
        alice.add_member(image_id, 'other', can_share=True)
        assert bob.get_member_images('other') == [{'image_id': image_id, 'can_share': True}]
        alice.replace_members(image_id, [{'member_id': 'é 1'}, {'member_id': 'third', 'can_share': True}])
        assert alice.get_image_members(image_id) == [
            {'member_id': 'é 1', 'can_share': False}, {'member_id': 'third', 'can_share': True},
        ]  # fmt: skip
        assert alice.delete_member(image_id, 'é 1') is None
        with pytest.raises(exception.NotFound):
            alice.delete_member(image_id, 'é 1')
        assert bob.get_member_images('other') == []


class TestRefusals:
    def test_401_is_not_authenticated(self, connect):
        for token in ('wrong', None):
            with pytest.raises(exception.NotAuthenticated, match='X-Auth-Token'):
                connect(token).get_images()

    def test_403_is_forbidden(self, alice, bob):
        image = alice.add_image({'is_public': True})
        with pytest.raises(exception.Forbidden, match='not yours'):
            bob.update_image(image['id'], {'name': 'x'})
        assert alice.get_image(image['id']) == image

    def test_409_is_duplicate(self, alice):
        with pytest.raises(exception.Duplicate, match='already'):
            alice.add_image({'id': alice.add_image({})['id']})

    def test_400_is_invalid(self, alice):
        with pytest.raises(exception.Invalid, match='ready'):
            alice.add_image({'status': 'ready'})
        with pytest.raises(exception.Invalid, match='marker|go on after'):
            alice.get_images(marker='nothing')

    def test_413_is_limit_exceeded(self, alice):
        with pytest.raises(exception.LimitExceeded, match='too large'):
            alice.add_image({'properties': {'a': 'x' * 2**20}})

    @pytest.mark.parametrize(
        ('status', 'body', 'error', 'message'),
        [
            (500, b'{"computeFault": {"code": 500, "message": "It failed."}}', exception.ServerError, 'It failed'),
            (500, b'', exception.ServerError, 'answers 500'),
            (501, b'<html>', exception.ServerError, 'answers 501'),
            (405, b'[]', exception.ServerError, 'answers 405'),
            (300, b'{"versions": []}', exception.ServerError, 'answers 300'),
            (302, b'5', exception.ServerError, 'answers 302'),
            (404, b'{"a": {"message": "x"}, "b": 1}', exception.NotFound, 'answers 404'),
            (503, b'{"x": {"message": "Full."}}', exception.ServiceUnavailable, 'is not available now: Full'),
            (200, b'<html>', exception.ServerError, 'is it the registry'),
            (200, b'[' * 100000, exception.ServerError, 'is it the registry'),
            (200, b'[]', exception.ServerError, 'without "image"'),
            (200, b'{}', exception.ServerError, 'without "image"'),
            (204, b'', exception.ServerError, 'without "image"'),
        ],
    )
    def test_whatever_else_is_answered_has_a_name_too(self, pretend, status, body, error, message):
        client = pretend(lambda connection, over: answer(connection, status, body))
        with pytest.raises(error, match=message):
            client.get_image('x')


def answer(connection, status, body):
    connection.recv(65536)
    connection.sendall(b'HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s' % (status, len(body), body))


def test_a_request_carries_the_token_the_identity_and_what_is_asked(pretend):
    heard = b''

    def listen(connection, over):
        nonlocal heard
        while not heard.endswith(b'}'):
            heard += connection.recv(65536)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"image": {}}')

    stand_in = pretend(listen)
    identity = {'X-User-Id': 'carol', 'X-Roles': 'a,b'}
    client = RegistryClient(stand_in.connections, auth_token='t', identity_headers=identity)
    client.update_image('a/b', {'name': 'é'}, purge_props=True, from_state='queued')
    head, _, body = heard.partition(b'\r\n\r\n')
    lines = head.decode().split('\r\n')
    assert lines[0] == 'PUT /images/a%2Fb HTTP/1.1'
    assert {'X-Auth-Token: t', 'X-User-Id: carol', 'X-Roles: a,b', 'Content-Type: application/json',
            'X-Glance-Registry-Purge-Props: true'} <= set(lines)  # fmt: skip
    assert json.loads(body) == {'image': {'name': 'é'}, 'from_state': 'queued'}
