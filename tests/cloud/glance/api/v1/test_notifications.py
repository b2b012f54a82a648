"""What others hear of."""

import webob

from tests.cloud.glance.api.conftest import ALICE
from tests.cloud.glance.api.v1.conftest import RAW, path_of


def payload(client, event_type):
    return next(event['payload'] for event in client.tools.notifier.sent if event['event_type'] == event_type)


def test_the_sequence_of_a_life(client):
    image = client.active(b'data')
    client.data(image)
    client.put_meta(image, name='new')
    client.remove(image)
    assert client.events == [
        'image.create', 'image.prepare', 'image.upload', 'image.activate', 'image.update',
        'image.send', 'image.update', 'image.delete',
    ]  # fmt: skip
    assert {event['priority'] for event in client.tools.notifier.sent} == {'INFO'}


def test_the_upload_is_told_while_it_is_saving_and_the_activation_when_it_is_active(client):
    client.active(b'data')
    assert payload(client, 'image.upload')['status'] == 'saving'
    assert payload(client, 'image.upload')['size'] == 4
    assert payload(client, 'image.activate')['status'] == 'active'


def test_an_image_is_told_with_its_fields_and_properties_and_never_where_it_is(client):
    client.active(b'data', name='cirros', properties={'os': 'linux'})
    for event in client.tools.notifier.sent:
        told = event['payload']
        assert (told['name'], told['properties'], told['is_public']) == ('cirros', {'os': 'linux'}, False)
        assert not {'location', 'location_data', 'locations'} & set(told)


def test_a_deletion_says_deleted_false_as_v1_does(client):
    client.remove(client.add())
    assert payload(client, 'image.delete')['deleted'] is False


def test_who_got_how_many_bytes_is_told(client):
    image = client.active(b'data')
    client.data(image)
    assert payload(client, 'image.send') == {
        'bytes_sent': 4, 'image_id': image['id'], 'owner_id': 'demo',
        'receiver_tenant_id': 'demo', 'receiver_user_id': 'alice', 'destination_ip': '127.0.0.1',
    }  # fmt: skip


def test_fewer_bytes_than_promised_are_an_error(client):
    image = client.active(b'data')
    request = webob.Request.blank(path_of(image), headers=ALICE)
    answer = request.get_response(client.app)
    answer.app_iter.close()
    assert client.tools.notifier.sent[-1]['priority'] == 'ERROR'
    assert payload(client, 'image.send')['bytes_sent'] == 0


def test_a_failed_upload_is_an_error_with_text(client):
    client.add(b'data', {**ALICE, **RAW}, size=9, status=400)
    event = client.tools.notifier.sent[-1]
    assert (event['event_type'], event['priority']) == ('image.upload', 'ERROR')
    assert 'is not stored' in event['payload']
