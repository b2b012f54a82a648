import contextlib

import pytest

from cloud.nova import exception
from cloud.nova.api.openstack.compute.instances import Controller
from cloud.oslo.db.sqlalchemy.session import DBError
from tests.cloud.nova.fakes import ADMIN, ALICE, BUILD, IMAGE, OTHER, status, wait_until_idle

FORM = 'application/x-www-form-urlencoded'


def shown(client, instance):
    return client.get('/instances/' + instance['id']).json['instance']


def refusal(response):
    (fault,) = response.json.values()
    assert fault['code'] == response.status_int
    return fault['message']


def test_an_instance_without_an_image_is_201_and_active(client):
    response = client.post_json('/instances', {'name': 'web'}, status=201)
    instance = response.json['instance']
    assert instance.keys() == {'id', 'name', 'status', 'image', 'flavor', 'created'}
    assert (instance['status'], instance['image'], instance['flavor']) == ('ACTIVE', None, 'small')
    assert shown(client, instance) == instance


def test_an_instance_with_an_image_is_202_and_being_built_then_active(client, cloud):
    cloud.driver.go.clear()
    response = client.post_json('/instances', {'name': 'web', 'image': IMAGE, 'flavor': 'large'}, status=202)
    instance = response.json['instance']
    assert response.location == 'http://localhost/instances/' + instance['id']
    assert (instance['status'], instance['image'], instance['flavor']) == ('BUILD', IMAGE, 'large')
    assert shown(client, instance) == instance
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert shown(client, instance) == {**instance, 'status': 'ACTIVE'}


def test_an_error_is_shown_with_its_fault(client, cloud):
    cloud.driver.error = exception.NoImageHandlerAvailable(image_id=IMAGE)
    instance = client.post_json('/instances', {'name': 'web', 'image': IMAGE}, status=202).json['instance']
    wait_until_idle(cloud.manager)
    found = shown(client, instance)
    assert (found['status'], found['fault']['code']) == ('ERROR', 500)
    assert 'No image handler' in found['fault']['message']
    assert client.get('/instances').json['instances'][-1] == found


def test_the_moment_of_creation_is_in_utc(client):
    created = client.get('/instances').json['instances'][0]['created']
    assert len(created) == len('2014-03-05T12:00:00Z')
    assert created.endswith('Z')


@pytest.mark.parametrize('href', [
    IMAGE,
    f'http://127.0.0.1:1/v1/images/{IMAGE}',
    f'https://nowhere.invalid/{IMAGE}',
    f'/images/{IMAGE}',
    f'images/{IMAGE}',
])  # fmt: skip
def test_only_the_last_segment_of_an_image_counts(client, cloud, href):
    instance = client.post_json('/instances', {'name': 'web', 'image': href}, status=202).json['instance']
    assert instance['image'] == IMAGE
    assert cloud.image_service.asked[0] == IMAGE


def test_a_form_may_name_an_image_and_a_flavor(client):
    sent = {'name': 'web', 'image': IMAGE, 'flavor': 'large'}
    instance = client.post('/instances', sent, status=202).json['instance']
    assert (instance['image'], instance['flavor']) == (IMAGE, 'large')


def test_an_image_inside_of_instance_counts_as_the_name_does(client):
    sent = {'instance': {'name': 'web', 'image': IMAGE}}
    assert client.post_json('/instances', sent, status=202).json['instance']['image'] == IMAGE


BAD_IMAGES = {
    'null': None,
    'empty': '',
    'blank': ' ',
    'a number': 1,
    'a truth': True,
    'a list': [IMAGE],
    'an object': {'id': IMAGE},
    'a word': 'cirros',
    'a URL without an id': 'http://127.0.0.1:9292/v1/images/',
    'a URL that ends in a slash': f'http://127.0.0.1:9292/v1/images/{IMAGE}/',
    'a URL with a query': f'http://127.0.0.1:9292/v1/images/{IMAGE}?x',
    'an id and a line feed': IMAGE + '\n',
    'an id and a space': IMAGE + ' ',
    'capitals': 'ABCDEF00-0000-4000-8000-000000000000',
    'no dashes': IMAGE.replace('-', ''),
    'braces': f'{{{IMAGE}}}',
    'a URN': f'urn:uuid:{IMAGE}',
    'digits of another script': IMAGE.replace('1', '١'),
    'half a character': '\ud800',
    'a NUL': IMAGE + '\x00',
    'a way out': f'{IMAGE}/../../{IMAGE}x',
    'a long one': IMAGE * 200,
    "EC2's": 'ami-00000001',
    'one that there is not': OTHER,
}


@pytest.mark.parametrize('case', BAD_IMAGES)
def test_a_bad_image_is_400_and_nothing_is_created(client, cloud, case):
    before = client.get('/instances').json
    response = client.post_json('/instances', {'name': 'web', 'image': BAD_IMAGES[case]}, status=400)
    assert refusal(response)
    assert client.get('/instances').json == before
    assert cloud.image_service.asked in ([], [OTHER])


@pytest.mark.parametrize('body', ['name=web&image=', 'name=web&image', 'name=web&image=x', 'name=web&image=%00'])
def test_a_bad_image_in_a_form_is_400(client, body):
    client.post('/instances', body, content_type=FORM, status=400)
    assert len(client.get('/instances').json['instances']) == 3


def test_a_file_as_the_image_is_400(client):
    client.post('/instances', {'name': 'web'}, upload_files=[('image', 'disk', b'data')], status=400)


@pytest.mark.parametrize('flavor', [None, '', 1, ['small'], {'name': 'small'}, 'huge', 'SMALL', '\ud800', 'x' * 1000])
@pytest.mark.parametrize('image', [{}, {'image': IMAGE}])
def test_a_bad_flavor_is_400_and_nothing_is_created(client, cloud, flavor, image):
    response = client.post_json('/instances', {'name': 'web', 'flavor': flavor, **image}, status=400)
    assert 'flavor' in refusal(response)
    assert len(client.get('/instances').json['instances']) == 3
    assert cloud.image_service.asked == []


@pytest.mark.parametrize(('attributes', 'word'), [
    ({'status': 'queued'}, 'not active'),
    ({'min_ram': 513}, 'memory of 512 MiB'),
    ({'min_disk': 2}, 'disk of 1 GiB'),
    ({'properties': {'kernel_id': OTHER}}, OTHER),
    ({'properties': {'ramdisk_id': OTHER}}, OTHER),
    ({'size': 1024**3 + 1}, 'disk of 1 GiB'),
])  # fmt: skip
def test_an_image_that_does_not_fit_is_400_and_the_message_says_why(client, cloud, attributes, word):
    cloud.image_service.add(IMAGE, **attributes)
    assert word in refusal(client.post_json('/instances', {'name': 'web', 'image': IMAGE}, status=400))
    assert len(client.get('/instances').json['instances']) == 3


def test_an_image_service_out_of_reach_is_503_that_names_the_servers_tried(client, cloud):
    failed = exception.GlanceConnectionFailed(servers='127.0.0.1:1 (no connection)')
    cloud.image_service.images[IMAGE] = failed
    response = client.post_json('/instances', {'name': 'web', 'image': IMAGE}, status=503)
    assert '127.0.0.1:1' in response.json['serviceUnavailable']['message']
    assert len(client.get('/instances').json['instances']) == 3


def test_an_image_service_that_turns_the_caller_down_is_403(client, cloud):
    cloud.image_service.images[IMAGE] = exception.ImageNotAuthorized(image_id=IMAGE)
    response = client.post_json('/instances', {'name': 'web', 'image': IMAGE}, status=403)
    assert IMAGE in response.json['forbidden']['message']


@pytest.mark.parametrize('error', [RuntimeError('secret'), exception.NovaException('secret')])
def test_what_nobody_expected_is_a_500_that_tells_nothing(client, cloud, error, caplog):
    cloud.image_service.images[IMAGE] = error
    response = client.post_json('/instances', {'name': 'web', 'image': IMAGE}, status=500)
    assert 'secret' not in response.text
    assert 'secret' in caplog.text


def test_a_bad_name_is_found_before_a_bad_image(client):
    response = client.post_json('/instances', {'name': '', 'image': None}, status=400)
    assert "'name'" in refusal(response)


def test_a_rename_changes_nothing_but_the_name(client, cloud):
    instance = client.post_json('/instances', {'name': 'web', 'image': IMAGE}).json['instance']
    wait_until_idle(cloud.manager)
    sent = {'name': 'db', 'image': OTHER, 'flavor': 'large', 'status': 'ERROR'}
    answer = client.put_json('/instances/' + instance['id'], sent).json['instance']
    assert answer == {**instance, 'name': 'db', 'status': 'ACTIVE'} == shown(client, instance)


def test_deleting_what_is_being_built_is_204_and_leaves_nothing(client, cloud):
    cloud.driver.go.clear()
    instance = client.post_json('/instances', {'name': 'web', 'image': IMAGE}).json['instance']
    assert cloud.driver.begun.acquire(timeout=30)
    client.delete('/instances/' + instance['id'], status=204)
    client.get('/instances/' + instance['id'], status=404)
    cloud.driver.go.set()
    wait_until_idle(cloud.manager)
    assert cloud.driver.existing == set()


def test_the_three_of_the_ground_floor_are_there_in_a_new_database_only(client, cloud):
    instances = client.get('/instances').json['instances']
    assert [instance['name'] for instance in instances] == ['inst-0', 'inst-1', 'inst-2']
    for instance in instances:
        client.delete('/instances/' + instance['id'], extra_environ={'nova.context': ADMIN})
    Controller(cloud.compute_api)
    assert client.get('/instances').json == {'instances': []}


def test_a_page_has_no_more_than_its_limit(cloud):
    assert Controller(cloud.compute_api, max_limit=2).max_limit == 2


def test_the_caller_is_written_down(client, cloud):
    instance = client.post_json('/instances', {'name': 'web'}).json['instance']
    row = cloud.db_api.instance_get_by_uuid(instance['id'])
    assert (row['user_id'], row['project_id']) == (ALICE.user_id, ALICE.project_id)
    assert status(row) != BUILD


# -- a database that cannot do it now


def failing_session(cloud, monkeypatch):
    @contextlib.contextmanager
    def fail():
        raise DBError('The database cannot be used now (database or disk is full): try again later.')
        yield

    monkeypatch.setattr(cloud.db_api, 'reading', fail)
    monkeypatch.setattr(cloud.db_api, 'writing', fail)


def test_a_database_that_fails_is_503_with_its_message_whatever_is_asked(client, cloud, monkeypatch, caplog):
    path = '/instances/' + client.get('/instances').json['instances'][0]['id']
    failing_session(cloud, monkeypatch)
    for response in (
        client.get('/instances', status=503),
        client.get('/instances?limit=1&marker=x', status=503),
        client.post_json('/instances', {'name': 'web'}, status=503),
        client.post_json('/instances', {'name': 'web', 'image': IMAGE}, status=503),
        client.get(path, status=503),
        client.put_json(path, {'name': 'web'}, status=503),
        client.delete(path, status=503),
    ):
        assert 'database or disk is full' in response.json['serviceUnavailable']['message']
    assert 'Traceback' not in caplog.text
