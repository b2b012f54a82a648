"""/v2/images/{id}/file: bytes in, bytes out."""

import hashlib
import io
import os

import pytest

from cloud.glance.api.v2.image_data import read_range
from cloud.glance.db.sqlalchemy.api import Database
from cloud.oslo.db.sqlalchemy.session import DBError
from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB, DATA, FORMATS, path_of

BYTES = bytes(range(256)) * 1024


def stored(tmp_path):
    """The files in the store, unfinished ones too."""
    return sorted(os.listdir(tmp_path / 'images'))


@pytest.fixture
def image(client):
    return client.create(**FORMATS)


def test_an_upload_makes_the_image_active_with_size_and_checksum(client, image):
    answer = client.upload(image, BYTES)
    assert answer.body == b''
    assert answer.status_int == 204
    shown = client.show(image)
    assert (shown['status'], shown['size']) == ('active', len(BYTES))
    assert shown['checksum'] == hashlib.md5(BYTES, usedforsecurity=False).hexdigest()


def test_an_upload_of_nothing_is_an_image_of_no_bytes(client, image):
    client.upload(image, b'')
    assert client.show(image)['size'] == 0
    answer = client.download(image)
    assert (answer.body, answer.content_length) == (b'', 0)


@pytest.mark.parametrize('content_type', ['application/json', 'text/plain', 'application/x-www-form-urlencoded', ''])
def test_another_media_type_is_415_and_nothing_changes(client, image, content_type):
    headers = {**ALICE, 'Content-Type': content_type}
    assert client.put(f'{path_of(image)}/file', b'x', headers=headers, status=415).json['badMediaType']
    assert client.show(image) == image


def test_an_image_without_formats_takes_no_data(client, tmp_path):
    image = client.create()
    client.upload(image, status=400)
    assert client.show(image) == image
    assert stored(tmp_path) == []


def test_an_active_image_takes_no_other_data(client, image):
    client.upload(image, b'first')
    client.upload(image, b'second', status=409)
    assert client.download(image).body == b'first'


def test_another_tenant_cannot_upload(client, image):
    client.upload(image, headers=BOB, status=404)
    client.share(image, 'other')
    client.upload(image, headers=BOB, status=403)
    assert client.show(image) == image


def test_the_sizes_cap_is_413_and_the_image_stays_queued(serve, tmp_path):
    client = serve(image_size_cap='10')
    image = client.create(**FORMATS)
    client.upload(image, b'x' * 11, status=413)
    assert client.show(image)['status'] == 'queued'
    assert 'size' not in client.show(image)
    assert stored(tmp_path) == []
    client.upload(image, b'x' * 10)


def test_the_storage_quota_is_413_and_the_image_stays_queued(serve, tmp_path):
    client = serve(user_storage_quota='10B')
    client.active(b'x' * 6)
    image = client.create(**FORMATS)
    client.upload(image, b'x' * 5, status=413)
    assert client.show(image)['status'] == 'queued'
    assert len(stored(tmp_path)) == 1
    client.upload(image, b'x' * 4)


def test_a_read_only_store_is_410(serve, tmp_path):
    client = serve(known_stores='cloud.glance.store.http.Store', default_store='http')
    image = client.create(**FORMATS)
    client.upload(image, status=410)
    assert client.show(image)['status'] == 'queued'


def send(client, image, body, status):
    """Upload four bytes from a file-like."""
    req = client.RequestClass.blank(f'{path_of(image)}/file', method='PUT', headers={**ALICE, **DATA})
    req.body_file, req.content_length = body, 4
    client.do_request(req, status=status)


@pytest.mark.parametrize('body', [b'abc', b''])
def test_a_body_that_breaks_off_is_400_and_leaves_the_image_queued_and_no_bytes(client, image, tmp_path, body):
    send(client, image, io.BytesIO(body), status=400)
    assert client.show(image)['status'] == 'queued'
    assert stored(tmp_path) == []


class Meanwhile(io.BytesIO):
    """A body that lets something happen while it is read."""

    def __init__(self, data, happening):
        super().__init__(data)
        self.happening = happening

    def read(self, *args):
        happening, self.happening = self.happening, None
        if happening:
            happening()
        return super().read(*args)


def upload_meanwhile(client, image, happening, status):
    """Upload b'late' while something else happens in the middle of it."""
    send(client, image, Meanwhile(b'late', happening), status)


def test_an_image_that_is_deleted_meanwhile_is_410_and_its_bytes_are_gone(client, image, tmp_path):
    upload_meanwhile(client, image, lambda: client.delete(path_of(image), headers=ALICE), status=410)
    client.show(image, status=404)
    assert stored(tmp_path) == []


def test_a_second_upload_meanwhile_is_409_and_the_first_one_is_kept(client, image):
    upload_meanwhile(client, image, lambda: client.upload(image, b'second', status=409), status=204)
    assert client.download(image).body == b'late'


def test_a_change_meanwhile_is_kept_beside_the_upload(client, image):
    change = [{'op': 'replace', 'path': '/name', 'value': 'new'}]
    upload_meanwhile(client, image, lambda: client.patch_image(image, change), status=204)
    shown = client.show(image)
    assert (shown['status'], shown['name']) == ('active', 'new')


def test_a_download_has_all_bytes_with_length_and_checksum(client, image):
    client.upload(image, BYTES)
    answer = client.download(image)
    assert answer.body == BYTES
    assert answer.content_type == 'application/octet-stream'
    assert answer.headers['Content-MD5'] == client.show(image)['checksum']
    assert answer.headers['Accept-Ranges'] == 'bytes'
    assert answer.content_length == len(BYTES)


def test_an_image_without_data_is_204(client, image):
    answer = client.download(image, status=204)
    assert answer.body == b''
    assert 'Content-Type' not in answer.headers


def test_a_member_may_download_and_a_stranger_gets_404(client, image):
    client.upload(image, b'bytes')
    client.download(image, headers=BOB, status=404)
    client.share(image, 'other')
    assert client.download(image, headers=BOB).body == b'bytes'


def test_a_download_that_the_policy_forbids_is_403(serve, tmp_path):
    policy = tmp_path / 'policy.json'
    policy.write_text('{"default": "", "download_image": "role:admin"}')
    client = serve(policy_file=str(policy))
    image = client.active()
    client.download(image, status=403)
    client.download(image, headers=ADMIN)


def test_an_upload_that_the_policy_forbids_is_403_and_the_image_stays_queued(serve, tmp_path):
    policy = tmp_path / 'policy.json'
    policy.write_text('{"default": "", "upload_image": "role:admin"}')
    client = serve(policy_file=str(policy))
    image = client.create(**FORMATS)
    client.upload(image, status=403)
    assert client.show(image)['status'] == 'queued'


@pytest.mark.parametrize(
    ('asked', 'first', 'last'),
    [
        ('bytes=0-0', 0, 0),
        ('bytes=0-9', 0, 9),
        ('bytes=5-7', 5, 7),
        ('bytes=5-', 5, 9),
        ('bytes=5-100', 5, 9),
        ('bytes=9-9', 9, 9),
        ('bytes=-3', 7, 9),
        ('bytes=-100', 0, 9),
        ('bytes=0-' + '9' * 5000, 0, 9),
        ('bytes=-' + '9' * 5000, 0, 9),
    ],
)
def test_a_range_is_206_with_just_these_bytes(client, image, asked, first, last):
    client.upload(image, b'0123456789')
    answer = client.get(f'{path_of(image)}/file', headers={**ALICE, 'Range': asked}, status=206)
    assert answer.body == b'0123456789'[first : last + 1]
    assert answer.headers['Content-Range'] == f'bytes {first}-{last}/10'
    assert answer.content_length == last - first + 1
    assert 'Content-MD5' not in answer.headers


@pytest.mark.parametrize('asked', ['bytes=10-', 'bytes=10-20', 'bytes=-0', 'bytes=' + '9' * 5000 + '-'])
def test_a_range_behind_the_end_is_416_and_told_the_size(client, image, asked):
    client.upload(image, b'0123456789')
    refusal = client.get(f'{path_of(image)}/file', headers={**ALICE, 'Range': asked}, status=416)
    assert refusal.headers['Content-Range'] == 'bytes */10'
    assert refusal.content_type == 'application/json'


@pytest.mark.parametrize(
    'asked',
    [
        '',
        'bytes',
        'bytes=',
        'bytes=-',
        'bytes=a-b',
        'bytes=7-5',
        'bytes=0-1,3-4',
        'items=0-1',
        'bytes=--1',
        'bytes=\xb2-\xb3',
    ],
)
def test_what_is_no_single_range_is_ignored(client, image, asked):
    client.upload(image, b'0123456789')
    assert client.get(f'{path_of(image)}/file', headers={**ALICE, 'Range': asked}, status=200).body == b'0123456789'


def test_a_range_that_hangs_on_a_validator_is_ignored(client, image):
    client.upload(image, b'0123456789')
    headers = {**ALICE, 'Range': 'bytes=0-1', 'If-Range': '"x"'}
    assert client.get(f'{path_of(image)}/file', headers=headers, status=200).body == b'0123456789'


def test_a_range_of_an_image_without_data_is_204(client, image):
    client.get(f'{path_of(image)}/file', headers={**ALICE, 'Range': 'bytes=0-1'}, status=204)


def test_a_request_header_content_range_is_no_range(client, image):
    client.upload(image, b'0123456789')
    answer = client.get(f'{path_of(image)}/file', headers={**ALICE, 'Content-Range': 'bytes 0-1/10'}, status=200)
    assert answer.body == b'0123456789'


def test_an_image_of_no_bytes_has_no_range():
    for asked in ('bytes=0-', 'bytes=-1', 'bytes=0-0'):
        with pytest.raises(Exception, match='0 bytes'):
            read_range(asked, 0)


def test_the_servers_file_wrapper_is_used_for_a_whole_file_and_for_a_range(client, image):
    client.upload(image, BYTES)
    seen = []

    class Wrapper:
        def __init__(self, file, size):
            seen.append(file.seek(0, 2))
            file.seek(0)
            self.file = file
            self.size = size

        def __iter__(self):
            return iter(lambda: self.file.read(self.size), b'')

        def close(self):
            self.file.close()

    environ = {'wsgi.file_wrapper': Wrapper}
    whole = client.get(f'{path_of(image)}/file', headers=ALICE, extra_environ=environ)
    assert whole.body == BYTES
    part = client.get(f'{path_of(image)}/file', headers={**ALICE, 'Range': 'bytes=2-4'}, extra_environ=environ)
    assert part.body == BYTES[2:5]
    assert seen == [len(BYTES), 3]


@pytest.mark.parametrize('method', ['HEAD', 'POST', 'PATCH', 'DELETE'])
def test_other_methods_are_405(client, image, method):
    assert (
        client.request(f'{path_of(image)}/file', method=method, headers=ALICE, status=405).headers['Allow']
        == 'GET, PUT'
    )


def test_at_the_start_bytes_go_that_no_location_leads_to_any_more_and_unknown_files_stay(serve, tmp_path):
    client = serve(show_multiple_locations='True')
    kept, emptied, deleted = client.active(b'kept'), client.active(b'gone'), client.active(b'gone')
    for image in (emptied, deleted):
        client.patch_image(image, [{'op': 'remove', 'path': '/locations/0'}])
    client.delete(path_of(deleted), headers=ALICE)
    for name in (emptied['id'], deleted['id'], 'unknown'):  # as a kill -9 between the save and the removal leaves it
        (tmp_path / 'images' / name).write_bytes(b'left')
    client = serve()
    assert stored(tmp_path) == sorted([kept['id'], 'unknown'])
    client.upload(emptied, b'new')
    assert client.download(emptied).body == b'new'


def test_at_the_start_bytes_of_deleted_images_go(serve, tmp_path):
    client = serve()
    image = client.active(b'data')
    client.delete(path_of(image), headers=ALICE)
    (tmp_path / 'images' / image['id']).write_bytes(b'data')  # as a kill -9 between the row and the bytes leaves it
    serve()
    assert stored(tmp_path) == []


def test_an_upload_that_the_database_cannot_keep_is_503_and_queued_again_at_a_start(serve, tmp_path, monkeypatch):
    client = serve()
    image = client.create(disk_format='raw', container_format='bare')
    update = Database.image_update

    def full(self, context, image_id, values, **more):
        if values.get('status') in ('active', 'queued'):
            raise DBError('The database cannot be used now (disk full): try again later.')
        return update(self, context, image_id, values, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Database, 'image_update', full)
        answer = client.upload(image, b'data', status=503)
    assert 'try again later' in answer.json['serviceUnavailable']['message']
    assert stored(tmp_path) == []
    assert client.show(image)['status'] == 'saving'
    client = serve()
    assert client.show(image)['status'] == 'queued'
    client.upload(image, b'data')


def test_an_active_image_has_a_second_checksum(client):
    image = client.active(b'data')
    assert image['os_hash_algo'] == 'sha512'
    assert image['os_hash_value'] == hashlib.sha512(b'data').hexdigest()


def test_the_ini_says_which_algorithm_that_is(serve):
    image = serve(hashing_algorithm='sha256').active(b'data')
    assert (image['os_hash_algo'], image['os_hash_value']) == ('sha256', hashlib.sha256(b'data').hexdigest())


def test_without_data_there_is_no_hash(client):
    assert 'os_hash_value' not in client.create()
    client.create(os_hash_value='x', status=403)
