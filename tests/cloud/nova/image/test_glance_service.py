import io

import glanceclient.exc
import pytest

from cloud.nova import exception
from cloud.nova.context import RequestContext
from cloud.nova.image import glance
from tests.cloud.nova.glances import IMAGE, v1_image

NOT_FOUND, FORBIDDEN = glanceclient.exc.HTTPNotFound(), glanceclient.exc.HTTPForbidden()
UNAVAILABLE = glanceclient.exc.HTTPServiceUnavailable()
NOBODY = RequestContext()


@pytest.fixture
def service(options):
    return glance.GlanceImageService(options)


class TestShow:
    def test_it_asks_v1_and_answers_novas_dict(self, service, context, fake):
        glances = fake(v1_image(name='cirros', min_ram=64, properties={'os': 'linux'}))
        shown = service.show(context, IMAGE)
        assert (shown['name'], shown['min_ram'], shown['properties']) == ('cirros', 64, {'os': 'linux'})
        assert (glances.made[0][-1], glances.calls) == (1, [('get', (IMAGE,), {})])

    def test_an_image_of_somebody_else_is_not_there(self, service, fake):
        fake(v1_image())
        with pytest.raises(exception.ImageNotFound, match=IMAGE):
            service.show(NOBODY, IMAGE)

    @pytest.mark.parametrize(
        ('error', 'kind'), [(NOT_FOUND, exception.ImageNotFound), (FORBIDDEN, exception.ImageNotAuthorized)]
    )
    def test_what_glance_refuses_is_about_this_image(self, service, context, fake, error, kind):
        fake(error)
        with pytest.raises(kind, match=IMAGE):
            service.show(context, IMAGE)


class TestDetail:
    def test_it_asks_for_all_images_not_the_public_ones_alone(self, service, context, fake):
        glances = fake(iter([v1_image(name='a'), v1_image(name='b')]))
        assert [image['name'] for image in service.detail(context)] == ['a', 'b']
        assert glances.calls == [('list', (), {'filters': {'is_public': 'none'}})]

    def test_the_query_is_handed_on_and_nothing_else(self, service, context, fake):
        query = {'marker': 'x', 'limit': 5, 'page_size': 2, 'sort_key': 'name', 'sort_dir': 'asc'}
        glances = fake([])
        service.detail(context, filters={'is_public': True, 'name': 'a'}, other=1, **query)
        assert glances.calls == [('list', (), {'filters': {'is_public': True, 'name': 'a'}, **query})]

    def test_images_of_others_are_left_out(self, service, fake):
        fake([v1_image(name='mine', is_public=True), v1_image(name='theirs')])
        assert [image['name'] for image in service.detail(NOBODY)] == ['mine']

    def test_a_list_that_breaks_off_between_two_pages_is_asked_for_again(self, service, context, fake):
        def broken():
            yield v1_image(name='a')
            raise UNAVAILABLE

        glances = fake(broken(), [v1_image(name='a'), v1_image(name='b')])
        assert [image['name'] for image in service.detail(context)] == ['a', 'b']
        assert glances.servers == [1, 2]

    @pytest.mark.parametrize(('error', 'kind'), [(NOT_FOUND, exception.NotFound), (FORBIDDEN, exception.NotAuthorized)])
    def test_what_glance_refuses_is_about_no_image(self, service, context, fake, error, kind):
        fake(error)
        with pytest.raises(kind) as caught:
            service.detail(context)
        assert type(caught.value) is kind


class Locations:
    """An image of v2 with these attributes and no others."""

    def __init__(self, **attributes):
        vars(self).update(attributes)


class TestLocations:
    def test_v2_is_asked_since_it_alone_shows_them(self, service, context, fake):
        glances = fake(Locations(locations=[{'url': 'file:///a', 'metadata': {}}]))
        assert service.get_locations(context, IMAGE) == [{'url': 'file:///a', 'metadata': {}}]
        assert (glances.made[0][-1], glances.calls) == (2, [('get', (IMAGE,), {})])

    def test_a_direct_url_is_a_location_too_but_none_twice(self, service, context, fake):
        first = {'url': 'file:///a', 'metadata': {'x': 'y'}}
        fake(
            Locations(locations=[first], direct_url='file:///b'),
            Locations(locations=[first], direct_url='file:///a'),
            Locations(direct_url='file:///a'),
        )
        assert service.get_locations(context, IMAGE) == [first, {'url': 'file:///b', 'metadata': {}}]
        assert service.get_locations(context, IMAGE) == [first]
        assert service.get_locations(context, IMAGE) == [{'url': 'file:///a', 'metadata': {}}]

    def test_a_glance_that_keeps_them_to_itself_shows_none(self, service, context, fake):
        fake(Locations(), Locations(locations=None, direct_url=None), Locations(locations='what a user calls so'))
        for _ in range(3):
            assert service.get_locations(context, IMAGE) == []

    def test_without_a_token_an_image_of_v2_is_not_there_unless_it_is_public(self, service, fake):
        fake(Locations(visibility='public'), Locations(visibility='private'))
        assert service.get_locations(NOBODY, IMAGE) == []
        with pytest.raises(exception.ImageNotFound):
            service.get_locations(NOBODY, IMAGE)

    def test_what_glance_refuses_is_about_this_image(self, service, context, fake):
        fake(NOT_FOUND)
        with pytest.raises(exception.ImageNotFound, match=IMAGE):
            service.get_locations(context, IMAGE)


class TestCreateAndUpdate:
    def test_create_sends_what_can_be_set_and_answers_novas_dict(self, service, context, fake):
        glances = fake(v1_image(name='x'))
        meta = {'id': IMAGE, 'name': 'x', 'status': 'active', 'created_at': 1, 'properties': {'mappings': []}}
        assert service.create(context, meta)['name'] == 'x'
        assert glances.calls == [('create', (), {'id': IMAGE, 'name': 'x', 'properties': {'mappings': '[]'}})]

    def test_update_does_not_send_the_id_and_replaces_the_properties_unless_told(self, service, context, fake):
        glances = fake(v1_image(name='x'), v1_image())
        assert service.update(context, IMAGE, {'id': IMAGE, 'name': 'x', 'status': 'active'})['name'] == 'x'
        service.update(context, IMAGE, {'name': 'x'}, purge_props=False)
        sent = [('update', (IMAGE,), {'name': 'x', 'purge_props': purge}) for purge in (True, False)]
        assert glances.calls == sent

    def test_data_is_sent_along(self, service, context, fake):
        sent = []

        def read(*args, data, **fields):
            sent.append(data.read())
            return v1_image()

        fake(read, read)
        service.create(context, {}, io.BytesIO(b'one'))
        service.update(context, IMAGE, {}, io.BytesIO(b'two'))
        assert sent == [b'one', b'two']

    def test_another_attempt_sends_the_data_from_where_it_began(self, service, context, fake):
        sent = []

        def read_some(data):
            sent.append(data.read(2))
            raise UNAVAILABLE

        def read_all(data):
            sent.append(data.read())
            return v1_image()

        file = io.BytesIO(b'header|data')
        file.seek(7)
        fake(read_some, read_all)
        service.create(context, {}, file)
        assert sent == [b'da', b'data']

    def test_the_rest_of_a_half_read_pipe_is_never_sent(self, service, context, fake, pipe):
        def read_some(data):
            data.read(2)
            raise UNAVAILABLE

        glances = fake(read_some)
        with pytest.raises(exception.GlanceConnectionFailed, match=r'tried 127\.0\.0\.1:1 \(it answers 503\)\.$'):
            service.create(context, {}, pipe)
        assert glances.servers == [1]

    def test_a_pipe_that_nobody_has_read_from_yet_goes_to_the_next_server(self, service, context, fake, pipe):
        fake(UNAVAILABLE, lambda data: v1_image(name=data.read().decode()))
        assert service.create(context, {}, pipe)['name'] == 'data'

    @pytest.mark.parametrize(
        ('method', 'arguments', 'kind'),
        [
            ('create', ({},), exception.NotAuthorized),
            ('update', (IMAGE, {}), exception.ImageNotAuthorized),
            ('delete', (IMAGE,), exception.ImageNotAuthorized),
        ],
    )
    def test_what_glance_refuses(self, service, context, fake, method, arguments, kind):
        fake(FORBIDDEN)
        with pytest.raises(kind) as caught:
            getattr(service, method)(context, *arguments)
        assert type(caught.value) is kind

    def test_delete_says_true(self, service, context, fake):
        glances = fake(None)
        assert service.delete(context, IMAGE) is True
        assert glances.calls == [('delete', (IMAGE,), {})]


@pytest.fixture
def pipe():
    class Pipe(io.RawIOBase):
        """Text that can be read once."""

        file = io.BytesIO(b'data')

        def read(self, size=-1):
            return self.file.read(size)

    return Pipe()


class TestRemote:
    def test_an_id_is_asked_for_at_the_default_service(self, context, service):
        assert glance.get_remote_image_service(context, IMAGE, service) == (service, IMAGE)

    @pytest.mark.parametrize('url', ['http://127.0.0.1:2/v1/images/' + IMAGE, 'http://127.0.0.1:2/' + IMAGE + '?x=y'])
    def test_a_url_is_asked_for_at_its_own_host_and_no_other(self, context, service, fake, url):
        glances = fake(v1_image(), v1_image())
        remote, image_id = glance.get_remote_image_service(context, url, service)
        assert image_id == IMAGE
        for _ in range(2):
            assert remote.show(context, image_id)['id'] == IMAGE
        assert glances.made == [(context, '127.0.0.1', 2, False, 1)]

    def test_the_token_goes_to_no_host_that_the_ini_does_not_name(self, context, service):
        with pytest.raises(exception.InvalidImageRef, match=r'^evil\.example:80 is not one of the image services'):
            glance.get_remote_image_service(context, f'http://evil.example/v1/images/{IMAGE}', service)

    @pytest.mark.parametrize(
        'url', ['a/b', 'http:///x', '/', 'http://127.0.0.1:2/', 'http://127.0.0.1:x/y', 'http://[/x']
    )
    def test_a_url_that_is_none_names_no_image(self, context, service, url):
        with pytest.raises(exception.InvalidImageRef, match='names no image'):
            glance.get_remote_image_service(context, url, service)

    def test_the_default_service_asks_the_servers_of_the_ini(self, options, context, fake):
        glances = fake(v1_image())
        glance.get_default_image_service(options).show(context, IMAGE)
        assert glances.servers == [1]
