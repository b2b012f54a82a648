"""One service, two versions of its API: they share what it has once."""

import concurrent.futures
import json
import threading
from pkgutil import resolve_name

import jsonschema
import pytest

from cloud.glance.api.parts import parts_behind
from cloud.glance.context import RequestContext
from server import load_app
from tests.cloud.glance.api.conftest import ADMIN, ALICE, FORMATS, write_ini
from tests.cloud.glance.api.v1.conftest import RAW


def test_both_versions_fill_one_storage_quota(make_client):
    client = make_client(user_storage_quota='10B')
    client.v2.active(b'123456')
    client.active(b'12', ADMIN)  # another owner's
    answer = client.add(b'12345', {**ALICE, **RAW}, status=413)
    assert '4 are left' in answer.json['overLimit']['message']
    client.active(b'1234')
    client.v2.upload(client.v2.create(**FORMATS), b'1', status=413)
    assert len(client.stored()) == 3


def test_an_upload_of_v1_that_ends_while_one_of_v2_is_under_way_leaves_it_no_room(make_client, monkeypatch):
    client = make_client(user_storage_quota='6B')
    add = client.tools.store_api.add_to_backend

    def add_while_v1_does(*args):
        monkeypatch.setattr(client.tools.store_api, 'add_to_backend', add)
        client.active(b'first')
        return add(*args)

    image = client.v2.create(**FORMATS)
    monkeypatch.setattr(client.tools.store_api, 'add_to_backend', add_while_v1_does)
    client.v2.upload(image, b'second', status=413)
    assert client.v2.show(image)['status'] == 'queued'
    assert len(client.stored()) == 1


@pytest.mark.parametrize('attempt', range(3))
def test_uploads_of_both_versions_in_threads_of_their_own_fill_no_more_than_the_quota(make_client, attempt):
    client = make_client(user_storage_quota='6B')
    newer, together = [client.v2.create(**FORMATS) for _ in range(3)], threading.Barrier(6)

    def upload(image):
        together.wait(10)
        if image:
            return client.v2.upload(image, b'1234', status='*').status_int
        return client.add(b'1234', {**ALICE, **RAW}, status='*').status_int

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(upload, [*newer, None, None, None]))
    assert sum(status < 300 for status in statuses) == 1
    assert set(statuses) <= {201, 204, 413}
    assert len(client.stored()) == 1


def test_what_happens_in_both_versions_is_told_in_one_list(client):
    old = client.active(b'old', name='old')
    client.v2.upload(client.v2.create(name='new', **FORMATS), b'new')
    client.remove(old)
    told = [(event['event_type'], event['payload']['name']) for event in client.tools.notifier.sent]
    assert told[0] == ('image.create', 'old')
    assert ('image.create', 'new') in told
    assert told[-1] == ('image.delete', 'old')


def test_each_part_is_made_once(make_client, monkeypatch):
    made = []
    for name in ('policy.Enforcer', 'store.create_stores', 'Database', 'Quotas', 'Notifier'):
        count_calls(monkeypatch, f'cloud.glance.api.parts.{name}', made)
    make_client()
    assert sorted(made) == ['Database', 'Enforcer', 'Notifier', 'Quotas', 'create_stores']


def count_calls(monkeypatch, path, made):
    module, _, name = path.rpartition('.')
    real = resolve_name(path)

    def counted(*args, **kwargs):
        made.append(name)
        return real(*args, **kwargs)

    monkeypatch.setattr(f'{module}.{name}', counted)


@pytest.mark.parametrize('verbose', [False, True])
def test_the_context_filter_asks_the_policy_of_the_application_behind_it(tmp_path, serve, verbose):
    """With -v, a filter stands in between: the one that logs."""
    app = load_app(write_ini(tmp_path), verbose=verbose)
    context_filter = find(app, 'enforcer')
    root = find(context_filter, 'parts')
    assert context_filter.enforcer is root.parts.policy
    assert parts_behind(context_filter) is root.parts


def find(app, name):
    """The first application from the outside in that has an attribute of this name."""
    while not hasattr(app, name):
        app = app.app if hasattr(app, 'app') else app.application
    return app


def test_an_application_without_parts_has_none():
    assert parts_behind(lambda environ, start_response: []) is None


def test_v1_alone_sets_right_what_a_killed_process_left_half_way(make_client):
    client = make_client()
    image = client.add(b'', {**ALICE, **RAW})
    root = RequestContext(is_admin=True)
    find(client.app, 'parts').parts.db_api.image_update(root, image['id'], {'status': 'saving'})
    assert client.meta(image)['status'] == 'saving'
    assert make_client(enable_v2_api='False').meta(image)['status'] == 'queued'


def test_two_services_in_one_process_share_nothing(tmp_path, make_client):
    client = make_client(user_storage_quota='5B')
    client.v2.active(b'12345')
    (tmp_path / 'other').mkdir()
    other = load_app(write_ini(tmp_path / 'other', user_storage_quota='5B'))
    apart = type(client.v2)(other, extra_environ={'REMOTE_ADDR': '127.0.0.1'})
    apart.active(b'12345')
    assert len([event for event in client.tools.notifier.sent if event['event_type'] == 'image.activate']) == 1


def test_what_breaks_the_published_schema_does_not_break_version_2s_documents(make_client, tmp_path):
    pattern = '^[0-9a-f]{8}-[0-9a-f-]{27}$'
    custom = {
        'kernel_id': {'type': ['null', 'string'], 'pattern': pattern},
        'os': {'type': 'string', 'enum': ['linux']},
    }
    (tmp_path / 'schema-image.json').write_text(json.dumps(custom))
    client = make_client()
    image = client.active(b'data', properties={'kernel_id': '', 'os': 'dos', 'other': ''})
    assert client.meta(image)['property-os'] == 'dos'
    schema = client.get('/v2/schemas/images', headers=ALICE).json
    shown, listed = client.v2.show(image), client.v2.list()
    jsonschema.validate(listed, schema)
    assert listed['images'] == [shown]
    assert 'kernel_id' not in shown
    assert 'os' not in shown
    assert shown['other'] == ''
    client.v2.patch_image(image, [{'op': 'add', 'path': '/name', 'value': 'new'}])
    assert client.meta(image)['property-os'] == 'dos'  # it is kept
    client.v2.patch_image(image, [{'op': 'replace', 'path': '/os', 'value': 'linux'}])
    assert client.v2.show(image)['os'] == client.meta(image)['property-os'] == 'linux'


def test_without_additional_properties_version_2_shows_none(make_client):
    client = make_client(allow_additional_image_properties='False')
    image = client.add(properties={'os': 'linux'})
    jsonschema.validate(client.v2.show(image), client.get('/v2/schemas/image', headers=ALICE).json)
    assert 'os' not in client.v2.show(image)
    assert client.meta(image)['property-os'] == 'linux'
