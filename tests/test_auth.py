import pytest

import auth


def test_the_right_token_passes(client):
    assert client.get('/instances').status_int == 200


def test_a_missing_token_is_403_in_novas_shape(stranger):
    response = stranger.get('/instances', status=403)
    assert response.json['forbidden']['code'] == 403
    assert 'X-Auth-Token is missing' in response.json['forbidden']['message']


@pytest.mark.parametrize('token', ['', 'open', 'open-sesame ', 'OPEN-SESAME', 'open-sesam\xe9', '\xff', 'x' * 10000])
def test_a_wrong_token_is_403(stranger, token):
    environ = {'HTTP_X_AUTH_TOKEN': token}
    response = stranger.get('/instances', extra_environ=environ, status=403)
    assert 'is wrong' in response.json['forbidden']['message']


def test_what_is_refused_changes_nothing(stranger, client):
    before = client.get('/instances').json
    stranger.post('/instances', {'name': 'intruder'}, status=403)
    stranger.delete('/instances/' + before['instances'][0]['id'], status=403)
    assert client.get('/instances').json == before


def test_the_guard_stands_before_the_router(stranger):
    stranger.get('/nowhere', status=403)
    stranger.request('/instances', method='PATCH', status=403)


def test_the_token_comes_from_the_ini():
    passed = auth.filter_factory({}, token='swordfish')('the app')
    assert passed.app == 'the app'
    assert passed.is_right('swordfish')
    assert not passed.is_right('open-sesame')


def test_a_token_may_have_any_letters():
    # A client sends UTF-8, and WSGI hands its bytes over as latin-1 text.
    assert auth.Auth(None, 'sésame').is_right('sésame'.encode().decode('latin-1'))


@pytest.mark.parametrize('local_config', [{}, {'token': ''}])
def test_a_filter_without_a_token_does_not_start(local_config):
    with pytest.raises(ValueError, match='token = '):
        auth.filter_factory({}, **local_config)
