"""x-glance-api-copy-from: the answer first, then the bytes."""

import functools

import pytest

from cloud.glance.api.v1 import background, upload_utils
from cloud.glance.common import utils
from tests.cloud.glance.api.conftest import ALICE
from tests.cloud.glance.api.v1.conftest import RAW, within_seconds


@pytest.fixture
def copy(client, elsewhere):
    """Ask for a copy; the document that was answered."""

    def copy(status=201, **meta):
        headers = {**ALICE, **RAW, 'x-glance-api-copy-from': elsewhere.url}
        return client.add(b'', headers, status=status, **meta)

    return copy


def test_the_image_is_queued_at_first_and_active_later_with_bytes_of_its_own(client, copy, elsewhere):
    elsewhere.gate.clear()
    image = copy(name='copy')
    assert image['status'] == 'queued'
    elsewhere.gate.set()
    meta = client.wait_for('active', image)
    assert (meta['size'], meta['name']) == ('14', 'copy')
    assert client.data(image).body == b'from elsewhere'
    assert client.stored() == [image['id']]


def test_it_is_saving_in_between(client, copy, elsewhere, monkeypatch):
    add = client.tools.store_api.add_to_backend
    seen = []

    def look_first(context, store, image_id, *args):
        seen.append(client.meta(image_id)['status'])
        return add(context, store, image_id, *args)

    monkeypatch.setattr(client.tools.store_api, 'add_to_backend', look_first)
    client.wait_for('active', copy())
    assert seen == ['saving']


def test_a_source_that_is_not_there_is_201_and_killed(client, copy, elsewhere):
    elsewhere.status = '404 Not Found'
    client.wait_for('killed', copy())
    within_seconds(lambda: client.events[-1] == 'image.upload')


@pytest.mark.parametrize('announced', [{'size': 3}, {'checksum': 'f' * 32}])
def test_another_size_or_checksum_than_announced_is_killed_and_the_bytes_go(client, copy, announced):
    client.wait_for('killed', copy(**announced))
    within_seconds(lambda: client.stored() == [])


def test_more_than_the_quota_or_the_cap_is_killed(make_client, elsewhere):
    for option in ({'user_storage_quota': '5B'}, {'image_size_cap': '5'}):
        client = make_client(**option)
        image = client.add(b'', {**ALICE, **RAW, 'x-glance-api-copy-from': elsewhere.url})
        client.wait_for('killed', image)
        within_seconds(lambda client=client: client.stored() == [])


def test_a_queued_image_can_be_filled_by_a_copy(client, elsewhere):
    image = client.add(b'', {**ALICE, **RAW})
    client.put_meta(image, b'', {**ALICE, 'x-glance-api-copy-from': elsewhere.url})
    assert client.wait_for('active', image)['size'] == '14'


def test_one_copy_too_many_at_once_is_503_and_nothing_is_there(client, copy, elsewhere):
    client.tools.pool = background.Pool(1)
    elsewhere.gate.clear()
    first = copy()
    assert 'try again later' in copy(status=503).json['serviceUnavailable']['message']
    assert len(client.detail()) == 1
    elsewhere.gate.set()
    client.wait_for('active', first)
    within_seconds(lambda: client.tools.pool.places.acquire(blocking=False))
    client.tools.pool.places.release()
    client.wait_for('active', copy())


def test_the_registry_fails_at_the_reservation_and_the_place_is_free_again(client, copy, registry):
    client.tools.pool = background.Pool(1)
    registry.fail('POST', 'refuse')
    copy(status=503)
    client.wait_for('active', copy())


def test_the_registry_fails_in_the_middle_and_the_image_is_killed_in_the_end(client, copy, registry):
    registry.fail('PUT', 'refuse', body=b'"active"')
    registry.fail('PUT', 'refuse', body=b'"killed"', times=2)
    client.wait_for('killed', copy())
    within_seconds(lambda: client.stored() == [])


def test_no_more_is_written_than_was_announced(client, copy, elsewhere, monkeypatch):
    written = []

    def add(context, store, image_id, data, size):
        written.extend(iter(lambda: data.read(4), b''))

    monkeypatch.setattr(client.tools.store_api, 'add_to_backend', add)
    client.wait_for('killed', copy(size=8))
    assert b''.join(written) in (b'', b'from', b'from els')


def test_what_is_announced_above_the_cap_is_not_asked_for(make_client, elsewhere, monkeypatch):
    client = make_client(image_size_cap='5')
    monkeypatch.setattr(client.tools.store_api, 'add_to_backend', None)
    image = client.add(b'', {**ALICE, **RAW, 'x-glance-api-copy-from': elsewhere.url})
    client.wait_for('killed', image)
    within_seconds(lambda: client.events[-1] == 'image.upload')
    assert 'ImageSizeLimitExceeded' in client.tools.notifier.sent[-1]['payload']


@pytest.mark.parametrize('version', ['v1', 'v2'])
def test_no_more_is_downloaded_than_the_image_has(client, elsewhere, version):
    image = client.add(b'', {**ALICE, **RAW, 'x-image-meta-location': elsewhere.url})
    elsewhere.data += b', and more'
    path = f'/v2/images/{image["id"]}/file' if version == 'v2' else f'/v1/images/{image["id"]}'
    answer = client.get(path, headers=ALICE)
    assert (answer.body, answer.content_length) == (b'from elsewhere', 14)


@pytest.mark.parametrize('version', ['v1', 'v2'])
def test_a_delete_ends_the_copy_and_frees_its_place(client, copy, elsewhere, monkeypatch, version):
    def drip():
        while not elsewhere.gate.wait(0.02):
            yield b'x'

    client.tools.pool = background.Pool(1)
    monkeypatch.setattr(upload_utils, 'WantedReader', functools.partial(utils.WantedReader, pause=0.1))
    monkeypatch.setattr(elsewhere, 'halves', drip)
    elsewhere.data = b'x' * 10000
    elsewhere.gate.clear()
    image = copy()
    client.wait_for('saving', image)
    client.delete(f'/{version}/images/{image["id"]}', headers=ALICE)
    within_seconds(lambda: not client.tools.pool.taken)
    assert client.stored() == []


def test_a_registry_that_does_not_answer_ends_no_copy(client, copy, registry, elsewhere, monkeypatch):
    monkeypatch.setattr(upload_utils, 'WantedReader', functools.partial(utils.WantedReader, pause=0))
    elsewhere.gate.clear()
    image = copy()
    client.wait_for('saving', image)
    registry.fail('GET', 'refuse', times=2)
    elsewhere.gate.set()
    within_seconds(lambda: not client.tools.pool.taken)
    registry.recover()
    assert client.meta(image)['status'] == 'active'
