"""Signatures as Amazon's own library makes them, checked by Keystone's reader of them."""

import datetime
import hashlib
from urllib.parse import parse_qsl, urlsplit

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloud.keystone import exception
from cloud.keystone.credential import signature

HOST, PATH = '127.0.0.1:8774', '/services/Cloud/'
KEYS = Credentials('access', 'secret')
FORM = {'Action': 'DescribeImages', 'Owner.1': 'a b/ü*~', 'Version': '2016-11-15'}


def version_4(method='POST', data='Action=DescribeImages', params=None):
    request = AWSRequest(method, f'http://{HOST}{PATH}', data=data, params=params or {}, headers={'Host': HOST})
    botocore.auth.SigV4Auth(KEYS, 'ec2', 'RegionOne').add_auth(request)
    sent = credentials(request, method, params or {})
    sent['signature'] = request.headers['Authorization'].rpartition('Signature=')[2]
    return {**sent, 'body_hash': hashlib.sha256(data.encode()).hexdigest()}


def version_2(method='POST'):
    place = 'data' if method == 'POST' else 'params'
    request = AWSRequest(method, f'http://{HOST}{PATH}', headers={}, **{place: dict(FORM)})
    botocore.auth.SigV2Auth(KEYS).add_auth(request)
    params = getattr(request, place)
    return {**credentials(request, method, params), 'signature': params['Signature']}


def presigned():
    request = AWSRequest('GET', f'http://{HOST}{PATH}', params=dict(FORM), headers={})
    botocore.auth.SigV4QueryAuth(KEYS, 'ec2', 'RegionOne', expires=600).add_auth(request)
    params = dict(parse_qsl(urlsplit(request.url).query))
    sent = credentials(request, 'GET', params)
    sent['headers']['host'] = HOST
    return {**sent, 'signature': params['X-Amz-Signature']}


def credentials(request, method, params):
    sent = {'access': 'access', 'verb': method, 'host': HOST, 'path': PATH, 'params': params}
    return {**sent, 'headers': {**dict(request.headers.items()), 'host': HOST}}


WAYS = {
    'version 4, POST': version_4,
    'version 4, GET': lambda: version_4('GET', '', FORM),
    'version 4 in the query': presigned,
    'version 2, POST': version_2,
    'version 2, GET': lambda: version_2('GET'),
}


@pytest.mark.filterwarnings('ignore:.*utcnow:DeprecationWarning')
@pytest.mark.parametrize('way', WAYS)
def test_what_the_secret_has_signed_is_right_and_nothing_else(way):
    sent = WAYS[way]()
    assert signature.is_right(sent, 'secret')
    assert not signature.is_right(sent, 'another')
    for name, value in (('verb', 'PUT'), ('path', '/other'), ('signature', 'nonsense')):
        assert not signature.is_right({**sent, name: value}, 'secret')
    late = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    assert not signature.is_right(sent, 'secret', late)


def test_a_body_that_was_changed_is_not_what_was_signed():
    assert not signature.is_right({**version_4(), 'body_hash': hashlib.sha256(b'x').hexdigest()}, 'secret')


@pytest.mark.parametrize(
    'change', [{'headers': {}}, {'params': None, 'headers': None}, {'headers': {'authorization': 'x'}}]
)
def test_a_signature_without_what_it_needs_is_wrong(change):
    assert not signature.is_right({**version_4(), **change}, 'secret')


@pytest.mark.parametrize(
    'sent',
    [None, [], {}, {'access': 7}, {**version_4(), 'params': [1]}, {**version_4(), 'headers': {'a': 7}},
     {**version_4(), 'body_hash': 7}],
)  # fmt: skip
def test_credentials_that_are_none(sent):
    with pytest.raises(exception.ValidationError):
        signature.check_form(sent)


def test_keystone_gives_a_token_for_a_signature_that_is_right(keystone):
    token = keystone.token('demo', 'demo')
    about = keystone.ask('GET', '/auth/tokens', token=token, X_Subject_Token=token)['token']
    path = f'/users/{about["user"]["id"]}/credentials/OS-EC2'
    keys = keystone.ask('POST', path, {'tenant_id': about['project']['id']}, token=token, status=201)['credential']
    sent = version_2()
    sent['access'] = sent['params']['AWSAccessKeyId'] = keys['access']
    del sent['params']['Signature']
    sent['signature'] = signature.version_2(sent, sent['params'], keys['secret'])
    answer = keystone.post_json('/v3/ec2tokens', {'credentials': sent})
    assert answer.json['token']['project']['name'] == 'demo'
    assert answer.json['token']['methods'] == ['ec2credential']
    keystone.ask('GET', '/auth/projects', token=answer.headers['X-Subject-Token'])
    keystone.post_json('/v3/ec2tokens', {'credentials': {**sent, 'signature': 'x'}}, status=401)
    keystone.post_json('/v3/ec2tokens', {'credentials': {**sent, 'access': 'x'}}, status=404)
    keystone.post_json('/v3/ec2tokens', {}, status=400)
    listed = keystone.ask('GET', path, token=token)['credentials']
    assert [each['access'] for each in listed] == [keys['access']]
    keystone.ask('GET', path, token=keystone.token('alt', 'alt'), status=403)
    keystone.ask('DELETE', f'{path}/{keys["access"]}', token=token, status=204)
    keystone.post_json('/v3/ec2tokens', {'credentials': sent}, status=404)


def test_nobody_gets_keys_for_a_project_where_they_have_no_role(keystone, admin):
    token = keystone.token('demo', 'demo')
    user = keystone.ask('GET', '/auth/tokens', token=token, X_Subject_Token=token)['token']['user']['id']
    other = keystone.ask('GET', '/projects?name=alt', token=admin)['projects'][0]['id']
    keystone.ask('POST', f'/users/{user}/credentials/OS-EC2', {'tenant_id': other}, token=token, status=403)
