"""Who may ask EC2's API: a signature that Keystone finds right, or a token; all refusals are XML."""

import json
from xml.etree import ElementTree

import pytest
import webtest

from cloud.nova.api.ec2.auth import EC2KeystoneAuth
from wsgi import answer, fault

V4 = 'AWS4-HMAC-SHA256 Credential=key/20260101/RegionOne/ec2/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc'
V2 = {
    'Action': 'X',
    'AWSAccessKeyId': 'key',
    'Signature': 'abc',
    'SignatureVersion': '2',
    'SignatureMethod': 'HmacSHA256',
}


class Pool:
    """Keystone, as urllib3 has it: what it answers, and what it was asked."""

    status, headers, asked = 200, {'X-Subject-Token': 'gAAAAtoken'}, ()

    def request(self, method, url, body, headers):
        self.asked = (*self.asked, (method, url, json.loads(body)['credentials']))
        return self


def behind(environ, start_response):
    """Answers with the token and the body that it got; refuses the token `wrong` as authtoken does."""
    if environ['HTTP_X_AUTH_TOKEN'] == 'wrong':
        return fault(401, 'The token is wrong.')(environ, start_response)
    body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0)).decode()
    return answer({'token': environ['HTTP_X_AUTH_TOKEN'], 'body': body})(environ, start_response)


@pytest.fixture
def pool():
    return Pool()


@pytest.fixture
def client(pool):
    app = EC2KeystoneAuth(behind, 'http://keystone/v3/')
    app.pool = pool
    return webtest.TestApp(app)


def told(response):
    assert response.content_type == 'text/xml'
    error = ElementTree.fromstring(response.body).find('Errors/Error')
    return response.status_int, error.findtext('Code')


def test_a_signature_of_version_4_becomes_a_token_and_the_body_stays(client, pool):
    headers = {'Authorization': V4, 'X-Amz-Date': '20260101T000000Z', 'X-Auth-Token': 'mine'}
    got = client.post('/services/Cloud/', {'Action': 'X'}, headers=headers).json
    assert got == {'token': 'gAAAAtoken', 'body': 'Action=X'}
    ((method, url, sent),) = pool.asked
    assert (method, url) == ('POST', 'http://keystone/v3/ec2tokens')
    assert (sent['access'], sent['signature'], sent['path']) == ('key', 'abc', '/services/Cloud/')
    assert (sent['verb'], sent['host'], sent['params']) == ('POST', 'localhost:80', {})
    assert sent['headers'] == {'host': 'localhost:80', 'x-amz-date': '20260101T000000Z', 'Authorization': V4,
                               'X-Amz-Date': '20260101T000000Z'}  # fmt: skip
    assert len(sent['body_hash']) == 64


@pytest.mark.parametrize('method', ['get', 'post'])
def test_a_signature_of_version_2_too(client, pool, method):
    assert getattr(client, method)('/', V2).json['token'] == 'gAAAAtoken'
    assert pool.asked[0][2]['params'] == V2


def test_a_signature_in_the_query_too(client, pool):
    query = {'X-Amz-Credential': 'key/x', 'X-Amz-SignedHeaders': 'host', 'X-Amz-Signature': 'abc'}
    client.get('/', query)
    assert pool.asked[0][2]['access'] == 'key'


def test_with_a_token_nothing_is_asked(client, pool):
    got = client.get('/?AWSAccessKeyId=a&Signature=b', headers={'X-Auth-Token': 'alice-token'}).json
    assert got['token'] == 'alice-token'
    assert pool.asked == ()


def test_without_either_it_is_401_in_xml(client):
    assert told(client.get('/', status=401)) == (401, 'AuthFailure')
    assert told(client.post('/', {'Action': 'X', 'AWSAccessKeyId': 'key'}, status=401)) == (401, 'AuthFailure')
    assert told(client.get('/', headers={'Authorization': 'AWS4-HMAC-SHA256 nonsense'}, status=401))[0] == 401


@pytest.mark.parametrize(
    ('status', 'headers', 'refusal'),
    [
        (401, {}, (403, 'SignatureDoesNotMatch')),
        (404, {}, (403, 'InvalidClientTokenId')),
        (500, {}, (503, 'ServiceUnavailable')),
        (200, {}, (503, 'ServiceUnavailable')),
    ],
)
def test_what_keystone_says_is_told_in_ec2s_words(client, pool, status, headers, refusal):
    pool.status, pool.headers = status, headers
    assert told(client.post('/', V2, status='*')) == refusal


def test_what_is_refused_behind_is_xml_as_well(client):
    assert told(client.get('/', headers={'X-Auth-Token': 'wrong'}, status=401)) == (401, 'AuthFailure')


def test_a_body_that_is_too_long_is_refused_before_anybody_is_asked(client, pool):
    assert told(client.post('/', {'Action': 'x' * 200000}, status=413)) == (413, 'RequestEntityTooLarge')
    assert pool.asked == ()


@pytest.mark.parametrize('auth_uri', ['', 'http://127.0.0.1:1/v3'])
def test_without_a_keystone_no_signature_is_right(auth_uri):
    app = EC2KeystoneAuth.factory({'auth_uri': auth_uri})(behind)
    assert told(webtest.TestApp(app).post('/', V2, status=503)) == (503, 'ServiceUnavailable')
