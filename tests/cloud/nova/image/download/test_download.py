import os
import sys
from types import ModuleType

import pytest

from cloud.nova import exception
from cloud.nova.context import RequestContext
from cloud.nova.image import download, glance
from cloud.nova.image.download import base, file
from tests.cloud.nova.entry_points import TRANSFERS
from tests.cloud.nova.glances import IMAGE

NAMESPACE = 'nova.image.download.modules'
CONTEXT = RequestContext(auth_token='x')


class Transfer:
    """A handler that notes what it is asked for, and writes it, or fails."""

    def __init__(self, error=None):
        self.error, self.asked = error, []

    def download(self, context, url, dst_path, metadata, size=None):
        self.asked.append((context, url, metadata))
        if self.error:
            raise self.error
        with open(dst_path, 'w') as file:
            file.write(f'from {url}')


@pytest.fixture
def transfer_module(monkeypatch):
    """transfer_module(name, schemes, handler): a module to plug in; the handler may be an error."""

    def make(name, schemes, handler):
        module = ModuleType(name)
        module.get_schemes = lambda: schemes

        def get_download_handler(options):
            if isinstance(handler, Exception):
                raise handler
            return handler

        module.get_download_handler = get_download_handler
        monkeypatch.setitem(sys.modules, name, module)
        return name

    return make


@pytest.fixture
def options(options):
    options.allowed_direct_url_schemes = ['file']
    return options


class TestLoading:
    def test_the_modules_are_entry_points(self, options, plug_in):
        plug_in(**{NAMESPACE: TRANSFERS})
        assert download.load_transfer_modules() == {'file': file, 'filesystem': file}
        assert list(download.get_download_handlers(options)) == ['file']

    def test_only_what_the_ini_allows_is_made(self, options, plug_in, transfer_module):
        http, disk = Transfer(), Transfer()
        plug_in(**{NAMESPACE: {
            'http': transfer_module('t_http', ['http', 'https'], http),
            'disk': transfer_module('t_disk', ['file', 'nfs'], disk),
        }})  # fmt: skip
        options.allowed_direct_url_schemes = ['https', 'nfs', 'unknown']
        assert download.get_download_handlers(options) == {'https': http, 'nfs': disk}

    def test_of_two_for_one_scheme_the_second_is_taken_with_a_warning(self, plug_in, transfer_module, caplog):
        plug_in(**{NAMESPACE: {
            'a': transfer_module('t_a', ['nfs'], Transfer()), 'b': transfer_module('t_b', ['nfs'], Transfer())
        }})  # fmt: skip
        modules = download.load_transfer_modules()
        assert f'the scheme nfs has several transfer modules: {modules["nfs"].__name__[2:]} is taken' in caplog.text

    def test_one_that_cannot_be_made_is_warned_about_and_left_out(self, options, plug_in, transfer_module, caplog):
        options.allowed_direct_url_schemes = ['nfs']
        plug_in(**{NAMESPACE: {'bad': transfer_module('t_bad', ['nfs'], ValueError('no good'))}})
        assert download.get_download_handlers(options) == {}
        assert 'no images can be had from nfs: addresses: no good' in caplog.text

    def test_nothing_is_loaded_when_the_ini_allows_nothing(self, options, monkeypatch):
        options.allowed_direct_url_schemes = []
        monkeypatch.delattr(download, 'get_download_handlers')
        assert glance.GlanceImageService(options)._download_handlers == {}


class TestTransfer:
    """The download of GlanceImageService, with locations that a transfer module may be asked for."""

    @pytest.fixture
    def downloading(self, options, monkeypatch, tmp_path):
        """downloading(transfer, *locations): what is in the file then. service.locations may be an error."""
        service = glance.GlanceImageService(options)
        self.usual = []

        def ask_glance(context, version, method, image_id, consume, **kwargs):
            self.usual.append(image_id)
            return consume(iter([b'from glance']))

        monkeypatch.setattr(service._client, 'call', ask_glance)

        def start(transfer, *locations, **arguments):
            def get_locations(context, image_id):
                if isinstance(locations[0], Exception):
                    raise locations[0]
                return locations

            monkeypatch.setattr(service, 'get_locations', get_locations)
            service._download_handlers = {'file': transfer}
            path = tmp_path / 'disk'
            service.download(CONTEXT, IMAGE, **{'dst_path': str(path), **arguments})
            return path.read_text()

        return start

    def at(self, url, **metadata):
        return {'url': url, 'metadata': metadata}

    def test_a_location_of_an_allowed_scheme_is_taken_past_glance(self, downloading):
        transfer = Transfer()
        assert downloading(transfer, self.at('http:///a'), self.at('file:///b', id='x')) == 'from file:///b'
        assert (transfer.asked, self.usual) == ([(CONTEXT, 'file:///b', {'id': 'x'})], [])

    def test_each_location_is_tried_and_then_the_usual_way_while_failures_are_only_logged(self, downloading, caplog):
        transfer = Transfer(OSError('no such file'))
        assert downloading(transfer, self.at('file:///a'), self.at('file:///b')) == 'from glance'
        assert [url for _, url, _ in transfer.asked] == ['file:///a', 'file:///b']
        assert 'cannot be had from file:///a' in caplog.text

    def test_without_a_location_of_such_a_scheme_it_goes_the_usual_way(self, downloading):
        transfer = Transfer()
        assert downloading(transfer, self.at('http:///a'), self.at('nonsense')) == 'from glance'
        assert transfer.asked == []

    def test_locations_that_cannot_be_asked_for_are_none(self, downloading, caplog):
        assert downloading(Transfer(), exception.ImageNotAuthorized(image_id=IMAGE)) == 'from glance'
        assert 'its locations cannot be asked for' in caplog.text

    def test_an_open_file_and_an_iterator_always_go_the_usual_way(self, options, fake):
        service = glance.GlanceImageService(options)
        service._download_handlers = {'file': Transfer()}
        glances = fake(iter([b'data']))
        assert list(service.download(CONTEXT, IMAGE)) == [b'data']
        assert [method for method, _, _ in glances.calls] == ['data']


class TestFileTransfer:
    """glance knows the folder as /glance/shared; here it is mounted at tmp_path/mounted."""

    METADATA = {'id': 'shared', 'mountpoint': '/glance/shared'}

    @pytest.fixture
    def mounted(self, tmp_path):
        (tmp_path / 'mounted' / 'images').mkdir(parents=True)
        (tmp_path / 'mounted' / 'images' / 'a b?c#d').write_bytes(b'data')
        (tmp_path / 'secret').write_bytes(b'secret')
        return tmp_path / 'mounted'

    def fetch(self, mounted, url, metadata=METADATA):
        path = mounted.parent / 'disk'
        try:
            file.FileTransfer(['other:/nowhere', f'shared:{mounted}']).download(CONTEXT, url, str(path), metadata)
        finally:
            self.made = os.path.exists(path)
        return path.read_bytes()

    def test_the_file_is_copied_from_where_the_file_system_is_mounted_here(self, mounted):
        assert self.fetch(mounted, 'file:///glance/shared/images/a b?c#d') == b'data'

    @pytest.mark.parametrize(
        'metadata',
        [{}, {'id': 'shared'}, {'id': 'x', 'mountpoint': '/glance/shared'}, {'id': 'shared', 'mountpoint': 1}],
    )
    def test_metadata_must_name_a_file_system_that_is_mounted_here(self, mounted, metadata):
        with pytest.raises(exception.ImageDownloadFailed, match='its metadata name no file system'):
            self.fetch(mounted, 'file:///glance/shared/images/a b?c#d', metadata)

    @pytest.mark.parametrize(
        'url',
        [
            'file:///glance/shared/../secret',
            'file:///glance/secret',
            'file:///glance/shared/missing',
            'file:///etc/passwd',
        ],
    )
    def test_a_file_that_is_not_there_or_not_inside_is_not_copied(self, mounted, url):
        with pytest.raises(exception.ImageDownloadFailed, match='cannot be copied from file:'):
            self.fetch(mounted, url)
        assert not self.made

    def test_a_file_of_another_size_than_the_image_is_not_copied(self, mounted):
        url = 'file:///glance/shared/images/a b?c#d'
        transfer = file.FileTransfer([f'shared:{mounted}'])
        with pytest.raises(exception.ImageDownloadFailed, match='does not have the 3 bytes'):
            transfer.download(CONTEXT, url, str(mounted.parent / 'disk'), self.METADATA, size=3)
        assert not (mounted.parent / 'disk').exists()
        transfer.download(CONTEXT, url, str(mounted.parent / 'disk'), self.METADATA, size=4)
        assert (mounted.parent / 'disk').read_bytes() == b'data'

    @pytest.mark.parametrize('text', ['shared', 'shared:relative', ''])
    def test_another_form_of_the_option_is_refused(self, text):
        with pytest.raises(ValueError, match=f'^image_file_url_filesystems = {text}: give ID:PATH$'):
            file.FileTransfer([text])

    def test_the_module_offers_it_as_a_transfer_module(self, options):
        options.image_file_url_filesystems = ['shared:/mnt']
        handler = file.get_download_handler(options)
        assert isinstance(handler, base.TransferBase)
        assert handler.mounted == {'shared': '/mnt'}
        assert file.get_schemes() == ['file', 'filesystem']
