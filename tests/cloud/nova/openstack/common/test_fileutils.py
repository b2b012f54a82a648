import errno
import os
import threading

import pytest

from cloud.nova import cancel, exception
from cloud.nova.openstack.common import fileutils
from tests.waiting import join

MIB = 1024**2


class TestRemoving:
    def test_a_file_is_removed_if_it_is_there(self, tmp_path):
        path = tmp_path / 'x'
        path.touch()
        fileutils.delete_if_exists(path)
        fileutils.delete_if_exists(path)
        assert not path.exists()

    @pytest.mark.parametrize('error', [ValueError, KeyboardInterrupt, SystemExit])
    def test_what_fails_leaves_no_file_behind(self, tmp_path, error):
        path = tmp_path / 'x'
        with pytest.raises(error), fileutils.remove_path_on_error(path):
            path.touch()
            raise error
        assert not path.exists()

    def test_what_does_not_fail_leaves_it(self, tmp_path):
        path = tmp_path / 'x'
        with fileutils.remove_path_on_error(path):
            path.touch()
        assert path.exists()


class TestOpening:
    @pytest.fixture
    def folder(self, tmp_path):
        folder = tmp_path / 'images'
        folder.mkdir()
        (folder / 'x').write_bytes(b'data')
        (tmp_path / 'secret').write_bytes(b'secret')
        return folder

    def read(self, folder, path):
        with fileutils.open_inside(str(path), ['/nowhere', str(folder)]) as file:
            return file.read()

    def test_a_file_in_one_of_the_folders_is_opened(self, folder):
        assert self.read(folder, folder / 'x') == b'data'

    def test_so_is_one_that_a_link_inside_leads_to(self, folder):
        (folder / 'link').symlink_to(folder / 'x')
        assert self.read(folder, folder / 'link') == b'data'

    def test_and_one_in_a_folder_that_is_itself_a_link(self, folder):
        (folder.parent / 'alias').symlink_to(folder)
        assert self.read(folder.parent / 'alias', folder / 'x') == b'data'
        assert self.read(folder, folder.parent / 'alias' / 'x') == b'data'

    @pytest.mark.parametrize('name', ['../secret', '../images-too/x', '', '.', '/etc/passwd', '../images'])
    def test_nothing_else_is(self, folder, name):
        (folder.parent / 'images-too').mkdir()
        (folder.parent / 'images-too' / 'x').write_bytes(b'secret')
        with pytest.raises(OSError) as caught:
            self.read(folder, os.path.join(folder, name))
        assert caught.value.errno == errno.EACCES

    def test_no_link_leads_out(self, folder):
        (folder / 'link').symlink_to(folder.parent / 'secret')
        (folder / 'up').symlink_to(folder.parent)
        for path in (folder / 'link', folder / 'up' / 'secret'):
            with pytest.raises(PermissionError):
                self.read(folder, path)

    def test_a_link_that_takes_the_files_place_meanwhile_is_not_followed(self, folder, monkeypatch):
        (folder / 'link').symlink_to(folder.parent / 'secret')
        monkeypatch.setattr(fileutils.os.path, 'realpath', str)
        with pytest.raises(OSError) as caught:
            self.read(folder, folder / 'link')
        assert caught.value.errno == errno.ELOOP

    def test_a_file_that_is_not_there(self, folder):
        with pytest.raises(FileNotFoundError):
            self.read(folder, folder / 'missing')

    def test_neither_a_folder_nor_a_pipe_is_a_file_and_nobody_waits_for_one(self, folder):
        os.mkfifo(folder / 'pipe')
        (folder / 'folder').mkdir()
        for name in ('pipe', 'folder'):
            with pytest.raises(OSError, match='it is no regular file|Is a directory'):
                self.read(folder, folder / name)


def cannot(*args):
    raise OSError(errno.EXDEV, 'not between these two')


@pytest.fixture(params=['as the system does it', 'in the kernel', 'by sendfile', 'by hand', 'on an old system'])
def way(request, monkeypatch):
    """Each way to copy, where the ones before it are not to be had."""
    number = ['as the system does it', 'in the kernel', 'by sendfile', 'by hand', 'on an old system'].index(
        request.param
    )
    if number >= 1:
        monkeypatch.setattr(fileutils.fcntl, 'ioctl', cannot)
    if number in (2, 3):
        monkeypatch.setattr(fileutils.os, 'copy_file_range', cannot)
    if number == 3:
        monkeypatch.setattr(fileutils.os, 'sendfile', cannot)
    if number == 4:
        monkeypatch.delattr(fileutils.os, 'copy_file_range')
        monkeypatch.delattr(fileutils.os, 'sendfile')


class TestCopying:
    @pytest.fixture
    def source(self, tmp_path):
        with open(tmp_path / 'source', 'w+b', buffering=0) as file:
            yield file

    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / 'disk'

    @pytest.mark.parametrize('size', [0, 1, 4096, 3 * MIB + 1])
    def test_the_copy_has_the_same_bytes(self, source, path, size, way):
        data = os.urandom(size)
        source.write(data)
        fileutils.copy(source, str(path))
        assert path.read_bytes() == data

    def test_holes_stay_holes_and_the_size_stays_the_size(self, source, path, way):
        os.pwrite(source.fileno(), b'begin', 8 * MIB)
        os.pwrite(source.fileno(), b'end', 24 * MIB)
        source.truncate(64 * MIB)
        fileutils.copy(source, str(path))
        copied = path.read_bytes()
        assert (len(copied), copied[8 * MIB :][:5], copied[24 * MIB :][:3]) == (64 * MIB, b'begin', b'end')
        assert copied.count(0) == 64 * MIB - 8
        assert path.stat().st_blocks * 512 <= MIB

    def test_a_file_of_nothing_but_a_hole(self, source, path, way):
        source.truncate(MIB)
        fileutils.copy(source, str(path))
        assert (path.read_bytes(), path.stat().st_blocks) == (bytes(MIB), 0)

    def test_the_copy_is_a_file_of_its_own(self, source, path):
        source.write(b'data')
        fileutils.copy(source, str(path))
        path.write_bytes(b'disk')
        assert (os.pread(source.fileno(), 9, 0), path.stat().st_nlink) == (b'data', 1)

    @pytest.mark.parametrize(('size', 'copied'), [(4, b'data'), (2, b'da'), (0, b''), (9, b'data'), (None, b'data')])
    def test_no_more_is_copied_than_the_size_that_is_known(self, source, path, way, size, copied):
        source.write(b'data')
        fileutils.copy(source, str(path), size)
        assert path.read_bytes() == copied

    def test_what_was_there_before_is_gone(self, source, path):
        path.write_bytes(b'a longer text')
        source.write(b'data')
        fileutils.copy(source, str(path))
        assert path.read_bytes() == b'data'

    def test_blocks_are_shared_where_the_file_system_can(self, source, path, monkeypatch):
        asked = []
        monkeypatch.setattr(
            fileutils.fcntl, 'ioctl', lambda target, number, descriptor: asked.append((number, descriptor))
        )
        source.write(b'data')
        fileutils.copy(source, str(path))
        assert asked == [(fileutils.FICLONE, source.fileno())]
        assert path.read_bytes() == b''  # nothing was copied beside that

    def test_a_file_that_becomes_shorter_meanwhile_leaves_no_copy(self, source, path, monkeypatch):
        source.write(bytes(10))
        monkeypatch.setattr(fileutils, 'data_ranges', lambda file, size: [(0, 20)])
        monkeypatch.setattr(fileutils.fcntl, 'ioctl', cannot)
        with pytest.raises(OSError, match='the file became shorter'):
            fileutils.copy(source, str(path))
        assert not path.exists()

    def test_a_full_disk_leaves_no_copy(self, source, path, monkeypatch):
        def full(*args):
            raise OSError(errno.ENOSPC, 'No space left on device')

        source.write(b'data')
        for name in ('copy_file_range', 'sendfile', 'write'):
            monkeypatch.setattr(fileutils.os, name, full)
        monkeypatch.setattr(fileutils.fcntl, 'ioctl', cannot)
        with pytest.raises(OSError, match='No space left'):
            fileutils.copy(source, str(path))
        assert not path.exists()

    def test_a_file_system_that_does_not_know_of_holes_says_why(self, source, monkeypatch):
        monkeypatch.setattr(fileutils.os, 'lseek', cannot)
        with pytest.raises(OSError, match='not between these two'):
            list(fileutils.data_ranges(source, 1))


def test_copies_by_several_threads_do_not_disturb_each_other(tmp_path):
    data = os.urandom(MIB)
    (tmp_path / 'source').write_bytes(data)

    def copy(number):
        with open(tmp_path / 'source', 'rb', buffering=0) as source:
            fileutils.copy(source, str(tmp_path / str(number)))

    threads = [threading.Thread(target=copy, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    join(*threads)
    assert all((tmp_path / str(number)).read_bytes() == data for number in range(8))


def test_a_copy_that_is_cancelled_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(fileutils, 'share_blocks', lambda source, target: False)
    (tmp_path / 'source').write_bytes(b'x' * MIB)
    work = cancel.Cancellation()
    work.cancel()
    with open(tmp_path / 'source', 'rb') as source, work.watched(), pytest.raises(exception.BuildCancelled):
        fileutils.copy(source, tmp_path / 'target')
    assert not (tmp_path / 'target').exists()
