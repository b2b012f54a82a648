"""The generator's protocol, in every order."""

import pytest

from cloud.nova import exception
from cloud.nova.virt import imagehandler
from tests.cloud.nova.glances import IMAGE
from tests.cloud.nova.virt.imagehandler.test_image_handler import Handler

A, B, C = ({'url': url, 'metadata': {}} for url in ('file:///a', 'http:///b', 'FILE:///c'))
META = {'id': IMAGE, 'size': 4}


class Named(Handler):
    """A handler with a name and schemes, that handles an image or does not."""

    def __init__(self, driver, image_handlers, name, schemes=(), handled=False):
        super().__init__(driver, image_handlers._associate, image_handlers._disassociate)
        self.name, self.schemes, self.handled = name, schemes, handled

    def get_schemes(self):
        return self.schemes


@pytest.fixture
def image_handlers(options, image_service):
    image_service.images[IMAGE], image_service.locations = b'data', [A, B]
    return imagehandler.ImageHandlers(options, image_service)


@pytest.fixture
def add(image_handlers, driver):
    """add(name, schemes, handled): one more handler."""

    def add(*arguments, **keywords):
        handler = Named(driver, image_handlers, *arguments, **keywords)
        image_handlers.handlers.append(handler)
        return handler

    return add


@pytest.fixture
def fetch(image_handlers):
    """fetch(...): have the image fetched; self.tried is [(name, url or None, image_meta)]."""

    def fetch(context='context', image_id=IMAGE, target_path='/a'):
        fetch.tried = []
        for handler, location, image_meta in image_handlers.handle_image(
            context, image_id, 'alice', 'demo', target_path
        ):
            fetch.tried.append((handler.name, location and location['url'], image_meta))
            handler.fetch_image(context, image_id, image_meta, target_path, location=location)
        return fetch.tried

    return fetch


class TestByLocation:
    def test_every_handler_is_tried_with_every_location_it_can_use_in_the_order_of_the_ini(self, add, fetch):
        add('http', ('http', 'https'))
        add('file', ('file',))
        add('both', ('http', 'file'), handled=True)
        assert fetch() == [('http', B['url'], META), ('file', A['url'], META), ('both', A['url'], META)]

    def test_the_first_that_handles_it_ends_it(self, add, fetch):
        add('file', ('file',), handled=True)
        add('never', ('file',), handled=True)
        assert fetch() == [('file', A['url'], META)]

    def test_glance_is_asked_once_for_the_image_and_its_locations(self, add, fetch, image_service):
        add('a', handled=False)
        add('b', handled=True)
        fetch()
        assert image_service.asked == [('show', 'context', IMAGE), ('get_locations', 'context', IMAGE)]

    def test_one_without_schemes_is_tried_with_each_location_and_once_more_without(self, add, fetch):
        add('any')
        with pytest.raises(exception.NoImageHandlerAvailable):
            fetch()
        assert fetch.tried == [('any', A['url'], META), ('any', B['url'], META), ('any', None, META)]

    def test_one_that_needs_a_location_is_not_tried_without(self, add, fetch):
        add('file', ('file',))
        add('any')
        with pytest.raises(exception.NoImageHandlerAvailable):
            fetch()
        assert [name for name, url, _ in fetch.tried if url is None] == ['any']

    def test_a_scheme_is_the_same_in_capitals(self, add, fetch, image_service):
        image_service.locations = [C]
        add('file', ('file',), handled=True)
        assert fetch() == [('file', C['url'], META)]

    def test_schemes_that_are_one_text_are_that_one_scheme_not_its_parts(self, add, fetch, image_service):
        image_service.locations = [{'url': 'http:///x'}, {'url': 'https:///y'}]
        add('text', 'https', handled=True)
        assert fetch() == [('text', 'https:///y', META)]

    def test_schemes_of_none_match_no_location(self, add, fetch):
        add('none', None, handled=True)
        add('any', handled=True)
        assert fetch() == [('any', A['url'], META)]

    @pytest.mark.parametrize('url', ['', 'nonsense', 'http://[', '/file'])
    def test_a_location_that_is_no_url_matches_none(self, add, fetch, image_service, url):
        image_service.locations = [{'url': url}]
        add('file', ('file', 'http'), handled=True)
        with pytest.raises(exception.NoImageHandlerAvailable):
            fetch()
        assert fetch.tried == []


class TestWithoutLocation:
    def test_an_image_whose_locations_are_not_shown_is_left_to_those_that_need_none(self, add, fetch, image_service):
        image_service.locations = []
        add('file', ('file',), handled=True)
        add('first')
        add('second', handled=True)
        add('never', handled=True)
        assert fetch() == [('first', None, META), ('second', None, META)]

    @pytest.mark.parametrize(('context', 'image_id'), [(None, IMAGE), ('context', None), ('context', ''), (None, None)])
    def test_without_a_context_and_an_image_glance_is_not_asked(self, add, fetch, image_service, context, image_id):
        add('file', ('file',), handled=True)
        add('any', handled=True)
        assert fetch(context, image_id) == [('any', None, None)]
        assert image_service.asked == []


class TestAssociated:
    def test_who_laid_the_file_out_comes_first_with_what_it_had_then_and_glance_is_not_asked(
        self, add, fetch, image_service, image_handlers
    ):
        add('first')
        add('file', ('file',), handled=True)
        fetch()
        image_service.asked.clear()
        ((handler, location, image_meta),) = self.removed(image_handlers, '/a')
        assert (handler.name, location, image_meta) == ('file', A, META)
        assert (image_service.asked, image_handlers.associations) == ([], {})

    def removed(self, image_handlers, path):
        for handler, location, image_meta in image_handlers.handle_image(target_path=path):
            yield handler, location, image_meta
            handler.remove_image(None, None, image_meta, path, location=location)

    def test_the_path_is_stripped(self, add, fetch, image_handlers):
        add('file', ('file',), handled=True)
        fetch()
        assert [handler.name for handler, _, _ in self.removed(image_handlers, ' /a ')] == ['file']

    def test_another_path_is_another_file(self, add, fetch, image_handlers):
        add('file', ('file',), handled=True)
        fetch()
        with pytest.raises(exception.NoImageHandlerAvailable):
            list(self.removed(image_handlers, '/b'))

    def test_if_it_does_not_handle_it_this_time_the_others_are_tried(self, add, fetch):
        file = add('file', ('file',), handled=True)
        add('any', handled=True)
        fetch()
        file.handled = False
        assert fetch() == [('file', A['url'], META), ('file', A['url'], META), ('any', A['url'], META)]

    @pytest.mark.parametrize('path', [None, '', '  '])
    def test_no_path_has_nobody(self, add, fetch, path):
        add('any', handled=True)
        for _ in range(2):
            assert fetch(target_path=path) == [('any', A['url'], META)]


class TestNobody:
    @pytest.mark.parametrize('path', ['/a', None])
    def test_no_handler_at_all(self, fetch, image_service, path):
        with pytest.raises(exception.NoImageHandlerAvailable, match=IMAGE):
            fetch(target_path=path)
        assert image_service.asked == []

    def test_none_that_handles_it(self, add, fetch, caplog):
        add('file', ('file',))
        with pytest.raises(exception.NoImageHandlerAvailable, match=IMAGE):
            fetch()
        assert f'image {IMAGE}, /a: no image handler can handle it' in caplog.text

    def test_an_image_that_glance_does_not_show_is_glances_error(self, add, fetch, image_handlers):
        def show(context, image_id):
            raise exception.ImageNotFound(image_id=image_id)

        image_handlers.image_service.show = show
        add('any', handled=True)
        with pytest.raises(exception.ImageNotFound):
            fetch()
        assert fetch.tried == []

    def test_an_error_of_a_handler_goes_to_whoever_asked(self, add, fetch):
        add('broken', handled=OSError('full'))
        add('never', handled=True)
        with pytest.raises(OSError, match='full'):
            fetch()
        assert [name for name, _, _ in fetch.tried] == ['broken']


class TestProtocol:
    def test_what_the_caller_does_not_do_is_not_handled(self, add, image_handlers):
        add('a', handled=True)
        add('b', ('file',), handled=True)
        offered = []
        with pytest.raises(exception.NoImageHandlerAvailable):
            for handler, location, _ in image_handlers.handle_image('context', IMAGE, target_path='/a'):
                offered.append((handler.name, location and location['url']))
        assert offered == [('a', A['url']), ('a', B['url']), ('b', A['url']), ('a', None)]

    def test_what_was_done_before_does_not_count(self, add, image_handlers):
        handler = add('a', ('file',), handled=True)
        handler.fetch_image('context', IMAGE, META, '/elsewhere')
        with pytest.raises(exception.NoImageHandlerAvailable):
            list(image_handlers.handle_image('context', IMAGE, target_path='/a'))

    def test_glance_is_asked_for_the_id_at_the_end_of_a_url(self, add, image_handlers, image_service, monkeypatch):
        def get_remote_image_service(context, image_href, service):
            assert (context, image_href, service) == ('context', f'http://glance/{IMAGE}', image_service)
            return service, IMAGE

        monkeypatch.setattr(imagehandler.glance, 'get_remote_image_service', get_remote_image_service)
        add('any', handled=True)
        next(image_handlers.handle_image('context', f'http://glance/{IMAGE}', target_path='/a'))
        assert image_service.asked == [('show', 'context', IMAGE), ('get_locations', 'context', IMAGE)]
