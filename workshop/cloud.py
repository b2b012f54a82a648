"""A student's own cloud: the services that an exercise needs, each a process, with ports and data of their own.

Use: cloud = Cloud({'glance': 'glance-api.ini'}, students_folder, run_folder); cloud.start(); ...; cloud.stop()
     with Cloud(...) as cloud: cloud.request('glance', 'GET', '/v2/images', headers)

The run folder gets copies of the inis (the product's, then the student's), which name this run's ports and folders, and
the services' data and logs.
"""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from workshop import journal

ROOT = Path(__file__).parent.parent
INIS = ('configure.ini', 'cloud/glance/glance-api.ini', 'cloud/glance/glance-registry.ini', 'cloud/nova/nova-api.ini',
        'cloud/nova/two-glances.ini')  # fmt: skip
# What a service is called in tasks and in curl.sh, and the port that the inis name.
NAMES = {
    'ground': ('URL', 'PID', 8080),
    'registry': ('REGISTRY', 'REGISTRY_PID', 9191),
    'glance': ('GLANCE', 'GLANCE_PID', 9292),
    'glance2': ('GLANCE2', 'GLANCE2_PID', 9293),
    'nova': ('NOVA', 'NOVA_PID', 8774),
}


class CloudError(Exception):
    """A service does not start: str() is one line that says why."""


class Cloud:
    """services: {'ground': 'configure.ini', ...}, keys from NAMES, values names of inis; the folders: paths.

    journal_path: where requests are noted (run_folder/requests.log). own_ports: take any free ports, rather than those
    that the inis name wherever they are free. xray: a folder for what the X-ray records of each service; none without.
    """

    patience = 20  # seconds that a service may take to start

    def __init__(self, services, student_folder, run_folder, journal_path=None, own_ports=True, xray=None):
        self.services = services
        self.student_folder, self.run_folder = Path(student_folder).resolve(), Path(run_folder).resolve()
        self.journal_path = Path(journal_path or self.run_folder / 'requests.log').resolve()
        self.own_ports, self.xray = own_ports, xray
        self.processes, self.urls, self.ports = {}, {}, {}

    def start(self):
        """Return when all services answer; CloudError, and none is left running, if one does not start."""
        for attempts_left in (2, 1, 0):
            try:
                return self.start_once()
            except CloudError as error:
                # Between our look at a port and the service's, somebody else may have taken it.
                if 'cannot listen' not in str(error) or not attempts_left:
                    raise

    def start_once(self):
        # Stevedore, which finds entry points, would remember old ones of the student's.
        cache = self.run_folder / 'cache' / 'python-entrypoints'
        cache.mkdir(parents=True, exist_ok=True)
        (cache / '.disable').touch()
        self.choose_ports()
        self.write_inis()
        try:
            for name in self.services:
                self.processes[name] = self.spawn(name, self.ports[name])
            for name, process in self.processes.items():
                self.urls[name] = self.address(name, process)
        except BaseException:
            self.stop()
            raise

    def choose_ports(self):
        """For services that are not started, too: an ini may name them, and must not mean somebody else's."""
        with contextlib.ExitStack() as stack:
            sockets = {name: stack.enter_context(self.free_socket(name)) for name in NAMES}
            self.ports = {name: each.getsockname()[1] for name, each in sockets.items()}

    def free_socket(self, name):
        """On the port that the service had before it was started again, or the documented one, or any."""
        documented = None if self.own_ports else NAMES[name][2]
        for port in filter(None, (self.ports.get(name), documented)):
            with contextlib.suppress(OSError):
                return socket.create_server(('127.0.0.1', port))
        return socket.create_server(('127.0.0.1', 0))

    def write_inis(self):
        """The inis of this run. A number that is a documented port stands for that port, wherever it is."""
        real = {str(port): str(self.ports[name]) for name, (_, _, port) in NAMES.items()}
        documented = re.compile(r'\b(' + '|'.join(real) + r')\b')
        students = sorted(path for path in self.student_folder.glob('*.ini') if path.is_file())
        for path in [*(ROOT / ini for ini in INIS), *students]:
            text = path.read_text(encoding='utf-8-sig', errors='replace')
            text = documented.sub(lambda found: real[found[0]], text)
            text = text.replace('%(here)s/../../data', quoted(self.run_folder / 'data'))
            (self.run_folder / path.name).write_text(text.replace('%(here)s', quoted(path.parent)), encoding='utf-8')

    def spawn(self, name, port):
        environ = {
            **os.environ,
            'PYTHONPATH': str(ROOT),
            'PYTHONDONTWRITEBYTECODE': '1',
            'PYTHONUNBUFFERED': '1',  # what the student's code prints is in the log at once, and in its place
            'XDG_CACHE_HOME': str(self.run_folder / 'cache'),
            'no_proxy': '127.0.0.1',
        }
        ini = self.run_folder / self.services[name]
        command = [sys.executable, '-m', 'workshop.serve', name, str(ini), str(port), str(self.journal_path)]
        command += [str(self.student_folder), *([str(self.xray)] if self.xray else [])]
        with open(self.log_path(name), 'wb') as log:
            return subprocess.Popen(
                command, cwd=self.run_folder, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def address(self, name, process):
        """The address that the service prints, once somebody listens there."""
        timer = threading.Timer(self.patience, process.kill)
        timer.start()
        try:
            line = process.stdout.readline().decode().strip()
            while line and process.poll() is None:
                # Not every server of an ini listens yet when its address is known.
                with contextlib.suppress(OSError), socket.create_connection(host_and_port(line), timeout=1):
                    return line
                time.sleep(0.05)
        finally:
            timer.cancel()
        said = self.log(name).strip().splitlines()
        raise CloudError(said[-1] if said else f'{name} does not start within {self.patience} seconds.')

    def stop(self):
        """End all services, kindly, then by force. What was noted stays."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            end(process)
        self.processes, self.urls = {}, {}

    def kill(self, name):
        """End a service as a power failure does."""
        self.processes[name].kill()
        self.processes[name].wait()

    def dead(self):
        """The names of the services that have ended by themselves, or were killed."""
        return [name for name, process in self.processes.items() if process.poll() is not None]

    def places(self):
        """{'GLANCE': 'http://127.0.0.1:9292', 'GLANCE_PID': '4711', 'DATA': '/...', ...}, for tasks and for curl.sh."""
        found = {'DATA': str(self.run_folder / 'data')}
        for name, process in self.processes.items():
            address, pid, _ = NAMES[name]
            found.update({address: self.urls[name], pid: str(process.pid)})
        return found

    def request(self, name, method, path, headers=None, body=None):
        """(status, headers with small letters, body): int, dict, bytes. body: text or bytes. OSError if it is dead."""
        connection = http.client.HTTPConnection(self.urls[name].partition('://')[2], timeout=10)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()

    def log_path(self, name):
        return self.run_folder / f'{name}.log'

    def log(self, name):
        return self.log_path(name).read_text(errors='replace')

    @property
    def exchanges(self):
        return journal.read(self.journal_path)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()


def host_and_port(url):
    parts = urlsplit(url)
    return parts.hostname, parts.port


def quoted(path):
    """For an ini, where a percent sign is written twice."""
    return str(path).replace('%', '%%')


def end(process):
    for signum in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)
            break
        process.send_signal(signum)
    process.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):  # what the student's code started
        os.killpg(process.pid, signal.SIGKILL)
    process.stdin.close()
    process.stdout.close()
