"""GET /v2/info/..."""

from tests.cloud.glance.api.conftest import ADMIN, ALICE, BOB


def info(client, name, headers=ALICE, status=200):
    return client.get(f'/v2/info/{name}', headers=headers, status=status).json


def test_the_methods_of_import_are_those_that_there_are(client):
    assert info(client, 'import')['import-methods']['value'] == ['glance-direct', 'web-download']


def test_one_store_takes_data_and_the_others_are_read_only(client):
    file, http = info(client, 'stores')['stores']
    assert (file['id'], file['default'], 'read-only' in file) == ('filesystem', 'true', False)
    assert (http['id'], http['read-only'], 'default' in http) == ('http', 'true', False)


def test_details_of_the_stores_are_for_admins(client):
    info(client, 'stores/detail', status=403)
    assert [store['type'] for store in info(client, 'stores/detail', ADMIN)['stores']] == ['filesystem', 'http']


def test_usage_is_ones_own_in_mib_beside_its_limit(serve):
    client = serve(user_storage_quota='10MB')
    client.active(b'x' * 3 * 2**20)
    client.create()
    usage = info(client, 'usage')['usage']
    assert usage['image_size_total'] == {'limit': 10, 'usage': 3}
    assert usage['image_count_total'] == {'limit': -1, 'usage': 2}
    assert usage['image_stage_total'] == {'limit': 10, 'usage': 0}
    assert usage['image_count_uploading'] == {'limit': -1, 'usage': 0}
    assert info(client, 'usage', BOB)['usage']['image_size_total']['usage'] == 0


def test_without_a_quota_there_is_no_limit(client):
    assert info(client, 'usage')['usage']['image_size_total'] == {'limit': -1, 'usage': 0}


def test_all_of_it_needs_a_token_and_nothing_else_is_there(client):
    for name in ('import', 'stores', 'usage'):
        info(client, name, headers={}, status=401)
    info(client, 'quotas', status=404)
