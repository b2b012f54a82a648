"""A whole life of an image, over the paste pipeline."""

from tests.cloud.glance.api.conftest import ALICE, BOB, FORMATS


def test_create_upload_show_download_share_list_as_the_other_tenant_and_delete(client):
    image = client.create(name='cirros', **FORMATS)
    client.upload(image, b'bytes')
    assert client.show(image)['status'] == 'active'
    assert client.download(image).body == b'bytes'
    client.share(image, 'other')
    client.put_json(f'/v2/images/{image["id"]}/members/other', {'status': 'accepted'}, headers=BOB)
    assert [each['name'] for each in client.list(headers=BOB)['images']] == ['cirros']
    client.delete(f'/v2/images/{image["id"]}', headers=ALICE, status=204)
    assert client.list()['images'] == client.list(headers=BOB)['images'] == []
