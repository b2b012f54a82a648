"""The command: python -m soak.kill [--seconds N] [--seed N]: each of nova's processes dies at each step of a boot.

A round: some instances are asked for, one of the processes (or the broker) dies a moment later and is started again,
sometimes one of the instances is deleted meanwhile. Then each of them must come to an end, ACTIVE or ERROR with a
fault, be there once, and have its disk; and what was deleted must be gone. In the end the audit must find nothing.
Use: make kill SECONDS=300 SEED=7; it needs RabbitMQ's rabbitmq-server, and starts one of its own
Real: none; os-faults kills services of a real cloud
"""

import argparse
import contextlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from random import Random

from soak.broker import running_broker
from soak.report import Report
from soak.services import ROOT, Services

PATIENCE = 120  # seconds for an instance to come to an end
PARTS = {
    'conductor': ['cloud.nova.cmd.conductor'],
    'scheduler': ['cloud.nova.cmd.scheduler'],
    'compute1': ['cloud.nova.cmd.compute', '--host', 'compute1'],
    'compute2': ['cloud.nova.cmd.compute', '--host', 'compute2'],
}
VICTIMS = ('nova', *PARTS, 'broker')
MOMENT = 1.2  # seconds at most from the request to the kill
TOKEN = 'open-sesame'


def main(argv=None):
    parser = argparse.ArgumentParser(prog='python -m soak.kill', description=__doc__)
    parser.add_argument('--seconds', type=float, default=60, help='how long rounds begin (%(default)s)')
    parser.add_argument('--seed', type=int, default=1, help='what all choices follow from (%(default)s)')
    args = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix='kill-'))
    report = Report()
    print(f'kill: seed {args.seed}, {args.seconds:g} seconds, data in {folder}', flush=True)
    with running_broker() as broker, Nova(folder, report, broker) as nova:
        nova.start()
        rounds = play(nova, args)
        nova.stop()
    audit(folder, report)
    for kind, texts in report.findings.items():
        print(f'{kind}: {len(texts)}', *texts[:5], sep='\n    ')
    print(f'kill: {rounds} rounds; killed at {dict(nova.killed_at)}; ended {dict(nova.ended)}')
    if not report.findings:
        shutil.rmtree(folder)
    return 1 if report.findings else 0


def play(nova, args):
    """Rounds, each with the next victim, until the time is over and each has had its turn; how many there were."""
    rng, end, rounds = Random(args.seed), time.monotonic() + args.seconds, 0
    while time.monotonic() < end or rounds < len(VICTIMS):
        play_round(nova, rng, VICTIMS[rounds % len(VICTIMS)], f'round-{rounds}')
        rounds += 1
    return rounds


def play_round(nova, rng, victim, name):
    names = [f'{name}-{number}' for number in range(3)]
    asked = [nova.create(each) for each in names]
    deleted = rng.choice([each for each in asked if each] or [None]) if rng.random() < 0.3 else None
    time.sleep(rng.uniform(0, MOMENT))
    nova.kill(victim)
    if deleted and victim != 'nova':
        nova.delete(deleted)
    time.sleep(rng.uniform(0, 0.5))
    nova.revive(victim)
    nova.check(names, [each for each in asked if each], deleted)


class Nova:
    """All processes. killed_at: what the instances were at when something was killed; ended: how they did."""

    def __init__(self, folder, report, broker):
        self.folder, self.report, self.broker = folder, report, broker
        ours = {'transport_url': broker.url, 'compute_hosts': 'compute1:64:64000:1000, compute2:64:64000:1000',
                'report_interval': '1', 'service_down_time': '4', 'spawn_delay': '0.8',
                'rpc_response_timeout': '10', 'build_check_interval': '2', 'instance_build_timeout': '60'}  # fmt: skip
        self.services = Services(folder, report, nova=ours)
        self.parts, self.killed_at, self.ended = {}, Counter(), Counter()

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        for process in self.parts.values():
            process.kill()
            process.wait()
        self.services.__exit__(*exc_info)

    def start(self):
        assert self.services.start(), self.report.findings
        for name in PARTS:
            self.start_part(name)
        self.image = self.upload(b'\xeb\x63\x90disk' * 1000)

    def start_part(self, name):
        module, *arguments = PARTS[name]
        command = [sys.executable, '-m', module, str(self.services['nova'].ini), *arguments]
        with (self.folder / f'{name}.log').open('a') as log:
            self.parts[name] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)

    def stop(self):
        for process in self.parts.values():
            process.send_signal(signal.SIGTERM)
        for process in self.parts.values():
            process.wait(PATIENCE)
        self.services.stop()

    def kill(self, victim):
        with contextlib.suppress(OSError, KeyError):
            for server in self.ask('GET', '/v2.1/servers/detail')['servers']:
                self.killed_at[f'{victim} at {server["OS-EXT-STS:task_state"] or server["status"]}'] += 1
        if victim == 'broker':
            self.broker.stop()
        elif victim == 'nova':
            self.services['nova'].kill()
        else:
            self.parts[victim].kill()
            self.parts[victim].wait()

    def revive(self, victim):
        if victim == 'broker':
            self.broker.start()
        elif victim == 'nova':
            self.services.start_one('nova')
            self.services['nova'].serves()
        else:
            self.start_part(victim)

    def create(self, name):
        """The new instance's id, or None if it was not taken, or that is not known."""
        wanted = {'name': name, 'imageRef': self.image, 'flavorRef': '1', 'networks': 'none'}
        headers = {'X-OpenStack-Nova-API-Version': '2.37'}
        with contextlib.suppress(OSError):
            return self.ask('POST', '/v2.1/servers', {'server': wanted}, headers)['server']['id']

    def delete(self, instance):
        with contextlib.suppress(OSError):
            self.ask('DELETE', f'/v2.1/servers/{instance}')

    def check(self, names, taken, deleted):
        """Each instance has ended, is there once, and has its disk; then all go."""
        try:
            found = self.wait_for(lambda: self.all_ended(names), f'{names}: something is not at its end')
        except TimeoutError:
            return
        ids = {server['id'] for server in found}
        for lost in set(taken) - ids - {deleted}:
            self.report.found('lost', f'{lost} was taken, and is not there')
        if len({server['name'] for server in found}) < len(found):
            self.report.found('twice', f'{[(server["id"], server["name"]) for server in found]}')
        for server in found:
            self.ended[server['status']] += 1
            if server['status'] == 'ERROR' and not server.get('fault'):
                self.report.found('no fault', server['id'])
            if server['status'] == 'ACTIVE' and not (self.folder / 'instances' / server['id'] / 'disk').exists():
                self.report.found('no disk', server['id'])
            self.delete(server['id'])
        with contextlib.suppress(TimeoutError):
            self.wait_for(lambda: not self.servers(names), f'{names}: not all could be deleted')

    def all_ended(self, names):
        """The servers of these names, once none of them is at anything; False before."""
        found = self.servers(names)
        at_it = [each for each in found if each['status'] == 'BUILD' or each['OS-EXT-STS:task_state']]
        return not at_it and (found or [])

    def servers(self, names):
        return [each for each in self.ask('GET', '/v2.1/servers/detail')['servers'] if each['name'] in names]

    def wait_for(self, condition, what):
        give_up, last = time.monotonic() + PATIENCE, None
        while time.monotonic() < give_up:
            with contextlib.suppress(OSError):
                last = condition()
                if last is not False:
                    return [] if last is True else last
            time.sleep(0.1)
        self.report.found('no end', f'{what} after {PATIENCE} seconds')
        raise TimeoutError

    def upload(self, data):
        fields = {'name': 'cirros', 'disk_format': 'raw', 'container_format': 'bare'}
        image = self.ask('POST', '/v2/images', fields, service='glance')
        headers = {'Content-Type': 'application/octet-stream'}
        self.ask('PUT', f'/v2/images/{image["id"]}/file', data, headers, service='glance')
        return image['id']

    def ask(self, method, path, body=None, headers=None, service='nova'):
        """What the service answers, out of its JSON; OSError if it refuses, or does not answer."""
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        sent = {'X-Auth-Token': TOKEN, 'Content-Type': 'application/json', **(headers or {})}
        request = urllib.request.Request(f'{self.services[service].url}{path}', data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answered:
                text = answered.read()
        except urllib.error.HTTPError as refused:
            if refused.code >= 500 and refused.code != 503:
                self.report.found('server error', f'{method} {path}: {refused.code} {refused.read()[:300]}')
            refused.close()
            raise
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            raise
        except Exception as cut:  # http.client's, of an answer that breaks off
            raise OSError(str(cut)) from cut
        return json.loads(text) if text else {}


def audit(folder, report):
    inis = [str(path) for path in sorted(folder.glob('*.ini'))]
    command = [sys.executable, '-m', 'cloud.audit', *inis]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if ended.returncode:
        report.found('audit', ended.stdout + ended.stderr)


if __name__ == '__main__':
    sys.exit(main())
