"""The registry, or a store, fails in the middle: no bytes without a record, no active record without bytes."""

import io
import threading

import pytest
from webob.request import DisconnectionError

from cloud.glance.common import exception
from cloud.glance.context import RequestContext
from tests.cloud.glance.api.conftest import ADMIN, ALICE
from tests.cloud.glance.api.v1.conftest import RAW, path_of, serving, within_seconds

AN_ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
UPLOAD = {**ALICE, **RAW}
CONTEXT = RequestContext(auth_token='alice-token')


def add(client, status=503, **meta):
    return client.add(b'data', UPLOAD, status=status, id=AN_ID, **meta)


class TestRegistryFails:
    def test_at_the_reservation_it_is_503_and_no_bytes_are_stored(self, client, registry):
        registry.fail('POST', 'refuse')
        assert 'The registry at 127.0.0.1:' in add(client).json['serviceUnavailable']['message']
        client.meta(AN_ID, status=404)
        assert client.stored() == []

    @pytest.mark.parametrize('how', ['refuse', 'lose'])
    def test_before_the_bytes_the_image_ends_killed(self, client, registry, how):
        registry.fail('PUT', how, body=b'"saving"')
        add(client)
        assert client.meta(AN_ID)['status'] == 'killed'
        assert client.stored() == []

    @pytest.mark.parametrize('status', [500, 503])
    def test_before_it_can_make_the_image_active_that_is_killed_and_the_bytes_go(self, client, registry, status):
        registry.fail('PUT', 'refuse', body=b'"active"', status=status)
        add(client)
        assert client.meta(AN_ID)['status'] == 'killed'
        assert client.stored() == []
        assert client.events[-1] == 'image.upload'
        assert client.tools.notifier.sent[-1]['priority'] == 'ERROR'

    def test_after_it_has_made_the_image_active_the_bytes_stay(self, client, registry):
        registry.fail('PUT', 'lose', body=b'"active"')
        add(client)
        assert client.data(AN_ID).body == b'data'

    @pytest.mark.parametrize('how', ['refuse', 'lose'])
    def test_for_a_while_it_is_asked_until_it_answers_and_the_bytes_wait(self, client, registry, how):
        registry.fail('PUT', 'refuse', body=b'"active"')
        registry.fail('PUT', how, body=b'"killed"', times=3)
        add(client)
        client.wait_for('killed', AN_ID)
        within_seconds(lambda: client.stored() == [])
        assert not registry.failures

    def test_for_a_while_after_it_has_made_the_image_active_the_bytes_stay(self, client, registry):
        registry.fail('PUT', 'lose', body=b'"active"')
        registry.fail('PUT', 'refuse', body=b'"killed"', times=3)
        registry.fail('GET', 'refuse')
        add(client)
        within_seconds(lambda: not registry.failures and client.tools.retries.thread is None)
        assert client.data(AN_ID).body == b'data'

    def test_and_the_image_is_deleted_meanwhile_the_bytes_go(self, client, registry):
        registry.fail('PUT', 'refuse', body=b'"active"')
        registry.fail('PUT', 'refuse', body=b'"killed"', times=1)
        client.tools.retries.add = lambda job: client.remove(AN_ID) and job()
        add(client)
        assert client.stored() == []

    def test_and_does_not_know_the_caller_any_more_the_bytes_are_left_to_the_next_start(self, client, registry, caplog):
        registry.fail('PUT', 'refuse', body=b'"active"')
        registry.fail('PUT', 'refuse', body=b'"killed"', status=401)
        add(client)
        assert f'image {AN_ID} cannot be killed' in caplog.text
        assert client.meta(AN_ID)['status'] == 'saving'

    def test_and_the_service_dies_the_next_start_sets_it_right(self, client, make_client, registry):
        registry.fail('PUT', 'refuse', body=b'"active"')
        registry.fail('PUT', 'refuse', body=b'"killed"', times=100)
        client.tools.retries.add = lambda job: None  # as if it were dead before it tries again
        add(client)
        assert client.meta(AN_ID)['status'] == 'saving'
        assert client.stored() == [AN_ID]
        restarted = make_client()
        assert restarted.meta(AN_ID)['status'] == 'queued'
        assert restarted.stored() == []

    def test_a_refusal_in_the_middle_removes_the_bytes(self, client, registry):
        registry.fail('PUT', 'refuse', body=b'"active"', status=403)
        add(client, status=403)
        assert client.meta(AN_ID)['status'] == 'killed'
        assert client.stored() == []


class TestRegistryAway:
    def test_every_request_is_503_and_names_the_registry_and_v2_works(self, client, registry):
        image = client.active(b'data')
        for method, path in (
            ('GET', '/v1/images'), ('GET', '/v1/images/detail'), ('HEAD', path_of(image)), ('GET', path_of(image)),
            ('PUT', path_of(image)), ('DELETE', path_of(image)), ('POST', '/v1/images'),
            ('GET', f'{path_of(image)}/members'), ('GET', '/v1/shared-images/demo'),
        ):  # fmt: skip
            registry.fail(method if method != 'HEAD' else 'GET', 'refuse', times=9, status=503)
            registry.fail('GET', 'refuse', times=9, status=503)
            answer = client.request(path, method=method, headers=ALICE, status=503)
            if method != 'HEAD':
                assert f'127.0.0.1:{registry.port}' in answer.json['serviceUnavailable']['message']
            registry.recover()
        assert client.v2.download(image['id']).body == b'data'

    def test_a_registry_that_takes_too_long_is_given_up_on(self, make_client, tmp_path):
        over = threading.Event()

        def slow(environ, start_response):
            over.wait(20)
            start_response('200 OK', [])
            return [b'{}']

        with serving(slow) as port:
            client = make_client(registry_port=str(port), registry_client_timeout='0.05')
            message = client.get('/v1/images', headers=ALICE, status=503).json['serviceUnavailable']['message']
            over.set()
        assert 'does not answer within 0.05 s' in message


class TestStoreFails:
    @pytest.mark.parametrize(
        ('error', 'status'),
        [
            (exception.StorageFull(), 413),
            (exception.StorageWriteDenied(), 503),
            (exception.StoreAddDisabled(), 410),
            (exception.Duplicate(), 409),
            (OSError('broken'), 500),
        ],
    )
    def test_the_image_ends_killed(self, client, monkeypatch, error, status):
        monkeypatch.setattr(client.tools.store_api.registered_stores['filesystem'], 'add', failing(error))
        add(client, status)
        assert client.meta(AN_ID)['status'] == 'killed'

    def test_bytes_that_cannot_be_removed_are_only_logged(self, client, monkeypatch, caplog):
        monkeypatch.setattr(client.tools.store_api, 'safe_delete_from_backend', failing(OSError('stuck')))
        add(client, 400, size=9)
        assert f'data of image {AN_ID} stays behind: stuck' in caplog.text


def failing(error):
    def fail(*args, **kwargs):
        raise error

    return fail


class Meanwhile(io.BytesIO):
    """A body, `data`, during which something happens."""

    def __init__(self, act):
        super().__init__()
        self.steps = [act, lambda: b'data']

    def read(self, size=-1):
        return self.steps.pop()() or b'' if self.steps else b''


class TestMeanwhile:
    def upload(self, client, image, act, status):
        client.chunked(Meanwhile(act), status, path_of(image), 'PUT')

    def test_the_image_is_deleted_the_answer_is_410_and_the_bytes_go(self, client):
        image = client.add()
        self.upload(client, image, lambda: client.remove(image).body, 410)
        assert client.stored() == []
        assert client.meta(image, ADMIN)['status'] == 'deleted'

    def test_the_status_changes_the_answer_is_409_and_the_bytes_go(self, client, registry):
        image = client.add()

        def requeue():
            client.tools.registry.client(CONTEXT).update_image(image['id'], {'status': 'queued'})

        self.upload(client, image, requeue, 409)
        assert client.stored() == []
        assert client.meta(image)['status'] == 'queued'

    def test_another_upload_begins_first_the_answer_is_409_and_the_other_one_goes_on(self, client, registry):
        image = client.add()
        registry.fail('PUT', 'refuse', body=b'"saving"', status=409)
        client.put_meta(image, b'data', UPLOAD, status=409)
        assert client.meta(image)['status'] == 'queued'
        assert client.stored() == []

    def test_the_client_leaves_the_image_ends_killed(self, client):
        image = client.add()

        def leave():
            raise DisconnectionError('gone')

        self.upload(client, image, leave, 400)
        assert client.meta(image)['status'] == 'killed'
        assert client.stored() == []


class TestDelete:
    def test_the_registry_fails_before_the_bytes_go_and_nothing_has_changed(self, client, registry):
        image = client.active(b'data')
        registry.fail('DELETE', 'refuse')
        client.tools.retries.add = lambda job: None  # as if it were dead before it tries again
        client.remove(image, status=503)
        assert client.data(image).body == b'data'

    def test_the_registry_fails_and_the_record_and_then_the_bytes_follow_later(self, client, registry):
        image = client.active(b'data')
        registry.fail('DELETE', 'refuse', times=3)
        client.remove(image, status=503)
        assert client.data(image).body == b'data'
        within_seconds(lambda: client.meta(image, ADMIN)['deleted'] == 'True')
        within_seconds(lambda: client.stored() == [])

    def test_a_deletion_that_was_cut_short_is_done_again(self, client, registry):
        image = client.active(b'data')
        registry.fail('DELETE', 'refuse')
        client.tools.retries.add = lambda job: None  # as if it were dead before it tries again
        client.remove(image, status=503)
        client.put_meta(image, status=200)
        client.remove(image)
        assert client.meta(image, ADMIN)['deleted'] == 'True'
