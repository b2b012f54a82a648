"""Nova in processes of its own, on a broker: nova-api, nova-conductor, nova-scheduler, a nova-compute for each host."""

import contextlib
import signal
import subprocess
import sys
import time

from tests.cloud.nova.processes import Cloud
from tests.servers import ROOT


class Processes(Cloud):
    """A Cloud whose nova is several processes. transport_url: of the broker."""

    hosts = 'compute1:100:100000:1000, compute2:100:100000:1000'

    def __init__(self, folder, images, transport_url):
        super().__init__(folder, images)
        self.transport_url, self.running = transport_url, {}
        self.stack.callback(self.end_all)

    def start_api(self, **options):
        defaults = {'transport_url': self.transport_url, 'compute_hosts': self.hosts, 'report_interval': '1'}
        self.start_nova(**{**defaults, **options})

    def start(self, name, *arguments):
        """nova-NAME, for the same ini as the API's; it is there once it has said so."""
        command = [sys.executable, '-m', f'cloud.nova.cmd.{name}', str(self.folder / 'nova-api.ini'), *arguments]
        key = ' '.join([name, *arguments[1:]])
        with open(self.folder / f'{key}.log', 'ab') as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.running[key] = process
        return process

    def start_all(self):
        """Each of the parts behind the API that does not run."""
        for name, *arguments in (('conductor',), ('scheduler',), ('compute', '--host', 'compute1'),
                                 ('compute', '--host', 'compute2')):  # fmt: skip
            key = ' '.join([name, *arguments[1:]])
            if key not in self.running or self.running[key].poll() is not None:
                self.start(name, *arguments)
        self.wait_until_up()

    def wait_until_up(self):
        give_up = time.monotonic() + 60
        for key, process in self.running.items():
            while 'Ctrl-C' not in self.said(key, process):
                assert process.poll() is None, self.said(key, process)
                assert time.monotonic() < give_up, f'{key}: {self.said(key, process)}'
                time.sleep(0.02)

    def said(self, key, process):
        return (self.folder / f'{key}.log').read_text()

    def kill(self, key):
        process = self.running.pop(key)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        with contextlib.suppress(FileNotFoundError):
            (self.folder / f'{key}.log').rename(self.folder / f'{key}.{process.pid}.log')

    def end_all(self):
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            process.wait(30)
