"""Once more: as curl, sent again, compared, and in a scratch copy with another pipeline."""

import shlex

from tests.xray.conftest import landmarks
from tests.xray.test_explain import ask
from tests.xray.test_filter import STUDENTS


def test_as_curl_the_token_is_a_variable(ground):
    answer = ground.post_json('/instances', {'name': "it's"})
    curl = ground.get(f'/xray/requests/{ground.recorded(answer)["id"]}/curl').json['curl']
    assert '-H "X-Auth-Token: $TOKEN"' in curl
    assert 'open-sesame' not in curl
    words = shlex.split(curl)
    assert words[:4] == ['curl', '-i', '-X', 'POST']
    assert words[-1] == 'http://127.0.0.1/instances'


def test_the_recorder_still_has_the_token_when_it_sends_again(cloud):
    _, _, headers = ask(cloud, 'glance-api', 'GET', '/v2/images')
    sent = {'id': headers['X-Openstack-Request-Id']}
    status, again, _ = ask(cloud, 'glance-api', 'POST', '/xray/replay', sent)
    assert (status, again['status']) == (200, 200)
    assert again['id'] != sent['id']
    assert ask(cloud, 'nova-api', 'POST', '/xray/replay', sent)[1]['status'] == 200  # it asks the one that recorded it
    changed = {**sent, 'token': 'nobody-token'}
    assert ask(cloud, 'glance-api', 'POST', '/xray/replay', changed)[1]['status'] == 401
    changed = {
        **sent,
        'path': '/v2/nothing',
        'method': 'PUT',
        'body': '{}',
        'headers': {'Content-Type': 'application/json'},
    }
    assert ask(cloud, 'glance-api', 'POST', '/xray/replay', changed)[1]['status'] == 404


def test_a_query_is_sent_whole_though_it_was_masked(cloud):
    _, _, headers = ask(cloud, 'glance-api', 'GET', '/v2/images?limit=1&token=abcdefgh')
    sent = {'id': headers['X-Openstack-Request-Id']}
    shown = ask(cloud, 'glance-api', 'GET', f'/xray/requests/{sent["id"]}')[1]
    assert shown['query'] == 'limit=1&token=***'
    plain = ask(cloud, 'glance-api', 'POST', '/xray/replay', sent)[1]
    as_shown = ask(cloud, 'glance-api', 'POST', '/xray/replay', {**sent, 'path': f'/v2/images?{shown["query"]}'})[1]
    assert (plain['status'], as_shown['status']) == (200, 200)
    changed = {**sent, 'path': '/v2/images?limit=2&token=***'}
    status, answer, _ = ask(cloud, 'glance-api', 'POST', '/xray/replay', changed)
    assert (status, 'write the secret there' in answer['error']['message']) == (409, True)
    assert ask(cloud, 'glance-api', 'POST', '/xray/replay', {**sent, 'path': '/v2/images?limit=2'})[1]['status'] == 200


def test_what_cannot_be_sent_is_said(cloud):
    sent = {'id': ask(cloud, 'glance-api', 'GET', '/v2/images')[2]['X-Openstack-Request-Id']}
    for change in (
        {'method': 'TRACE'},
        {'path': 'v2'},
        {'path': '/x\r\nHost: y'},
        {'path': '/xray/replay'},
        {'headers': {'A': 'x\r\ny'}},
        {'body': 3},
        {'body': '\ud800'},
        {'headers': {'X-\u00e9': 'x'}},
        {'headers': {'A b': 'x'}},
        {'headers': {'A:': 'x'}},
        {'headers': {'': 'x'}},
        {'headers': {'A': '\ud800'}},
        {'path': '/\ud800'},
    ):
        assert ask(cloud, 'glance-api', 'POST', '/xray/replay', {**sent, **change})[0] == 400, change
    assert ask(cloud, 'glance-api', 'POST', '/xray/replay', {'id': 'req-nobody'})[0] == 404


def test_two_that_took_another_way_part_at_the_first_step_that_differs(ground):
    right = ground.recorded(ground.get('/instances'))
    wrong = ground.recorded(ground.get('/instances', headers={'X-Auth-Token': 'wrong-token'}, status=403))
    found = ground.get(f'/xray/diff?left={right["id"]}&right={wrong["id"]}').json
    first = found['first_difference']
    assert (right['steps'][first['left']]['label'], wrong['steps'][first['right']]['label']) == (
        'filter auth',
        'filter auth',
    )
    same = ground.recorded(ground.get('/instances'))
    assert ground.get(f'/xray/diff?left={right["id"]}&right={same["id"]}').json['first_difference'] is None


def play(client, document, pipeline, layers=None, **more):
    wish = {'service': document['service'], 'pipeline': pipeline, 'layers': layers, 'replay': document['id'], **more}
    return client.post_json('/xray/playground', wish).json


def test_what_if_auth_was_not_there(ground):
    refused = ground.recorded(ground.get('/instances', headers={'X-Auth-Token': 'wrong-token'}, status=403))
    found = play(ground, refused, ['xray', 'instance'])
    assert (found['status'], found['error']) == (200, None)
    walk = ground.get(f'/xray/requests/{found["id"]}').json
    assert 'filter auth' not in landmarks(walk)
    assert walk['playground'] is True
    ground.get('/instances', headers={'X-Auth-Token': 'wrong-token'}, status=403)  # the running one has it still


def test_the_ground_floors_instances_are_there_and_stay(ground):
    (first, *_) = ground.get('/instances').json['instances']
    shown = ground.recorded(ground.get(f'/instances/{first["id"]}'))
    assert play(ground, shown, ['xray', 'auth', 'instance'])['status'] == 200
    deleted = ground.recorded(ground.delete(f'/instances/{first["id"]}'))
    assert play(ground, deleted, ['xray', 'auth', 'instance'])['status'] == 404


def test_a_filter_of_ones_own_can_be_added(serve):
    client = serve('auth instance', knock=STUDENTS)
    document = client.recorded(client.get('/instances'))
    found = play(client, document, ['xray', 'auth', 'mine', 'instance'], filters={'mine': 'knock:filter_factory'})
    assert (found['status'], found['error']) == (200, None)
    labels = landmarks(client.get(f'/xray/requests/{found["id"]}').json)
    assert labels.index('filter auth') < labels.index('filter mine')


def test_what_cannot_be_built_says_why_and_nothing_happens(ground):
    document = ground.recorded(ground.get('/instances'))
    assert 'has to end with the application, instance' in play(ground, document, ['xray', 'instance', 'auth'])['error']
    assert 'There is no filter nobody in the ini' in play(ground, document, ['xray', 'nobody', 'instance'])['error']
    strange = play(ground, document, ['xray', 'own', 'instance'], filters={'own': 'os:system'})
    assert 'no such module of the project' in strange['error']
    ground.post_json(
        '/xray/playground', {'service': 'ground-floor', 'pipeline': [], 'replay': document['id']}, status=400
    )
    ground.post_json('/xray/playground', {'service': 'x', 'pipeline': ['a'], 'replay': document['id']}, status=404)


def test_the_onion_can_be_put_together_in_another_order(cloud):
    image = ask(cloud, 'glance-api', 'POST', '/v2/images', {'name': 'c'})
    shown = ask(cloud, 'glance-api', 'GET', f'/v2/images/{image[1]["id"]}')[2]['X-Openstack-Request-Id']
    pipeline = ['xray', 'versionnegotiation', 'authtoken', 'context', 'rootapp']
    layers = ['quota', 'policy', 'authorization', 'location', 'db']
    wish = {'service': 'glance-api', 'pipeline': pipeline, 'layers': layers, 'replay': shown}
    found = ask(cloud, 'glance-api', 'POST', '/xray/playground', wish)[1]
    assert (found['status'], found['error']) == (200, None)
    walk = ask(cloud, 'glance-api', 'GET', f'/xray/requests/{found["id"]}')[1]
    assert landmarks(walk, 'layer')[:5] == [f'{name} layer: get' for name in layers]


def test_a_scratch_copy_changes_nothing_of_the_running_one(cloud):
    image = ask(
        cloud, 'glance-api', 'POST', '/v2/images', {'name': 'kept', 'disk_format': 'raw', 'container_format': 'bare'}
    )[1]
    path = f'/v2/images/{image["id"]}'
    ask(cloud, 'glance-api', 'PUT', f'{path}/file', b'bytes', Content_Type='application/octet-stream')
    shown = ask(cloud, 'glance-api', 'GET', path)[2]['X-Openstack-Request-Id']
    pipeline = ['xray', 'versionnegotiation', 'authtoken', 'context', 'rootapp']
    wish = {'service': 'glance-api', 'pipeline': pipeline, 'layers': None, 'replay': shown, 'method': 'DELETE'}
    assert ask(cloud, 'glance-api', 'POST', '/xray/playground', wish)[1]['status'] == 204
    assert ask(cloud, 'glance-api', 'GET', f'{path}/file')[1] == b'bytes'


def test_values_of_several_lines_are_copied_with_the_ini(cloud):
    """nova-api's list of scheduler filters is one."""
    shown = ask(cloud, 'nova-api', 'GET', '/v2.1/flavors')[2]['X-Openstack-Request-Id']
    (house,) = [
        each for each in ask(cloud, 'nova-api', 'GET', '/xray/house')[1]['services'] if each['name'] == 'nova-api'
    ]
    wish = {'service': 'nova-api', 'pipeline': house['pipeline'], 'layers': None, 'replay': shown}
    found = ask(cloud, 'nova-api', 'POST', '/xray/playground', wish)[1]
    assert (found['status'], found['error']) == (200, None)
