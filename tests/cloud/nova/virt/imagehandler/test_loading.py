import sys
from types import ModuleType

import pytest

from cloud.nova.virt import imagehandler
from cloud.nova.virt.imagehandler import download, file
from tests.cloud.nova.entry_points import HANDLERS
from tests.cloud.nova.virt.imagehandler.test_image_handler import Handler


class Broken(Handler):
    def __init__(self, driver, associate_fn, disassociate_fn):
        raise ValueError('no good')


class First(Handler):
    pass


class Second(Handler):
    pass


@pytest.fixture
def load(driver, plug_in):
    """load('name', ...): the handlers of an ini that names these."""
    plug_in(
        **HANDLERS,
        first=f'{__name__}:First',
        second=f'{__name__}:Second',
        broken=f'{__name__}:Broken',
        missing='no.such.module:Handler',
    )

    def start(*names):
        driver.options.image_handlers = list(names)
        return imagehandler.load_image_handlers(driver, driver.options, driver.image_service)

    return start


def kinds(image_handlers):
    return [type(handler) for handler in image_handlers.handlers]


def test_the_default_is_download(driver):
    assert driver.options.image_handlers == ['download']


def test_nova_has_download_and_file(load):
    assert kinds(load('download', 'file')) == [download.DownloadImageHandler, file.FileImageHandler]


def test_they_are_in_the_order_of_the_ini(load):
    assert kinds(load('second', 'first')) == [Second, First]
    assert kinds(load('first', 'second')) == [First, Second]


def test_each_gets_the_driver_and_ways_to_tell_what_it_has_laid_out(load, driver):
    image_handlers = load('first')
    (handler,) = image_handlers.handlers
    assert handler.driver is driver
    handler.fetch_image('context', 'x', {'id': 'x'}, '/a', location={'url': 'y'})
    assert image_handlers.associations == {'/a': (handler, {'url': 'y'}, {'id': 'x'})}
    handler.move_image('context', 'x', {'id': 'x'}, '/a', '/b')
    assert image_handlers.associations == {'/b': (handler, None, {'id': 'x'})}
    handler.remove_image('context', 'x', None, '/b')
    handler.remove_image('context', 'x', None, '/never/seen')
    assert image_handlers.associations == {}


def test_names_are_stripped_and_blank_ones_passed_over(load):
    assert kinds(load(' first ', '', '  ')) == [First]


def test_a_name_that_comes_twice_is_warned_about_and_taken_once(load, caplog):
    assert kinds(load('first', 'second', ' first')) == [First, Second]
    assert 'image_handlers names first twice' in caplog.text


def test_a_name_that_is_not_known_is_warned_about_and_skipped(load, caplog):
    assert kinds(load('nobody', 'first')) == [First]
    assert 'image_handlers names nobody, and no entry point of nova.virt.image.handlers is called so' in caplog.text


@pytest.mark.parametrize(('name', 'why'), [('broken', 'no good'), ('missing', "No module named 'no'")])
def test_a_handler_that_cannot_be_made_is_warned_about_and_skipped(load, caplog, name, why):
    assert kinds(load(name, 'first')) == [First]
    assert f'the image handler {name} cannot be used: {why}' in caplog.text


def test_there_may_be_none(load):
    assert load('nobody').handlers == []


def test_loading_again_forgets_what_was_there(load, driver):
    image_handlers = load('first')
    (before,) = image_handlers.handlers
    before.fetch_image('context', 'x', {}, '/a')
    image_handlers.load_image_handlers(driver)
    (after,) = image_handlers.handlers
    assert (type(after), after is before, image_handlers.associations) == (First, False, {})


def test_only_what_the_ini_names_is_imported(load, monkeypatch):
    unused = ModuleType('unused_handlers')
    monkeypatch.setitem(sys.modules, 'unused_handlers', unused)
    assert kinds(load('first')) == [First]
    assert 'no.such.module' not in sys.modules
