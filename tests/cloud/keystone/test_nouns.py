"""Users, groups, projects, domains, roles, grants and the catalog: made, found, changed, gone."""

import json

import pytest

NOUNS = {
    'users': {'name': 'u', 'password': 'first', 'email': 'u@example.org'},
    'groups': {'name': 'g', 'description': 'some'},
    'projects': {'name': 'p', 'description': 'a project', 'team': 'red'},
    'domains': {'name': 'd', 'description': 'a domain'},
    'roles': {'name': 'r', 'description': 'a role'},
    'services': {'type': 't', 'name': 's', 'description': 'a service'},
    'regions': {'id': 'Nowhere', 'description': 'a region'},
    'credentials': {'type': 'cert', 'blob': '{}', 'user_id': 'somebody'},
}


def id_of(keystone, admin, collection, name):
    return keystone.ask('GET', f'/{collection}?name={name}', token=admin)[collection][0]['id']


@pytest.fixture(scope='module')
def ids(keystone, admin):
    """The ids of users, projects and roles, by their names."""
    found = {name: id_of(keystone, admin, 'users', name) for name in ('admin', 'demo', 'alt')}
    found |= {f'project {name}': id_of(keystone, admin, 'projects', name) for name in ('admin', 'demo', 'alt')}
    return found | {name: id_of(keystone, admin, 'roles', name) for name in ('member', 'reader')}


@pytest.mark.parametrize('collection', NOUNS)
def test_each_noun_is_made_shown_listed_changed_and_deleted(keystone, admin, demo, collection):
    noun = collection.removesuffix('s')
    made = keystone.ask('POST', f'/{collection}', {noun: NOUNS[collection]}, token=admin, status=201)[noun]
    path = f'/{collection}/{made["id"]}'
    assert made['links']['self'] == f'http://localhost/v3{path}'
    assert {**NOUNS[collection], **made} == {**made, **({'password': 'first'} if noun == 'user' else {})}
    assert keystone.ask('GET', path, token=admin)[noun] == made
    assert made in keystone.ask('GET', f'/{collection}', token=admin)[collection]
    change = {'blob': '{"x": 1}'} if noun == 'credential' else {'description': 'changed'}
    assert change.items() <= keystone.ask('PATCH', path, {noun: change}, token=admin)[noun].items()
    keystone.ask('PATCH', path, {noun: change}, token=demo, status=403)
    keystone.ask('DELETE', path, token=demo, status=403)
    if noun == 'domain':
        keystone.ask('DELETE', path, token=admin, status=403)
        keystone.ask('PATCH', path, {noun: {'enabled': False}}, token=admin)
    keystone.ask('DELETE', path, token=admin, status=204)
    for method in ('GET', 'DELETE'):
        refused = keystone.ask(method, path, token=admin, status=404)
        assert refused['error']['message'] == f'Could not find {noun}: {made["id"]}.'


def test_a_name_is_given_once_in_a_domain(keystone, admin):
    for collection, noun in (('users', 'user'), ('projects', 'project'), ('groups', 'group'), ('roles', 'role')):
        body = {noun: {'name': 'twice'}}
        keystone.ask('POST', f'/{collection}', body, token=admin, status=201)
        refused = keystone.ask('POST', f'/{collection}', body, token=admin, status=409)
        assert refused['error']['message'].startswith(f'Conflict occurred attempting to store {noun} - ')


def test_a_password_is_changed_by_whoever_knows_it_and_ends_all_tokens(keystone, admin, ids):
    made = keystone.ask('POST', '/users', {'user': {'name': 'c', 'password': 'first'}}, token=admin, status=201)
    user = made['user']['id']
    token = keystone.token('c', password='first')
    body = {'user': {'original_password': 'wrong', 'password': 'second'}}
    keystone.ask('POST', f'/users/{user}/password', body, status=401)
    body['user']['original_password'] = 'first'
    keystone.ask('POST', f'/users/{user}/password', body, status=204)
    keystone.ask('GET', '/auth/projects', token=token, status=401)
    keystone.token('c', password='first', status=401)
    keystone.token('c', password='second')


def test_a_disabled_user_is_out_at_once_and_their_tokens_stay_out(keystone, admin):
    made = keystone.ask('POST', '/users', {'user': {'name': 'e', 'password': 'x'}}, token=admin, status=201)
    path = f'/users/{made["user"]["id"]}'
    token = keystone.token('e', password='x')
    keystone.ask('PATCH', path, {'user': {'enabled': False}}, token=admin)
    keystone.ask('GET', '/auth/projects', token=token, status=401)
    keystone.token('e', password='x', status=401)
    keystone.ask('PATCH', path, {'user': {'enabled': True}}, token=admin)
    keystone.ask('GET', '/auth/projects', token=token, status=401)
    keystone.token('e', password='x')


def test_a_role_is_given_and_taken_and_counts_at_once(keystone, admin, ids):
    path = f'/projects/{ids["project alt"]}/users/{ids["demo"]}/roles'
    keystone.token('demo', 'alt', status=401)
    keystone.ask('HEAD', f'{path}/{ids["reader"]}', token=admin, status=404)
    for _ in range(2):
        keystone.ask('PUT', f'{path}/{ids["reader"]}', token=admin, status=204)
    assert [role['name'] for role in keystone.ask('GET', path, token=admin)['roles']] == ['reader']
    token = keystone.token('demo', 'alt')
    keystone.ask('DELETE', f'{path}/{ids["reader"]}', token=admin, status=204)
    keystone.ask('GET', '/auth/projects', token=token, status=401)
    refused = keystone.ask('DELETE', f'{path}/{ids["reader"]}', token=admin, status=404)
    assert 'Could not find role assignment with role' in refused['error']['message']
    keystone.ask('PUT', f'{path}/nowhere', token=admin, status=404)
    keystone.ask('PUT', f'/projects/nowhere/users/{ids["demo"]}/roles/{ids["reader"]}', token=admin, status=404)


def test_what_a_group_may_its_users_may(keystone, admin, ids):
    made = keystone.ask('POST', '/groups', {'group': {'name': 'team'}}, token=admin, status=201)['group']
    member = f'/groups/{made["id"]}/users/{ids["demo"]}'
    role = f'/projects/{ids["project alt"]}/groups/{made["id"]}/roles/{ids["member"]}'
    keystone.ask('PUT', role, token=admin, status=204)
    keystone.ask('HEAD', member, token=admin, status=404)
    keystone.ask('PUT', member, token=admin, status=204)
    keystone.ask('HEAD', member, token=admin, status=204)
    keystone.token('demo', 'alt')
    assert len(keystone.ask('GET', f'/groups/{made["id"]}/users', token=admin)['users']) == 1
    groups = keystone.ask('GET', f'/users/{ids["demo"]}/groups', token=admin)['groups']
    assert [group['name'] for group in groups] == ['team']
    query = f'/role_assignments?effective&user.id={ids["demo"]}&scope.project.id={ids["project alt"]}&include_names'
    effective = keystone.ask('GET', query, token=admin)['role_assignments']
    assert sorted(row['role']['name'] for row in effective) == ['member', 'reader']
    assert effective[0]['scope']['project']['name'] == 'alt'
    keystone.ask('DELETE', member, token=admin, status=204)
    keystone.token('demo', 'alt', status=401)


def test_a_role_inherited_from_the_domain_counts_on_its_projects(keystone, admin, ids):
    path = f'/OS-INHERIT/domains/default/users/{ids["alt"]}/roles/{ids["member"]}/inherited_to_projects'
    keystone.token('alt', 'demo', status=401)
    keystone.ask('PUT', path, token=admin, status=204)
    keystone.token('alt', 'demo')
    keystone.token('alt', domain={'id': 'default'}, status=401)
    keystone.ask('DELETE', path, token=admin, status=204)
    keystone.token('alt', 'demo', status=401)


def test_a_role_inherited_from_a_project_counts_below_it(keystone, admin, ids):
    made = []
    for name, parent in (('branch', ids['project admin']), ('leaf', None)):
        body = {'project': {'name': name, 'parent_id': parent or made[-1]}}
        made.append(keystone.ask('POST', '/projects', body, token=admin, status=201)['project']['id'])
    who = f'users/{ids["alt"]}/roles/{ids["member"]}/inherited_to_projects'
    path = f'/OS-INHERIT/projects/{ids["project admin"]}/{who}'
    keystone.ask('PUT', path, token=admin, status=204)
    token = keystone.token('alt', 'leaf')
    assert {'branch', 'leaf'} <= {row['name'] for row in keystone.ask('GET', '/auth/projects', token=token)['projects']}
    keystone.token('alt', 'admin', status=401)
    query = f'/role_assignments?effective&user.id={ids["alt"]}&scope.project.id={made[1]}'
    assert len(keystone.ask('GET', query, token=admin)['role_assignments']) == 2
    keystone.ask('DELETE', path, token=admin, status=204)
    keystone.ask('GET', '/auth/projects', token=token, status=401)
    for project in reversed(made):
        keystone.ask('DELETE', f'/projects/{project}', token=admin, status=204)


def test_a_role_of_a_domains_own_is_in_no_token_but_what_it_implies(keystone, admin, ids):
    body = {'role': {'name': 'local', 'domain_id': 'default'}}
    role = keystone.ask('POST', '/roles', body, token=admin, status=201)['role']
    assert role['domain_id'] == 'default'
    assert role not in keystone.ask('GET', '/roles', token=admin)['roles']
    assert keystone.ask('GET', '/roles?domain_id=default', token=admin)['roles'] == [role]
    grant = f'/projects/{ids["project alt"]}/users/{ids["demo"]}/roles/{role["id"]}'
    keystone.ask('PUT', grant, token=admin, status=204)
    keystone.token('demo', 'alt', status=401)
    keystone.ask('PUT', f'/roles/{ids["member"]}/implies/{role["id"]}', token=admin, status=403)
    implies = f'/roles/{role["id"]}/implies/{ids["reader"]}'
    keystone.ask('PUT', implies, token=admin, status=201)
    keystone.ask('HEAD', implies, token=admin, status=204)
    token = keystone.token('demo', 'alt')
    found = keystone.ask('GET', '/auth/tokens', token=token, X_Subject_Token=token)['token']['roles']
    assert [each['name'] for each in found] == ['reader']
    keystone.ask('DELETE', f'/roles/{role["id"]}', token=admin, status=204)
    keystone.token('demo', 'alt', status=401)


def test_a_project_may_be_a_domain(keystone, admin):
    body = {'project': {'name': 'acting', 'is_domain': True}}
    made = keystone.ask('POST', '/projects', body, token=admin, status=201)['project']
    assert (made['is_domain'], made['domain_id'], made['parent_id']) == (True, None, None)
    assert made in keystone.ask('GET', '/projects?is_domain=True', token=admin)['projects']
    assert made not in keystone.ask('GET', '/projects', token=admin)['projects']
    path = f'/projects/{made["id"]}'
    keystone.ask('GET', f'/domains/{made["id"]}', token=admin)
    keystone.ask('DELETE', path, token=admin, status=403)
    keystone.ask('PATCH', path, {'project': {'enabled': False}}, token=admin)
    keystone.ask('DELETE', path, token=admin, status=204)
    wrong = {'project': {'name': 'inside', 'is_domain': True, 'parent_id': 'default'}}
    keystone.ask('POST', '/projects', wrong, token=admin, status=400)


def test_a_region_is_put_where_its_maker_likes(keystone, admin):
    body = {'region': {'description': 'x'}}
    assert keystone.ask('PUT', '/regions/There', body, token=admin, status=201)['region']['id'] == 'There'
    keystone.ask('PUT', '/regions/There', {'region': {'id': 'Elsewhere'}}, token=admin, status=400)
    keystone.ask('PUT', '/regions/There', {'region': 7}, token=admin, status=400)
    keystone.ask('PUT', '/regions/There', body, token=admin, status=409)
    keystone.ask('DELETE', '/regions/There', token=admin, status=204)


def test_roles_imply_others_but_not_in_a_circle(keystone, admin, ids):
    implies = f'/roles/{ids["member"]}/implies/{ids["reader"]}'
    assert keystone.ask('GET', implies, token=admin)['role_inference']['implies']['name'] == 'reader'
    back = f'/roles/{ids["reader"]}/implies/{ids["member"]}'
    assert 'circle' in keystone.ask('PUT', back, token=admin, status=400)['error']['message']
    rules = keystone.ask('GET', '/role_inferences', token=admin)['role_inferences']
    assert [rule['prior_role']['name'] for rule in rules] == ['admin', 'manager', 'member']
    listed = keystone.ask('GET', f'/roles/{ids["member"]}/implies', token=admin)
    assert [role['name'] for role in listed['role_inference']['implies']] == ['reader']


def test_a_user_sees_themselves_and_their_project_and_no_others(keystone, demo, ids):
    keystone.ask('GET', f'/users/{ids["demo"]}', token=demo)
    keystone.ask('GET', f'/users/{ids["demo"]}/projects', token=demo)
    keystone.ask('GET', f'/projects/{ids["project demo"]}', token=demo)
    for path in (f'/users/{ids["alt"]}', f'/projects/{ids["project alt"]}', '/users', '/projects', '/domains'):
        assert 'not authorized' in keystone.ask('GET', path, token=demo, status=403)['error']['message']


def test_a_project_has_tags(keystone, admin, demo, ids):
    path = f'/projects/{ids["project demo"]}/tags'
    assert keystone.ask('PUT', path, {'tags': ['a', 'b']}, token=admin)['tags'] == ['a', 'b']
    keystone.ask('PUT', path + '/c', token=admin, status=201)
    keystone.ask('HEAD', path + '/c', token=demo, status=204)
    keystone.ask('DELETE', path + '/a', token=admin, status=204)
    assert keystone.ask('GET', path, token=demo)['tags'] == ['b', 'c']
    for query, found in (('tags=b,c', True), ('tags=b,x', False), ('tags-any=b,x', True), ('not-tags-any=x', True)):
        listed = keystone.ask('GET', f'/projects?{query}&name=demo', token=admin)['projects']
        assert bool(listed) is found, query
    keystone.ask('PUT', path, {'tags': ['a,b']}, token=admin, status=400)
    keystone.ask('DELETE', path, token=admin, status=204)
    keystone.ask('GET', path + '/c', token=admin, status=404)


def test_a_domain_takes_all_that_is_in_it_along(keystone, admin):
    domain = keystone.ask('POST', '/domains', {'domain': {'name': 'full'}}, token=admin, status=201)['domain']['id']
    inside = {'name': 'demo', 'domain_id': domain}  # a name that is another's in the domain default
    paths = []
    for collection, noun in (('projects', 'project'), ('users', 'user'), ('groups', 'group'), ('roles', 'role')):
        row = keystone.ask('POST', f'/{collection}', {noun: inside}, token=admin, status=201)[noun]
        paths.append(f'/{collection}/{row["id"]}')
    keystone.ask('PATCH', f'/domains/{domain}', {'domain': {'enabled': False}}, token=admin)
    keystone.ask('DELETE', f'/domains/{domain}', token=admin, status=204)
    for path in paths:
        keystone.ask('GET', path, token=admin, status=404)
    assert 'default domain' in keystone.ask('DELETE', '/domains/default', token=admin, status=403)['error']['message']


def test_a_project_in_a_project_keeps_it_from_being_deleted(keystone, admin, ids):
    child = {'project': {'name': 'child', 'parent_id': ids['project alt']}}
    made = keystone.ask('POST', '/projects', child, token=admin, status=201)['project']
    assert (made['parent_id'], made['domain_id']) == (ids['project alt'], 'default')
    keystone.ask('DELETE', f'/projects/{ids["project alt"]}', token=admin, status=403)
    keystone.ask('DELETE', f'/projects/{made["id"]}', token=admin, status=204)


def test_an_endpoint_is_in_the_catalog_until_it_is_disabled(keystone, admin, demo):
    service = keystone.ask('POST', '/services', {'service': {'type': 'dns', 'name': 'n'}}, token=admin, status=201)
    place = {
        'service_id': service['service']['id'],
        'interface': 'public',
        'url': 'http://x/$(project_id)s',
        'region': 'A',
    }
    made = keystone.ask('POST', '/endpoints', {'endpoint': place}, token=admin, status=201)['endpoint']
    assert keystone.ask('GET', '/regions/A', token=demo)['region']['id'] == 'A'
    catalog = {entry['type']: entry for entry in keystone.ask('GET', '/auth/catalog', token=demo)['catalog']}
    project = keystone.ask('GET', '/auth/projects', token=demo)['projects'][0]['id']
    assert catalog['dns']['endpoints'][0]['url'] == f'http://x/{project}'
    keystone.ask('DELETE', '/regions/A', token=admin, status=403)
    path = f'/endpoints/{made["id"]}'
    keystone.ask('PATCH', path, {'endpoint': {'enabled': False}}, token=admin)
    assert 'http://x' not in json.dumps(keystone.ask('GET', '/auth/catalog', token=demo))
    keystone.ask('POST', '/endpoints', {'endpoint': {**place, 'service_id': 'x'}}, token=admin, status=400)


HOSTILE = ('\ud800', 'a\0b', 'x' * 300, '', '   ', 7, None, [], {}, True)


@pytest.mark.parametrize('collection', ['users', 'groups', 'projects', 'domains', 'roles'])
def test_a_name_that_is_none_is_refused_and_nothing_is_made(keystone, admin, collection):
    noun = collection.removesuffix('s')
    before = keystone.ask('GET', f'/{collection}', token=admin)
    for name in HOSTILE:
        answer = keystone.ask('POST', f'/{collection}', {noun: {'name': name}}, token=admin, status=400)
        assert answer['error']['title'] == 'Bad Request'
    for body in ([], 'text', {noun: []}, {}, {noun: {'name': 'x', 'enabled': 'yes', 'domain_id': 7}}):
        keystone.ask('POST', f'/{collection}', body, token=admin, status=400)
    assert keystone.ask('GET', f'/{collection}', token=admin) == before


@pytest.mark.parametrize('body', [b'{', b'\xff', b'[' * 100000, b'{"auth": NaN}', b'{"auth": {"scope": "\\ud800"}}'])
def test_what_is_no_json_is_told_so(keystone, body):
    answer = keystone.post('/v3/auth/tokens', body, headers={'Content-Type': 'application/json'}, status=400)
    assert 'valid JSON' in answer.json['error']['message']


def test_what_is_too_long_is_refused(keystone):
    keystone.post('/v3/auth/tokens', b' ' * 200000, headers={'Content-Type': 'application/json'}, status=413)


@pytest.mark.parametrize('path', ['/users/%ff', '/users/a%00b', '/users/%0a', '/users/' + 'x' * 5000, '/users/..%2fx'])
def test_an_id_that_is_none_is_not_found(keystone, admin, path):
    keystone.get(f'/v3{path}', headers={'X-Auth-Token': admin}, status=404)


def test_paths_and_methods_that_are_not_there(keystone, admin):
    page = keystone.get('/v9', status=404)
    assert page.content_type == 'text/html'
    refused = keystone.delete('/v3/projects', headers={'X-Auth-Token': admin}, status=405)
    assert refused.json == {'message': 'The method is not allowed for the requested URL.'}
    assert refused.headers['Allow'] == 'GET, HEAD, POST, OPTIONS'
    assert keystone.options('/v3/projects').headers['Allow'] == 'GET, HEAD, POST, OPTIONS'


def test_a_slash_at_the_end_does_not_matter(keystone, admin):
    assert keystone.ask('GET', '/projects/', token=admin) == keystone.ask('GET', '/projects', token=admin)


def test_the_versions_need_no_token_even_beside_a_wrong_one(keystone):
    wrong = {'X-Auth-Token': 'wrong'}
    assert keystone.get('/', headers=wrong, status=300).headers['Location'] == 'http://localhost/v3/'
    for path in ('/v3', '/v3/'):
        assert keystone.get(path, headers=wrong).json['version']['id'] == 'v3.14'


def test_behind_a_prefix_the_links_have_it(load):
    keystone = load(public_endpoint='https://cloud.example.org/identity')
    link = keystone.get('/v3').json['version']['links'][0]['href']
    assert link == 'https://cloud.example.org/identity/v3/'
