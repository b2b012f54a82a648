"""Two real services, and the real client of API v1: what an in-process client cannot send or see."""

import contextlib
import functools
import hashlib
import http.client
import io
import json
import signal
import socket

import glanceclient
import pytest
import requests
from glanceclient import exc
from keystoneauth1.session import Session
from keystoneauth1.token_endpoint import Token

from tests.cloud.glance.api import conftest as api
from tests.cloud.glance.api.v1.conftest import within_seconds
from tests.cloud.glance.registry import conftest as registry_conftest
from tests.servers import WarmServer, read_all

ALICE = 'alice-token'
AGENT = b'User-Agent: python-glanceclient'  # who writes %0A for a line's end
FORMATS = {'disk_format': 'raw', 'container_format': 'bare'}


class Cloud:
    """A glance-api and a glance-registry, each a process of its own."""

    def __init__(self, folder, **options):
        self.folder, self.count = folder, 0
        self.registry_ini = str(registry_conftest.write_ini(folder))
        self.registry = self.start(self.registry_ini)
        options = {'registry_client_timeout': '2', **options, 'registry_port': str(self.registry.port)}
        self.api = self.start(str(api.write_ini(folder, **options)))

    def start(self, *arguments):
        self.count += 1
        return WarmServer(arguments, self.folder / f'{self.count}.log')

    def bring_back_the_registry(self):
        self.registry.end()
        self.registry = self.start(self.registry_ini, '--port', str(self.registry.port))

    def client(self, token=ALICE):
        with pytest.deprecated_call():  # it would rather find the version in the URL
            return glanceclient.Client('1', self.api.url, token=token)

    def ask(self, method, path, body=None, **headers):
        """(status, headers by lower-cased name, body)"""
        connection = http.client.HTTPConnection('127.0.0.1', self.api.port, timeout=30)
        try:
            headers = {'X-Auth-Token': ALICE, **{name.replace('__', '-'): text for name, text in headers.items()}}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def is_active(self, image_id):
        return self.client().images.get(image_id).status == 'active'

    def stored(self):
        return [path.name for path in (self.folder / 'images').iterdir()]

    def end(self):
        self.registry.send_signal(signal.SIGCONT)
        for service in (self.api, self.registry):
            service.end()


@pytest.fixture(scope='module')
def shared_cloud(tmp_path_factory):
    cloud = Cloud(tmp_path_factory.mktemp('cloud'))
    yield cloud
    cloud.end()


@pytest.fixture
def cloud(tmp_path):
    cloud = Cloud(tmp_path)
    yield cloud
    cloud.end()


class TestClient:
    @pytest.fixture
    def images(self, shared_cloud):
        return shared_cloud.client().images

    def test_create_get_list_data_update_delete(self, images):
        image = images.create(name='My Image', data=io.BytesIO(b'data'), properties={'os_distro': 'debian'}, **FORMATS)
        assert (image.status, image.name, image.size) == ('active', 'My Image', 4)
        found = images.get(image.id)
        assert (found.name, found.size, found.is_public, found.protected) == ('My Image', 4, False, False)
        assert found.properties == {'os_distro': 'debian'}
        assert found.checksum == hashlib.md5(b'data').hexdigest()
        assert image.id in [each.id for each in images.list()]
        assert b''.join(images.data(image)) == b'data'
        changed = images.update(image, name='50% more', min_ram=512, properties={'new': 'a b'})
        assert (changed.name, changed.min_ram) == ('50% more', 512)
        assert changed.properties == {'os_distro': 'debian', 'new': 'a b'}
        assert images.update(image, purge_props=True).properties == {}
        images.delete(image)
        with pytest.raises(exc.HTTPNotFound):
            images.get(image.id)

    def test_reserve_first_and_upload_later(self, images):
        image = images.create(name='later', **FORMATS)
        assert (image.status, image.size) == ('queued', 0)
        assert images.update(image, data=io.BytesIO(b'data')).status == 'active'
        with pytest.raises(exc.HTTPConflict):
            images.update(image, data=io.BytesIO(b'again'))

    def test_a_stream_of_unknown_length_is_uploaded_in_chunks(self, images):
        class Stream:
            def __init__(self):
                self.parts = [b'x' * 100000, b'y' * 50000]

            def read(self, size=-1):
                return self.parts.pop(0) if self.parts else b''

        image = images.create(data=Stream(), **FORMATS)
        assert (image.status, image.size) == ('active', 150000)

    def test_names_of_any_script_travel_both_ways(self, images):
        name = 'sch\u00f6n \u540d\u524d'
        image = images.create(name=name, properties={'ort': name}, size=7)
        assert image.name == image.properties['ort'] == name
        assert [each.name for each in images.list(filters={'name': name})] == [name]
        # Out of a header, the client hands on what came in latin-1's disguise.
        assert images.get(image.id).name.encode('latin-1').decode() == name

    def test_a_location_and_a_copy(self, images, elsewhere):
        there = images.create(location=elsewhere.url + '?a=b&c', **FORMATS)
        assert (there.status, there.size) == ('active', 14)
        copied = images.create(copy_from=elsewhere.url, **FORMATS)
        within_seconds(lambda: images.get(copied.id).status == 'active')
        for image in (there, copied):
            assert b''.join(images.data(image)) == b'from elsewhere'

    def test_a_url_and_a_name_with_percent_signs_arrive_as_they_are(self, shared_cloud, elsewhere):
        url = f'{elsewhere.url}/a%20b%2Fc?d=50%25'
        formats = {f'x-image-meta-{name}': value for name, value in FORMATS.items()}
        percent = {**formats, 'x-image-meta-name': '50%25', 'x-image-meta-property-from': url}

        def by_http(**more):
            headers = {**{name.replace('-', '__'): text for name, text in percent.items()}, **more}
            return json.loads(shared_cloud.ask('POST', '/v1/images', **headers)[2])['image']['id']

        with requests.Session() as http:
            session = Session(session=http, auth=Token(shared_cloud.api.url, ALICE))
            by_session = glanceclient.Client('1', session=session).images
            fields = {'name': '50%25', 'properties': {'from': url}, **FORMATS}
            created = [
                client.create(**{source: url}, **fields).id
                for client in (shared_cloud.client().images, by_session)
                for source in ('copy_from', 'location')
            ]
        created += [by_http(x__glance__api__copy__from=url), by_http(x__image__meta__location=url)]
        for image_id in created:
            within_seconds(functools.partial(shared_cloud.is_active, image_id))
            image = shared_cloud.client().images.get(image_id)
            assert (image.name, image.properties['from']) == ('50%25', url)
        assert set(elsewhere.targets) == {'/image/a%20b%2Fc?d=50%25'}

    def test_more_images_than_fit_on_a_page_are_listed_with_filters_and_in_order(self, images):
        names = [f'paged-{number:02}' for number in range(5)]
        for name in names:
            images.create(name=name, properties={'kind': 'paged'})
        query = {'page_size': 2, 'sort_key': 'name', 'sort_dir': 'asc'}
        found = images.list(filters={'properties': {'kind': 'paged'}}, **query)
        assert [image.name for image in found] == names

    def test_members(self, shared_cloud):
        client = shared_cloud.client()
        image = client.images.create(name='shared', size=7)
        client.image_members.create(image, 'other', can_share=True)
        assert [(each.member_id, each.can_share) for each in client.image_members.list(image=image)] == [
            ('other', True)
        ]
        bob = shared_cloud.client('bob-token')
        assert bob.images.get(image.id).name == 'shared'
        assert [each.image_id for each in bob.image_members.list(member='other')] == [image.id]
        client.image_members.delete(image.id, 'other')
        with pytest.raises(exc.HTTPNotFound):
            bob.images.get(image.id)

    def test_one_image_seen_and_changed_through_both_versions(self, shared_cloud, images):
        v2 = glanceclient.Client(endpoint=f'{shared_cloud.api.url}/v2', token=ALICE).images
        old = images.create(name='old', data=io.BytesIO(b'old'), properties={'os': 'linux'}, **FORMATS)
        seen = v2.get(old.id)
        assert (seen.name, seen.os, seen.checksum) == ('old', 'linux', old.checksum)
        v2.update(old.id, name='renamed')
        assert images.get(old.id).name == 'renamed'
        new = v2.create(name='new', **FORMATS)
        v2.upload(new.id, io.BytesIO(b'new'))
        assert b''.join(images.data(new.id)) == b'new'
        images.update(new.id, name='v1 was here')
        assert v2.get(new.id).name == 'v1 was here'
        v2.delete(old.id)
        images.delete(new.id)
        for image_id in (old.id, new.id):
            with pytest.raises(exc.HTTPNotFound):
                images.get(image_id)


class TestHostile:
    """4xx, nothing changed, and nothing a 500."""

    def post(self, cloud, lines, body=b''):
        head = [
            b'POST /v1/images HTTP/1.1',
            b'Host: x',
            b'X-Auth-Token: alice-token',
            b'Connection: close',
            AGENT,
            *lines,
        ]
        head.append(b'Content-Length: %d' % len(body))
        with socket.create_connection(('127.0.0.1', cloud.api.port), timeout=10) as connection:
            with contextlib.suppress(ConnectionError):  # it may have heard enough
                connection.sendall(b'\r\n'.join(head) + b'\r\n\r\n' + body)
            return read_all(connection)

    @pytest.mark.parametrize(
        'lines',
        [
            [b'x-image-meta-name: a%0D%0AX-Evil:%20b'],
            [b'x-image-meta-name: a%0aX-Evil%3A%20b'],
            [b'x-image-meta-name: a\rb'],
            [b'x-image-meta-name: a\x00b'],
            [b'x-image-meta-name: \xff\xfe'],
            [b'x-image-meta-name: ' + b'x' * 256],
            [b'x-image-meta-na me: x'],
            [b'x-image-meta-n\xc3\xa4me: x'],
            [b'x-image-meta-property-' + b'x' * 256 + b': y'],
            [b'x-image-meta-property-: y'],
            [b'x-image-meta-property-a%0d%0ab: y'],
            [b'x-image-meta-property-k%d: v' % number for number in range(1000)],
            [b'x-image-meta-size: ' + b'9' * 5000],
            [b'x-image-meta-location: file:///etc/passwd'],
            [b'x-image-meta-location: filesystem:///etc/passwd'],
            [b'x-image-meta-location: http://h/%0d%0aDELETE'],
            [b'x-glance-api-copy-from: file:///etc/passwd'],
            [b'x-image-meta-location: http://127.0.0.1:1/', b'x-glance-api-copy-from: http://127.0.0.1:1/'],
            [b'x-image-meta-store: ../../etc'],
            [b'x-image-meta-id: ../../etc/passwd'],
            [b'x-image-meta-name: x'] * 70000,
        ],
    )
    def test_a_request_is_refused_and_changes_nothing(self, shared_cloud, lines):
        before = shared_cloud.ask('GET', '/v1/images')[2]
        formats = [b'x-image-meta-disk_format: raw', b'x-image-meta-container_format: bare']
        said = self.post(shared_cloud, formats + lines)
        assert b' 4' in said[8:10], said[:200]
        assert b'X-Evil' not in said.split(b'\r\n\r\n')[0]
        assert shared_cloud.ask('GET', '/v1/images')[2] == before

    def test_a_body_beside_another_source_is_refused(self, shared_cloud):
        before = shared_cloud.ask('GET', '/v1/images')[2]
        for header in (b'x-image-meta-location', b'x-glance-api-copy-from'):
            said = self.post(shared_cloud, [header + b': http://127.0.0.1:1/'], b'data')
            assert said.startswith(b'HTTP/1.1 400 ')
        assert shared_cloud.ask('GET', '/v1/images')[2] == before

    def test_properties_that_v2_names_oddly_come_out_as_headers(self, shared_cloud):
        document = {'os:Distr\u00f6 x': '\u540d', 'name': 'odd'}
        image = json.loads(shared_cloud.ask('POST', '/v2/images', json.dumps(document))[2])
        status, headers, _ = shared_cloud.ask('HEAD', f'/v1/images/{image["id"]}')
        assert status == 200
        assert headers['x-image-meta-property-os%3adistr%c3%b6%20x'].encode('latin-1').decode() == '\u540d'

    def test_odd_paths_are_4xx(self, shared_cloud):
        for path in ('/v1/images/..%2f..%2fetc', '/v1/images/%00', '/v1/images/%ff', '/v1/images/%0a', '/v1/x'):
            assert 400 <= shared_cloud.ask('GET', path)[0] < 500

    def test_nothing_was_a_500(self, shared_cloud):
        for service in (shared_cloud.api, shared_cloud.registry):
            assert 'Traceback' not in service.log()
            assert '" 500 ' not in service.log()


class TestRegistryGone:
    def test_killed_in_the_middle_of_an_upload_and_brought_back_the_image_ends_killed(self, cloud, elsewhere):
        images = cloud.client().images
        elsewhere.gate.clear()
        image = images.create(name='unlucky', copy_from=elsewhere.url, **FORMATS)
        within_seconds(lambda: images.get(image.id).status == 'saving')
        cloud.registry.send_signal(signal.SIGKILL)
        cloud.registry.wait()
        elsewhere.gate.set()
        within_seconds(lambda: 'tries again' in cloud.api.log())
        assert cloud.ask('GET', f'/v2/images/{image.id}')[0] == 200
        status, _, body = cloud.ask('GET', '/v1/images')
        assert status == 503
        assert f'The registry at 127.0.0.1:{cloud.registry.port} cannot be reached: start it'.encode() in body
        cloud.bring_back_the_registry()
        within_seconds(lambda: images.get(image.id).status == 'killed')
        within_seconds(lambda: cloud.stored() == [])
        assert images.create(name='lucky', data=io.BytesIO(b'data'), **FORMATS).status == 'active'

    def test_stopped_it_is_given_up_on_within_the_time_limit_and_nothing_is_left(self, cloud):
        cloud.registry.send_signal(signal.SIGSTOP)
        formats = {f'x-image-meta-{name}': value for name, value in FORMATS.items()}
        headers = {**formats, 'Content__Type': 'application/octet-stream'}
        status, _, body = cloud.ask('POST', '/v1/images', b'data', **headers)
        assert status == 503
        assert b'does not answer within 2 s' in body
        cloud.registry.send_signal(signal.SIGCONT)
        assert cloud.stored() == []
        assert all(image.status == 'queued' for image in cloud.client().images.list())

    def test_the_api_killed_in_the_middle_of_a_copy_sets_it_right_at_the_next_start(self, cloud, elsewhere):
        images = cloud.client().images
        elsewhere.gate.clear()
        image = images.create(copy_from=elsewhere.url, **FORMATS)
        within_seconds(lambda: images.get(image.id).status == 'saving')
        cloud.api.send_signal(signal.SIGKILL)
        cloud.api.end()
        cloud.api = cloud.start(str(cloud.folder / 'glance-api.ini'))
        images = cloud.client().images
        assert images.get(image.id).status == 'queued'
        assert cloud.stored() == []
        assert images.update(image.id, data=io.BytesIO(b'data')).status == 'active'
