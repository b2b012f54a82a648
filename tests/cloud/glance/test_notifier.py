"""What is told to whoever wants to know, and when."""

import io

import pytest

from cloud.glance.common import exception
from cloud.glance.notifier import Notifier
from tests.cloud.glance.conftest import BOB


def drain(data):
    try:
        return b''.join(data)
    finally:
        data.close()


def test_the_notifier_keeps_the_last_events_and_logs_them(caplog):
    notifier = Notifier(keep=2)
    with caplog.at_level('INFO'):
        notifier.info('one', {})
        notifier.info('two', {'a': 1})
        notifier.error('three', 'words')
    assert [(e['event_type'], e['priority'], e['payload']) for e in notifier.sent] == [
        ('two', 'INFO', {'a': 1}),
        ('three', 'ERROR', 'words'),
    ]
    assert {e['publisher_id'] for e in notifier.sent} == {'image.localhost'}
    assert all(e['timestamp'] for e in notifier.sent)
    assert len(caplog.messages) == 3


def test_the_notifier_keeps_only_as_many_bytes_of_events(caplog):
    notifier = Notifier(keep_bytes=200)
    for name in ('one', 'two', 'three'):
        notifier.info(name, {'a': '\u2603' * 30})
    assert [event['event_type'] for event in notifier.sent] == ['two', 'three']
    notifier.info('large', 'x' * 201)
    assert not notifier.sent


def test_the_log_has_long_values_cut(caplog):
    notifier = Notifier()
    with caplog.at_level('INFO'):
        notifier.info('one', {'properties': {'short': 'abc', 'long': 'x' * 65535}})
    assert notifier.sent[0]['payload']['properties']['long'] == 'x' * 65535
    assert len(caplog.messages[0]) < 400
    assert "'short': 'abc'" in caplog.messages[0]
    assert 'x... (65535 characters)' in caplog.messages[0]


def test_the_sequence_of_create_upload_download_and_delete(onion):
    image_id = onion.create().image_id
    onion.upload(image_id)
    drain(onion.get(image_id).get_data())
    image = onion.get(image_id)
    image.delete()
    onion.repo().remove(image)
    assert onion.events == [
        'image.create',
        'image.update',
        'image.prepare',
        'image.upload',
        'image.activate',
        'image.update',
        'image.send',
        'image.delete',
    ]
    statuses = [event['payload'].get('status') for event in onion.notifier.sent]
    assert statuses == ['queued', 'saving', 'saving', 'active', 'active', 'active', None, 'deleted']


def test_the_payload_has_the_images_fields_and_never_its_locations(onion):
    image = onion.create(name='x', tags=['b', 'a'], extra_properties={'k': 'v'}, min_ram=1)
    onion.upload(image.image_id)
    payload = onion.notifier.sent[-1]['payload']
    assert payload['created_at'].endswith('Z')
    assert payload['updated_at'].endswith('Z')
    assert {name: payload[name] for name in payload if not name.endswith('_at')} == {
        'id': image.image_id,
        'name': 'x',
        'status': 'active',
        'min_disk': 0,
        'min_ram': 1,
        'protected': False,
        'checksum': '4b3a6218bb3e3a7303e8a171a60fcf92',
        'owner': 'alpha',
        'disk_format': 'raw',
        'container_format': 'bare',
        'size': 5,
        'virtual_size': None,
        'is_public': False,
        'properties': {'k': 'v'},
        'tags': ['a', 'b'],
        'deleted': False,
    }
    assert payload['deleted_at'] is None
    assert all('memory://' not in str(event) for event in onion.notifier.sent)


def test_delete_says_that_the_image_is_deleted_and_when(onion):
    image = onion.create()
    image.delete()
    onion.repo().remove(image)
    payload = onion.notifier.sent[-1]['payload']
    assert payload['deleted'] is True
    assert payload['deleted_at'].endswith('Z')


def test_nothing_is_told_of_what_did_not_happen(onion):
    image = onion.create()
    with pytest.raises(exception.Duplicate):
        onion.create(image_id=image.image_id)
    assert onion.events == ['image.create']


class Broken(io.RawIOBase):
    def __init__(self, error):
        self.error = error

    def read(self, size=-1):
        raise self.error


@pytest.mark.parametrize('error', [exception.StorageFull(), ValueError('odd'), OSError('gone'), KeyError('bug')])
def test_a_failed_upload_is_told_as_an_error_in_words_and_raised_as_it_is(onion, error):
    _repo, image = onion.start_upload(onion.create().image_id)
    with pytest.raises(type(error)) as caught:
        image.set_data(Broken(error))
    assert caught.value is error
    event = onion.notifier.sent[-1]
    assert (event['event_type'], event['priority']) == ('image.upload', 'ERROR')
    assert image.image_id in event['payload']
    assert type(error).__name__ in event['payload']
    assert onion.events[-2:] == ['image.prepare', 'image.upload']


@pytest.fixture
def public_image(onion):
    image_id = onion.create(visibility='public').image_id
    onion.upload(image_id, b'0123456789')
    onion.notifier.sent.clear()
    return onion.get(image_id, BOB)


def test_image_send_comes_after_the_last_chunk_and_once(onion, public_image):
    data = public_image.get_data()
    assert onion.events == []
    chunks = iter(data)
    assert next(chunks) == b'0123456789'
    assert onion.events == []
    assert list(chunks) == []
    assert onion.events == ['image.send']
    data.close()
    data.close()
    event = onion.notifier.sent[-1]
    assert onion.events == ['image.send']
    assert event['priority'] == 'INFO'
    assert event['payload'] == {
        'bytes_sent': 10,
        'image_id': public_image.image_id,
        'owner_id': 'alpha',
        'receiver_tenant_id': 'beta',
        'receiver_user_id': 'bob',
    }


def test_image_send_is_an_error_if_the_client_leaves_before_the_end(onion, public_image):
    data = public_image.get_data()
    data.close()
    assert onion.notifier.sent[-1]['priority'] == 'ERROR'
    assert onion.notifier.sent[-1]['payload']['bytes_sent'] == 0


def test_image_send_is_an_error_if_the_store_has_fewer_bytes(onion, public_image):
    onion.store.images[public_image.image_id] = b'012'
    assert drain(public_image.get_data()) == b'012'
    assert onion.notifier.sent[-1]['priority'] == 'ERROR'
    assert onion.notifier.sent[-1]['payload']['bytes_sent'] == 3


@pytest.mark.parametrize(
    ('offset', 'length', 'expected'), [(4, None, b'456789'), (2, 3, b'234'), (9, 1, b'9'), (0, 10, b'0123456789')]
)
def test_of_a_range_only_its_bytes_are_sent_and_counted(onion, public_image, offset, length, expected):
    assert drain(public_image.get_data(offset, length)) == expected
    event = onion.notifier.sent[-1]
    assert (event['priority'], event['payload']['bytes_sent']) == ('INFO', len(expected))


def test_a_server_that_takes_the_file_over_is_believed_by_its_position(onion, public_image):
    data = public_image.get_data()
    assert data.read(4) == b'0123'
    data.seek(0)  # waitress looks ahead, and goes back
    assert data.read(100) == b'0123456789'
    data.close()
    event = onion.notifier.sent[-1]
    assert (event['priority'], event['payload']['bytes_sent']) == ('INFO', 10)


def test_a_download_that_cannot_be_opened_fails_at_once_and_nothing_is_told(onion, public_image):
    onion.store.images.clear()
    with pytest.raises(exception.NotFound):
        public_image.get_data()
    assert onion.events == []
