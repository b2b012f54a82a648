import pytest

from tests.cloud.nova.api.openstack.compute.v21 import ADMIN, ALICE, BOB, KEY, READER, compute_api

FINGERPRINT = '58:b5:bb:03:da:98:b6:21:ed:ae:06:37:2c:be:36:42'


@pytest.fixture(scope='module')
def api(tmp_path_factory):
    with compute_api(tmp_path_factory.mktemp('nova'), quota_key_pairs='3') as api:
        yield api


def keypair(name, **more):
    return {'keypair': {'name': name, **more}}


def test_a_key_that_is_sent_is_known_by_its_fingerprint_and_to_its_user_alone(api):
    made = api.post('/os-keypairs', keypair('laptop', public_key=KEY))['keypair']
    assert made == {'name': 'laptop', 'public_key': KEY, 'fingerprint': FINGERPRINT, 'user_id': 'alice'}
    shown = api.get('/os-keypairs/laptop', version='2.2')['keypair']
    assert (shown['type'], shown['deleted'], shown['user_id']) == ('ssh', False, 'alice')
    assert api.get('/os-keypairs') == {
        'keypairs': [{'keypair': {'name': 'laptop', 'public_key': KEY, 'fingerprint': FINGERPRINT}}]
    }
    assert api.refused('GET', '/os-keypairs/laptop', 404, BOB) == 'Keypair laptop not found for user bob'
    assert api.get('/os-keypairs', BOB) == {'keypairs': []}
    assert (
        api.refused('POST', '/os-keypairs', 409, body=keypair('laptop', public_key=KEY))
        == "Key pair 'laptop' already exists."
    )
    api.delete('/os-keypairs/laptop', status=202)
    assert api.refused('DELETE', '/os-keypairs/laptop', 404, version='2.2') == 'Keypair laptop not found for user alice'


def test_a_key_that_is_made_here_is_told_once(api):
    made = api.post('/os-keypairs', keypair('made'))['keypair']
    assert made['private_key'].startswith('-----BEGIN RSA PRIVATE KEY-----')
    assert made['public_key'].startswith('ssh-rsa ')
    assert 'private_key' not in api.get('/os-keypairs/made')['keypair']
    api.delete('/os-keypairs/made', version='2.2', status=204)


@pytest.mark.parametrize(('sent', 'version', 'message'), [
    (keypair('x', public_key='nonsense'), None, 'Keypair data is invalid: failed to generate fingerprint'),
    (keypair('x', public_key='x', type='x509'), '2.2', 'Keypair data is invalid: failed to generate fingerprint'),
    (keypair('a/b', public_key=KEY), None, "'a/b' does not match '^[_\\\\- a-zA-Z0-9]+$'"),
    (keypair('x', type='ssh'), None, "Additional properties are not allowed ('type' was unexpected)"),
    (keypair('x', type='ssh'), '2.92', "'public_key' is a required property"),
])  # fmt: skip
def test_what_is_no_key_is_400(api, sent, version, message):
    assert message in api.refused('POST', '/os-keypairs', 400, ALICE, version, sent)


def test_since_2_2_a_new_one_is_201_and_since_2_92_its_name_may_have_more_in_it(api):
    api.post('/os-keypairs', keypair('alice@home', public_key=KEY, type='ssh'), version='2.92', status=201)
    api.delete('/os-keypairs/alice@home', version='2.92')


def test_an_admin_may_act_for_another_user(api):
    sent = keypair('given', public_key=KEY, user_id='alice')
    assert api.refused('POST', '/os-keypairs', 403, BOB, '2.10', sent).startswith("Policy doesn't allow")
    api.post('/os-keypairs', sent, ADMIN, '2.10', 201)
    assert api.get('/os-keypairs/given')['keypair']['user_id'] == 'alice'
    api.delete('/os-keypairs/given?user_id=alice', ADMIN, '2.10')


def test_no_user_has_more_than_the_quota_and_pages_go_by_name(api):
    for name in 'cab':
        api.post('/os-keypairs', keypair(name, public_key=KEY), READER)
    assert api.refused('POST', '/os-keypairs', 403, READER, body=keypair('d', public_key=KEY)).startswith(
        'Quota exceeded'
    )
    page = api.get('/os-keypairs?limit=2', READER, '2.35')
    assert [each['keypair']['name'] for each in page['keypairs']] == ['a', 'b']
    assert page['keypairs_links'][0]['href'].endswith('/os-keypairs?limit=2&marker=b')
    assert [each['keypair']['name'] for each in api.get('/os-keypairs?marker=b', READER, '2.35')['keypairs']] == ['c']
    assert api.refused('GET', '/os-keypairs?marker=x', 400, READER, '2.35') == 'marker [x] not found'
