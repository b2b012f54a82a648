"""What some editors put in front of a text file, "this is UTF-8", is no part of what a service reads there."""

import json
import urllib.request

from tests.cloud.glance.api.conftest import write_ini
from tests.servers import ROOT

GLANCE = ROOT / 'cloud' / 'glance'
PROTECTIONS = '[x_secret]\ncreate = admin\nread = admin\nupdate = admin\ndelete = admin\n'


def ask(running, path, document, token):
    """The status of a POST, and what is answered."""
    headers = {'X-Auth-Token': token, 'Content-Type': 'application/json'}
    request = urllib.request.Request(running.url + path, json.dumps(document).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_each_of_the_image_services_files_may_begin_with_one(start, tmp_path):
    files = {
        'tokens.ini': (ROOT / 'cloud' / 'tokens.ini').read_text(),
        'policy.json': (GLANCE / 'policy.json').read_text(),
        'protections.conf': PROTECTIONS + (GLANCE / 'property-protections-roles.conf').read_text(),
        'schema-image.json': json.dumps({'os_release': {'type': 'string', 'maxLength': 3}}),
    }
    options = {'policy_file': f'{tmp_path}/policy.json', 'property_protection_file': f'{tmp_path}/protections.conf'}
    ini = write_ini(tmp_path, **options)
    files[ini.name] = ini.read_text().replace(str(ROOT / 'cloud' / 'tokens.ini'), str(tmp_path / 'tokens.ini'))
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding='utf-8-sig')
    running = start(str(ini))
    assert ask(running, '/v2/images', {'os_release': '14'}, 'alice-token')[0] == 201
    assert ask(running, '/v2/images', {'os_release': '14.04'}, 'alice-token')[0] == 400
    assert ask(running, '/v2/images', {'x_secret': '1'}, 'alice-token')[0] == 403
    assert ask(running, '/v2/images', {'x_secret': '1'}, 'open-sesame')[0] == 201
