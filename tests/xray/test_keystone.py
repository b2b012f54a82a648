"""A password that came in a body shows up nowhere, whatever it is called on its way through the identity service."""

import json

import server
from tests.servers import ROOT
from tests.xray.conftest import Client


def test_passwords_and_new_tokens_are_masked_wherever_they_go(tmp_path):
    text = (ROOT / 'cloud' / 'keystone' / 'keystone.ini').read_text().replace('%(here)s/../../data', str(tmp_path))
    (tmp_path / 'keystone.ini').write_text(text.replace('%(here)s', str(ROOT / 'cloud' / 'keystone')))
    client = Client(server.load_app(tmp_path / 'keystone.ini', 'xray'))
    for password, status in (('hunter2222', 401), ('secret', 201)):
        user = {'name': 'demo', 'domain': {'id': 'default'}, 'password': password}
        identity = {'methods': ['password'], 'password': {'user': user}}
        answer = client.post_json('/v3/auth/tokens', {'auth': {'identity': identity}}, status=status)
        document = client.recorded(answer)
        assert len(document['steps']) > 20
        assert 'hunter2222' not in json.dumps(document)
    assert '"secret"' not in json.dumps(document)
    token = answer.headers['X-Subject-Token']
    assert len(token) > 20
    assert token not in json.dumps(document)
    assert token not in ''.join(path.read_text() for path in (tmp_path / 'xray').iterdir())
