"""/v2/metadefs: namespaces, and what is in them."""

import jsonschema
import pytest

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB, as_json

BASE = '/v2/metadefs/namespaces'
SHIPPED = ['OS::Lesson::OperatingSystem', 'OS::Lesson::VirtualHardware']
COLOR = {'title': 'Color', 'type': 'string', 'enum': ['red', 'blue']}


def ask(client, method, path, document=None, headers=ADMIN, status=200):
    body = {} if document is None else {'body': as_json(document), 'content_type': 'application/json'}
    answer = client.request(f'{BASE}{path}', method=method, headers=headers, status=status, **body)
    return answer.json if answer.body else None


@pytest.fixture
def namespace(client):
    """Public, with nothing in it."""
    return ask(client, 'POST', '', {'namespace': 'Lesson', 'visibility': 'public'}, status=201)


def names(client, query='', headers=ALICE):
    return [each['namespace'] for each in ask(client, 'GET', query, headers=headers)['namespaces']]


class TestNamespaces:
    def test_a_new_database_has_the_definitions_that_come_with_the_service(self, client):
        assert sorted(names(client)) == SHIPPED
        shown = ask(client, 'GET', f'/{SHIPPED[0]}', headers=ALICE)
        schema = client.get('/v2/schemas/metadefs/namespace', headers=ALICE).json
        jsonschema.validate(shown, schema)
        assert shown['properties']['os_distro']['title'] == 'Distribution'
        assert ask(client, 'DELETE', f'/{SHIPPED[0]}', status=403)

    def test_a_namespace_is_created_shown_changed_and_deleted(self, client):
        made = ask(client, 'POST', '', {'namespace': 'Lesson', 'display_name': 'A lesson'}, status=201)
        assert (made['visibility'], made['protected'], made['owner']) == ('private', False, 'admin')
        assert made['self'] == f'{BASE}/Lesson'
        changed = ask(client, 'PUT', '/Lesson', {'namespace': 'Lesson2', 'visibility': 'public', 'protected': True})
        assert (changed['visibility'], changed['protected'], 'display_name' in changed) == ('public', True, False)
        ask(client, 'GET', '/Lesson', status=404)
        ask(client, 'DELETE', '/Lesson2', status=403)
        ask(client, 'PUT', '/Lesson2', {'namespace': 'Lesson2'})
        ask(client, 'DELETE', '/Lesson2', status=204)
        ask(client, 'GET', '/Lesson2', status=404)

    def test_a_namespace_comes_with_all_its_parts_or_not_at_all(self, client):
        whole = {
            'namespace': 'Lesson',
            'properties': {'color': COLOR},
            'objects': [{'name': 'Shape', 'properties': {'corners': {'title': 'Corners', 'type': 'integer'}}}],
            'tags': [{'name': 'small'}],
            'resource_type_associations': [{'name': 'OS::Glance::Image', 'prefix': 'x_'}],
        }
        ask(client, 'POST', '', {**whole, 'tags': [{'name': 'a'}, {'name': 'a'}]}, status=400)
        ask(client, 'GET', '/Lesson', status=404)
        made = ask(client, 'POST', '', whole, status=201)
        assert ask(client, 'GET', '/Lesson') == made
        assert made['objects'][0]['self'] == f'{BASE}/Lesson/objects/Shape'
        assert made['tags'] == [{'name': 'small'}]
        prefixed = ask(client, 'GET', '/Lesson?resource_type=OS::Glance::Image')
        assert list(prefixed['properties']) == ['x_color']
        assert list(prefixed['objects'][0]['properties']) == ['x_corners']
        ask(client, 'GET', '/Lesson?resource_type=OS::Nova::Server', status=404)
        ask(client, 'POST', '', whole, status=409)

    def test_private_ones_are_not_there_for_others_and_only_admins_change_any(self, client, namespace):
        ask(client, 'POST', '', {'namespace': 'Hidden'}, status=201)
        assert names(client, '?visibility=private') == []
        ask(client, 'GET', '/Hidden', headers=BOB, status=404)
        ask(client, 'GET', '/Hidden/objects', headers=BOB, status=404)
        ask(client, 'POST', '', {'namespace': 'Mine'}, headers=ALICE, status=403)
        ask(client, 'PUT', '/Lesson', {'namespace': 'x'}, headers=ALICE, status=403)
        ask(client, 'POST', '/Lesson/objects', {'name': 'x'}, headers=ALICE, status=403)
        for path in ('', '/tags', '/objects'):
            ask(client, 'DELETE', f'/Lesson{path}', headers=ALICE, status=403)

    def test_where_the_policy_lets_others_in_they_change_their_own(self, serve, tmp_path):
        policy = tmp_path / 'policy.json'
        policy.write_text('{"default": "", "context_is_admin": "role:admin"}')
        client = serve(policy_file=str(policy))
        client.post_json(BASE, {'namespace': 'Mine', 'visibility': 'public'}, headers=ALICE, status=201)
        client.post_json(BASE, {'namespace': 'Yours', 'owner': 'other'}, headers=ALICE, status=403)
        client.delete(f'{BASE}/Mine', headers=BOB, status=403)
        client.delete(f'{BASE}/Mine', headers=ALICE, status=204)

    def test_a_list_is_sorted_filtered_and_paged(self, client, namespace):
        found, path = [], '?limit=2&sort_key=namespace&sort_dir=asc'
        while path:
            page = ask(client, 'GET', path.removeprefix(BASE), headers=ALICE)
            found += [each['namespace'] for each in page['namespaces']]
            path = page.get('next')
        assert found == ['Lesson', *SHIPPED]
        assert names(client)[0] == 'Lesson'
        assert names(client, '?resource_types=OS::Nova::Flavor,x') == [SHIPPED[1]]
        for query in ('sort_key=owner', 'sort_dir=up', 'limit=x', 'marker=nothing', 'visibility=shared'):
            ask(client, 'GET', f'?{query}', headers=ALICE, status=400)

    @pytest.mark.parametrize(
        ('document', 'status'),
        [({}, 400), ([], 400), ({'namespace': ''}, 400), ({'namespace': 'a/b'}, 400), ({'namespace': 'x' * 81}, 400),
         ({'namespace': 'x', 'visibility': 'shared'}, 400), ({'namespace': 'x', 'more': 'x'}, 400),
         ({'namespace': 'x', 'self': 'y'}, 403), ({'namespace': 'x', 'tags': [{}]}, 400),
         ({'namespace': 'x', 'properties': {'a': {'title': 'A'}}}, 400)],
    )  # fmt: skip
    def test_a_document_that_is_none_changes_nothing(self, client, document, status):
        ask(client, 'POST', '', document, status=status)
        assert len(names(client, headers=ADMIN)) == len(SHIPPED)


class TestParts:
    @pytest.mark.parametrize(
        ('kind', 'document', 'changed'),
        [('objects', {'name': 'part', 'description': 'x'}, {'name': 'other', 'required': ['y']}),
         ('properties', {'name': 'part', **COLOR}, {'name': 'other', **COLOR, 'type': 'integer'})],
    )  # fmt: skip
    def test_a_part_is_created_shown_changed_and_deleted(self, client, namespace, kind, document, changed):
        made = ask(client, 'POST', f'/Lesson/{kind}', document, status=201)
        assert made.items() >= document.items()
        assert ask(client, 'GET', f'/Lesson/{kind}/part', headers=ALICE) == made
        ask(client, 'POST', f'/Lesson/{kind}', document, status=409)
        other = ask(client, 'PUT', f'/Lesson/{kind}/part', changed)
        assert other.items() >= changed.items()
        ask(client, 'GET', f'/Lesson/{kind}/part', status=404)
        ask(client, 'DELETE', f'/Lesson/{kind}/other', status=204)
        ask(client, 'DELETE', f'/Lesson/{kind}/other', status=404)

    def test_properties_are_listed_by_their_names_and_objects_in_a_row(self, client, namespace):
        ask(client, 'POST', '/Lesson/properties', {'name': 'color', **COLOR}, status=201)
        ask(client, 'POST', '/Lesson/objects', {'name': 'Shape'}, status=201)
        assert ask(client, 'GET', '/Lesson/properties') == {'properties': {'color': COLOR}}
        assert [each['name'] for each in ask(client, 'GET', '/Lesson/objects')['objects']] == ['Shape']
        for kind in ('objects', 'properties'):
            ask(client, 'DELETE', f'/Lesson/{kind}', status=204)
            assert not ask(client, 'GET', f'/Lesson/{kind}')[kind]

    def test_null_is_no_value(self, client, namespace):
        made = ask(client, 'POST', '/Lesson/properties', {'name': 'color', **COLOR, 'minimum': None}, status=201)
        assert made == {'name': 'color', **COLOR}

    def test_tags_come_one_by_one_or_all_at_once(self, client, namespace):
        assert ask(client, 'POST', '/Lesson/tags/small', status=201)['name'] == 'small'
        ask(client, 'POST', '/Lesson/tags/small', status=409)
        ask(client, 'POST', f'/Lesson/tags/{"x" * 81}', status=400)
        listed = {'tags': [{'name': 'a'}, {'name': 'b'}]}
        assert ask(client, 'POST', '/Lesson/tags', listed, status=201) == listed
        assert ask(client, 'GET', '/Lesson/tags', headers=ALICE)['tags'] == listed['tags']
        more = {'tags': [{'name': 'c'}]}
        client.post_json(f'{BASE}/Lesson/tags', more, headers={**ADMIN, 'X-Openstack-Append': 'True'}, status=201)
        assert [each['name'] for each in ask(client, 'GET', '/Lesson/tags')['tags']] == ['a', 'b', 'c']
        assert ask(client, 'PUT', '/Lesson/tags/a', {'name': 'd'})['name'] == 'd'
        ask(client, 'PUT', '/Lesson/tags/d', {'name': 'b'}, status=409)
        ask(client, 'DELETE', '/Lesson/tags/d', status=204)
        ask(client, 'DELETE', '/Lesson/tags', status=204)
        assert ask(client, 'GET', '/Lesson/tags')['tags'] == []

    def test_resource_types_are_associated_and_then_known(self, client, namespace):
        document = {'name': 'OS::Lesson::Thing', 'prefix': 'x_', 'properties_target': 'image'}
        assert ask(client, 'POST', '/Lesson/resource_types', document, status=201).items() >= document.items()
        ask(client, 'POST', '/Lesson/resource_types', document, status=409)
        [found] = ask(client, 'GET', '/Lesson/resource_types', headers=ALICE)['resource_type_associations']
        assert found.items() >= document.items()
        ask(client, 'DELETE', '/Lesson/resource_types/OS::Lesson::Thing', status=204)
        ask(client, 'DELETE', '/Lesson/resource_types/OS::Lesson::Thing', status=404)
        known = client.get('/v2/metadefs/resource_types', headers=ALICE).json['resource_types']
        assert [each['name'] for each in known] == ['OS::Glance::Image', 'OS::Lesson::Thing', 'OS::Nova::Flavor']

    def test_with_its_namespace_all_its_parts_go(self, client, namespace):
        ask(client, 'POST', '/Lesson/tags/small', status=201)
        ask(client, 'DELETE', '/Lesson', status=204)
        ask(client, 'POST', '', {'namespace': 'Lesson'}, status=201)
        assert ask(client, 'GET', '/Lesson/tags')['tags'] == []

    @pytest.mark.parametrize('path', ['/Nothing/tags', '/Lesson/objects/x', '/Lesson/properties/x', '/Lesson/tags/x'])
    def test_what_is_not_there_is_404(self, client, namespace, path):
        ask(client, 'GET', path, status=404)


def test_what_an_operator_has_deleted_does_not_come_back(serve):
    client = serve()
    client.put_json(f'{BASE}/{SHIPPED[0]}', {'namespace': SHIPPED[0], 'visibility': 'public'}, headers=ADMIN)
    client.delete(f'{BASE}/{SHIPPED[0]}', headers=ADMIN, status=204)
    again = serve()
    assert [each['namespace'] for each in again.get(BASE, headers=ALICE).json['namespaces']] == [SHIPPED[1]]
