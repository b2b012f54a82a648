"""/v2/images/{id}/tags/{tag}"""

from urllib.parse import quote

import pytest

from tests.cloud.glance.api.conftest import ALICE, BOB, path_of


@pytest.fixture
def image(client):
    return client.create(tags=['old'])


def url(image, tag):
    return f'{path_of(image)}/tags/{quote(tag, safe="")}'


@pytest.mark.parametrize('tag', ['new', 'old', '\u00fc \U0001f600', 'a.b', '..', 'x' * 255, '%41', ' '])
def test_put_adds_a_tag_once(client, image, tag):
    answer = client.put(url(image, tag), headers=ALICE, status=204)
    assert answer.body == b''
    assert client.show(image)['tags'] == sorted({'old', tag})


def test_delete_takes_a_tag_off(client, image):
    client.delete(url(image, 'old'), headers=ALICE, status=204)
    assert client.show(image)['tags'] == []


def test_a_tag_that_is_not_there_is_404(client, image):
    assert client.delete(url(image, 'none'), headers=ALICE, status=404).json['itemNotFound']


def test_a_tag_of_more_than_255_characters_is_400(client, image):
    client.put(url(image, 'x' * 256), headers=ALICE, status=400)
    assert client.show(image) == image


@pytest.mark.parametrize('path', ['a%00b', 'a%0D%0AX-Evil:%201', '%FF', 'a%0A', '%C2%85', '', 'a/b', 'a%2Fb'])
def test_a_tag_that_is_no_plain_text_is_404(client, image, path):
    client.put(f'{path_of(image)}/tags/{path}', headers=ALICE, status=404)
    assert client.show(image) == image


def test_more_tags_than_the_quota_are_413(serve):
    client = serve(image_tag_quota='1')
    image = client.create(tags=['old'])
    client.put(url(image, 'new'), headers=ALICE, status=413)
    client.put(url(image, 'old'), headers=ALICE, status=204)
    assert client.show(image)['tags'] == ['old']


@pytest.mark.parametrize('method', ['PUT', 'DELETE'])
def test_another_tenants_image_is_404_and_a_visible_one_403(client, image, method):
    client.request(url(image, 'old'), method=method, headers=BOB, status=404)
    client.share(image, 'other')
    client.request(url(image, 'old'), method=method, headers=BOB, status=403)
    assert client.show(image) == image


@pytest.mark.parametrize('method', ['GET', 'HEAD', 'POST', 'PATCH'])
def test_other_methods_are_405(client, image, method):
    assert client.request(url(image, 'old'), method=method, headers=ALICE, status=405).headers['Allow'] == 'PUT, DELETE'
