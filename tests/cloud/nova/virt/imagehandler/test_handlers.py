"""download and file: what they do with files."""

import os

import pytest

from cloud.nova import exception
from cloud.nova.context import RequestContext
from cloud.nova.openstack.common import fileutils
from cloud.nova.virt import imagehandler
from cloud.nova.virt.imagehandler.download import DownloadImageHandler
from cloud.nova.virt.imagehandler.file import FileImageHandler
from tests.cloud.nova.glances import IMAGE

CONTEXT = RequestContext('alice', 'demo')
META = {'id': IMAGE, 'size': 4}


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'disk'


@pytest.fixture(params=[DownloadImageHandler, FileImageHandler])
def either(request, driver):
    return request.param(driver)


class TestBoth:
    def test_what_they_lay_out_is_local(self, either):
        assert either.is_local() is True

    def test_removing_removes_the_file_and_is_done_if_there_is_none(self, either, path):
        path.touch()
        for _ in range(2):
            assert either.remove_image(None, None, None, str(path)) is True
            assert not path.exists()

    def test_what_cannot_be_removed_is_an_error(self, either, path):
        path.mkdir()
        with pytest.raises(OSError, match='disk'):
            either.remove_image(None, None, None, str(path))

    def test_moving_renames_the_file(self, either, path, tmp_path):
        path.write_bytes(b'data')
        assert either.move_image(CONTEXT, IMAGE, META, str(path), str(tmp_path / 'moved')) is True
        assert ((tmp_path / 'moved').read_bytes(), path.exists()) == (b'data', False)

    def test_what_is_not_there_cannot_be_moved(self, either, path, tmp_path):
        with pytest.raises(FileNotFoundError):
            either.move_image(CONTEXT, IMAGE, META, str(path), str(tmp_path / 'moved'))


class TestDownload:
    @pytest.fixture
    def handler(self, driver):
        return DownloadImageHandler(driver)

    def test_it_takes_any_location_and_needs_none(self, handler):
        assert handler.get_schemes() == ()

    @pytest.mark.parametrize('location', [None, {'url': 'http:///x'}])
    def test_the_image_comes_through_glance(self, handler, path, image_service, location):
        image_service.images[IMAGE] = b'data'
        assert handler.fetch_image(CONTEXT, IMAGE, META, str(path), location=location) is True
        assert path.read_bytes() == b'data'
        assert image_service.asked == [('download', CONTEXT, IMAGE)]

    def test_what_breaks_off_leaves_no_file_behind(self, handler, path, image_service):
        error = exception.GlanceConnectionFailed(servers='x')
        image_service.download = lambda context, image_id, dst_path, transfer: self.break_off(dst_path, error)
        with pytest.raises(exception.GlanceConnectionFailed):
            handler.fetch_image(CONTEXT, IMAGE, META, str(path))
        assert not path.exists()
        assert handler.last_ops_handled() is False

    def break_off(self, path, error):
        with open(path, 'wb') as file:
            file.write(b'da')
        raise error

    def test_it_is_done_only_if_the_file_is_there(self, handler, path, image_service):
        image_service.download = lambda context, image_id, dst_path, transfer: None
        assert handler.fetch_image(CONTEXT, IMAGE, META, str(path)) is False


class TestFile:
    @pytest.fixture
    def handler(self, driver):
        return FileImageHandler(driver)

    @pytest.fixture
    def image(self, tmp_path):
        """The image's file in the folder that the ini names."""
        (tmp_path / 'images').mkdir()
        (tmp_path / 'images' / IMAGE).write_bytes(b'data')
        return tmp_path / 'images' / IMAGE

    def fetch(self, handler, path, url, size=4):
        return handler.fetch_image(CONTEXT, IMAGE, {'id': IMAGE, 'size': size}, str(path), location={'url': url})

    def test_it_needs_a_file_of_this_machine(self, handler):
        assert handler.get_schemes() == ('file', 'filesystem')

    @pytest.mark.parametrize('scheme', ['file', 'filesystem'])
    def test_the_disk_is_laid_out_from_the_file_without_asking_glance(
        self, handler, path, image, image_service, scheme
    ):
        assert self.fetch(handler, path, f'{scheme}://{image}') is True
        assert (path.read_bytes(), image_service.asked) == (b'data', [])

    def test_the_disk_is_never_the_images_own_file(self, handler, path, image):
        self.fetch(handler, path, f'file://{image}')
        with path.open('r+b') as disk:
            disk.write(b'boot')
        assert (image.read_bytes(), image.stat().st_nlink, path.stat().st_nlink) == (b'data', 1, 1)
        assert not path.is_symlink()

    @pytest.mark.parametrize('name', ['a b', 'ü', 'a?b#c', 'a%20b'])
    def test_the_path_in_a_location_is_spelled_as_it_is(self, handler, path, image, name):
        (image.parent / name).mkdir()
        image.rename(image.parent / name / IMAGE)
        assert self.fetch(handler, path, f'file://{image.parent / name / IMAGE}') is True

    @pytest.mark.parametrize(
        'url',
        [
            'file:///etc/passwd',
            f'file://{{images}}/../outside/{IMAGE}',
            f'file://{{images}}/link/{IMAGE}',
            f'file://{{images}}/missing/{IMAGE}',
            f'file://{{images}}/folder/{IMAGE}',
            f'file://{{images}}/\0/{IMAGE}',
            'file://{images}/another',
            'file://{images}',
            'file://',
            'file:x',
        ],
    )
    def test_what_does_not_lie_in_a_folder_of_the_ini_is_left_to_the_next_handler(
        self, handler, path, image, url, caplog
    ):
        outside = image.parent.parent / 'outside'
        outside.mkdir()
        (outside / IMAGE).write_bytes(b'keys')
        (image.parent / 'link').symlink_to(outside)
        (image.parent / 'folder' / IMAGE).mkdir(parents=True)
        (image.parent / 'another').write_bytes(b'mine')
        assert self.fetch(handler, path, url.format(images=image.parent)) is False
        assert not path.exists()
        assert f'image {IMAGE}: its file cannot be used' in caplog.text

    @pytest.mark.parametrize('size', [0, 3, 5, None])
    def test_a_file_of_another_size_is_left_to_the_next_handler(self, handler, path, image, size, caplog):
        assert self.fetch(handler, path, f'file://{image}', size) is False
        assert not path.exists()
        assert f'it has 4 bytes, and should have {size}' in caplog.text

    def test_a_full_disk_is_an_error_and_leaves_no_file_behind(self, handler, path, image, monkeypatch):
        def full(source, target, start, end):
            raise OSError(28, 'No space left on device')

        monkeypatch.setattr(fileutils, 'copy_range', full)
        monkeypatch.setattr(fileutils, 'share_blocks', lambda source, target: False)
        with pytest.raises(OSError, match='No space left'):
            self.fetch(handler, path, f'file://{image}')
        assert not path.exists()

    def test_no_file_stays_open(self, handler, path, image):
        before = len(os.listdir('/proc/self/fd'))
        self.fetch(handler, path, f'file://{image}')
        self.fetch(handler, path, f'file://{image}', 5)
        self.fetch(handler, path, f'file:///missing/{IMAGE}')
        assert len(os.listdir('/proc/self/fd')) == before

    def test_what_it_cannot_do_download_does(self, driver, path, image, image_service, plug_in):
        driver.options.image_handlers = ['file', 'download']
        image_handlers = imagehandler.ImageHandlers(driver.options, image_service)
        image_handlers.handlers = [FileImageHandler(driver), DownloadImageHandler(driver)]
        image_service.images[IMAGE] = b'data'
        image_service.locations = [{'url': 'file:///etc/passwd', 'metadata': {}}]
        tried = []
        for handler, location, image_meta in image_handlers.handle_image(CONTEXT, IMAGE, target_path=str(path)):
            tried.append(type(handler).__name__)
            handler.fetch_image(CONTEXT, IMAGE, image_meta, str(path), location=location)
        assert (tried, path.read_bytes()) == (['FileImageHandler', 'DownloadImageHandler'], b'data')
