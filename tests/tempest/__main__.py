"""Run Tempest's tests of identity and compute against a running cloud, and say which of those that must pass do not.

    make cloud; make tempest          all that must_pass.txt names, then a line for each that fails
    make tempest REST=1               all others of identity and compute: what there is to do yet

Tempest has an environment of its own (.venv-tempest), for its libraries are not ours. The cloud gets users, projects
and servers of Tempest's, which it deletes again.
Real: tempest's own `tempest run`
"""

import argparse
import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

from cloud.keystone.cmd.client import Client
from cloud.keystone.cmd.env import INI, read_options

HERE = Path(__file__).parent
MUST_PASS = HERE / 'must_pass.txt'
ALL = r'tempest\.api\.(identity|compute)\.'
LONGEST = 3600  # seconds
MIB = 2**20
CONF = """[DEFAULT]
log_file = tempest.log
[oslo_concurrency]
lock_path = {folder}/locks
[auth]
admin_username = admin
admin_password = {password}
admin_project_name = admin
admin_domain_name = Default
[identity]
uri_v3 = {identity}
auth_version = v3
region = {region}
[identity-feature-enabled]
federation = false
trust = false
project_tags = true
application_credentials = true
[service_available]
neutron = false
cinder = false
swift = false
[compute]
image_ref = {image}
image_ref_alt = {image}
flavor_ref = 1
flavor_ref_alt = 2
build_timeout = 120
build_interval = 1
max_microversion = latest
[compute-feature-enabled]
vnc_console = false
live_migration = false
cold_migration = false
[validation]
run_validation = false
"""


def public_image(options, token):
    """The id of a public, active image; one is made if there is none."""
    url = f'{options.image_endpoint}/v2/images'
    found = ask('GET', f'{url}?visibility=public&status=active', token)['images']
    if found:
        return found[0]['id']
    fields = {'name': 'tempest', 'visibility': 'public', 'disk_format': 'raw', 'container_format': 'bare'}
    image = ask('POST', url, token, json.dumps(fields).encode(), 'application/json')['id']
    ask('PUT', f'{url}/{image}/file', token, bytes(MIB), 'application/octet-stream')
    return image


def ask(method, url, token, body=None, content_type='application/json'):
    headers = {'X-Auth-Token': token, 'Content-Type': content_type}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=60) as answer:
        return json.loads(answer.read() or b'null')


def write_workspace(options, folder, tempest):
    admin = Client(options.identity_endpoint, 'admin', options.seed_password, 'admin')
    image = public_image(options, admin.headers['X-Auth-Token'])
    (folder / 'etc').mkdir(parents=True, exist_ok=True)
    (folder / 'locks').mkdir(exist_ok=True)
    names = {'password': options.seed_password, 'identity': options.identity_endpoint, 'region': options.region}
    (folder / 'etc' / 'tempest.conf').write_text(CONF.format(folder=folder, image=image, **names))
    library = next(tempest.parent.parent.glob('lib/python*/site-packages/tempest'))
    settings = f'test_path={library}/test_discover\ntop_dir={library}\ngroup_regex=([^\\.]*\\.)*\n'
    (folder / '.stestr.conf').write_text(f'[DEFAULT]\n{settings}')


def run(tempest, folder, *which):
    """{name: status} of the tests that have run."""
    command = [str(tempest), 'run', '--config-file', str(folder / 'etc' / 'tempest.conf'), '--concurrency', '2', *which]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST)
    found = re.findall(r'^\{\d+\} (\S+?)(?:\[.*?\])? \[.*?\] \.\.\. (ok|FAILED|SKIPPED)', ended.stdout, re.MULTILINE)
    if not found:
        sys.exit(f'tempest ran no test: {ended.stdout[-2000:]}{ended.stderr[-2000:]}')
    return dict(found)


def main():
    parser = argparse.ArgumentParser(prog='tempest')
    parser.add_argument('tempest', help='the command tempest, of an environment that has it')
    parser.add_argument('--ini', default=INI, help="Keystone's ini, which says where all is")
    parser.add_argument('--folder', type=Path, default=Path('data/tempest'), help='for its settings and its log')
    parser.add_argument('--rest', action='store_true', help='run all that need not pass yet')
    args = parser.parse_args()
    args.folder = args.folder.absolute()
    tempest = Path(args.tempest).absolute()
    write_workspace(read_options(args.ini), args.folder, tempest)
    if args.rest:
        results = run(tempest, args.folder, '--regex', ALL, '--exclude-list', str(MUST_PASS))
    else:
        results = run(tempest, args.folder, '--include-list', str(MUST_PASS))
    failed = sorted(name for name, status in results.items() if status == 'FAILED')
    for name in failed:
        print('FAILED', name)
    passed = sum(status == 'ok' for status in results.values())
    print(f'{passed} passed, {len(failed)} failed, {len(results) - passed - len(failed)} skipped')
    sys.exit(bool(failed) and not args.rest)


if __name__ == '__main__':
    main()
