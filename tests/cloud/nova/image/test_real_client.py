"""The real glanceclient against real servers: what goes over the wire, and what becomes of what comes back."""

import hashlib
import io
import json
import socket

import pytest

from cloud.nova import exception
from cloud.nova.image import glance
from cloud.nova.image.streams import BrokenDownload
from tests.cloud.nova.glances import IMAGE, TIME

PATH = f'/v1/images/{IMAGE}'
DATA = b'0123456789' * 1000
HEADERS = {
    'X-Image-Meta-Id': IMAGE,
    'X-Image-Meta-Status': 'active',
    'X-Image-Meta-Name': 'Füße'.encode().decode('latin-1'),
    'X-Image-Meta-Is_public': 'True',
    'X-Image-Meta-Deleted': 'False',
    'X-Image-Meta-Size': '10000',
    'X-Image-Meta-Min_ram': '64',
    'X-Image-Meta-Min_disk': '0',
    'X-Image-Meta-Created_at': TIME,
    'X-Image-Meta-Property-Os_type': 'linux',
}
UNAVAILABLE = (503, {}, b'')
WHOLE = (200, {'X-Image-Meta-Checksum': hashlib.md5(DATA).hexdigest()}, DATA)
WRONG = (200, {'X-Image-Meta-Checksum': '0' * 32}, DATA)


def broken(handler):
    """Promises all of it, and hangs up in the middle."""
    handler.write(200, WHOLE[1], DATA[:5000], len(DATA))


@pytest.fixture
def service(options, glances):
    return glance.GlanceImageService(options)


class TestShow:
    def test_metadata_travel_in_headers_of_an_answer_to_head(self, service, glances, context):
        glances[0].says('HEAD', PATH, (200, HEADERS, b''))
        shown = service.show(context, IMAGE)
        assert (shown['name'], shown['is_public'], shown['deleted'], shown['deleted_at']) == ('Füße', True, False, None)
        assert (shown['size'], shown['min_ram'], shown['min_disk']) == (10000, 64, 0)
        assert (shown['created_at'].year, shown['properties']) == (2014, {'os_type': 'linux'})
        ((_, _, headers, _),) = glances[0].requests
        assert headers['X-Auth-Token'] == 'alice-token'

    def test_no_proxy_stands_between_the_services(self, service, glances, context, monkeypatch):
        for name in ('http_proxy', 'all_proxy', 'HTTP_PROXY'):
            monkeypatch.setenv(name, 'http://127.0.0.1:1')
        glances[0].says('HEAD', PATH, (200, HEADERS, b''))
        assert service.show(context, IMAGE)['name'] == 'Füße'

    def test_one_request_is_all_it_takes_though_some_attributes_are_not_there(self, service, glances, context):
        glances[0].says('HEAD', PATH, (200, {'X-Image-Meta-Id': IMAGE}, b''))
        assert service.show(context, IMAGE)['checksum'] is None
        assert len(glances[0].requests) == 1

    @pytest.mark.parametrize(
        ('status', 'kind'),
        [(400, exception.Invalid), (401, exception.ImageNotAuthorized), (403, exception.ImageNotAuthorized),
         (404, exception.ImageNotFound)],
    )  # fmt: skip
    def test_each_refusal_has_its_error(self, service, glances, context, status, kind):
        glances[0].says('HEAD', PATH, (status, {}, b''))
        with pytest.raises(kind):
            service.show(context, IMAGE)

    def test_503_and_a_server_that_is_gone_lead_to_the_next_one(self, service, glances, context, options):
        glances[0].says('HEAD', PATH, UNAVAILABLE)
        glances[1].says('HEAD', PATH, (200, HEADERS, b''))
        assert service.show(context, IMAGE)['id'] == IMAGE
        with socket.create_server(('127.0.0.1', 0)) as gone:
            options.glance_api_servers[0] = f'127.0.0.1:{gone.getsockname()[1]}'
        assert glance.GlanceImageService(options).show(context, IMAGE)['id'] == IMAGE

    def test_a_server_that_accepts_and_never_answers_is_given_up_on(self, glances, context, options):
        with socket.create_server(('127.0.0.1', 0)) as silent:
            options.glance_api_servers = [f'127.0.0.1:{silent.getsockname()[1]}']
            options.glance_client_timeout = 0.05
            with pytest.raises(exception.GlanceConnectionFailed, match=r'\(no answer in time, or no such host\)\.$'):
                glance.GlanceImageService(options).show(context, IMAGE)


class TestDetail:
    def test_pages_are_asked_for_until_there_are_no_more(self, service, glances, context):
        def page(*names):
            images = [{'id': name, 'name': name, 'properties': {}} for name in names]
            return 200, {'Content-Type': 'application/json'}, json.dumps({'images': images}).encode()

        query = '/v1/images/detail?limit=2&sort_key=name&is_public=none'
        for server in glances:
            server.says('GET', query, page('a', 'b'))
            server.says('GET', f'{query}&marker=b', page('c'))
        images = service.detail(context, page_size=2, sort_key='name')
        assert [image['name'] for image in images] == ['a', 'b', 'c']


class TestLocations:
    def test_they_come_from_v2(self, service, glances, context):
        document = {'id': IMAGE, 'visibility': 'private', 'locations': [{'url': 'file:///a', 'metadata': {}}]}
        schema = {'name': 'image', 'properties': {'id': {'type': 'string'}}, 'additionalProperties': True}
        for path, content in ((f'/v2/images/{IMAGE}', document), ('/v2/schemas/image', schema)):
            glances[0].says('GET', path, (200, {'Content-Type': 'application/json'}, json.dumps(content).encode()))
        assert service.get_locations(context, IMAGE) == document['locations']


class TestDownload:
    def test_a_file_of_that_name_has_the_bytes(self, service, glances, context, tmp_path):
        glances[0].has_data(IMAGE, WHOLE)
        path = tmp_path / 'disk'
        assert service.download(context, IMAGE, dst_path=str(path)) is None
        assert path.read_bytes() == DATA

    def test_a_file_that_is_open_gets_the_bytes_where_it_stands_and_stays_open(self, service, glances, context):
        glances[0].has_data(IMAGE, WHOLE)
        file = io.BytesIO(b'header|')
        file.seek(7)
        assert service.download(context, IMAGE, file) is None
        assert file.getvalue() == b'header|' + DATA

    def test_without_a_file_the_answer_is_an_iterator_of_the_bytes(self, service, glances, context):
        glances[0].has_data(IMAGE, WHOLE)
        assert b''.join(service.download(context, IMAGE)) == DATA

    def test_an_iterator_that_breaks_off_says_so(self, service, glances, context):
        glances[0].has_data(IMAGE, broken)
        with pytest.raises(BrokenDownload):
            list(service.download(context, IMAGE))

    @pytest.mark.parametrize('first', [UNAVAILABLE, broken, WRONG])
    @pytest.mark.parametrize('into', ['path', 'file'])
    def test_what_breaks_off_or_comes_damaged_is_begun_anew_at_the_next_server(
        self, service, glances, context, tmp_path, first, into
    ):
        glances[0].has_data(IMAGE, first)
        glances[1].has_data(IMAGE, WHOLE)
        path = tmp_path / 'disk'
        if into == 'path':
            service.download(context, IMAGE, dst_path=str(path))
        else:
            with path.open('wb') as file:
                service.download(context, IMAGE, file)
        assert path.read_bytes() == DATA

    @pytest.mark.parametrize('answer', [broken, WRONG])
    def test_when_all_attempts_break_off_the_servers_are_named(self, service, glances, context, tmp_path, answer):
        for server in glances:
            server.has_data(IMAGE, answer)
        with pytest.raises(exception.GlanceConnectionFailed, match='its data broke off or came damaged') as caught:
            service.download(context, IMAGE, dst_path=str(tmp_path / 'disk'))
        assert all(server.address in str(caught.value) for server in glances)

    def test_a_server_that_falls_silent_in_the_middle_is_given_up_on(self, service, glances, context, options):
        def silent(handler):
            broken(handler)
            handler.wfile.flush()
            handler.connection.settimeout(30)
            handler.rfile.read(1)  # until the other side hangs up

        options.glance_client_timeout = 0.2
        glances[0].has_data(IMAGE, silent)
        glances[1].has_data(IMAGE, WHOLE)
        file = io.BytesIO()
        service.download(context, IMAGE, file)
        assert file.getvalue() == DATA

    def test_an_error_of_the_disk_is_no_reason_to_ask_again(self, service, glances, context):
        class Full(io.BytesIO):
            def write(self, data):
                raise OSError(28, 'No space left on device')

        glances[0].has_data(IMAGE, WHOLE)
        with pytest.raises(OSError, match='No space left'):
            service.download(context, IMAGE, Full())
        assert glances[1].requests == []

    def test_an_image_that_is_not_there(self, service, glances, context, tmp_path):
        with pytest.raises(exception.ImageNotFound, match=IMAGE):
            service.download(context, IMAGE, dst_path=str(tmp_path / 'disk'))
        assert not (tmp_path / 'disk').exists()


class TestUpload:
    def test_each_attempt_sends_all_of_the_file(self, service, glances, context):
        image = json.dumps({'image': {'id': IMAGE, 'name': 'x', 'properties': {}}}).encode()
        glances[0].says('POST', '/v1/images', UNAVAILABLE)
        glances[1].says('POST', '/v1/images', (201, {'Content-Type': 'application/json'}, image))
        sent = {'name': 'x', 'disk_format': 'raw', 'container_format': 'bare', 'owner': None}
        assert service.create(context, sent, io.BytesIO(DATA))['id'] == IMAGE
        for server in glances:
            ((_, _, headers, body),) = server.requests
            assert body == DATA
            assert (headers['X-Image-Meta-Name'], headers['X-Image-Meta-Owner']) == ('x', None)

    def test_update_says_whether_the_properties_are_all_there_are(self, service, glances, context):
        image = json.dumps({'image': {'id': IMAGE, 'properties': {}}}).encode()
        glances[0].says('PUT', PATH, (200, {'Content-Type': 'application/json'}, image))
        service.update(context, IMAGE, {'properties': {'a': 'b'}})
        ((_, _, headers, _),) = glances[0].requests
        assert (headers['X-Glance-Registry-Purge-Props'], headers['X-Image-Meta-Property-A']) == ('true', 'b')

    def test_delete(self, service, glances, context):
        glances[0].says('DELETE', PATH, (200, {}, b''))
        assert service.delete(context, IMAGE) is True
