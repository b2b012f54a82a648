import pytest

from cloud.nova import exception
from cloud.nova.context import RequestContext
from cloud.nova.virt import imagehandler, images
from cloud.nova.virt.imagehandler.download import DownloadImageHandler
from tests.cloud.nova.glances import IMAGE
from tests.cloud.nova.virt.imagehandler.test_image_handler import Handler

CONTEXT = RequestContext('alice', 'demo')


class Remote(Handler):
    """Leaves the disk where it is, on another machine."""

    handled = False

    def is_local(self):
        return False


@pytest.fixture
def image_handlers(driver, image_service):
    image_service.images[IMAGE] = b'data'
    image_handlers = imagehandler.ImageHandlers(driver.options, image_service)
    hooks = (image_handlers._associate, image_handlers._disassociate)
    image_handlers.handlers = [Remote(driver, *hooks), DownloadImageHandler(driver, *hooks)]
    return image_handlers


def fetch(path, image_handlers):
    return images.fetch(CONTEXT, IMAGE, str(path), 'alice', 'demo', image_handlers)


def test_fetch_goes_on_until_a_handler_has_done_it(tmp_path, image_handlers):
    assert fetch(tmp_path / 'disk', image_handlers) is True
    assert (tmp_path / 'disk').read_bytes() == b'data'


def test_fetch_tells_the_handler_all_it_knows(tmp_path, image_handlers, image_service):
    remote = image_handlers.handlers[0]
    remote.handled, image_service.locations = True, [{'url': 'file:///x'}]
    fetch(tmp_path / 'disk', image_handlers)
    meta = {'id': IMAGE, 'size': 4}
    assert remote.args == (CONTEXT, IMAGE, meta, str(tmp_path / 'disk'), 'alice', 'demo', {'url': 'file:///x'})


def test_fetch_says_whether_the_disk_is_on_this_machine(tmp_path, image_handlers):
    image_handlers.handlers[0].handled = True
    assert fetch(tmp_path / 'disk', image_handlers) is False


def test_fetch_that_nobody_can_do(tmp_path, image_handlers):
    image_handlers.handlers = []
    with pytest.raises(exception.NoImageHandlerAvailable):
        fetch(tmp_path / 'disk', image_handlers)


def test_remove_asks_who_laid_it_out_and_forgets_that(tmp_path, image_handlers, image_service):
    fetch(tmp_path / 'disk', image_handlers)
    image_service.asked.clear()
    assert images.remove(str(tmp_path / 'disk'), image_handlers) is True
    assert not (tmp_path / 'disk').exists()
    assert (image_handlers.associations, image_service.asked) == ({}, [])


def test_remove_of_what_nobody_is_known_for_asks_those_that_need_no_location(tmp_path, image_handlers):
    (tmp_path / 'disk').touch()
    assert images.remove(str(tmp_path / 'disk'), image_handlers) is True
    assert not (tmp_path / 'disk').exists()


def test_remove_that_nobody_can_do_says_so(tmp_path, image_handlers):
    image_handlers.handlers = []
    assert images.remove(str(tmp_path / 'disk'), image_handlers) is False
