import errno
import hashlib
import io
import os
import shutil
import threading
from types import SimpleNamespace

import pytest

from cloud.glance.common import exception
from cloud.glance.store import filesystem
from cloud.glance.store.location import Location
from tests.cloud.oslo.db.sqlalchemy.test_session import run_all


def make(datadir=None, datadirs=None):
    return filesystem.Store(SimpleNamespace(filesystem_store_datadir=datadir, filesystem_store_datadirs=datadirs))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / 'images'


@pytest.fixture
def store(folder):
    return make(str(folder))


def at(uri):
    return Location('filesystem', filesystem.StoreLocation, uri)


class Breaking:
    """Data that breaks off after one chunk, with this error."""

    def __init__(self, error):
        self.error, self.chunks = error, [b'x' * 1000]

    def read(self, size):
        if self.chunks:
            return self.chunks.pop()
        raise self.error


class TestLocations:
    @pytest.mark.parametrize('uri', ['file:///a/b', 'filesystem:///a/b', 'file:///a b/ü?c#d%20'])
    def test_a_location_is_taken_apart_and_put_together_again(self, uri):
        assert at(uri).get_uri() == uri
        assert at(uri).store_location.path == uri.partition('://')[2]

    @pytest.mark.parametrize('uri', ['file:/a', 'file://', 'file://a/b', 'http:///a', '/a', ''])
    def test_another_location_is_refused(self, uri):
        with pytest.raises(exception.BadStoreUri):
            at(uri)


class TestAdd:
    @pytest.mark.parametrize('size', [0, 1, 65536, 200000])
    @pytest.mark.parametrize('declared', [True, False])
    def test_the_bytes_come_back_with_their_size_and_md5(self, store, folder, size, declared):
        data = os.urandom(size)
        uri, written, checksum, metadata = store.add('1-2', io.BytesIO(data), size if declared else None)
        assert (uri, written, metadata) == (f'file://{folder}/1-2', size, {})
        assert checksum == hashlib.md5(data).hexdigest()
        assert (folder / '1-2').read_bytes() == data
        file, found = store.get(at(uri))
        assert (b''.join(file), found, store.get_size(at(uri))) == (data, size, size)

    def test_what_is_there_already_is_a_duplicate_and_stays(self, store, folder):
        store.add('x', io.BytesIO(b'first'), 5)
        with pytest.raises(exception.Duplicate):
            store.add('x', io.BytesIO(b'second'), 6)
        assert os.listdir(folder) == ['x']
        assert (folder / 'x').read_bytes() == b'first'

    def test_of_two_at_once_the_second_is_a_duplicate_and_the_first_is_whole(self, store, folder):
        begun, go_on = threading.Event(), threading.Event()

        class Slow(io.BytesIO):
            def read(self, size):
                begun.set()
                go_on.wait(10)
                return super().read(size)

        def second():
            begun.wait(10)
            with pytest.raises(exception.Duplicate):
                store.add('x', io.BytesIO(b'second'), 6)
            go_on.set()

        assert run_all([lambda: store.add('x', Slow(b'first'), 5), second]) == []
        assert (folder / 'x').read_bytes() == b'first'
        assert os.listdir(folder) == ['x']

    def test_a_file_has_no_name_before_it_is_complete(self, store, folder):
        class Looking(io.BytesIO):
            def read(self, size):
                assert os.listdir(folder) == ['.x.part']
                return super().read(size)

        store.add('x', Looking(b'data'), 4)
        assert os.listdir(folder) == ['x']

    @pytest.mark.parametrize(
        ('error', 'raised'),
        [
            (OSError(errno.ENOSPC, 'full'), exception.StorageFull),
            (OSError(errno.EFBIG, 'too big'), exception.StorageFull),
            (OSError(errno.EDQUOT, 'quota'), exception.StorageFull),
            (OSError(errno.EACCES, 'denied'), exception.StorageWriteDenied),
            (OSError(errno.EIO, 'broken'), OSError),
            (exception.LimitExceeded('more than the quota'), exception.LimitExceeded),
            (KeyboardInterrupt(), KeyboardInterrupt),
        ],
    )
    def test_an_error_leaves_no_bytes(self, store, folder, error, raised):
        with pytest.raises(raised):
            store.add('x', Breaking(error), None)
        assert os.listdir(folder) == []

    def test_a_full_disk_is_noticed_where_it_is_written_to(self, store, folder, monkeypatch):
        monkeypatch.setattr(filesystem, 'open', lambda *args: open('/dev/full', 'wb'), raising=False)
        (folder / '.x.part').touch()
        with pytest.raises(exception.StorageFull):
            store.add('x', io.BytesIO(b'x' * 100000), None)
        assert os.listdir(folder) == []

    def test_what_cannot_fit_is_refused_before_a_byte_is_read(self, store, folder):
        with pytest.raises(exception.StorageFull):
            store.add('x', Breaking(AssertionError()), 2**62)
        assert os.listdir(folder) == []

    @pytest.mark.parametrize('image_id', ['../x', '/etc/x', '.x', '..', '', 'a/b', 'a\x00b', 'x\n'])
    def test_an_id_is_never_a_path(self, store, folder, image_id):
        with pytest.raises(exception.BadStoreUri):
            store.add(image_id, io.BytesIO(b'x'), 1)
        assert os.listdir(folder) == []


class TestGet:
    @pytest.fixture
    def file(self, store):
        with store.get(at(store.add('x', io.BytesIO(b'a' * 65536 + b'b' * 10), None)[0]))[0] as file:
            yield file

    def test_it_comes_in_chunks_and_is_closed_behind_the_last(self, file):
        assert [len(chunk) for chunk in file] == [65536, 10]
        assert file.closed

    def test_it_is_a_real_file_for_the_server_to_send(self, file):
        assert os.fstat(file.fileno()).st_size == 65546
        file.seek(65535)
        assert (file.read(3), file.tell()) == (b'abb', 65538)

    def test_what_is_not_there_is_not_found(self, store, folder):
        for act in (store.get, store.get_size, store.delete):
            with pytest.raises(exception.NotFound):
                act(at(f'file://{folder}/x'))

    @pytest.mark.parametrize('path', ['/etc/passwd', '{}/../secret', '{}/sub/x', '{}', '{}/', '{}/.x.part', '{}//x'])
    def test_a_file_outside_of_its_folder_is_not_found_and_not_touched(self, store, folder, tmp_path, path):
        (tmp_path / 'secret').write_text('secret')
        (folder / 'sub').mkdir()
        for name in ('.x.part', 'x', 'sub/x'):
            (folder / name).write_text('secret')
        for act in (store.get, store.get_size, store.delete):
            with pytest.raises(exception.NotFound) as caught:
                act(at('file://' + path.format(folder)))
            assert str(folder) not in caught.value.msg
        assert (tmp_path / 'secret').exists()
        assert sorted(os.listdir(folder)) == ['.x.part', 'sub', 'x']


class TestDelete:
    def test_it_is_gone_then(self, store, folder):
        store.delete(at(store.add('x', io.BytesIO(b'x'), 1)[0]))
        assert os.listdir(folder) == []

    def test_what_cannot_be_removed_is_forbidden(self, store, folder):
        (folder / 'x').mkdir()
        with pytest.raises(exception.Forbidden):
            store.delete(at(f'file://{folder}/x'))

    def test_leftovers_of_dead_processes_go(self, store, folder):
        for name in ('x', 'y', '.z.part'):
            (folder / name).write_text('x')
        store.delete_leftovers('x')
        store.delete_leftovers('none')
        store.delete_leftovers('../y')
        assert sorted(os.listdir(folder)) == ['.z.part', 'y']
        make(str(folder))
        assert os.listdir(folder) == ['y']
        assert list(store.stored_ids()) == ['y']


class TestFolders:
    def test_the_folder_is_made(self, store, folder):
        assert folder.is_dir()

    def test_without_a_folder_there_is_no_such_store(self):
        with pytest.raises(exception.BadStoreConfiguration):
            make()

    @pytest.mark.parametrize('text', ['/a:x', '/a:-1', '/a:1.5'])
    def test_a_priority_is_a_whole_number(self, text):
        with pytest.raises(exception.BadStoreConfiguration):
            make(datadirs=[text])

    def test_where_it_cannot_write_the_store_is_read_only(self, tmp_path, caplog):
        (tmp_path / 'file').write_text('x')
        store = make(str(tmp_path / 'file' / 'sub'))
        with pytest.raises(exception.StoreAddDisabled):
            store.add('x', io.BytesIO(b'x'), 1)
        assert 'read-only' in caplog.text

    @pytest.fixture
    def room(self, monkeypatch):
        """room['/folder'] = bytes that are free there"""
        room = {}
        usage = SimpleNamespace
        monkeypatch.setattr(shutil, 'disk_usage', lambda folder: usage(free=room[os.path.basename(folder)]))
        return room

    @pytest.mark.parametrize(
        ('free', 'size', 'chosen'),
        [
            ({'low': 1000, 'high': 500, 'also': 400}, 100, 'high'),
            ({'low': 1000, 'high': 400, 'also': 500}, 100, 'also'),
            ({'low': 1000, 'high': 400, 'also': 500}, 450, 'also'),
            ({'low': 1000, 'high': 99, 'also': 99}, 100, 'low'),
            ({'low': 0, 'high': 0, 'also': 1}, None, 'also'),
        ],
    )
    def test_of_several_the_highest_priority_with_room_is_filled_first(self, tmp_path, room, free, size, chosen):
        room.update(free)
        store = make(datadirs=[f'{tmp_path}/low:1', f'{tmp_path}/high:2', f'{tmp_path}/also:2'])
        uri = store.add('x', io.BytesIO(b'x' * (size or 0)), size)[0]
        assert uri == f'file://{tmp_path}/{chosen}/x'
        assert store.get_size(at(uri)) == (size or 0)

    def test_what_fits_in_none_is_refused(self, tmp_path, room):
        room.update(a=10, b=20)
        with pytest.raises(exception.StorageFull):
            make(datadirs=[f'{tmp_path}/a', f'{tmp_path}/b']).add('x', io.BytesIO(b'x' * 30), 30)

    def test_an_image_is_in_one_folder_only(self, tmp_path, room):
        room.update(a=10, b=20)
        store = make(datadirs=[f'{tmp_path}/a', f'{tmp_path}/b'])
        store.add('x', io.BytesIO(b'x'), 1)
        room.update(a=30)
        with pytest.raises(exception.Duplicate):
            store.add('x', io.BytesIO(b'x'), 1)
