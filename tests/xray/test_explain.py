"""Every refusal in the code is explained: in which layer, by which rule, what was sent, what would have passed."""

import ast
import re

import pytest

from tests.servers import ROOT
from xray.explain import explain
from xray.sites import site_at

PLACES = (
    'auth.py',
    'routers.py',
    'controllers.py',
    'wsgi.py',
    'cloud/keystoneclient/**/*.py',
    'cloud/glance/**/*.py',
    'cloud/nova/**/*.py',
)
NO_REFUSALS = (
    'ValueError',
    'TypeError',
    'KeyError',
    'AttributeError',
    'RuntimeError',
    'NotImplementedError',
    'OSError',
)


def refusals():
    """(file, line, name of what is raised or called) of each place that refuses something."""
    for pattern in PLACES:
        for path in sorted(ROOT.glob(pattern)):
            for node in ast.walk(ast.parse(path.read_text())):
                call = node.exc if isinstance(node, ast.Raise) else node
                if isinstance(call, ast.Call) and (name := refusal_name(node, call)):
                    yield str(path.relative_to(ROOT)), node.lineno, name, words_of(call)


def refusal_name(node, call):
    name = ast.unparse(call.func).rpartition('.')[2]
    if isinstance(node, ast.Raise):
        return name if name not in NO_REFUSALS else None
    return name if name in ('fault', '_refuse', 'unknown', 'ec2_error') else None


def words_of(call):
    texts = [part.value for part in ast.walk(call) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return ' '.join(texts) or 'It is refused.'


REFUSALS = sorted(set(refusals()))


def test_there_are_many():
    assert len(REFUSALS) > 150


@pytest.mark.parametrize('file', sorted({refusal[0] for refusal in REFUSALS}))
def test_every_refusal_in_the_code_can_be_explained(file):
    for _, line, name, words in [refusal for refusal in REFUSALS if refusal[0] == file]:
        found = explain(document_of(file, line, name, words))
        where = f'{file}:{line}'
        for part in ('status', 'layer', 'rule', 'where', 'decided_by', 'sent', 'would_pass', 'words'):
            assert found[part], f'{where} says nothing of {part}'
        assert found['where'] == {'file': file, 'line': line}
        assert len(found['words']) == 6, where
        assert all(sentence.endswith('.') or 'It says' in sentence for sentence in found['words']), where
        assert site_at(file, line).function, where


def document_of(file, line, name, words):
    """What would be recorded of a request that was refused there."""
    module = file.removesuffix('.py').replace('/', '.')
    step = {
        'n': 1, 'parent': 0, 'depth': 1, 'service': 's', 'name': f'{module}.f', 'module': module, 'file': file,
        'line': line, 'landmark': 'action', 'label': 'action f', 'arguments': {}, 'result': None,
        'sql': None, 'http': None, 'refused': True, 'exception': {'type': name, 'message': words, 'line': line},
    }  # fmt: skip
    root = {**step, 'n': 0, 'parent': None, 'landmark': 'server', 'refused': False, 'exception': None, 'file': None}
    return {
        'id': 'req-1', 'service': 's', 'method': 'GET', 'path': '/', 'query': '', 'status': 400, 'refused_by': 'action',
        'refusal': words, 'where': {'file': file, 'line': line}, 'steps': [root, step],
        'request': {'headers': {}, 'body': None}, 'response': {'headers': {}},
    }  # fmt: skip


# -- as they happen


def test_the_guard_says_which_section_of_the_ini_decided(ground):
    found = ground.explained(ground.get('/instances', headers={'X-Auth-Token': 'wrong-token'}, status=403))
    assert (found['status'], found['layer'], found['where']['file']) == (403, 'auth', 'auth.py')
    assert found['decided_by'].startswith('[filter:auth] of configure.ini')
    assert found['would_pass'] == "send the one from the ini's [filter:auth]"
    assert 'wrong-token' not in str(found)
    line = (ROOT / 'auth.py').read_text().splitlines()[found['where']['line'] - 1]
    assert 'fault(403' in line


def test_the_counter_says_which_condition(ground):
    found = ground.explained(ground.post_json('/instances', {'name': 'x' * 300}, status=400))
    assert found['decided_by'].endswith('not 1 <= len(name) <= 255')
    assert found['would_pass'] == 'send 1 to 255'
    assert "name = 'xxx" in found['sent'] or 'fields = ' in found['sent']


def test_the_signpost_says_that_it_is_its_table(ground):
    found = ground.explained(ground.put('/instances', status=405))
    assert (found['layer'], found['decided_by']) == ('router', 'the table of routes of routers.Router')
    assert found['would_pass'].startswith('use one of GET, HEAD, POST')
    assert ground.explained(ground.get('/nowhere', status=404))['layer'] == 'router'


def test_a_body_stays_exactly_what_it_is(ground):
    assert ground.get('/nowhere', status=404).json['itemNotFound']['code'] == 404


def test_what_was_not_refused_says_so(ground):
    document = ground.recorded(ground.get('/instances'))
    found = ground.get(f'/xray/requests/{document["id"]}/explain').json
    assert found['words'] == ['The request was answered 200: nothing refused it.']


def ask(cloud, service, method, path, body=None, token='alice-token', **headers):
    """(status, document, headers) of an answer."""
    import json
    import urllib.error
    import urllib.request

    data = json.dumps(body).encode() if isinstance(body, dict | list) else body
    headers = {
        'X-Auth-Token': token,
        'Content-Type': 'application/json',
        **{k.replace('_', '-'): v for k, v in headers.items()},
    }
    request = urllib.request.Request(cloud[service].url + path, data, headers, method=method)
    try:
        answer = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        text = answer.read()
        return answer.status, json.loads(text) if text.startswith((b'{', b'[')) else text, answer.headers


def explained(cloud, service, *request, **headers):
    _, _, got = ask(cloud, service, *request, **headers)
    return ask(cloud, service, 'GET', re.search('/xray/requests/[^>]+', got['Link'])[0] + '/explain')[1]


def test_the_policy_says_which_rule(cloud):
    found = explained(cloud, 'glance-api', 'POST', '/v2/images', {'visibility': 'public'})
    assert (found['layer'], found['decided_by']) == ('policy', 'policy.json: "publicize_image": "role:admin"')
    assert found['would_pass'] == 'the same request by a caller for whom the rule "role:admin" holds'


def test_the_quota_says_which_option(cloud):
    found = explained(cloud, 'glance-api', 'POST', '/v2/images', {'tags': [f'tag-{n}' for n in range(129)]})
    assert (found['layer'], found['decided_by']) == ('quota', 'option image_tag_quota = 128 in glance-api.ini')


def test_the_context_says_what_came(cloud):
    found = explained(cloud, 'glance-api', 'GET', '/v2/images', token='nobody-token')
    assert (found['layer'], found['sent']) == ('context', 'a token that is not known here (X-Auth-Token: ***)')


def test_of_two_services_the_one_that_refused_first_explains(cloud):
    found = explained(cloud, 'glance-api', 'GET', '/v1/images/00000000-0000-4000-8000-000000000000')
    assert found['layer'].startswith('glance-registry: ')
    assert found['words'][0] == 'glance-api answered 404, since glance-registry had refused what it asked.'


def is_whole(steps):
    """Whether the disk is there, and all answers that the build has waited for are: the last may come after ACTIVE."""
    asked = [step['http'] for step in steps if step['landmark'] == 'http']
    is_there = any(step['label'] == 'write disk' for step in steps)
    return is_there and all(http['request_id'] for http in asked) and not misplaced(steps)


def misplaced(steps):
    """Where a service's part stands elsewhere than below the step that asked it."""
    parts = [step for step in steps if step['landmark'] == 'server' and step['parent'] is not None]
    asking = [steps[step['parent']] for step in parts]
    return [by['n'] for by, step in zip(asking, parts) if by['landmark'] != 'http' or by['service'] == step['service']]


def test_one_boot_is_one_walk_over_all_services_until_the_disk_is_there(cloud):
    from tests.waiting import wait_until

    image = ask(
        cloud, 'glance-api', 'POST', '/v2/images', {'name': 'c', 'disk_format': 'raw', 'container_format': 'bare'}
    )[1]
    ask(
        cloud,
        'glance-api',
        'PUT',
        f'/v2/images/{image["id"]}/file',
        b'x' * 1000,
        Content_Type='application/octet-stream',
    )
    status, booted, headers = ask(cloud, 'nova-api', 'POST', '/instances', {'name': 'vm', 'image': image['id']})
    assert status == 202
    path = f'/instances/{booted["instance"]["id"]}'
    assert wait_until(lambda: ask(cloud, 'nova-api', 'GET', path)[1]['instance']['status'] == 'ACTIVE')
    story = f'/xray/requests/{headers["X-Openstack-Request-Id"]}?story=1'
    assert wait_until(lambda: is_whole(ask(cloud, 'nova-api', 'GET', story)[1]['steps']))
    document = ask(cloud, 'nova-api', 'GET', story)[1]
    assert {step['service'] for step in document['steps']} == {'nova-api', 'glance-api', 'glance-registry'}
    steps = document['steps']
    assert misplaced(steps) == []
    job = next(step for step in steps if step['landmark'] == 'job')
    assert steps[job['parent']]['name'] == 'cloud.oslo.messaging.pool.Pool.submit'
    listed = ask(cloud, 'glance-registry', 'GET', '/xray/requests')[1]['requests']
    parents = {each['id']: each['parent'] for each in listed}
    assert all(parents[child] for child in document['children'])
    assert len({each['global_id'] for each in listed if each['id'] in document['children']}) == 1
