"""What Keystone reads of a body, before it knows who asks."""

import pytest

JSON = {'Content-Type': 'application/json'}


@pytest.mark.parametrize('path', ['/v3/auth/tokens', '/v3/ec2tokens'])
@pytest.mark.parametrize('depth', [65, 300, 900, 15_000])
@pytest.mark.parametrize(('opening', 'closing'), [('[', ']'), ('{"a":', '}')])
def test_a_body_that_is_nested_too_deep_is_a_bad_request(keystone, path, depth, opening, closing):
    body = '{"server": ' + opening * depth + '1' + closing * depth + '}'
    assert keystone.post(path, body, headers=JSON, status=400).json['error']['title'] == 'Bad Request'


def test_a_body_may_be_nested_deeper_than_anything_here_needs(keystone):
    body = '{"credentials": {}, "other": ' + '[' * 63 + ']' * 63 + '}'
    said = keystone.post('/v3/ec2tokens', body, headers=JSON, status=400).json['error']['message']
    assert 'signature' in said
