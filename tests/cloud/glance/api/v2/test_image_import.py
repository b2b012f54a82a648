"""PUT /v2/images/{image_id}/stage, POST .../import, and what is to be seen of it: .../tasks, /v2/tasks."""

import contextlib
import hashlib
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cloud.glance import api
from cloud.glance.api import parts
from cloud.glance.async_.flows import api_image_import
from cloud.glance.common.utils import WantedReader
from cloud.glance.context import RequestContext
from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB, DATA, FORMATS, path_of
from tests.waiting import join, wait_until

DIRECT = {'method': {'name': 'glance-direct'}}


class Elsewhere(BaseHTTPRequestHandler):
    """A web server with /x, and /slow, of which the second half comes when `free` is set."""

    free = threading.Event()

    def do_GET(self):
        self.send_response(404 if self.path == '/nothing' else 200)
        self.send_header('Content-Length', '8')
        self.end_headers()
        with contextlib.suppress(OSError):  # whoever asked may have hung up
            self.wfile.write(b'from')
            if self.path == '/slow':
                self.free.wait(30)
            self.wfile.write(b'afar')

    def log_message(self, *args):
        pass


@pytest.fixture(scope='module')
def elsewhere():
    with ThreadingHTTPServer(('127.0.0.1', 0), Elsewhere) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        yield f'http://127.0.0.1:{web.server_port}'
        Elsewhere.free.set()
        web.shutdown()
        join(thread)


@pytest.fixture
def slow(elsewhere):
    Elsewhere.free.clear()
    yield f'{elsewhere}/slow'
    Elsewhere.free.set()


@pytest.fixture(autouse=True)
def often(monkeypatch):
    """An import looks more often than every two seconds whether it is wanted."""
    monkeypatch.setattr(api_image_import, 'WantedReader', partial(WantedReader, pause=0.01))


def stage(client, image, data=b'staged', headers=ALICE, status=204):
    return client.put(f'{path_of(image)}/stage', data, headers={**headers, **DATA}, status=status)


def import_image(client, image, document=DIRECT, headers=ALICE, status=202):
    return client.post_json(f'{path_of(image)}/import', document, headers=headers, status=status)


def download_from(uri):
    return {'method': {'name': 'web-download', 'uri': uri}}


def tasks(client, image, headers=ALICE):
    return client.get(f'{path_of(image)}/tasks', headers=headers).json['tasks']


def ended(client, image):
    """The image and its newest task, once that has ended."""
    assert wait_until(lambda: tasks(client, image)[0]['status'] in ('success', 'failure'))
    return client.show(image), tasks(client, image)[0]


@pytest.fixture
def image(client):
    return client.create(name='cirros', **FORMATS)


@pytest.fixture
def staging(tmp_path):
    """The names of what is in the staging area."""
    return lambda: sorted(path.name for path in (tmp_path / 'staging').glob('*'))


def test_creating_an_image_says_how_data_may_be_imported(client):
    answer = client.post_json('/v2/images', {}, headers=ALICE)
    assert answer.headers['OpenStack-image-import-methods'] == 'glance-direct,web-download'


class TestStaging:
    def test_what_is_staged_is_no_data_yet(self, client, image, staging):
        assert stage(client, image).body == b''
        shown = client.show(image)
        assert (shown['status'], shown['size'], 'checksum' in shown) == ('uploading', 6, False)
        assert client.download(image, status=204).body == b''
        assert staging() == [image['id']]

    def test_an_image_is_staged_once_while_it_is_queued(self, client, image):
        stage(client, image)
        stage(client, image, status=409)
        client.upload(image, status=409)
        stage(client, client.active(), status=409)

    def test_only_bytes_are_staged_by_who_may_change_the_image(self, client, image):
        client.put(f'{path_of(image)}/stage', b'x', headers=ALICE, status=415)
        stage(client, image, headers=BOB, status=404)
        client.share(image, 'other')
        stage(client, image, headers=BOB, status=403)
        assert client.show(image)['status'] == 'queued'

    def test_what_is_too_large_is_not_staged(self, serve, staging):
        client = serve(image_size_cap='5')
        image = client.create(**FORMATS)
        stage(client, image, status=413)
        assert (client.show(image)['status'], staging()) == ('queued', [])

    def test_what_is_staged_counts_for_the_owners_quota(self, serve, staging):
        client = serve(user_storage_quota='10')
        stage(client, client.create(**FORMATS))
        image = client.create(**FORMATS)
        stage(client, image, status=413)
        client.upload(image, b'12345', status=413)
        client.upload(image, b'1234')

    def test_deleting_the_image_deletes_what_is_staged(self, client, image, staging):
        stage(client, image)
        client.delete(path_of(image), headers=ALICE)
        assert staging() == []


class TestGlanceDirect:
    def test_what_is_staged_becomes_the_data(self, client, image, staging):
        stage(client, image)
        assert import_image(client, image).body == b''
        shown, task = ended(client, image)
        assert (shown['status'], shown['size']) == ('active', 6)
        assert shown['checksum'] == hashlib.md5(b'staged').hexdigest()
        assert shown['os_hash_value'] == hashlib.sha512(b'staged').hexdigest()
        assert client.download(image).body == b'staged'
        assert staging() == []
        assert (task['status'], task['result'], task['message']) == ('success', {'image_id': image['id']}, '')

    def test_without_staged_data_it_is_409(self, client, image):
        import_image(client, image, status=409)
        import_image(client, client.active(), status=409)
        assert tasks(client, image) == []

    def test_without_formats_it_is_400_and_what_is_staged_waits(self, client, staging):
        image = client.create()
        stage(client, image)
        import_image(client, image, status=400)
        assert (client.show(image)['status'], staging()) == ('uploading', [image['id']])

    def test_a_failure_leaves_what_is_staged_for_another_try(self, client, image, staging, monkeypatch):
        stage(client, image)
        with monkeypatch.context() as patch:
            patch.setattr(api_image_import.Import, 'open', lambda self: 1 / 0)
            import_image(client, image)
            shown, task = ended(client, image)
        assert (shown['status'], shown['size'], staging()) == ('uploading', 6, [image['id']])
        assert (task['status'], task['message']) == ('failure', 'The service failed: its log says more.')
        import_image(client, image)
        assert ended(client, image)[0]['status'] == 'active'

    def test_the_store_may_be_named_if_it_is_the_one_that_takes_data(self, client, image):
        stage(client, image)
        for stores in (['http'], ['nowhere'], 'file', [1]):
            import_image(client, image, {**DIRECT, 'stores': stores}, status=400)
        import_image(client, image, {**DIRECT, 'stores': ['filesystem']})
        assert ended(client, image)[0]['status'] == 'active'


class TestWebDownload:
    def test_the_data_come_from_another_server(self, client, image, elsewhere):
        import_image(client, image, download_from(f'{elsewhere}/x'))
        shown, task = ended(client, image)
        assert (shown['status'], client.download(image).body) == ('active', b'fromafar')
        assert task['input']['import_req']['method']['name'] == 'web-download'

    def test_an_image_is_importing_meanwhile_and_takes_no_other_import(self, client, image, slow):
        import_image(client, image, download_from(slow))
        assert client.show(image)['status'] == 'importing'
        import_image(client, image, download_from(slow), status=409)
        client.upload(image, status=409)
        Elsewhere.free.set()
        assert ended(client, image)[0]['status'] == 'active'

    @pytest.mark.parametrize('server', ['elsewhere', None])
    def test_what_cannot_be_had_leaves_the_image_queued_and_its_task_says_why(self, client, image, elsewhere, server):
        import_image(client, image, download_from(f'{elsewhere if server else "http://127.0.0.1:1"}/nothing'))
        shown, task = ended(client, image)
        assert (shown['status'], 'size' in shown) == ('queued', False)
        assert task['status'] == 'failure'
        assert 'location' in task['message']

    @pytest.mark.parametrize('uri', ['file:///etc/passwd', 'filesystem:///x', 'ftp://127.0.0.1/x', 'x', '', 'http://'])
    def test_an_address_that_no_client_may_name_is_400(self, client, image, uri):
        import_image(client, image, download_from(uri), status=400)
        assert (client.show(image)['status'], tasks(client, image)) == ('queued', [])

    def test_more_than_an_image_may_have_is_not_kept(self, serve, elsewhere, tmp_path):
        client = serve(image_size_cap='5')
        image = client.create(**FORMATS)
        import_image(client, image, download_from(f'{elsewhere}/x'))
        shown, task = ended(client, image)
        assert (shown['status'], 'send at most 5' in task['message']) == ('queued', True)
        assert list((tmp_path / 'images').iterdir()) == []

    def test_deleting_the_image_ends_its_import(self, client, image, slow, tmp_path):
        import_image(client, image, download_from(slow))
        client.delete(path_of(image), headers=ALICE)
        Elsewhere.free.set()
        task = client.get('/v2/tasks', headers=ALICE).json['tasks'][0]
        assert wait_until(lambda: client.get(task['self'], headers=ALICE).json['status'] == 'failure')
        assert list((tmp_path / 'images').iterdir()) == []

    def test_it_needs_the_policy_that_copy_from_needs(self, serve, tmp_path, elsewhere):
        policy = tmp_path / 'policy.json'
        policy.write_text('{"default": "", "copy_from": "role:admin", "context_is_admin": "role:admin"}')
        client = serve(policy_file=str(policy))
        image = client.create(**FORMATS)
        import_image(client, image, download_from(f'{elsewhere}/x'), status=403)
        assert client.show(image)['status'] == 'queued'


def test_an_owner_has_half_of_the_places_and_one_more_import_is_503(client, slow):
    images = [client.create(**FORMATS) for _ in range(9)]
    for image in images[:8]:
        import_image(client, image, download_from(slow))
    import_image(client, images[8], download_from(slow), status=503)
    assert (client.show(images[8])['status'], tasks(client, images[8])) == ('queued', [])
    other = client.create(BOB, **FORMATS)
    import_image(client, other, download_from(slow), headers=BOB)
    Elsewhere.free.set()
    for image in images[:8]:
        assert ended(client, image)[0]['status'] == 'active'
    assert wait_until(lambda: client.show(other, BOB)['status'] == 'active')


@pytest.mark.parametrize(
    'document',
    [{}, [], {'method': 'glance-direct'}, {'method': {'name': 'copy-image'}}, {'method': {'name': None}},
     {'method': {'name': 'web-download'}}, {'method': {'name': 'web-download', 'uri': 5}},
     {'method': {'name': 'glance-direct', 'uri': 'http://127.0.0.1/x'}}],
)  # fmt: skip
def test_a_body_that_asks_for_nothing_that_there_is_is_400(client, image, document):
    assert 'method' in import_image(client, image, document, status=400).text


class TestRestart:
    """What a process that is killed leaves behind, as the next one finds it."""

    def restart(self, serve, monkeypatch, status, size):
        made = []
        monkeypatch.setattr(api, 'make_parts', lambda options: made.append(parts.make_parts(options)) or made[-1])
        client = serve()
        image = client.create(**FORMATS)
        stage(client, image)
        [service] = made
        with service.db_api.writing() as connection:
            connection.exec_driver_sql('UPDATE images SET status = ?, size = ?', (status, size))
        service.tasks.create(RequestContext(tenant='demo'), image['id'], {})
        service.recover()
        return client, image

    @pytest.mark.parametrize('status', ['uploading', 'importing'])
    def test_what_is_staged_completely_waits_for_its_import(self, serve, staging, monkeypatch, status):
        client, image = self.restart(serve, monkeypatch, status, 6)
        assert (client.show(image)['status'], staging()) == ('uploading', [image['id']])
        assert tasks(client, image)[0]['status'] == 'failure'
        import_image(client, image)
        assert wait_until(lambda: client.show(image)['status'] == 'active')

    @pytest.mark.parametrize('status', ['uploading', 'importing'])
    def test_what_came_half_way_is_gone_and_the_image_is_queued(self, serve, staging, monkeypatch, status):
        client, image = self.restart(serve, monkeypatch, status, None)
        assert (client.show(image)['status'], staging()) == ('queued', [])
        assert 'start it anew' in tasks(client, image)[0]['message']


class TestTasks:
    @pytest.fixture
    def image(self, client, image):
        stage(client, image)
        import_image(client, image)
        ended(client, image)
        return image

    def test_a_task_is_shown_with_its_input_and_result_and_listed_without(self, client, image):
        [task] = tasks(client, image)
        assert task == client.get(f'/v2/tasks/{task["id"]}', headers=ALICE).json
        assert (task['type'], task['owner'], task['image_id']) == ('api_image_import', 'demo', image['id'])
        page = client.get('/v2/tasks?limit=5', headers=ALICE).json
        assert page['first'] == '/v2/tasks?limit=5'
        assert page['tasks'] == [{name: task[name] for name in page['tasks'][0]}]
        assert 'input' not in page['tasks'][0]

    def test_others_see_nothing_and_an_admin_everything(self, client, image):
        [task] = tasks(client, image)
        assert client.get('/v2/tasks', headers=BOB).json['tasks'] == []
        client.get(task['self'], headers=BOB, status=404)
        client.get(f'{path_of(image)}/tasks', headers=BOB, status=404)
        assert len(client.get('/v2/tasks', headers=ADMIN).json['tasks']) == 1

    def test_a_list_is_filtered_sorted_and_paged(self, client, image):
        other = client.create(**FORMATS)
        import_image(client, other, download_from('http://127.0.0.1:1/x'))
        ended(client, other)
        found, path = [], '/v2/tasks?limit=1&sort_key=status&sort_dir=asc'
        while path:
            page = client.get(path, headers=ALICE).json
            found += [task['status'] for task in page['tasks']]
            path = page.get('next')
        assert found == ['failure', 'success']
        assert len(client.get('/v2/tasks?status=failure', headers=ALICE).json['tasks']) == 1
        for query in ('sort_key=message', 'sort_dir=up', 'limit=x', 'marker=x'):
            client.get(f'/v2/tasks?{query}', headers=ALICE, status=400)

    def test_nobody_makes_tasks(self, client):
        assert client.post_json('/v2/tasks', {}, headers=ALICE, status=405).headers['Allow'] == 'GET'
